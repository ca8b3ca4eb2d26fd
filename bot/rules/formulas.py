"""The conditions of a rule as a formula of `alle` and `een` over plain conditions, and what follows from what.

`geen` is written away: it is `alle` over conditions that do not hold. All of this holds for unknown as well, because
verdicts add up as least, greatest and opposite in the order no < unknown < yes. Sound, and knowingly not complete.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Literal

from bot.rules.conditions.base import Spec
from bot.rules.conditions.kanaal import Kanaal
from bot.rules.conditions.rol import Rol
from bot.rules.conditions.tijd import Tijd
from bot.rules.model import NodeBase
from bot.rules.narrower import Conditions, all_bits, bits
from bot.rules.registry import COMBINATIONS
from bot.rules.source import Path

MOST_COMPARED = 500_000
"""Comparisons of two conditions that one file is worth: some seconds."""

_OPPOSITE: dict[str, Literal["alle", "een"]] = {"alle": "een", "een": "alle"}


class TooMuchError(Exception):
    """The file is too large to compare everything with everything."""


@dataclass(frozen=True, slots=True, eq=False)
class Part:
    """A group, or one condition that is to hold or (`holds` False) not to hold. `path` is where it stands."""

    kind: Literal["alle", "een", "is"]
    path: Path
    parts: tuple[Part, ...] = ()
    spec: Spec | None = None
    holds: bool = True

    @property
    def opposite(self) -> Part:
        """Return the formula that says the opposite."""
        if self.kind == "is":
            return replace(self, holds=not self.holds)
        return replace(self, kind=_OPPOSITE[self.kind], parts=tuple(part.opposite for part in self.parts))


def formula(node: NodeBase, path: Path, *, holds: bool = True) -> Part:
    """Return the formula of a condition or group that stands at `path`."""
    here = (*path, node.key)
    if node.key not in COMBINATIONS:
        return Part("is", here, spec=node.value, holds=holds)
    kind: Literal["alle", "een"] = "een" if (node.key == "een") == holds else "alle"
    inner = holds if node.key != "geen" else not holds
    children = [formula(child, (*here, number), holds=inner) for number, child in enumerate(node.value)]
    # A group within a group of the same kind says nothing of its own.
    parts = [part for child in children for part in (child.parts if child.kind == kind else (child,))]
    return parts[0] if len(parts) == 1 else Part(kind, here, tuple(parts))


class Reasoner:
    """Says what follows from what, for one rule file. Raises TooMuchError when it has compared `most` conditions."""

    def __init__(self, conditions: Conditions, *, most: int = MOST_COMPARED) -> None:
        self.conditions = conditions
        self._left = most

    def within(self, a: Part, b: Part) -> bool:
        """Tell whether `a` never says more than `b`: where `a` holds, `b` does."""
        if a.kind == "een":
            return all(self.within(part, b) for part in a.parts)
        if b.kind == "alle":
            return all(self.within(a, part) for part in b.parts)
        if a.kind == "alle" and any(self.within(part, b) for part in a.parts):
            return True
        if b.kind == "een":
            return any(self.within(a, part) for part in b.parts)
        return a.kind == "is" and self._one_within(a, b)

    def clash(self, a: Part, b: Part) -> bool:
        """Tell whether `a` and `b` never hold together."""
        return self.within(a, b.opposite)

    def is_certain(self, part: Part) -> bool:
        """Tell whether a single condition always holds."""
        if part.spec is None:
            return False
        return self.conditions.certain(part.spec) if part.holds else self.conditions.finds_nothing(part.spec)

    def is_impossible(self, part: Part) -> bool:
        """Tell whether a single condition never holds."""
        return part.spec is not None and self.is_certain(part.opposite)

    def _one_within(self, a: Part, b: Part) -> bool:
        self._left -= 1
        if self._left < 0:
            raise TooMuchError
        assert a.spec is not None
        assert b.spec is not None
        if a.holds and b.holds:
            return self.conditions.within(a.spec, b.spec)
        if a.holds:
            return self.conditions.exclusive(a.spec, b.spec)
        if b.holds:
            return self.conditions.cover(a.spec, b.spec)
        return self.conditions.within(b.spec, a.spec)


def nowhere(parts: Sequence[Part]) -> Part | None:
    """Return the condition after which no role, moment or channel is left at which all `parts` hold together."""
    for kind in (Rol, Tijd):
        left = -1  # every bit
        for part in parts:
            if isinstance(part.spec, kind):
                left &= bits(part.spec) if part.holds else all_bits(part.spec) & ~bits(part.spec)
                if not left:
                    return part
    channels = [(part, frozenset(part.spec.kanalen)) for part in parts if isinstance(part.spec, Kanaal)]
    wanted = [names for part, names in channels if part.holds]
    refused = frozenset[str]().union(*[names for part, names in channels if not part.holds])
    if wanted and not wanted[0].intersection(*wanted[1:]) - refused:
        return channels[-1][0]
    return None
