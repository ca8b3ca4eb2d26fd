"""How people mistype and how they hide words, so that neither changes what the encoder makes of a text."""

from __future__ import annotations

import random

_LEET = {"a": "4@", "e": "3€", "i": "1!", "o": "0", "s": "5$", "t": "7", "b": "8"}
_KEYS = "abcdefghijklmnopqrstuvwxyz"


def disturbed(text: str, rng: random.Random) -> str:
    """Return `text` as somebody else might have typed it."""
    if rng.random() < 0.25:
        text = text.lower()
    elif rng.random() < 0.03:
        text = text.upper()
    if rng.random() < 0.12:
        text = "".join(c for c in text if c not in ".,;:!?'\"")
    if rng.random() < 0.15:
        text = " ".join(_mistyped(word, rng) if rng.random() < 0.15 else word for word in text.split(" "))
    if rng.random() < 0.04:
        text = " ".join(
            _hidden(word, rng) if len(word) > 3 and rng.random() < 0.2 else word for word in text.split(" ")
        )
    return text


def _mistyped(word: str, rng: random.Random) -> str:
    if len(word) < 4:
        return word
    at = rng.randrange(1, len(word) - 1)
    how = rng.randrange(4)
    if how == 0:
        return word[:at] + word[at + 1 :]
    if how == 1:
        return word[: at - 1] + word[at] + word[at - 1] + word[at + 1 :]
    if how == 2:
        return word[:at] + word[at] + word[at:]
    return word[:at] + rng.choice(_KEYS) + word[at + 1 :]


def _hidden(word: str, rng: random.Random) -> str:
    how = rng.randrange(3)
    if how == 0:
        return "".join(rng.choice(_LEET[c]) if c in _LEET and rng.random() < 0.7 else c for c in word)
    return rng.choice((" ", ".", "-")).join(word) if how == 1 else word[0] + "*" * (len(word) - 2) + word[-1]
