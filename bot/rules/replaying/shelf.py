"""A few reactions to read: the ones that tell most, no two with the same words, however many come by."""

from __future__ import annotations

from collections.abc import Sequence

from bot.rules.replaying.replayed import Replayed


class Shelf:
    """Keeps at most `size` reactions. `order` ranks by what people decided; within a rank the first to come stays."""

    def __init__(self, order: Sequence[bool | None], size: int) -> None:
        self._size = size
        self._ranks: dict[bool | None, dict[str, Replayed]] = {upheld: {} for upheld in order}

    def put(self, replayed: Replayed) -> None:
        """Keep a reaction where there is room for it."""
        rank = self._ranks[replayed.upheld]
        if len(rank) < self._size:
            rank.setdefault(" ".join(replayed.text.casefold().split()), replayed)

    def reactions(self) -> tuple[Replayed, ...]:
        """Return what was kept, what tells most first."""
        unique: dict[str, Replayed] = {}
        for rank in self._ranks.values():
            for words, replayed in rank.items():
                unique.setdefault(words, replayed)
        return tuple(unique.values())[: self._size]
