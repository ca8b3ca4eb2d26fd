"""The whole report: everything that is measured on a set of labelled texts, in one value."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bot.core.findings import TOXICITY_LABELS, Tension, Tone
from bot.evaluation.bootstrap import Booleans, Floats, Sampling
from bot.evaluation.calibration import Calibration, calibration_of
from bot.evaluation.confusion import Confusion, confusion_of, frame_cells, tension_cells, tone_cells
from bot.evaluation.grids import (
    evaluated,
    frames_grid,
    labelled,
    measurable,
    tension_grid,
    tone_grid,
    toxic_or_not,
    toxicity_grid,
    values_grid,
)
from bot.evaluation.items import ARGUABLY, Doubt, Judged, Part
from bot.evaluation.metrics import Grid, PartFigures, Share, measure
from bot.evaluation.mistakes import MistakeList, mistakes_of
from bot.evaluation.pairs import PairFigures, pairs_of
from bot.evaluation.slices import SliceTable, alerts, false_flags, false_frames, slices_of
from bot.evaluation.thresholds import Curve, curve_of

FRAMES = "kaders"
"""The name of the curve and the calibration of all frames together."""


@dataclass(frozen=True, slots=True)
class Options:
    """How to measure. `frames` and `values` are all that there are, in the order to show them."""

    doubt: Doubt = Doubt.LEFT_OUT
    sampling: Sampling = field(default_factory=Sampling)
    worst: int = 10
    frames: tuple[str, ...] = ()
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Report:
    """What was measured. A part that nobody labelled is None, or has no entry.

    `not_evaluated` counts by part the labelled texts that the program could not judge: they are in no figure.
    `repeated` texts stand more than once among the `items`, which makes the intervals too narrow. `arguable` is how
    many grades of 0.5 there are. `versions` are those of every part that had a say, each with all values that occur.
    """

    items: int
    sources: tuple[str, ...]
    repeated: int
    arguable: int
    options: Options
    versions: dict[str, tuple[str, ...]]
    not_evaluated: dict[Part, int]
    toxicity: PartFigures | None
    toxic_or_not: PartFigures | None
    frames: PartFigures | None
    values: PartFigures | None
    tone: PartFigures | None
    tension: PartFigures | None
    alerts: Share
    false_flags: Share | None
    false_frames: Share | None
    calibrations: tuple[Calibration, ...]
    curves: tuple[Curve, ...]
    confusions: tuple[Confusion, ...]
    slices: tuple[SliceTable, ...]
    pairs: PairFigures | None
    mistakes: tuple[MistakeList, ...]


def report_of(judged: Sequence[Judged], options: Options) -> Report:
    """Measure everything that is labelled in `judged`."""
    sampling, doubt = options.sampling, options.doubt
    toxicity = toxicity_grid(judged, doubt)
    frames = frames_grid(judged, options.frames)
    return Report(
        items=len(judged),
        sources=tuple(dict.fromkeys(one.item.source for one in judged)),
        repeated=len(judged) - len({(one.item.text, one.item.context) for one in judged}),
        arguable=_arguable(judged),
        options=options,
        versions=_versions(judged),
        not_evaluated={part: count for part in Part if (count := _not_evaluated(judged, part))},
        toxicity=_measured(toxicity, sampling),
        toxic_or_not=_measured(toxic_or_not(toxicity), sampling),
        frames=_measured(frames, sampling),
        values=_measured(values_grid(judged, options.values), sampling),
        tone=_measured(tone_grid(judged), sampling),
        tension=_measured(tension_grid(judged), sampling),
        alerts=alerts(judged, sampling),
        false_flags=false_flags(judged, sampling),
        false_frames=false_frames(judged, sampling),
        calibrations=_calibrations(judged, toxicity),
        curves=_curves(judged, toxicity),
        confusions=_confusions(judged, frames.names),
        slices=slices_of(judged, doubt, sampling),
        pairs=pairs_of(judged),
        mistakes=tuple(found for found in mistakes_of(judged, doubt, options.worst) if found.count),
    )


def _measured(grid: Grid, sampling: Sampling) -> PartFigures | None:
    return measure(grid, sampling) if grid.items else None


def _not_evaluated(judged: Sequence[Judged], part: Part) -> int:
    return sum(not evaluated(one, part) for one in labelled(judged, part))


def _arguable(judged: Sequence[Judged]) -> int:
    return sum(grade == ARGUABLY for one in judged for grade in (one.item.labels.toxicity or {}).values())


def _versions(judged: Sequence[Judged]) -> dict[str, tuple[str, ...]]:
    found: dict[str, dict[str, None]] = {}
    for one in judged:
        for part, version in one.analysis.versions.items():
            found.setdefault(part, {})[version] = None
    return {part: tuple(versions) for part, versions in found.items()}


def _calibrations(judged: Sequence[Judged], grid: Grid) -> tuple[Calibration, ...]:
    scores = _scores(judged)
    found = [
        calibration_of(label, scores[counted, at], grid.expected[counted, at])
        for at, label in enumerate(grid.names)
        for counted in [grid.counted[:, at]]
        if grid.expected[counted, at].any()
    ]
    hits, right, _ = _frame_hits(judged)
    return tuple(one for one in [*found, calibration_of(FRAMES, hits, right)] if one is not None)


def _curves(judged: Sequence[Judged], grid: Grid) -> tuple[Curve, ...]:
    scores = _scores(judged)
    found = [
        curve_of(label, scores[counted, at], grid.expected[counted, at], grid.given[counted, at])
        for at, label in enumerate(grid.names)
        for counted in [grid.counted[:, at]]
    ]
    hits, right, missed = _frame_hits(judged)
    frames = curve_of(FRAMES, hits, right, np.ones_like(right), unscored=missed)
    return tuple(one for one in [*found, frames] if one is not None)


def _scores(judged: Sequence[Judged]) -> Floats:
    """Return the scores of toxicity of what is in the grid, shape (texts, labels)."""
    chosen = measurable(judged, Part.TOXICITY)
    rows = [[one.analysis.toxicity.scores.get(label, 0.0) for label in TOXICITY_LABELS] for one in chosen]
    return np.array(rows, dtype=np.float64).reshape(len(chosen), len(TOXICITY_LABELS))


def _frame_hits(judged: Sequence[Judged]) -> tuple[Floats, Booleans, int]:
    """Return the score of every frame that was seen, whether it is right, and how many were missed."""
    scores, right, missed = [], [], 0
    for one in measurable(judged, Part.FRAMES):
        wanted = one.item.labels.frames or frozenset()
        hits = one.analysis.framing.frames
        scores += [hit.score for hit in hits]
        right += [hit.id in wanted for hit in hits]
        missed += len(wanted - {hit.id for hit in hits})
    return np.array(scores, dtype=np.float64), np.array(right, dtype=np.bool_), missed


def _confusions(judged: Sequence[Judged], frames: Sequence[str]) -> tuple[Confusion, ...]:
    tables = (
        confusion_of(Part.TONE, tone_cells(judged), [tone.value for tone in Tone]),
        confusion_of(Part.TENSION, tension_cells(judged), [tension.value for tension in Tension]),
        confusion_of(Part.FRAMES, frame_cells(judged), frames),
    )
    return tuple(table for table in tables if table.names)
