"""Which decisions agree with what fired. A decision about many like reactions counts once."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.rules.replaying.replayed import Replayed
from bot.rules.statistics import Agreement


@dataclass(slots=True)
class Agreed:
    """Decisions, by their keys, about what one rule or one file fires on: one number each is all that is kept."""

    upheld: set[int] = field(default_factory=set)
    overruled: set[int] = field(default_factory=set)
    found: set[int] = field(default_factory=set)
    missed: set[int] = field(default_factory=set)

    def count(self, replayed: Replayed, fired: bool | None, *, expected: bool) -> None:
        """Count a reaction. `expected` tells whether it had to fire if people acted on the reaction."""
        if replayed.upheld is None or fired is None:
            return
        key = replayed.decision_key
        if fired:
            (self.upheld if replayed.upheld else self.overruled).add(key)
        if replayed.upheld and expected:
            (self.found if fired else self.missed).add(key)

    def result(self) -> Agreement:
        """Return the counts. Of like reactions under one decision, one that is found is enough."""
        return Agreement(len(self.upheld), len(self.overruled), len(self.found), len(self.missed - self.found))
