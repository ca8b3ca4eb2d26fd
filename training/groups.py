"""Names of groups that may stand in each other's place: what is said of one must be judged as when said of another."""

from __future__ import annotations

import random
import re
from pathlib import Path

_TEXT = Path(__file__).with_suffix(".txt").read_text(encoding="utf-8")
PLURALS, SINGULARS, ADJECTIVES, _NEW = (paragraph.split() for paragraph in _TEXT.split("\n\n")[1:])
NEWCOMERS = frozenset(_NEW)
_PLACE = {word.lower(): family for family in (PLURALS, SINGULARS, ADJECTIVES) for word in family}
_WORD = re.compile(r"\w+(?:'\w+)?")


def swapped(text: str, rng: random.Random, *, newcomers_only: bool = False) -> str:
    """Return `text` with every name of a group replaced, the same name by the same one, in the same case."""
    chosen: dict[str, str] = {}

    def other(match: re.Match[str]) -> str:
        word = match[0]
        family = _PLACE.get(word.lower())
        if family is None or (newcomers_only and word.lower() not in NEWCOMERS):
            return word
        if word.lower() not in chosen:
            among = [name for name in family if name.lower() in NEWCOMERS] if newcomers_only else family
            chosen[word.lower()] = rng.choice(among)
        new = chosen[word.lower()]
        return new.lower() if word.islower() else new.upper() if word.isupper() else new[0].upper() + new[1:]

    return _WORD.sub(other, text)
