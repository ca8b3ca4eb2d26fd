"""Fit one head anew: logistic regression that starts from weights it knows and leaves them only for a reason.

Newton's method, with shorter steps where it overshoots; a few hundred dimensions and ten thousand rows take a second or
two. Not scikit-learn's: that has no prior to start from, and would be fifty megabytes at run time for this one page.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]

STEPS = 30
ENOUGH = 1e-6


def fit(
    rows: Floats, held: Floats, weights: Floats, *, start: Floats, constant: float, pull: float
) -> tuple[Floats, float]:
    """Return weights (dimensions,) and a constant for `rows` (n, dimensions) with truths `held` (n,) in [0, 1].

    `weights` (n,) tell how much each row counts; `pull` how strongly the outcome stays near `start` and `constant`.
    """
    wide = np.column_stack([rows, np.ones(len(rows))])
    prior = np.append(start, constant)
    found, loss = prior.copy(), _loss(wide, held, weights, prior, prior, pull)
    for _ in range(STEPS):
        chance = _chance(wide @ found)
        slope = wide.T @ (weights * (chance - held)) + pull * (found - prior)
        curve = (wide * (weights * chance * (1.0 - chance))[:, None]).T @ wide + pull * np.eye(wide.shape[1])
        step = np.linalg.solve(curve, slope)
        # Far from the answer a whole step overshoots: it is halved until it helps.
        while (tried := _loss(wide, held, weights, found - step, prior, pull)) > loss and np.abs(step).max() > ENOUGH:
            step /= 2.0
        found, gained, loss = found - step, loss - tried, tried
        if gained <= ENOUGH * abs(loss):
            break
    return found[:-1], float(found[-1])


def _loss(wide: Floats, held: Floats, weights: Floats, found: Floats, prior: Floats, pull: float) -> float:
    scores = wide @ found
    return float(weights @ (np.logaddexp(0.0, scores) - held * scores) + pull / 2.0 * ((found - prior) ** 2).sum())


def _chance(scores: Floats) -> Floats:
    return 1.0 / (1.0 + np.exp(-np.clip(scores, -30.0, 30.0)))
