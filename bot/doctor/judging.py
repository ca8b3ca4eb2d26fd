"""Can Verbinder judge: do the frames and house rules load with their own examples, and does the scorer answer?"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.core.errors import VerbinderError
from bot.core.health import Check, Verdict
from bot.framing.loading import load_frames
from bot.replies.composer import load_composer
from bot.rules import check_rules
from bot.settings import Settings
from bot.toxicity.ports import Scorer
from bot.toxicity.registry import build_scorer

RULES, FRAMES, SCORER = "Huisregels", "Kaders", "Scorer"
SENTENCE = "Gij zijt een achterlijke idioot"
_KINDS = {"actief": "actief", "schaduw": "in schaduw", "concept": "in concept"}


async def examine(settings: Settings) -> tuple[Check, ...]:
    """Return a check of the scorer, the frames with their building blocks of replies, and the rule file."""
    return await asyncio.to_thread(_examine, settings)


def _examine(settings: Settings) -> tuple[Check, ...]:
    scorer, scorer_check = _scorer(settings)
    frames, frames_check = _frames(settings)
    return scorer_check, frames_check, _rules(settings, scorer, frames)


def _scorer(settings: Settings) -> tuple[Scorer | None, Check]:
    try:
        scorer = build_scorer(settings.scorer, model=settings.scorer_model)
        result = scorer.score([SENTENCE])[0]
    except VerbinderError as error:
        remedy = error.remedy or "Kies een andere scorer met VERBINDER_SCORER."
        return None, Check(SCORER, Verdict.BAD, error.message, remedy)
    named = f"{scorer.name} {scorer.version}"
    if result.error is not None:
        return scorer, Check(SCORER, Verdict.BAD, f"{named} kon een proefzin niet beoordelen.", "Kijk in het logboek.")
    if "insult" not in result.flags:
        detail = f"{named} werkt, maar herkende een duidelijke belediging niet."
        return scorer, Check(SCORER, Verdict.WARNING, detail, "Kies een scorer die Nederlands kent (VERBINDER_SCORER).")
    return scorer, Check(SCORER, Verdict.GOOD, f"{named} beoordeelt een proefzin.")


def _frames(settings: Settings) -> tuple[frozenset[str], Check]:
    try:
        loaded = load_frames(settings.frames)
        load_composer(settings.frames, loaded)
    except VerbinderError as error:
        return frozenset(), Check(FRAMES, Verdict.BAD, error.message, error.remedy)
    return frozenset(loaded.frames), Check(FRAMES, Verdict.GOOD, f"{len(loaded.frames)} kaders uit {settings.frames}")


def _rules(settings: Settings, scorer: Scorer | None, frames: frozenset[str]) -> Check:
    if scorer is None:
        return Check(
            RULES, Verdict.SKIPPED, "Zonder scorer kunnen de voorbeelden in het regelbestand niet nagegaan worden."
        )

    def score(text: str) -> Mapping[str, float]:
        return scorer.score([text])[0].scores

    report = check_rules(settings.rules, score=score, known_frames=frames)
    command = f"verbinder rules check {settings.rules}"
    if not report.ok:
        return Check(RULES, Verdict.BAD, report.render(), f"Verbeter het bestand en voer uit: {command}")
    counts = [f"{report.counts[kind]} {words}" for kind, words in _KINDS.items() if report.counts.get(kind)]
    detail = f"{', '.join(counts) or 'geen regels'}; {report.counts.get('voorbeelden', 0)} voorbeelden kloppen"
    if report.warnings:
        return Check(RULES, Verdict.WARNING, detail, f"Er zijn opmerkingen. Lees ze met: {command}")
    return Check(RULES, Verdict.GOOD, detail)
