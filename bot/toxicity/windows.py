"""What the scorers with a language model share: texts that a tokenizer takes, the worst of windows, their result.

These models read some hundreds of tokens and drop the rest, which would make the end of a long text clean. So a long
text is read in windows that overlap, and its worst window counts.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bot.core.findings import TOXICITY_LABELS, ToxicityResult
from bot.toxicity.thresholds import flags

# The `original` model has its own names (Jigsaw's first challenge); the others have ours.
OUR_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "toxic": "toxicity",
        "severe_toxic": "severe_toxicity",
        "identity_hate": "identity_attack",
        **{label: label for label in TOXICITY_LABELS},
    }
)


def encodable(text: str) -> str:
    """Return `text` without lone surrogates, which no tokenizer takes."""
    return text.encode("utf-8", "replace").decode("utf-8")


def worst_of(windows: Iterable[Mapping[str, float]]) -> dict[str, float]:
    """Return the highest score of each label; one that is no number stays, to be refused later."""
    worst: dict[str, float] = {}
    for scores in windows:
        for label, score in scores.items():
            if not score <= worst.get(label, -math.inf):
                worst[label] = score
    return worst


def result_of(
    theirs: Mapping[str, float], scorer: str, version: str, thresholds: Mapping[str, float]
) -> ToxicityResult:
    """Return a result from a model's own labels; *not evaluated* where they mean nothing."""
    ours = {OUR_LABELS[name]: score for name, score in theirs.items() if name in OUR_LABELS}
    if "toxicity" not in ours or any(not 0.0 <= score <= 1.0 for score in ours.values()):
        return ToxicityResult(scorer, version, error="het model gaf geen bruikbare score")
    scores = {label: ours.get(label, 0.0) for label in TOXICITY_LABELS}
    return ToxicityResult(scorer, version, scores, flags(scores, thresholds))
