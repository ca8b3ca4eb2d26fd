"""The calibrated thresholds per label that ship, in one place: a label is flagged from here on.

The embedded scorer's weights are written so that 0.5 divides; detoxify's thresholds are higher because its scores
crowd towards 1. Change a number here and the version of the scorer changes with it.
A town may set others (`bot.thresholds`); they take the place of these, label by label.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

EMBEDDED: Mapping[str, float] = MappingProxyType(
    {
        "toxicity": 0.5,
        "severe_toxicity": 0.6,
        "obscene": 0.6,
        "identity_attack": 0.5,
        "insult": 0.5,
        "threat": 0.5,
        "sexual_explicit": 0.6,
    }
)

MODEL: Mapping[str, float] = MappingProxyType(dict.fromkeys(EMBEDDED, 0.5))
"""The blend of model and words is fitted so that 0.5 divides."""

DETOXIFY: Mapping[str, float] = MappingProxyType(
    {
        "toxicity": 0.8,
        "severe_toxicity": 0.5,
        "obscene": 0.8,
        "identity_attack": 0.6,
        "insult": 0.75,
        "threat": 0.6,
        "sexual_explicit": 0.7,
    }
)

SHIPPED: Mapping[str, Mapping[str, float]] = MappingProxyType(
    {"embedded": EMBEDDED, "model": MODEL, "detoxify": DETOXIFY, "onnx": DETOXIFY}
)
"""By the name of the scorer."""

UNCALIBRATED = 0.5
"""The threshold of a label that nobody calibrated."""


def flags(scores: Mapping[str, float], thresholds: Mapping[str, float]) -> tuple[str, ...]:
    """Return the labels of `scores` whose threshold is reached, in the order of `thresholds`."""
    return tuple(label for label, threshold in thresholds.items() if scores.get(label, 0.0) >= threshold)
