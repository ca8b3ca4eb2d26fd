"""The parts of a text that can be read by themselves, to see which of them carries a verdict. Pure."""

from __future__ import annotations

import re

from bot.core.findings import Span

MOST = 12
"""Parts that are read. A longer text is cut into sentences only, and its last part holds the rest."""

_SENTENCE = re.compile(r"[^.!?\n…]+[.!?…]*")
_CLAUSE = re.compile(r"[^.!?\n…,;:]+[.!?…,;:]*")


def parts_of(text: str) -> tuple[Span, ...]:
    """Return where the clauses of `text` stand, in order, without the space around them."""
    found = _trimmed(text, _CLAUSE)
    if len(found) > MOST:
        found = _trimmed(text, _SENTENCE)
    if len(found) > MOST:
        found = [*found[: MOST - 1], (found[MOST - 1][0], found[-1][1])]
    return tuple(found)


def _trimmed(text: str, pattern: re.Pattern[str]) -> list[Span]:
    spans = []
    for match in pattern.finditer(text):
        words = match[0]
        start = match.start() + len(words) - len(words.lstrip())
        end = match.start() + len(words.rstrip())
        if any(character.isalnum() for character in text[start:end]):
            spans.append((start, end))
    return spans
