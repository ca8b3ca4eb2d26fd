"""How sure a figure is: the bootstrap, drawn over texts, all draws at once.

A draw takes as many texts as there are, with replacement; a figure is computed on each, and the middle 95% of what
comes out is its interval (the percentile interval: B. Efron and R. J. Tibshirani, *An Introduction to the Bootstrap*,
1993, chapter 13).
Texts that belong together (a pair) are drawn together, as they are not independent. Every figure here is made of sums
over texts, so a draw is a row of weights and all draws are one product of matrices.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
Integers = npt.NDArray[np.int64]
Booleans = npt.NDArray[np.bool_]

FEWEST_DRAWS = 1000
_TAIL = 0.025
_WEIGHTS_AT_ONCE = 4_000_000  # 32 MB


@dataclass(frozen=True, slots=True)
class Sampling:
    """How often to draw, and the seed: the same seed gives the same intervals."""

    draws: int = 2000
    seed: int = 0

    def __post_init__(self) -> None:
        if self.draws < FEWEST_DRAWS:
            raise ValueError(f"an interval needs at least {FEWEST_DRAWS} draws, not {self.draws}")


def resampled_sums(columns: npt.ArrayLike, clusters: Integers, sampling: Sampling) -> Floats:
    """Return the sum of each column in every draw, shape (draws, columns).

    Args:
        columns: what to add up, shape (texts, columns).
        clusters: which texts are drawn together, shape (texts,): texts with the same number.
        sampling: how often to draw.
    """
    values = np.asarray(columns, dtype=np.float64)
    _, index = np.unique(clusters, return_inverse=True)
    size = int(index.max(initial=-1)) + 1
    if size == 0:
        return np.zeros((sampling.draws, values.shape[1]))
    totals = np.zeros((size, values.shape[1]))
    np.add.at(totals, index, values)
    generator = np.random.default_rng(sampling.seed)
    parts = []
    rows = max(_WEIGHTS_AT_ONCE // size, 1)
    for start in range(0, sampling.draws, rows):
        count = min(rows, sampling.draws - start)
        picks = generator.integers(0, size, (count, size)) + np.arange(count)[:, None] * size
        weights = np.bincount(picks.ravel(), minlength=count * size).reshape(count, size)
        parts.append(weights.astype(np.float64) @ totals)
    return np.concatenate(parts)


def percentiles(draws: Floats) -> Floats:
    """Return where 95% of each column lies, shape (2, columns); NaN where a column holds nothing but NaN.

    A draw in which a figure does not exist (no text of that class was drawn) is NaN and does not count.
    """
    ordered = np.sort(draws, axis=0)  # NaN comes last
    last = np.count_nonzero(~np.isnan(ordered), axis=0) - 1
    found = np.full((2, draws.shape[1]), np.nan)
    columns = np.flatnonzero(last >= 0)
    for row, share in enumerate((_TAIL, 1 - _TAIL)):
        place = share * last[columns]
        below = np.floor(place).astype(np.int64)
        above = np.ceil(place).astype(np.int64)
        low, high = ordered[below, columns], ordered[above, columns]
        found[row, columns] = low + (high - low) * (place - below)
    return found


def ratio(numerator: Floats, denominator: Floats) -> Floats:
    """Return the quotient, NaN where the denominator is zero."""
    quotient: Floats = np.full(numerator.shape, np.nan)
    np.divide(numerator, denominator, out=quotient, where=denominator > 0)
    return quotient
