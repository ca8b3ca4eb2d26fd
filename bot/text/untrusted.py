"""Make a resident's text safe to look at. Templates escape markup; this deals with what cannot be seen. Pure.

Control characters become the picture of themselves, one for one, so that offsets stay right. Marks that turn the
direction of text stay, being part of what was written; `<bdi>` isolates them, and the page says that they are there.
"""

from __future__ import annotations

_KEPT = {"\n", "\t"}
_PICTURES = {code: 0x2400 + code for code in range(0x20) if chr(code) not in _KEPT}
_PICTURES |= {0x7F: 0x2421, **dict.fromkeys(range(0x80, 0xA0), 0xFFFD)}
_TURNING = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
_HIDDEN = frozenset("\u200b\u2060\ufeff\u00ad\u180e\u034f\u115f\u1160\u3164\uffa0")


def visible(text: str) -> str:
    """Return `text` with control characters shown as pictures; the length does not change."""
    return text.translate(_PICTURES)


def oddities(text: str) -> tuple[str, ...]:
    """Return Dutch remarks on what a reader of `text` cannot see."""
    found = []
    if not _TURNING.isdisjoint(text):
        found.append("Deze tekst bevat tekens die de leesrichting omkeren.")
    if not _HIDDEN.isdisjoint(text):
        found.append("Deze tekst bevat onzichtbare tekens.")
    return tuple(found)
