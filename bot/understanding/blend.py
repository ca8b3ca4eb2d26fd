"""How the encoder's verdict and that of the words become one score, so that 0.5 is where a label holds.

Fitted by `training.blend` on reactions that the encoder did not learn from. A label without a line here is judged by
words alone.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Self

BLEND = "blend.json"


@dataclass(frozen=True, slots=True)
class Blend:
    """For each label: the weight of the encoder's logit, that of the words' score in [0, 1], and a constant."""

    lines: Mapping[str, tuple[float, float, float]]

    @classmethod
    def load(cls, folder: Path) -> Self:
        """Return the blend in `folder`. Raises OSError or ValueError where it is not readable."""
        stored = json.loads((folder / BLEND).read_text(encoding="utf-8"))
        return cls({label: (float(a), float(b), float(c)) for label, (a, b, c) in stored.items()})

    def __contains__(self, label: str) -> bool:
        return label in self.lines

    def score(self, label: str, logit: float, words: float) -> float:
        """Return the score of `label` in (0, 1)."""
        encoder, lexical, constant = self.lines[label]
        return 1.0 / (1.0 + math.exp(-max(min(encoder * logit + lexical * words + constant, 30.0), -30.0)))
