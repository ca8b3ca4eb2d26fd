"""Labelled texts with a made-up judgement, so that a test states every figure that it asks for."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.core.analysis import Analysis, Decision
from bot.core.findings import (
    TOXICITY_LABELS,
    FrameHit,
    FramingResult,
    RulesResult,
    Span,
    Tension,
    Tone,
    ToxicityResult,
)
from bot.evaluation.items import Item, Judged, Labels

VERSIONS = {"program": "1", "scorer": "embedded 1", "frames": "lexicaal-1"}


def analysis(
    scores: Mapping[str, float] | None = None,
    frames: Mapping[str, float] | None = None,
    *,
    threshold: float = 0.5,
    values: Iterable[str] = (),
    tone: Tone = Tone.NEUTRAL,
    tension: Tension = Tension.NONE,
    alert: bool = False,
    evidence: Mapping[str, tuple[Span, ...]] | None = None,
    toxicity_error: str | None = None,
    framing_error: str | None = None,
    versions: Mapping[str, str] = VERSIONS,
) -> Analysis:
    """Return a judgement. Labels that score at least `threshold` are flagged; `frames` are those that were seen."""
    every = {**dict.fromkeys(TOXICITY_LABELS, 0.0), **(scores or {})}
    spans = evidence or {}
    return Analysis(
        language="nl",
        toxicity=ToxicityResult("embedded", "1", error=toxicity_error)
        if toxicity_error
        else ToxicityResult(
            "embedded",
            "1",
            every,
            tuple(label for label, score in every.items() if score >= threshold),
            evidence={label: found for label, found in spans.items() if label in every},
        ),
        framing=FramingResult(
            frames=tuple(FrameHit(name, score, spans.get(name, ())) for name, score in (frames or {}).items()),
            values=tuple(values),
            tone=tone,
            tension=tension,
            error=framing_error,
        ),
        rules=RulesResult("hash"),
        decision=Decision(alert=alert),
        versions=versions,
    )


_NOTHING = analysis()


def judged(
    labels: Labels = Labels(),  # noqa: B008 - frozen
    found: Analysis = _NOTHING,
    *,
    text: str = "dag",
    id: str = "1",  # noqa: A002 - as the field is called
    slices: Mapping[str, str] | None = None,
    pair: str = "",
    source: str = "een.jsonl",
) -> Judged:
    return Judged(Item(id, text, "", labels, slices or {}, pair, source), found)


def toxic(grades: Mapping[str, float], scores: Mapping[str, float], **item: object) -> Judged:
    """Return a text of which toxicity is labelled and scored."""
    return judged(Labels(toxicity=grades), analysis(scores), **item)  # type: ignore[arg-type]


def framed(expected: Iterable[str], seen: Mapping[str, float], **item: object) -> Judged:
    """Return a text of which frames are labelled and detected."""
    return judged(Labels(frames=frozenset(expected)), analysis(frames=seen), **item)  # type: ignore[arg-type]
