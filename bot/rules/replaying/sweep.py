"""What a rule would do at other thresholds: of a rule with one `toxiciteit` condition, the rest of it as it stands.

One pass over history serves every threshold. A condition on a score is yes from some threshold down, so a reaction is
summed up in three facts: its score, and what the rule says with that condition met and with it not met. The rest of
the rule may be anything, also `geen` around the condition.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass, field

from bot.rules.conditions.toxiciteit import Toxiciteit
from bot.rules.model import NodeBase
from bot.rules.registry import COMBINATIONS
from bot.rules.replaying.replayed import Replayed

STEPS = 100
GRID: tuple[float, ...] = tuple(step / STEPS for step in range(1, STEPS + 1))
"""The thresholds that are looked at, rising: 0.01 to 1.00, what a rule file can hold to two decimals."""

MET, NOT_MET = 1.0, 0.0
"""Scores that meet any threshold, and none."""


@dataclass(frozen=True, slots=True)
class Dial:
    """The one `toxiciteit` condition of a rule: its label and the threshold that the rule file sets."""

    label: str
    threshold: float


@dataclass(frozen=True, slots=True)
class Swept:
    """One reaction under one rule. `level` counts the thresholds of GRID that its score reaches."""

    rule: int
    level: int
    met: bool
    not_met: bool


@dataclass(frozen=True, slots=True)
class ThresholdPoint:
    """What a rule would do from `threshold` on: hits are of reactions, the others of decisions about them."""

    threshold: float
    hits: int
    upheld: int
    overruled: int


@dataclass(frozen=True, slots=True)
class Sweep:
    """What a rule would do at each threshold of GRID. `dial` is how it stands now."""

    dial: Dial
    points: tuple[ThresholdPoint, ...]


def dial_of(when: NodeBase) -> Dial | None:
    """Return the dial of a rule with exactly one `toxiciteit` condition, None for any other."""
    found = list(_scores_in(when))
    return Dial(found[0].label, found[0].vanaf) if len(found) == 1 else None


def level_of(score: float) -> int:
    """Return how many thresholds of GRID `score` reaches."""
    return bisect_right(GRID, score)


def _scores_in(node: NodeBase) -> Iterator[Toxiciteit]:
    if node.key in COMBINATIONS:
        for child in node.value:
            yield from _scores_in(child)
    elif isinstance(node.value, Toxiciteit):
        yield node.value


@dataclass(slots=True)
class SweepTally:
    """Adds up one rule. Each list counts by level: `met` those that fire up to it, `not_met` those from there on."""

    dial: Dial
    met: list[list[int]] = field(default_factory=lambda: [[0] * (STEPS + 1) for _ in range(3)])
    not_met: list[list[int]] = field(default_factory=lambda: [[0] * (STEPS + 1) for _ in range(3)])
    seen: set[int] = field(default_factory=set)

    def add(self, swept: Swept, replayed: Replayed) -> None:
        """Count a reaction; one decision about many like reactions counts with the first of them."""
        kinds = [0]
        if replayed.upheld is not None and replayed.decision_key not in self.seen:
            self.seen.add(replayed.decision_key)
            kinds.append(1 if replayed.upheld else 2)
        for kind in kinds:
            self.met[kind][swept.level] += swept.met
            self.not_met[kind][swept.level] += swept.not_met

    def result(self) -> Sweep:
        """Return the whole curve."""
        counts = [_curve(met, not_met) for met, not_met in zip(self.met, self.not_met, strict=True)]
        points = tuple(ThresholdPoint(threshold, *of) for threshold, *of in zip(GRID, *counts, strict=True))
        return Sweep(self.dial, points)


def _curve(met: list[int], not_met: list[int]) -> list[int]:
    """Return how many fire at each threshold: of those whose score reaches it the one, of the others the other."""
    below, reached = 0, sum(met)
    found = []
    for step in range(STEPS):  # threshold `step` of GRID is reached from level `step + 1` on
        reached -= met[step]
        below += not_met[step]
        found.append(reached + below)
    return found
