"""Precision, recall and F1 of every class, their averages, and shares; each with a 95% interval.

F1 is 2·TP / (2·TP + FP + FN). A figure that would divide by zero does not exist (None); it is not 0. An average is over
the classes that occur in the labels. Where no draw of the bootstrap differs from another (all were right, or all
wrong) its interval would have no width; then the Wilson interval takes its place, so that 3 of 3 is not "certain".
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.evaluation.bootstrap import Booleans, Floats, Integers, Sampling, percentiles, ratio, resampled_sums
from bot.rules.statistics import Interval, wilson


@dataclass(frozen=True, slots=True)
class Figure:
    """A figure with the ends of its 95% interval. All three are None where it does not exist."""

    value: float | None = None
    low: float | None = None
    high: float | None = None


@dataclass(frozen=True, slots=True)
class Share:
    """`count` of `of`, as a figure."""

    count: int
    of: int
    figure: Figure


@dataclass(frozen=True, slots=True, eq=False)
class Grid:
    """What was expected and what was given of every class, each of shape (texts, classes).

    Only what is `counted` is measured. `clusters` says which texts are drawn together, shape (texts,).
    """

    names: tuple[str, ...]
    expected: Booleans
    given: Booleans
    counted: Booleans
    clusters: Integers

    @property
    def items(self) -> int:
        """Return how many texts were labelled."""
        return len(self.clusters)


@dataclass(frozen=True, slots=True)
class ClassFigures:
    """One class. `support` texts have it, the program gave it to `given`, and was right `hits` times.

    `doubtful` texts were left out, because people found it arguable.
    """

    name: str
    support: int
    given: int
    hits: int
    doubtful: int
    precision: Figure
    recall: Figure
    f1: Figure


@dataclass(frozen=True, slots=True)
class PartFigures:
    """All classes of one part of the judgement, measured on `items` texts. `macro_f1` is the mean F1 of `averaged`."""

    items: int
    classes: tuple[ClassFigures, ...]
    macro_f1: Figure
    averaged: tuple[str, ...]

    def of(self, name: str) -> ClassFigures:
        """Return the figures of the class called `name`; raise KeyError where there is none."""
        for figures in self.classes:
            if figures.name == name:
                return figures
        raise KeyError(name)


def measure(grid: Grid, sampling: Sampling) -> PartFigures:
    """Return the figures of every class of `grid`."""
    hits = grid.expected & grid.given & grid.counted
    extra = ~grid.expected & grid.given & grid.counted
    missed = grid.expected & ~grid.given & grid.counted
    counts = np.stack([array.sum(axis=0) for array in (hits, extra, missed)])
    sums = resampled_sums(np.hstack([hits, extra, missed]), grid.clusters, sampling)
    drawn = sums.reshape(sampling.draws, 3, len(grid.names))
    precision, recall, f1 = _ratios(counts[None, :, :].astype(np.float64))
    drawn_precision, drawn_recall, drawn_f1 = _ratios(drawn)
    bounds = [percentiles(draws) for draws in (drawn_precision, drawn_recall, drawn_f1)]
    classes = []
    for at, name in enumerate(grid.names):
        tp, fp, fn = (int(count) for count in counts[:, at])
        classes.append(
            ClassFigures(
                name=name,
                support=tp + fn,
                given=tp + fp,
                hits=tp,
                doubtful=int(np.count_nonzero(~grid.counted[:, at])),
                precision=_figure(precision[0, at], bounds[0][:, at], wilson(tp, tp + fp)),
                recall=_figure(recall[0, at], bounds[1][:, at], wilson(tp, tp + fn)),
                f1=_figure(f1[0, at], bounds[2][:, at], _f1_interval(tp, fp, fn)),
            )
        )
    averaged = [at for at, figures in enumerate(classes) if figures.support]
    return PartFigures(
        items=grid.items,
        classes=tuple(classes),
        macro_f1=_macro([classes[at].f1 for at in averaged], drawn[:, :, averaged], drawn_f1[:, averaged]),
        averaged=tuple(grid.names[at] for at in averaged),
    )


def share_of(hit: Booleans, of: Booleans, clusters: Integers, sampling: Sampling) -> Share:
    """Return how many texts are `hit` of those in `of`; all have shape (texts,)."""
    both = hit & of
    count, total = int(both.sum()), int(of.sum())
    if not total:
        return Share(0, 0, Figure())
    sums = resampled_sums(np.column_stack([both, of]), clusters, sampling)
    bounds = percentiles(ratio(sums[:, 0], sums[:, 1])[:, None])[:, 0]
    return Share(count, total, _figure(count / total, bounds, wilson(count, total)))


def exact_share(count: int, of: int) -> Share:
    """Return `count` of `of` with the Wilson interval: for proportions of what is independent."""
    if not of:
        return Share(0, 0, Figure())
    interval = wilson(count, of)
    return Share(count, of, Figure(count / of, interval.low, interval.high))


def _ratios(counts: Floats) -> tuple[Floats, Floats, Floats]:
    """Return precision, recall and F1 of hits, extra and missed, given with shape (draws, 3, classes)."""
    hits, extra, missed = counts[:, 0], counts[:, 1], counts[:, 2]
    return (
        ratio(hits, hits + extra),
        ratio(hits, hits + missed),
        ratio(2 * hits, 2 * hits + extra + missed),
    )


def _macro(f1: list[Figure], drawn: Floats, drawn_f1: Floats) -> Figure:
    """Return the mean F1. In a draw that lacks a class, the mean is that of the others."""
    if not f1:
        return Figure()
    occurs = drawn[:, 0] + drawn[:, 2] > 0
    means = ratio(np.where(occurs, drawn_f1, 0.0).sum(axis=1), occurs.sum(axis=1).astype(np.float64))
    ends = [sum(end for figure in f1 if (end := getattr(figure, name)) is not None) / len(f1) for name in _ENDS]
    value, low, high = ends
    return _figure(value, percentiles(means[:, None])[:, 0], Interval(low, high))


_ENDS = ("value", "low", "high")


def _figure(value: float, bounds: Floats, instead: Interval) -> Figure:
    """Return a figure with the interval of the bootstrap, or the other one where that says nothing."""
    if np.isnan(value):
        return Figure()
    low, high = (float(bound) for bound in bounds)
    if not high > low:
        low, high = instead.low, instead.high
    return Figure(float(value), low, high)


def _f1_interval(hits: int, extra: int, missed: int) -> Interval:
    """Return the Wilson interval of F1, which is 2J / (1 + J) of the proportion J = TP / (TP + FP + FN)."""
    jaccard = wilson(hits, hits + extra + missed)
    return Interval(2 * jaccard.low / (1 + jaccard.low), 2 * jaccard.high / (1 + jaccard.high))
