"""The thresholds that a town set for itself, as frozen values. Decides nothing and reads nothing; `loading` does."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType

NOTHING_SET = "meegeleverd"


@dataclass(frozen=True, slots=True)
class TownThresholds:
    """Thresholds in (0, 1]: by scorer and label, and by frame. What is not here keeps the one that ships.

    `hash` is the SHA-256 of the file in hexadecimals, empty where there is no file.
    """

    scorers: Mapping[str, Mapping[str, float]] = field(default_factory=lambda: MappingProxyType({}))
    frames: Mapping[str, float] = field(default_factory=lambda: MappingProxyType({}))
    hash: str = ""

    @property
    def version(self) -> str:
        """Return what is recorded with every analysis (law 6)."""
        return self.hash[:12] or NOTHING_SET

    @property
    def count(self) -> int:
        """Return how many thresholds the town set."""
        return len(self.frames) + sum(map(len, self.scorers.values()))


SHIPPED = TownThresholds()
"""Nothing set: every threshold is the one that ships."""
