"""A view: a changed copy of a text that still knows where each of its characters came from.

A view decides nothing; it only carries the map. Spans are half-open, in code points.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from bot.core.findings import Span


@dataclass(frozen=True, slots=True)
class View:
    """Normalised text; character i stands for the original characters [starts[i], ends[i])."""

    name: str
    text: str
    starts: Sequence[int]
    ends: Sequence[int]

    def to_original(self, span: Span) -> Span:
        """Return the stretch of the original that `span` of this view stands for; always inside the original."""
        count = len(self.starts)
        if 0 <= span[0] < span[1] <= count:
            return (self.starts[span[0]], self.ends[span[1] - 1])
        if count == 0:
            return (0, 0)
        start = min(max(span[0], 0), count - 1)
        end = min(max(span[1], start), count)
        if end == start:
            return (self.starts[start], self.starts[start])
        return (self.starts[start], max(self.ends[end - 1], self.starts[start]))

    def retyped(self, name: str, text: str) -> View:
        """Return a view with other characters at the same places; `text` has the length of this view's text."""
        if len(text) != len(self.text):
            raise ValueError("a retyped view keeps its length")
        return View(name, text, self.starts, self.ends)

    def keeping(self, name: str, kept: list[int]) -> View:
        """Return a view with only the characters at the indices `kept`, in rising order."""
        return View(
            name,
            "".join([self.text[i] for i in kept]),
            tuple([self.starts[i] for i in kept]),
            tuple([self.ends[i] for i in kept]),
        )
