"""The threshold chart of a rule: bars over the scores, and one line of words and numbers for each threshold. Pure.

A sweep says what a rule does from each threshold on. What one step of the threshold adds or takes away are the
reactions whose score lies there: those are the bars. The page shows the row of the threshold that is chosen; the script
takes the next one from the same table, so every number and every word of it is made here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from bot.review.backtest_words import counted, short_share
from bot.review.thresholds import ThresholdLook
from bot.rules.replaying.sweep import GRID, ThresholdPoint
from bot.rules.statistics import Proportion
from bot.web.words import flag_word

HEIGHT = 100.0
_TELLING = 0.3
"""The score from which on bars have to fit: below it lie so many reactions that the rest would disappear."""
_THINNEST = 2.0  # of HEIGHT: one reaction is to be seen


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a bar: what people made of it (`terecht`, `onterecht` or `open`), from the top down."""

    kind: str
    top: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """Reactions with a score from `step`/100 on, below the next step. `fires` with the threshold that is chosen."""

    step: int
    above: bool
    fires: bool
    cut: bool
    pieces: tuple[Piece, ...]


@dataclass(frozen=True, slots=True)
class Row:
    """One threshold in words."""

    step: int
    threshold: str
    fires: str
    upheld: str
    overruled: str
    undecided: str
    precision: str
    compared: str


@dataclass(frozen=True, slots=True)
class Chart:
    """`now` is the step of the threshold in force, `at` the one that is shown; `any_cut` bars do not fit."""

    label: str
    now: int
    at: int
    bars: tuple[Bar, ...]
    rows: tuple[Row, ...]
    any_cut: bool

    @property
    def row(self) -> Row:
        """Return the row of the threshold that is shown."""
        return self.rows[self.at - 1]

    @property
    def empty(self) -> bool:
        """Tell whether the threshold makes no difference to anything on history."""
        return not self.bars


def chart_of(look: ThresholdLook, chosen: int | None = None) -> Chart:
    """Return the chart with the threshold of the rule, or at `chosen` hundredths."""
    points, dial = look.sweep.points, look.sweep.dial
    now = min(max(round(dial.threshold * 100), 1), len(GRID))
    at = chosen if chosen is not None and 1 <= chosen <= len(GRID) else now
    bars = _bars(points, at)
    rows = tuple(_row(step, point, points[now - 1]) for step, point in enumerate(points, 1))
    return Chart(flag_word(dial.label), now, at, bars, rows, any(bar.cut for bar in bars))


def decimal(step: int) -> str:
    """Return hundredths as they are written in Flanders."""
    return f"{step / 100:.2f}".replace(".", ",")


def _bars(points: Sequence[ThresholdPoint], at: int) -> tuple[Bar, ...]:
    steps = [(step, one.hits - two.hits, one, two) for step, (one, two) in enumerate(pairwise(points), 1)]
    tallest = max((abs(change) for step, change, _, _ in steps if step / 100 >= _TELLING), default=0)
    scale = tallest or max((abs(change) for _, change, _, _ in steps), default=0)
    bars = []
    for step, change, one, two in steps:
        if change:
            upheld, overruled = abs(one.upheld - two.upheld), abs(one.overruled - two.overruled)
            rest = max(abs(change) - upheld - overruled, 0)
            pieces = _pieces(scale, ("terecht", upheld), ("onterecht", overruled), ("open", rest))
            above = change > 0  # a rule that asks for a low score fires on the other side
            bars.append(Bar(step, above, above == (step >= at), abs(change) > scale, pieces))
    return tuple(bars)


def _pieces(scale: int, *parts: tuple[str, int]) -> tuple[Piece, ...]:
    """Return the parts of a bar, stacked from the bottom up; what does not fit is cut off at the top."""
    pieces, top = [], HEIGHT
    for kind, count in parts:
        if count and top > 0:
            height = min(max(count / scale * HEIGHT, _THINNEST), top)
            top -= height
            pieces.append(Piece(kind, round(top, 2), round(height, 2)))
    return tuple(pieces)


def _row(step: int, point: ThresholdPoint, now: ThresholdPoint) -> Row:
    decided = Proportion(point.upheld, point.upheld + point.overruled)
    return Row(
        step=step,
        threshold=decimal(step),
        fires=counted(point.hits, "bericht", "berichten"),
        upheld=counted(point.upheld, "keer", "keer"),
        overruled=counted(point.overruled, "keer", "keer"),
        undecided=counted(max(point.hits - decided.of, 0), "bericht", "berichten"),
        precision=short_share(decided) if decided.of else "nog geen beslissing",
        compared=_compared(point.hits - now.hits),
    )


def _compared(more: int) -> str:
    if not more:
        return "evenveel als nu"
    return f"{counted(abs(more), 'bericht', 'berichten')} {'meer' if more > 0 else 'minder'} dan nu"
