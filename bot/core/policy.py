"""What findings add up to: one pure function from what the checks found to what people are asked to look at.

It decides whether moderators are alerted, whether a reply is worth suggesting and whether removal is proposed, and
says why in Dutch. It never removes or posts anything (law 1), a frame alone never alerts (law 2), and a check that
failed always alerts (law 3). Combining is total and does not depend on the order of the findings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from types import MappingProxyType

from bot.core.analysis import Decision
from bot.core.findings import (
    TOXICITY_LABELS,
    Effect,
    FrameHit,
    FramingResult,
    RuleHit,
    RulesResult,
    Severity,
    Tension,
    Tone,
    ToxicityResult,
)

WHOLE_RULE_FILE = "*"
"""The key of `RulesResult.not_evaluated` that stands for the whole rule file."""

FLAG_SEVERITY: Mapping[str, Severity] = MappingProxyType(
    {
        "toxicity": Severity.MODERATE,
        "severe_toxicity": Severity.HIGH,
        "obscene": Severity.MODERATE,
        "identity_attack": Severity.HIGH,
        "insult": Severity.MODERATE,
        "threat": Severity.CRITICAL,
        "sexual_explicit": Severity.MODERATE,
    }
)

# Unknown could be anything: it must not sink to the bottom of the queue.
UNKNOWN_SEVERITY = Severity.MODERATE

_FLAG_WORDS: Mapping[str, str] = MappingProxyType(
    {
        "toxicity": "kwetsende taal",
        "severe_toxicity": "zwaar kwetsende taal",
        "obscene": "grove taal",
        "identity_attack": "aanval op een groep mensen",
        "insult": "belediging van een persoon",
        "threat": "bedreiging",
        "sexual_explicit": "seksuele taal",
    }
)
# Named only where no narrower label says the same.
_GENERAL_FLAGS = ("toxicity", "severe_toxicity")
_ANSWERED_TONES: Mapping[Tone, str] = MappingProxyType(
    {
        Tone.QUESTION: "Een bewoner stelt een vraag",
        Tone.WORRY: "Een bewoner deelt een bezorgdheid",
        Tone.CRITICISM: "Een bewoner geeft kritiek op de inhoud",
    }
)
_NUMBERED_HOUSE_RULE = re.compile(r"(\d{1,4})[.)]?\s+(\S.*)", re.DOTALL)


def decide(
    rules: RulesResult,
    toxicity: ToxicityResult,
    framing: FramingResult,
    *,
    frame_effects: Mapping[str, frozenset[Effect]],
    frame_names: Mapping[str, str] = MappingProxyType({}),
    unseen: Mapping[str, str] = MappingProxyType({}),
) -> Decision:
    """Weigh the findings of one text.

    `frame_effects` is what the rule file asks for per frame id; `frame_names` how people call a frame. `unseen` names
    checks outside these three results that could not be done, with the reason (`tekst` → what was left out).
    """
    active = sorted((hit for hit in rules.hits if hit.active), key=lambda hit: (-hit.severity, hit.id))
    missing = {**dict(unseen), **_not_evaluated(rules, toxicity, framing)}
    asked = frozenset[Effect]().union(*(hit.effects for hit in active))
    flags = () if toxicity.error else toxicity.flags

    propose_removal = Effect.PROPOSE_REMOVAL in asked
    rule_alert = propose_removal or Effect.ALERT_MODERATOR in asked
    alert = rule_alert or bool(flags) or bool(missing)
    answer = _reply_reasons(flags, framing, asked, frame_effects)

    return Decision(
        alert=alert,
        severity=_severity(active, flags, missing=bool(missing)),
        suggest_reply=answer is not None,
        propose_removal=propose_removal,
        not_evaluated=tuple(missing),
        reasons=(
            *(_rule_reason(hit) for hit in active),
            *_flag_reasons(flags, toxicity),
            *_disagreement_reasons(toxicity),
            *_frame_reasons(framing, frame_effects, frame_names),
            *(answer or ()),
            *(f"Niet beoordeeld: {_check_name(name)} ({why})" for name, why in missing.items()),
        ),
    )


def _not_evaluated(rules: RulesResult, toxicity: ToxicityResult, framing: FramingResult) -> dict[str, str]:
    missing: dict[str, str] = {}
    if toxicity.error is not None:
        missing["toxiciteit"] = toxicity.error
    for part in toxicity.silent_parts:
        missing[f"toxiciteit:{part.scorer}"] = part.error or ""
    for rule_id, why in sorted(rules.not_evaluated.items()):
        missing["regels" if rule_id == WHOLE_RULE_FILE else f"regel:{rule_id}"] = why
    if framing.error is not None:
        missing["kaders"] = framing.error
    return missing


def _severity(active: Iterable[RuleHit], flags: Iterable[str], *, missing: bool) -> Severity | None:
    """Return the gravest of what was found; None where nothing asks for attention."""
    found = [hit.severity for hit in active if hit.effects & {Effect.ALERT_MODERATOR, Effect.PROPOSE_REMOVAL}]
    found += [FLAG_SEVERITY.get(flag, Severity.MODERATE) for flag in flags]
    if missing:
        found.append(UNKNOWN_SEVERITY)
    return max(found, default=None)


def _reply_reasons(
    flags: tuple[str, ...],
    framing: FramingResult,
    asked: frozenset[Effect],
    frame_effects: Mapping[str, frozenset[Effect]],
) -> tuple[str, ...] | None:
    """Return why a reply is worth writing, or None where it is not.

    A threat is for moderators and the police, not for a conversation. A reaction that only insults has no subject to
    answer; one that also tells a frame has silent readers, for whom a reply opens another perspective.
    """
    if "threat" in flags:
        return None
    reasons: list[str] = []
    by_frame = any(Effect.SUGGEST_REPLY in frame_effects.get(hit.id, frozenset()) for hit in framing.frames)
    by_rule = Effect.SUGGEST_REPLY in asked
    by_tone = not flags and _tone_asks(framing)
    if by_tone:
        reasons.append(_ANSWERED_TONES[framing.tone])
    return tuple(reasons) if by_frame or by_rule or by_tone else None


def _tone_asks(framing: FramingResult) -> bool:
    if framing.error is not None:
        return False
    if framing.tone in {Tone.QUESTION, Tone.WORRY}:
        return True
    # Criticism without a subject ("slecht bestuur") leaves nothing to answer to.
    has_subject = bool(framing.topics or framing.values or framing.frames) or framing.tension is Tension.CONFLICT
    return framing.tone is Tone.CRITICISM and has_subject


def _rule_reason(hit: RuleHit) -> str:
    numbered = _NUMBERED_HOUSE_RULE.fullmatch(hit.house_rule.strip())
    house_rule = f"{numbered[1]} ({numbered[2]})" if numbered else f"({hit.house_rule})" if hit.house_rule else ""
    return f"Huisregel {house_rule}: {hit.title or hit.reason}".replace("Huisregel :", "Huisregel:")


def _flag_reasons(flags: tuple[str, ...], toxicity: ToxicityResult) -> Iterator[str]:
    narrow = [flag for flag in flags if flag not in _GENERAL_FLAGS]
    order = {label: position for position, label in enumerate(TOXICITY_LABELS)}
    for flag in sorted(narrow or flags, key=lambda label: order.get(label, len(order))):
        score = f"{toxicity.scores.get(flag, 0.0):.2f}".replace(".", ",")
        yield f"Toxiciteit: {_FLAG_WORDS.get(flag, flag)} ({score})"


def _disagreement_reasons(toxicity: ToxicityResult) -> Iterator[str]:
    """Say in one line that scorers contradict each other. It asks for a careful look; it never alerts by itself."""
    narrow = [label for label in toxicity.disagreement if label not in _GENERAL_FLAGS]
    heard = [part for part in toxicity.parts if part.error is None]
    told = []
    for label in narrow or toxicity.disagreement:
        said = "; ".join(f"{part.scorer} {part.scores.get(label, 0.0):.2f}".replace(".", ",") for part in heard)
        told.append(f"{_FLAG_WORDS.get(label, label)} ({said})")
    if told:
        yield f"De scorers zijn het niet eens over {', '.join(told)}"


def _frame_reasons(
    framing: FramingResult, effects: Mapping[str, frozenset[Effect]], names: Mapping[str, str]
) -> Iterator[str]:
    def weight(hit: FrameHit) -> tuple[float, str]:
        return (-hit.score, hit.id)

    for hit in sorted(framing.frames, key=weight):
        if effects.get(hit.id):
            yield f"Kader: {names.get(hit.id, hit.id.replace('_', ' '))}"


def _check_name(name: str) -> str:
    kind, _, rest = name.partition(":")
    if rest and kind == "toxiciteit":
        return f"toxiciteit volgens {rest}"
    return f"huisregel {rest}" if kind == "regel" and rest else name
