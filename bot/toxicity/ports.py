"""The port that every scorer of toxicity fills, in the words of the core."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

from bot.core.findings import ToxicityResult


class Scorer(Protocol):
    """Measures texts. `name` and `version` are recorded with every decision (law 6).

    `version` changes whenever the same text could get another score: new lexicon, new weights, new thresholds.
    """

    @property
    def name(self) -> str: ...

    @property
    def version(self) -> str: ...

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        """Return one result for each of `texts`, in order.

        Blocks while it computes. A text that could not be scored has `error` set; where nothing could be scored it
        may raise ScorerError instead.
        """
        ...
