"""The scorers that a name such as `embedded+detoxify` stands for, ready to be put together under any thresholds.

Building a scorer may take seconds and a model; putting it under other thresholds takes nothing.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.toxicity.adjusted import AdjustedScorer
from bot.toxicity.combined import CombinedScorer, CombineRule
from bot.toxicity.ports import Scorer


@dataclass(frozen=True, slots=True)
class Assembly:
    """`parts` as they were built; with more than one, `rule` says how they count."""

    parts: tuple[Scorer, ...]
    rule: CombineRule = CombineRule.HIGHEST

    def under(self, own: Mapping[str, Mapping[str, float]]) -> Scorer:
        """Return one scorer, with the thresholds `own` by scorer and label in the place of those that ship."""
        adjusted = [AdjustedScorer(part, own[part.name]) if own.get(part.name) else part for part in self.parts]
        return adjusted[0] if len(adjusted) == 1 else CombinedScorer(adjusted, self.rule, own)
