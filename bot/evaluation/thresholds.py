"""What another threshold would do: precision and recall at each, beside the threshold in force.

The program's own threshold is not asked for; it is seen in what it flagged: it lies above the highest score that was
not flagged and not above the lowest that was.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.evaluation.bootstrap import Booleans, Floats

STEPS = 100


@dataclass(frozen=True, slots=True)
class ThresholdPoint:
    """What flagging from `threshold` on would give. A figure that would divide by zero is None."""

    threshold: float
    given: int
    precision: float | None
    recall: float | None
    f1: float | None


@dataclass(frozen=True, slots=True)
class InForce:
    """The threshold in force lies above `above` and is at most `at_most`; None where no text shows that side."""

    above: float | None
    at_most: float | None


@dataclass(frozen=True, slots=True)
class Curve:
    """Precision and recall of `name` at every hundredth, from `points[0]` on.

    `in_force` is None where what was flagged does not follow from a threshold on the score. `best` is the point with
    the highest F1 on these texts: the lowest threshold where several are equal.
    """

    name: str
    support: int
    points: tuple[ThresholdPoint, ...]
    in_force: InForce | None
    best: ThresholdPoint | None


def curve_of(
    name: str, scores: Floats, expected: Booleans, flagged: Booleans, *, unscored: int | None = None
) -> Curve | None:
    """Return the curve of scores in [0, 1], None where there is nothing to find or nothing was scored.

    Args:
        name: what the scores are of.
        scores: shape (texts,).
        expected: who has the label, shape (texts,).
        flagged: who was given it, shape (texts,).
        unscored: where only what was flagged has a score: how many more have the label. No threshold finds those, and
            nothing is known of thresholds below the lowest score.
    """
    support = int(expected.sum()) + (unscored or 0)
    if not scores.size or not support:
        return None
    first = 1 if unscored is None else min(max(int(float(scores.min()) * STEPS), 1), STEPS)
    points = tuple(_point(step / STEPS, scores, expected, support) for step in range(first, STEPS + 1))
    best = max(points, key=lambda point: (point.f1 or 0.0, -point.threshold))
    return Curve(name, support, points, _in_force(scores, flagged), best if best.f1 else None)


def _point(threshold: float, scores: Floats, expected: Booleans, support: int) -> ThresholdPoint:
    given = scores >= threshold
    count, hits = int(given.sum()), int((given & expected).sum())
    return ThresholdPoint(
        threshold,
        count,
        hits / count if count else None,
        hits / support,
        2 * hits / (count + support),
    )


def _in_force(scores: Floats, flagged: Booleans) -> InForce | None:
    above = float(scores[~flagged].max()) if (~flagged).any() else None
    at_most = float(scores[flagged].min()) if flagged.any() else None
    if above is not None and at_most is not None and above >= at_most:
        return None
    return InForce(above, at_most)
