"""The parts that judge, and how each is asked: a part that fails is a finding, never an exception (law 3)."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from zoneinfo import ZoneInfo

import structlog

from bot.core.analysis import Suggestion
from bot.core.findings import FramingResult, RulesResult, Tension, Tone, ToxicityResult
from bot.core.messages import Message
from bot.core.policy import WHOLE_RULE_FILE
from bot.framing.ports import FrameDetector
from bot.replies.composer import Composer
from bot.rules import RuleInput, RuleSet
from bot.text.language import UNKNOWN
from bot.text.language import detect as detect_language
from bot.text.normalise import NORMALISER_VERSION, normalise
from bot.thresholds.values import SHIPPED, TownThresholds
from bot.toxicity.ports import Scorer

_ATTACKS = frozenset({"insult", "identity_attack", "threat"})

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Engine:
    """The parts that judge. Exchange one, and every later analysis says so in its versions.

    `zone` is the time zone of the town: rules speak of the clock on its tower. `thresholds` are what the town set for
    `scorer` and `detector`, which already work with them.
    """

    rules: RuleSet
    scorer: Scorer
    detector: FrameDetector
    composer: Composer
    zone: ZoneInfo
    thresholds: TownThresholds = SHIPPED


def language_of(text: str) -> str:
    try:
        return detect_language(text)
    except Exception as error:  # noqa: BLE001 (an unknown language stops nothing)
        _log.warning("language not detected", error=repr(error))
        return UNKNOWN


def toxicity_of(text: str, engine: Engine) -> ToxicityResult:
    return score_safely(text, engine.scorer)


def toxicities_of(texts: Sequence[str], engine: Engine) -> list[ToxicityResult]:
    """Return what the scorer says of several texts at once; where that fails, of each alone."""
    try:
        return list(engine.scorer.score(texts))
    except Exception as error:  # noqa: BLE001 (one text must not make the others unknown)
        _log.warning("scorer failed", scorer=engine.scorer.name, error=type(error).__name__)
        return [toxicity_of(text, engine) for text in texts]


def score_safely(text: str, scorer: Scorer) -> ToxicityResult:
    """Return what a scorer says of a text, or that it failed."""
    try:
        return scorer.score([text])[0]
    except Exception as error:  # noqa: BLE001 (whatever goes wrong, the text is not evaluated)
        _log.warning("scorer failed", scorer=scorer.name, error=repr(error))
        return ToxicityResult(scorer.name, scorer.version, error=_failure(error))


def rules_of(message: Message, text: str, language: str, toxicity: ToxicityResult, engine: Engine) -> RulesResult:
    try:
        return engine.rules.evaluate(
            RuleInput(
                normalised=normalise(text),
                language=language,
                scores=None if toxicity.error is not None else toxicity.scores,
                role=message.author.role,
                channel=message.ref.channel,
                thread_id=message.thread_id,
                attachments=message.attachments,
                post_id=message.post_id,
                recent=message.recent,
                moment=message.written_at.astimezone(engine.zone),
            )
        )
    except Exception as error:  # noqa: BLE001
        _log.warning("rules failed", error=repr(error))
        return RulesResult(engine.rules.hash, not_evaluated={WHOLE_RULE_FILE: _failure(error)})


def framing_of(text: str, context: str, toxicity: ToxicityResult, engine: Engine) -> FramingResult:
    try:
        result = engine.detector.detect(text, context=context)
    except Exception as error:  # noqa: BLE001
        _log.warning("detector failed", error=repr(error))
        return FramingResult(version=engine.detector.version, error=_failure(error))
    flagged = engine.rules.flagged_frames
    frames = tuple(replace(hit, flagged=hit.id in flagged) for hit in result.frames)
    if _ATTACKS.isdisjoint(toxicity.flags):
        return replace(result, frames=frames)
    # Whoever attacks people is not merely critical, however dry the words that the detector saw.
    return replace(result, frames=frames, tone=Tone.HOSTILE, tension=Tension.AFFECTIVE if frames else result.tension)


def suggestions_of(
    text: str, context: str, framing: FramingResult, language: str, engine: Engine
) -> tuple[Suggestion, ...]:
    try:
        return engine.composer.compose(text, context, framing, language)
    except Exception as error:  # noqa: BLE001 (a person can still write a reply)
        _log.warning("composer failed", error=repr(error))
        return ()


def versions_of(engine: Engine) -> Mapping[str, str]:
    """Return the versions of everything that has a say (law 6)."""
    return {
        "program": _program(),
        "normaliser": NORMALISER_VERSION,
        "scorer": f"{engine.scorer.name} {engine.scorer.version}",
        "rules": engine.rules.hash,
        "frames": engine.detector.version,
        "thresholds": engine.thresholds.version,
    }


@lru_cache(maxsize=1)
def _program() -> str:
    try:
        return importlib.metadata.version("verbinder")
    except importlib.metadata.PackageNotFoundError:  # run from a folder that was never installed
        return "onbekend"


def _failure(error: Exception) -> str:
    return f"fout: {type(error).__name__}"
