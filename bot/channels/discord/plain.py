r"""Text as text on Discord: no markup, mention, link, timestamp or emoji code in it is interpreted (trap 15). Pure.

Discord shows a backslash and a sign as that sign. Escaping every sign that can begin markup leaves nothing to
interpret: `https\://` is no link, `\<\@1\>` no mention. Lengths are counted in UTF-16 units, the strictest reading
of Discord's limits.
"""

from __future__ import annotations

import re
import unicodedata

from bot.review.card import shorten

_MARKUP = re.compile(r"([\\`*_~|>#\[\]()<:@\-+])")
_NUMBERED = re.compile(r"^(\s*\d+)\.", re.MULTILINE)
_BIDI = re.compile("[\u202a-\u202e\u2066-\u2069\u200e\u200f\u061c]")
_UNSHOWABLE = frozenset({"Cc", "Cs"})  # control characters and lone surrogates
_BLANK = "\u200b"  # an empty field is refused


def plain(text: str, limit: int) -> str:
    """Return `text` so that Discord shows it letter by letter, in at most `limit` units."""
    text = _showable(text)
    shown = escape(text)
    allowed = limit
    while units(shown) > limit and allowed > 1:
        allowed = min(allowed - 1, allowed * limit // units(shown))
        shown = escape(shorten(text, allowed))
    return shown or _BLANK


def escape(text: str) -> str:
    """Return `text` with every sign escaped that Discord could take for markup."""
    text = _MARKUP.sub(r"\\\1", text)
    text = _NUMBERED.sub(r"\1\\.", text)
    # Right-to-left overrides end with the line that they stand in.
    return "\n".join(f"\u2068{line}\u2069" if _BIDI.search(line) else line for line in text.split("\n"))


def units(text: str) -> int:
    """Return the length of `text` in UTF-16 units."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def _showable(text: str) -> str:
    text = text.replace("\r\n", "\n").replace("\r", "\n")
    return "".join(
        sign if sign == "\n" or unicodedata.category(sign) not in {"Cc", "Cs"} else "\ufffd" for sign in text
    )
