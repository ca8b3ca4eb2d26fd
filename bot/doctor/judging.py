"""Can Verbinder judge: do the frames and house rules load with their own examples, and does the scorer answer?"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping

from bot.core.errors import VerbinderError
from bot.core.health import Check, Verdict
from bot.framing.frameset import FrameSet
from bot.framing.loading import load_frames
from bot.framing.registry import detector_for
from bot.replies.composer import load_composer
from bot.rules import check_rules
from bot.settings import Settings
from bot.thresholds.loading import load_thresholds
from bot.thresholds.values import SHIPPED, TownThresholds
from bot.toxicity.ports import Scorer
from bot.toxicity.registry import SCORERS, assemble

RULES, FRAMES, SCORER, THRESHOLDS = "Huisregels", "Kaders", "Scorer", "Drempels"
SENTENCE = "Gij zijt een achterlijke idioot"
_KNOWS_NO_DUTCH = "Kies een scorer die Nederlands kent (VERBINDER_SCORER), of leg de drempel voor insult lager."
_KINDS = {"actief": "actief", "schaduw": "in schaduw", "concept": "in concept"}


async def examine(settings: Settings) -> tuple[Check, ...]:
    """Return a check of the scorer, the frames with their building blocks of replies, and the rule file."""
    return await asyncio.to_thread(_examine, settings)


def _examine(settings: Settings) -> tuple[Check, ...]:
    frames, frames_check = _frames(settings)
    own, thresholds_check = _thresholds(settings, frames)
    scorer, scorer_check = _scorer(settings, own)
    known = frozenset(frames.frames if frames else ())
    return scorer_check, frames_check, thresholds_check, _rules(settings, scorer, known)


def _thresholds(settings: Settings, frames: FrameSet | None) -> tuple[TownThresholds, Check]:
    if frames is None:
        return SHIPPED, Check(THRESHOLDS, Verdict.SKIPPED, "Zonder kaders kunnen de drempels niet nagegaan worden.")
    try:
        own = load_thresholds(
            settings.thresholds,
            scorers=SCORERS,
            frames=frames,
            detector_of=detector_for(settings.detector, settings.own_model),
        )
    except VerbinderError as error:
        return SHIPPED, Check(THRESHOLDS, Verdict.BAD, error.message, error.remedy)
    if not own.count:
        return own, Check(THRESHOLDS, Verdict.GOOD, "De meegeleverde drempels gelden.")
    counts = [f"{len(labels)} van {scorer}" for scorer, labels in own.scorers.items()]
    if own.frames:
        counts.append("1 van een kader" if len(own.frames) == 1 else f"{len(own.frames)} van kaders")
    return own, Check(THRESHOLDS, Verdict.GOOD, f"Eigen drempels uit {settings.thresholds}: {', '.join(counts)}.")


def _scorer(settings: Settings, own: TownThresholds) -> tuple[Scorer | None, Check]:
    try:
        scorer = assemble(
            settings.scorer,
            rule=settings.scorer_rule,
            model=settings.scorer_model,
            threads=settings.scorer_threads,
        ).under(own.scorers)
        result = scorer.score([SENTENCE])[0]
    except VerbinderError as error:
        remedy = error.remedy or "Kies een andere scorer met VERBINDER_SCORER."
        return None, Check(SCORER, Verdict.BAD, error.message, remedy)
    named = f"{scorer.name} {scorer.version}"
    if result.error is not None:
        return scorer, Check(SCORER, Verdict.BAD, f"{named} kon een proefzin niet beoordelen.", "Kijk in het logboek.")
    if result.silent_parts:
        silent = " en ".join(part.scorer for part in result.silent_parts)
        detail = f"{named} werkt, maar {silent} kon een proefzin niet beoordelen."
        return scorer, Check(SCORER, Verdict.WARNING, detail, "Kijk in het logboek, of laat die scorer weg.")
    if "insult" not in result.flags:
        detail = f"{named} werkt, maar herkende een duidelijke belediging niet."
        return scorer, Check(SCORER, Verdict.WARNING, detail, _KNOWS_NO_DUTCH)
    return scorer, Check(SCORER, Verdict.GOOD, f"{named} beoordeelt een proefzin.")


def _frames(settings: Settings) -> tuple[FrameSet | None, Check]:
    try:
        loaded = load_frames(settings.frames, detector_for(settings.detector, settings.own_model))
        load_composer(settings.frames, loaded)
    except VerbinderError as error:
        return None, Check(FRAMES, Verdict.BAD, error.message, error.remedy)
    return loaded, Check(FRAMES, Verdict.GOOD, f"{len(loaded.frames)} kaders uit {settings.frames}")


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
