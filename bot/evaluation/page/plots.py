"""Where everything of a plot stands, in the units of its drawing. Pure; knows figures and no HTML."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.evaluation.calibration import Calibration
from bot.evaluation.confusion import Confusion
from bot.evaluation.items import Part
from bot.evaluation.metrics import Figure, PartFigures, Share
from bot.evaluation.slices import SliceFigures, SliceTable
from bot.evaluation.tables import shown_classes
from bot.evaluation.thresholds import Curve

WIDTH, HEIGHT = 300, 200
"""The size of a drawing."""
LEFT, TOP, RIGHT, BOTTOM = 34, 8, 286, 172
"""The field that figures from 0 to 1 are drawn in."""
TICKS = (0.0, 0.25, 0.5, 0.75, 1.0)
SHADES = 5
"""How many shades a table of counts has."""

_SMALLEST, _LARGEST = 2.0, 6.0  # the radius of a dot


@dataclass(frozen=True, slots=True)
class Bar:
    """An interval with its figure, each from 0 to 100."""

    low: float
    at: float
    high: float


@dataclass(frozen=True, slots=True)
class Dot:
    """A stretch of scores: where its share stands, the ends of the interval of that, and how large it is drawn."""

    x: float
    y: float
    top: float
    bottom: float
    radius: float


@dataclass(frozen=True, slots=True)
class Lines:
    """Precision and recall as paths. `now` is the stretch of the threshold in force: where it begins and its width."""

    precision: str
    recall: str
    now: tuple[float, float] | None


def x(value: float) -> float:
    """Return where a figure from 0 to 1 stands from left to right."""
    return round(LEFT + value * (RIGHT - LEFT), 2)


def y(value: float) -> float:
    """Return where a figure from 0 to 1 stands from the top down."""
    return round(BOTTOM - value * (BOTTOM - TOP), 2)


def bar(figure: Figure | None) -> Bar | None:
    """Return the interval of a figure, None where it does not exist."""
    if figure is None or figure.value is None or figure.low is None or figure.high is None:
        return None
    return Bar(*(round(end * 100, 2) for end in (figure.low, figure.value, figure.high)))


def part_bars(figures: PartFigures) -> tuple[Bar | None, ...]:
    """Return the intervals of F1, for each row of `tables.part_table`."""
    return (*(bar(found.f1) for found in shown_classes(figures)), bar(figures.macro_f1))


def slice_bars(table: SliceTable) -> tuple[Bar | None, ...]:
    """Return the interval of the weakest figure, for each row of `tables.slice_table`."""
    return tuple(_weakest(found) for found in table.values)


def dots(calibration: Calibration) -> tuple[Dot, ...]:
    """Return a dot for each stretch of scores: the more texts, the larger."""
    most = max((found.share.of for found in calibration.bins), default=1)
    placed = []
    for found in calibration.bins:
        figure = found.share.figure
        radius = _SMALLEST + (_LARGEST - _SMALLEST) * (found.share.of / most) ** 0.5
        placed.append(
            Dot(
                x(found.mean_score),
                y(figure.value or 0.0),
                y(figure.high or 0.0),
                y(figure.low or 0.0),
                round(radius, 2),
            )
        )
    return tuple(placed)


def lines(curve: Curve) -> Lines:
    """Return the lines of a curve, with a gap where precision does not exist."""
    force = curve.in_force
    now = None
    if force is not None and force.at_most is not None:
        above = x(min(max(force.above, 0.0), 1.0)) if force.above is not None else None
        upto = x(min(force.at_most, 1.0))
        now = (above if above is not None else upto, round(upto - above, 2) if above is not None else 0.0)
    return Lines(
        precision=_path((point.threshold, point.precision) for point in curve.points),
        recall=_path((point.threshold, point.recall) for point in curve.points),
        now=now,
    )


def shades(confusion: Confusion) -> tuple[tuple[int, ...], ...]:
    """Return how dark each cell is, from 0 (none) to SHADES: the share of its row."""
    found = []
    for row in confusion.counts:
        total = sum(row)
        found.append(tuple(-(-count * SHADES // total) if total else 0 for count in row))
    return tuple(found)


def title(part: Part) -> str:
    """Return the name under which a section of a part can be linked to."""
    return f"deel-{part.value}"


def _path(points: Iterable[tuple[float, float | None]]) -> str:
    return "".join(_steps(points))


def _steps(points: Iterable[tuple[float, float | None]]) -> Iterator[str]:
    drawing = False
    for at, value in points:
        if value is None:
            drawing = False
            continue
        yield f"{'L' if drawing else 'M'}{x(at):g} {y(value):g}"
        drawing = True


def _weakest(found: SliceFigures) -> Bar | None:
    for figure in (found.toxicity, found.identity_attack, found.frames):
        if figure is not None and figure.value is not None and figure.value == found.weakest:
            return bar(figure)
    for share in (found.false_flags, found.false_frames):
        if share is not None and _turned(share).value == found.weakest:
            return bar(_turned(share))
    return None


def _turned(share: Share) -> Figure:
    """Return the share that went well, of a share that did not."""
    value, low, high = share.figure.value, share.figure.low, share.figure.high
    if value is None or low is None or high is None:
        return Figure()
    return Figure(1 - value, 1 - high, 1 - low)
