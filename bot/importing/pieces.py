r"""The bytes of an export file in pieces that a JSON parser can be fed, with their places in the file.

Telegram Desktop writes control characters as `\x1F`, which JSON does not know (its issue 27571): such an export is
common and would be refused by every parser. Those escapes are rewritten to `\u001F` on the way. A piece never ends
within an escape, so that no rewrite is missed and no escaped backslash is taken for the start of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import BinaryIO

PIECE_BYTES = 64 * 1024

_UNFINISHED = (re.compile(rb"\\"), re.compile(rb"\\x"), re.compile(rb"\\x[0-9A-Fa-f]"))
_ESCAPE = re.compile(rb"\\(?:x([0-9A-Fa-f]{2})|.)", re.DOTALL)
_UNIT = re.compile(rb"\\x[0-9A-Fa-f]{2}|\\.|.", re.DOTALL)


def pieces(file: BinaryIO) -> Iterator[bytes]:
    """Yield the rest of `file`; joined together the pieces are what it holds."""
    held = b""
    while block := file.read(PIECE_BYTES):
        piece = held + block
        kept = len(piece) - _unfinished(piece)
        piece, held = piece[:kept], piece[kept:]
        if piece:
            yield piece
    if held:
        yield held


def _unfinished(piece: bytes) -> int:
    """Return how many bytes at the end of `piece` are an escape that goes on in the next piece."""
    for length, begun in enumerate(_UNFINISHED, start=1):
        before = piece[:-length]
        if begun.fullmatch(piece[-length:]) and (len(before) - len(before.rstrip(b"\\"))) % 2 == 0:
            return length
    return 0


def repaired(piece: bytes) -> bytes:
    r"""Return `piece` with every `\xHH` as `\u00HH`."""
    if b"\\x" not in piece:
        return piece
    return _ESCAPE.sub(lambda match: b"\\u00" + match[1] if match[1] is not None else match[0], piece)


def units(piece: bytes) -> list[bytes]:
    """Return `piece` in the smallest parts that can be repaired one by one: single bytes and whole escapes."""
    return _UNIT.findall(piece)
