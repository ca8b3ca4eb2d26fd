"""Texts on their way to Telegram: what can be sent, how long Telegram finds it, and what may not fire. Pure."""

from __future__ import annotations

import re
from typing import Final

_WORD_JOINER: Final = "\u2060"
"""Invisible and without a space: what stands before and after it is no longer a mention or a command to Telegram."""

# Characters that turn the reading direction of everything after them, our own words on the card included.
_DIRECTION = re.compile("[\u202a-\u202e\u2066-\u2069]")
_CONTROL = re.compile(r"[\x00-\x08\x0b-\x1f\x7f]")
_LONE_SURROGATE = re.compile("[\ud800-\udfff]")
_MENTION = re.compile(r"@(?=\w)")
_COMMAND = re.compile(r"(?<![\w/<>])/(?=\w)")  # where Telegram would see one (TDLib, find_bot_commands)


def units(text: str) -> int:
    """Return the length of `text` as Telegram counts it: in UTF-16 code units."""
    return len(text) + sum(1 for character in text if ord(character) > 0xFFFF)


def sendable(text: str) -> str:
    """Return `text` without what cannot be sent: control characters, lone surrogates, white space around it."""
    return _LONE_SURROGATE.sub("\ufffd", _CONTROL.sub("", text)).strip()


def defused(text: str) -> str:
    """Return a resident's text such that Telegram finds no mention and no command in it (trap 15)."""
    text = _DIRECTION.sub("", sendable(text))
    return _COMMAND.sub(f"/{_WORD_JOINER}", _MENTION.sub(f"@{_WORD_JOINER}", text))


def undefused(text: str) -> str:
    """Return a text that a colleague may have copied from a card, without what `defused` put in."""
    return text.replace(f"@{_WORD_JOINER}", "@").replace(f"/{_WORD_JOINER}", "/")
