"""Fit a threshold to what people decided: pure arithmetic on scores and decisions, no store and no words.

A decision is worth counting where the scorer saw something at all (a score of FLOOR or more): what scores less was
about something else, and no threshold would find it. Only what people looked at is known, so a threshold is proposed
only where at least the share COVERED of what lies above it was decided on.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import Enum
from itertools import accumulate

from bot.rules.statistics import Interval, wilson

FLOOR = 0.10
NEEDED = 50
NEEDED_UPHELD = 10
NEEDED_ABOVE = 20
"""Decisions above a threshold, below which its share of false alarms says nothing."""
COVERED = 0.5

_STEPS = 100  # thresholds are looked at by hundredths


@dataclass(frozen=True, slots=True)
class Seen:
    """A reaction: its score, and what people decided, None for nothing. One decision counts once (`counts`)."""

    score: float
    upheld: bool | None
    counts: bool = True


@dataclass(frozen=True, slots=True)
class Aim:
    """What a threshold should reach: at most this share of false alarms, or the best F1 where that is None."""

    false_alarms: float | None = None


class Why(Enum):
    """Why a threshold is proposed or not."""

    BETTER = "better"
    STAYS = "stays"
    TOO_FEW = "too few decisions"
    TOO_FEW_UPHELD = "too few decisions to act"
    OUT_OF_REACH = "no threshold reaches the aim"


@dataclass(frozen=True, slots=True)
class Point:
    """What a threshold does: decisions rightly raised, raised in vain and missed; reactions raised, and looked at."""

    threshold: float
    upheld: int
    overruled: int
    missed: int
    raised: int
    looked_at: int

    @property
    def false_alarms(self) -> float | None:
        """Return the share of what is raised that people found to be fine, None where nothing was decided."""
        decided = self.upheld + self.overruled
        return self.overruled / decided if decided else None

    @property
    def false_alarms_interval(self) -> Interval:
        return wilson(self.overruled, self.upheld + self.overruled)

    @property
    def f1(self) -> float:
        """Return 2·TP / (2·TP + FP + FN), 0 where there is nothing."""
        whole = 2 * self.upheld + self.overruled + self.missed
        return 2 * self.upheld / whole if whole else 0.0

    @property
    def f1_interval(self) -> Interval:
        """Return the 95% interval of F1 = 2J / (1 + J), where J = TP / (TP + FP + FN) is a plain proportion."""
        of = wilson(self.upheld, self.upheld + self.overruled + self.missed)
        return Interval(2 * of.low / (1 + of.low), 2 * of.high / (1 + of.high))

    @property
    def known(self) -> bool:
        """Tell whether people looked at enough of what is raised to say anything."""
        return self.upheld + self.overruled >= NEEDED_ABOVE and self.looked_at >= COVERED * self.raised


@dataclass(frozen=True, slots=True)
class Fit:
    """The outcome for one label or frame. `best` is None where nothing is proposed.

    `decisions` and `upheld` are what there was to go by; `more` and `fewer` reactions would be raised or no longer.
    """

    now: Point
    best: Point | None
    why: Why
    decisions: int
    upheld: int

    @property
    def more(self) -> int:
        return max(self.best.raised - self.now.raised, 0) if self.best else 0

    @property
    def fewer(self) -> int:
        return max(self.now.raised - self.best.raised, 0) if self.best else 0


def fit(seen: Sequence[Seen], now: float, aim: Aim, *, lowest: float = FLOOR) -> Fit:
    """Return which threshold from `lowest` on suits `aim` best, against the one that holds `now`.

    Where several do the same to what was decided, the one nearest to `now` is taken: nothing moves without a reason.
    """
    counted = [one for one in seen if one.counts and one.upheld is not None and one.score >= FLOOR]
    upheld = sum(one.upheld is True for one in counted)
    present = point_at(seen, now)
    if len(counted) < NEEDED:
        return Fit(present, None, Why.TOO_FEW, len(counted), upheld)
    if upheld < NEEDED_UPHELD:
        return Fit(present, None, Why.TOO_FEW_UPHELD, len(counted), upheld)
    points = [point for point in curve(seen) if point.threshold >= lowest and point.known]
    chosen = _chosen(points, aim)
    if chosen is None:
        return Fit(present, None, Why.OUT_OF_REACH, len(counted), upheld)
    if _same(chosen, present):
        return Fit(present, None, Why.STAYS, len(counted), upheld)
    alike = [point for point in points if _same(point, chosen)]
    best = min(alike, key=lambda point: (abs(point.threshold - now), point.threshold))
    return Fit(present, best, Why.BETTER, len(counted), upheld)


def curve(seen: Iterable[Seen]) -> list[Point]:
    """Return the points of all thresholds by hundredths, 0.01 to 1.00, rising, in one pass over `seen`."""
    columns = [[0] * (_STEPS + 1) for _ in range(4)]
    for one in seen:
        level = min(int(one.score * _STEPS + 1e-9), _STEPS)
        for column, counts in zip(columns, _counts(one), strict=True):
            column[level] += counts
    raised, looked, right, wrong = (list(accumulate(reversed(column)))[::-1] for column in columns)
    floor = int(FLOOR * _STEPS)
    return [
        Point(
            threshold=step / _STEPS,
            upheld=right[step],
            overruled=wrong[step],
            missed=max(right[floor] - right[step], 0),
            raised=raised[step],
            looked_at=looked[step],
        )
        for step in range(1, _STEPS + 1)
    ]


def point_at(seen: Iterable[Seen], threshold: float) -> Point:
    """Return what `threshold`, which may lie between hundredths, does."""
    seen = list(seen)
    rows = [_counts(one) for one in seen if one.score >= threshold]
    raised, looked, right, wrong = (sum(column) for column in zip(*rows, strict=True)) if rows else (0, 0, 0, 0)
    all_right = sum(_counts(one)[2] for one in seen if one.score >= FLOOR)
    return Point(threshold, right, wrong, max(all_right - right, 0), raised, looked)


def _counts(one: Seen) -> tuple[int, int, int, int]:
    """Return whether it counts as raised, as looked at, as upheld and as overruled."""
    return 1, one.upheld is not None, one.counts and one.upheld is True, one.counts and one.upheld is False


def _chosen(points: Sequence[Point], aim: Aim) -> Point | None:
    if aim.false_alarms is None:
        return max(points, key=lambda point: (point.f1, -point.threshold), default=None)
    allowed = (p for p in points if p.false_alarms is not None and p.false_alarms <= aim.false_alarms)
    return next(allowed, None)  # the lowest misses least


def _same(one: Point, other: Point) -> bool:
    return (one.upheld, one.overruled, one.missed) == (other.upheld, other.overruled, other.missed)
