"""The same figures for a part of the texts, so that a mean does not hide where it goes wrong."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

import numpy as np

from bot.evaluation.bootstrap import Sampling
from bot.evaluation.grids import clusters_of, frames_given, frames_grid, measurable, toxicity_grid
from bot.evaluation.items import NO, Doubt, Judged, Part
from bot.evaluation.metrics import Figure, Share, measure, share_of

MOST_VALUES = 40
"""Values of one slice that are measured, the most frequent first: a name with more is no slice, it is an identity."""


@dataclass(frozen=True, slots=True)
class SliceFigures:
    """The texts in which the slice `name` has `value`. None: nothing of it was labelled there.

    `toxicity` and `identity_attack` are F1, `frames` is macro-F1. `false_flags` is the share of texts without toxicity
    that got a flag, `false_frames` the share of texts without a frame that got one. `weakest` is the lowest of these,
    of the last two as the share that went well.
    """

    name: str
    value: str
    items: int
    toxicity: Figure | None
    identity_attack: Figure | None
    frames: Figure | None
    false_flags: Share | None
    false_frames: Share | None
    alerts: Share
    weakest: float | None


@dataclass(frozen=True, slots=True)
class SliceTable:
    """All values of one slice, the weakest first. `left_out` values were too rare to be among `MOST_VALUES`."""

    name: str
    values: tuple[SliceFigures, ...]
    left_out: int


def slices_of(judged: Sequence[Judged], doubt: Doubt, sampling: Sampling) -> tuple[SliceTable, ...]:
    """Return a table for each slice that a text names, in order of appearance."""
    names = dict.fromkeys(name for one in judged for name in one.item.slices)
    return tuple(_table(name, judged, doubt, sampling) for name in names)


def false_flags(judged: Sequence[Judged], sampling: Sampling) -> Share | None:
    """Return which share of the texts without any toxicity got a flag, None where there are no such texts."""
    clean = [one for one in measurable(judged, Part.TOXICITY) if is_clean(one)]
    return _share(clean, [bool(one.analysis.toxicity.flags) for one in clean], sampling)


def false_frames(judged: Sequence[Judged], sampling: Sampling) -> Share | None:
    """Return which share of the texts without a frame got one, None where there are no such texts."""
    frameless = [one for one in measurable(judged, Part.FRAMES) if not one.item.labels.frames]
    return _share(frameless, [bool(frames_given(one)) for one in frameless], sampling)


def alerts(judged: Sequence[Judged], sampling: Sampling) -> Share:
    """Return which share of the texts is reported to a moderator."""
    return _share(judged, [one.analysis.decision.alert for one in judged], sampling) or Share(0, 0, Figure())


def is_clean(one: Judged) -> bool:
    """Tell whether people found no toxicity of any kind in a text, not even arguably."""
    grades = one.item.labels.toxicity
    return grades is not None and all(grade == NO for grade in grades.values())


def _share(chosen: Sequence[Judged], hits: Sequence[bool], sampling: Sampling) -> Share | None:
    if not chosen:
        return None
    return share_of(np.array(hits), np.ones(len(chosen), dtype=np.bool_), clusters_of(chosen), sampling)


def _table(name: str, judged: Sequence[Judged], doubt: Doubt, sampling: Sampling) -> SliceTable:
    counted = Counter(one.item.slices[name] for one in judged if name in one.item.slices)
    kept = [value for value, _ in counted.most_common(MOST_VALUES)]
    values = [
        _figures(name, value, [one for one in judged if one.item.slices.get(name) == value], doubt, sampling)
        for value in kept
    ]
    values.sort(key=lambda found: (found.weakest is None, found.weakest or 0.0, found.value))
    return SliceTable(name, tuple(values), len(counted) - len(kept))


def _figures(name: str, value: str, chosen: Sequence[Judged], doubt: Doubt, sampling: Sampling) -> SliceFigures:
    toxicity = measure(toxicity_grid(chosen, doubt), sampling)
    frames = measure(frames_grid(chosen), sampling)
    found = SliceFigures(
        name=name,
        value=value,
        items=len(chosen),
        toxicity=toxicity.of("toxicity").f1 if toxicity.of("toxicity").support else None,
        identity_attack=toxicity.of("identity_attack").f1 if toxicity.of("identity_attack").support else None,
        frames=frames.macro_f1 if frames.items else None,
        false_flags=false_flags(chosen, sampling),
        false_frames=false_frames(chosen, sampling),
        alerts=alerts(chosen, sampling),
        weakest=None,
    )
    return replace(found, weakest=min(_goodness(found), default=None))


def _goodness(found: SliceFigures) -> Iterable[float]:
    for figure in (found.toxicity, found.identity_attack, found.frames):
        if figure is not None and figure.value is not None:
            yield figure.value
    for share in (found.false_flags, found.false_frames):
        if share is not None and share.figure.value is not None:
            yield 1 - share.figure.value
