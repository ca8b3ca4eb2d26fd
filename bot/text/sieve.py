"""A quick and certain no: what has to stand in a text before a term, a phrase or a rule can be found there.

Most texts hold hardly anything that is looked for. One look-up of their words tells which terms, phrases and rules are
worth a real look; the others cannot match. Nothing that could match is ever left out.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from bot.text.tokens import Tokens


@dataclass(frozen=True, slots=True)
class Needs:
    """At least one of `names` has to be a name in the text, or one of `parts` a part of a word in it."""

    names: frozenset[str]
    parts: frozenset[str] = frozenset()

    def met_by(self, tokens: Tokens) -> bool:
        """Tell whether the text may hold what has these needs."""
        if tokens.veiled or not tokens.names.isdisjoint(self.names):
            return True
        return bool(self.parts) and not tokens.parts.isdisjoint(self.parts)


def either(needs: Iterable[Needs]) -> Needs:
    """Return the needs of something that is found when any one of several things is."""
    found = list(needs)
    return Needs(
        frozenset().union(*[one.names for one in found]),
        frozenset().union(*[one.parts for one in found]),
    )


class Sieve:
    """Tells for many things at once which of them a text may hold. Things without needs (None) always pass."""

    def __init__(self, needs: Sequence[Needs | None]) -> None:
        self._count = len(needs)
        self._always = [number for number, one in enumerate(needs) if one is None]
        self._by_name: dict[str, list[int]] = {}
        self._by_part: dict[str, list[int]] = {}
        for number, one in enumerate(needs):
            for name in one.names if one else ():
                self._by_name.setdefault(name, []).append(number)
            for part in one.parts if one else ():
                self._by_part.setdefault(part, []).append(number)

    def passing(self, tokens: Tokens) -> Sequence[int]:
        """Return the numbers of the things that `tokens` may hold, in rising order."""
        if tokens.veiled:
            return range(self._count)
        names = tokens.names & self._by_name.keys()
        parts = tokens.parts & self._by_part.keys() if self._by_part else ()
        if not names and not parts:
            return self._always
        found = set(self._always)
        for name in names:
            found.update(self._by_name[name])
        for part in parts:
            found.update(self._by_part[part])
        return sorted(found)
