"""A fingerprint that like messages share: a raid of a hundred copies, each dressed up differently, is one thing.

Case, accents, spacing, punctuation, emoji, repeated letters and the digits and path of a link make no difference.
It only tells likeness; whether likeness means anything is decided elsewhere.
"""

from __future__ import annotations

import hashlib

from bot.text.links import find_links
from bot.text.normalise import normalise
from bot.text.tokens import skeleton

_LENGTH = 16  # hexadecimal characters: 64 bits


def fingerprint(text: str) -> str:
    """Return the fingerprint of `text`, or "" where nothing is left to compare."""
    pieces: list[str] = []
    position = 0
    for link in find_links(text):
        host = "".join([character for character in link.host if not character.isdigit()])
        pieces.extend((text[position : link.span[0]], f" {host} "))
        position = link.span[1]
    pieces.append(text[position:])
    view = normalise("".join(pieces)).decoded
    core = skeleton("".join([character for character in view.text if character.isalnum()]))
    if not core:
        return ""
    return hashlib.sha256(core.encode("utf-8", "surrogatepass")).hexdigest()[:_LENGTH]
