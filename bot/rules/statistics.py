"""How often, out of how many, and how sure: proportions with their intervals. Pure arithmetic.

Two things are asked of a rule. Precision: of what it fired on, how much did people uphold? Recall: of what people
acted on, how much did it find? Both are proportions of small numbers, so each comes with an interval: 3 of 3 is not
the same as 300 of 300.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from statistics import NormalDist

CONFIDENCE = 0.95


@dataclass(frozen=True, slots=True)
class Interval:
    """Where the true proportion lies with 95% confidence, both ends between 0 and 1."""

    low: float
    high: float


EVERYTHING = Interval(0.0, 1.0)
"""What is known of a proportion of nothing."""


def wilson(successes: int, trials: int, *, confidence: float = CONFIDENCE) -> Interval:
    """Return the Wilson score interval of `successes` out of `trials`; from 0 to 1 where there were no trials.

    Without continuity correction. It stays between 0 and 1 and holds for few trials and for none or all successes,
    where the textbook interval (p ± 1.96·√(p(1−p)/n)) has a width of nothing. Source: E. B. Wilson, "Probable
    inference, the law of succession, and statistical inference", Journal of the American Statistical Association 22
    (1927) 209–212; recommended for small numbers by L. D. Brown, T. T. Cai and A. DasGupta, "Interval estimation for a
    binomial proportion", Statistical Science 16 (2001) 101–133.

    Raises:
        ValueError: fewer than none or more than all succeeded, or the confidence is no proportion.
    """
    if not 0 <= successes <= trials:
        msg = f"{successes} of {trials} is no proportion"
        raise ValueError(msg)
    if not 0 < confidence < 1:
        msg = f"a confidence lies between 0 and 1: {confidence}"
        raise ValueError(msg)
    if trials == 0:
        return EVERYTHING
    z = NormalDist().inv_cdf((1 + confidence) / 2)
    p = successes / trials
    scale = 1 + z * z / trials
    middle = (p + z * z / (2 * trials)) / scale
    half = z * math.sqrt(p * (1 - p) / trials + z * z / (4 * trials * trials)) / scale
    # Rounding may miss the ends, which are exact where none or all succeeded.
    low = 0.0 if successes == 0 else max(0.0, middle - half)
    high = 1.0 if successes == trials else min(1.0, middle + half)
    return Interval(low, high)


@dataclass(frozen=True, slots=True)
class Proportion:
    """`count` out of `of`."""

    count: int
    of: int

    @property
    def value(self) -> float | None:
        """Return the proportion, None where there is nothing to take one of."""
        return self.count / self.of if self.of else None

    @property
    def interval(self) -> Interval:
        """Return the 95% Wilson score interval."""
        return wilson(self.count, self.of)


@dataclass(frozen=True, slots=True)
class Agreement:
    """How far a rule, or a whole file, agrees with what people decided.

    `upheld` and `overruled` count decisions about what fired: acted on, or found to be fine. `found` and `missed`
    count decisions to act that had to be found: by a rule those that rest on it, by a file all of them.
    """

    upheld: int = 0
    overruled: int = 0
    found: int = 0
    missed: int = 0

    @property
    def precision(self) -> Proportion:
        """Return how much of what fired was upheld, of what people decided about."""
        return Proportion(self.upheld, self.upheld + self.overruled)

    @property
    def recall(self) -> Proportion:
        """Return how much of what people acted on was found."""
        return Proportion(self.found, self.found + self.missed)
