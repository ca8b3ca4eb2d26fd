"""What is read off the encoder: for each label a straight line through the mean of its vectors, plus a constant.

Long texts have several windows: a label
that may be there or not counts where it is strongest; of labels that exclude each other the mean counts.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import numpy as np
import numpy.typing as npt

from bot.understanding.encoder import HEADS, Floats, Seen

EITHER_OR = ("tone:", "tension:")
"""Families of labels of which one holds."""


@dataclass(frozen=True, slots=True)
class Heads:
    """`labels` such as `toxicity:insult` or `frame:controle`; `weights`: (labels, hidden); `bias`: (labels,)."""

    labels: tuple[str, ...]
    weights: Floats
    bias: Floats

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the heads in `folder`. Raises OSError, KeyError or ValueError where they are not readable."""
        with np.load(folder / HEADS, allow_pickle=False) as stored:
            return cls(tuple(map(str, stored["labels"])), stored["weights"], stored["bias"])

    @property
    def version(self) -> str:
        content = "\n".join(self.labels).encode() + self.weights.tobytes() + self.bias.tobytes()
        return hashlib.sha256(content).hexdigest()[:12]

    def with_label(self, label: str, weights: npt.ArrayLike, constant: float) -> Heads:
        """Return these heads with that of `label` replaced, or added."""
        row = np.asarray(weights, np.float32)
        if label in self.labels:
            at = self.labels.index(label)
            all_weights, bias = self.weights.copy(), self.bias.copy()
            all_weights[at], bias[at] = row, constant
            return Heads(self.labels, all_weights, bias)
        bias = np.append(self.bias, np.float32(constant))
        return Heads((*self.labels, label), np.vstack([self.weights, row]), bias)

    def save(self, path: Path) -> None:
        """Write the heads as `load` reads them."""
        np.savez(path, labels=np.array(self.labels), weights=self.weights, bias=self.bias)

    def logits(self, windows: Sequence[Seen]) -> dict[str, float]:
        """Return the logit of every label."""
        each = np.stack([self.weights @ window.pooled + self.bias for window in windows])
        highest, mean = each.max(axis=0), each.mean(axis=0)
        return {
            label: float(mean[row] if label.startswith(EITHER_OR) else highest[row])
            for row, label in enumerate(self.labels)
        }


def softmax(logits: Mapping[str, float]) -> dict[str, float]:
    """Return the share of each of labels that exclude each other."""
    values = np.array(list(logits.values()))
    shares = np.exp(values - values.max())
    return dict(zip(logits, map(float, shares / shares.sum()), strict=True))
