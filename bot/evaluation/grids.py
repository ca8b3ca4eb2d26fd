"""From judged texts to grids: for each part, who has the label, who was given it, and what counts.

A text is in the grid of a part where people labelled that part and the program could judge it. A part that failed is
*not evaluated*: it is counted apart, and never as a "no" (law 3).
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Sequence
from enum import StrEnum

import numpy as np

from bot.core.findings import TOXICITY_LABELS, Tension, Tone
from bot.evaluation.bootstrap import Booleans, Integers
from bot.evaluation.items import ARGUABLY, NO, YES, Doubt, Judged, Part
from bot.evaluation.metrics import Grid

NO_FRAME = "geen"
"""The class of texts in which there is no frame to be seen."""

TOXIC, CLEAN = "toxisch", "niet toxisch"


def clusters_of(judged: Sequence[Judged]) -> Integers:
    """Return a number for each text, shape (texts,): those of one pair share one."""
    numbers: dict[object, int] = {}
    return np.array(
        [
            numbers.setdefault((one.item.source, one.item.pair) if one.item.pair else at, len(numbers))
            for at, one in enumerate(judged)
        ],
        dtype=np.int64,
    )


def labelled(judged: Iterable[Judged], part: Part) -> list[Judged]:
    """Return the texts of which people labelled `part`."""
    return [one for one in judged if getattr(one.item.labels, part.value) is not None]


def evaluated(one: Judged, part: Part) -> bool:
    """Tell whether the program could judge this part of a text."""
    failed = one.analysis.toxicity.error if part is Part.TOXICITY else one.analysis.framing.error
    return failed is None


def measurable(judged: Iterable[Judged], part: Part) -> list[Judged]:
    """Return the texts on which `part` can be measured."""
    return [one for one in labelled(judged, part) if evaluated(one, part)]


def toxicity_grid(judged: Sequence[Judged], doubt: Doubt) -> Grid:
    """Return the grid of the labels of toxicity; an arguable label counts as `doubt` says."""
    chosen = measurable(judged, Part.TOXICITY)
    grades = np.array(
        [[(one.item.labels.toxicity or {}).get(label, NO) for label in TOXICITY_LABELS] for one in chosen]
    ).reshape(len(chosen), len(TOXICITY_LABELS))
    arguable = grades == ARGUABLY
    return Grid(
        names=TOXICITY_LABELS,
        expected=(grades == YES) | (arguable & (doubt is Doubt.YES)),
        given=_members(TOXICITY_LABELS, [one.analysis.toxicity.flags for one in chosen]),
        counted=~arguable if doubt is Doubt.LEFT_OUT else np.ones_like(arguable),
        clusters=clusters_of(chosen),
    )


def toxic_or_not(grid: Grid) -> Grid:
    """Return the grid of two classes, toxic and not toxic, from that of the labels of toxicity."""
    at = grid.names.index("toxicity")
    expected, given, counted = grid.expected[:, at], grid.given[:, at], grid.counted[:, at]
    return Grid(
        names=(TOXIC, CLEAN),
        expected=np.column_stack([expected, ~expected]),
        given=np.column_stack([given, ~given]),
        counted=np.column_stack([counted, counted]),
        clusters=grid.clusters,
    )


def frames_grid(judged: Sequence[Judged], known: Iterable[str] = ()) -> Grid:
    """Return the grid of all frames, and of `NO_FRAME`. `known` frames have a column whether they occur or not."""
    chosen = measurable(judged, Part.FRAMES)
    expected = [one.item.labels.frames or frozenset() for one in chosen]
    given = [frames_given(one) for one in chosen]
    names = (*_all_names(known, expected, given), NO_FRAME)
    return _grid(
        names,
        [names_or_none(found) for found in expected],
        [names_or_none(found) for found in given],
        clusters_of(chosen),
    )


def values_grid(judged: Sequence[Judged], known: Iterable[str] = ()) -> Grid:
    """Return the grid of the shared values."""
    chosen = measurable(judged, Part.VALUES)
    expected = [one.item.labels.values or frozenset() for one in chosen]
    given = [frozenset(one.analysis.framing.values) for one in chosen]
    return _grid(_all_names(known, expected, given), expected, given, clusters_of(chosen))


def tone_grid(judged: Sequence[Judged]) -> Grid:
    """Return the grid of the tones: every text has exactly one."""
    return _one_of(
        Tone,
        measurable(judged, Part.TONE),
        lambda one: one.item.labels.tone,
        lambda one: one.analysis.framing.tone,
    )


def tension_grid(judged: Sequence[Judged]) -> Grid:
    """Return the grid of the tensions: every text has exactly one."""
    return _one_of(
        Tension,
        measurable(judged, Part.TENSION),
        lambda one: one.item.labels.tension,
        lambda one: one.analysis.framing.tension,
    )


def frames_given(one: Judged) -> frozenset[str]:
    """Return the frames that the program saw."""
    return frozenset(hit.id for hit in one.analysis.framing.frames)


def names_or_none(frames: Collection[str]) -> Collection[str]:
    """Return the frames, or the class of texts without one."""
    return frames or (NO_FRAME,)


def _one_of(
    classes: type[StrEnum],
    chosen: Sequence[Judged],
    expected: Callable[[Judged], str | None],
    given: Callable[[Judged], str],
) -> Grid:
    return _grid(
        tuple(word.value for word in classes),
        [(expected(one) or "",) for one in chosen],
        [(given(one),) for one in chosen],
        clusters_of(chosen),
    )


def _grid(
    names: tuple[str, ...],
    expected: Sequence[Collection[str]],
    given: Sequence[Collection[str]],
    clusters: Integers,
) -> Grid:
    wanted = _members(names, expected)
    return Grid(names, wanted, _members(names, given), np.ones_like(wanted), clusters)


def _members(names: tuple[str, ...], found: Sequence[Collection[str]]) -> Booleans:
    """Return which names each text has, shape (texts, names)."""
    rows = [[name in has for name in names] for has in found]
    return np.array(rows, dtype=np.bool_).reshape(len(found), len(names))


def _all_names(known: Iterable[str], *found: Iterable[Iterable[str]]) -> tuple[str, ...]:
    """Return the known names in their order, and after them what else was found."""
    first = dict.fromkeys(known)
    others = {name for sets in found for names in sets for name in names}
    return (*first, *sorted(others - first.keys()))
