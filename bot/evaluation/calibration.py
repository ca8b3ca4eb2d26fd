"""Whether a score means what it says: of texts with a score of 0.8, do 8 in 10 have the label?

The expected calibration error is the mean gap between score and share, over ten bins of equal width, weighed by how
many texts each holds (M. P. Naeini, G. F. Cooper and M. Hauskrecht, "Obtaining well calibrated probabilities using
Bayesian binning", AAAI 2015).
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from bot.evaluation.bootstrap import Booleans, Floats
from bot.evaluation.metrics import Share, exact_share

BINS = 10


@dataclass(frozen=True, slots=True)
class Bin:
    """Texts with a score from `low` on, below `high` (the last bin holds 1 as well), and which share has the label."""

    low: float
    high: float
    mean_score: float
    share: Share


@dataclass(frozen=True, slots=True)
class Calibration:
    """How far the scores of `name` are from shares, on `items` texts. Only bins that hold something."""

    name: str
    items: int
    error: float
    bins: tuple[Bin, ...]


def calibration_of(name: str, scores: Floats, right: Booleans) -> Calibration | None:
    """Return the calibration of scores in [0, 1], None where there are none; both have shape (texts,)."""
    if not scores.size:
        return None
    level = np.searchsorted(np.arange(1, BINS) / BINS, scores, side="right")
    bins = []
    error = 0.0
    for at in range(BINS):
        inside = level == at
        count = int(inside.sum())
        if count:
            mean, hits = float(scores[inside].mean()), int(right[inside].sum())
            error += count / scores.size * abs(mean - hits / count)
            bins.append(Bin(at / BINS, (at + 1) / BINS, mean, exact_share(hits, count)))
    return Calibration(name, int(scores.size), error, tuple(bins))
