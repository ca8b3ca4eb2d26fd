"""The input of `analyse` and `eval`: from bytes to requests, one JSON object a line, whatever the bytes are.

A line that is no request becomes an error about that line; it never stops the next one from being read.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, BinaryIO, Generic, TypeVar

MAX_LINE = 4 * 1024 * 1024  # bytes; a text of 50 kB takes 300 kB at its most escaped
_BLOCK = 64 * 1024
_BOM = b"\xef\xbb\xbf"

_Read = TypeVar("_Read")


@dataclass(frozen=True, slots=True)
class Request:
    """One text to judge. `context` is the post that it reacts to."""

    id: str
    text: str
    context: str = ""


@dataclass(frozen=True, slots=True)
class BadLine:
    """A line that is no request. `id` is known when only the rest was wrong."""

    error: str
    id: str | None = None


@dataclass(frozen=True, slots=True)
class Line(Generic[_Read]):
    """A line, from 1, with how many bytes were read up to its end."""

    number: int
    request: _Read | BadLine
    read: int


def read(stream: BinaryIO) -> Iterator[Line[Request]]:
    """Yield every line of `stream` that is not blank."""
    return read_as(stream, parse)


def read_as(stream: BinaryIO, parse: Callable[[bytes], _Read | BadLine]) -> Iterator[Line[_Read]]:
    """Yield every line of `stream` that is not blank, as what `parse` makes of it."""
    read_so_far = number = 0
    while chunk := stream.readline(MAX_LINE + 1):
        number += 1
        read_so_far += len(chunk)
        if len(chunk) > MAX_LINE and not chunk.endswith(b"\n"):
            read_so_far += _skip_line(stream)
            yield Line(number, BadLine(f"deze regel is langer dan {MAX_LINE // 1024**2} MB"), read_so_far)
            continue
        if number == 1:
            chunk = chunk.removeprefix(_BOM)
        if chunk.strip():
            yield Line(number, parse(chunk), read_so_far)


def parse(line: bytes) -> Request | BadLine:
    """Return the request that a line holds, or what is wrong with it."""
    value = object_in(line)
    return value if isinstance(value, BadLine) else request_of(value)


def object_in(line: bytes) -> dict[str, Any] | BadLine:
    """Return the JSON object that a line holds, or what is wrong with it."""
    try:
        value = json.loads(line.decode("utf-8"))
    except UnicodeDecodeError as error:
        return BadLine(f"deze regel is geen UTF-8 (byte {error.start + 1})")
    except json.JSONDecodeError as error:
        return BadLine(f"deze regel is geen JSON (teken {error.colno}: {error.msg})")
    except (ValueError, RecursionError):  # a number of thousands of digits; brackets thousands deep
        return BadLine("deze regel is geen JSON die te lezen valt")
    if not isinstance(value, dict):
        return BadLine('deze regel is geen object: verwacht {"id": "…", "text": "…"}')
    return value


def request_of(value: dict[str, Any]) -> Request | BadLine:
    """Return the request that an object is, or what is wrong with it; other keys are left alone."""
    given = value.get("id")
    known = given if isinstance(given, str) else None
    if known is None:
        return BadLine("`id` ontbreekt" if "id" not in value else "`id` moet een tekst zijn, tussen aanhalingstekens")
    text = value.get("text")
    if not isinstance(text, str):
        return BadLine("`text` ontbreekt" if "text" not in value else "`text` moet een tekst zijn", known)
    context = value.get("context")
    if context is not None and not isinstance(context, str):
        return BadLine("`context` moet een tekst zijn", known)
    return Request(known, text, context or "")


def dumps(value: object) -> bytes:
    """Return one line of JSON in UTF-8, with escapes only where a character cannot stand in a file."""
    try:
        return json.dumps(value, ensure_ascii=False).encode("utf-8") + b"\n"
    except UnicodeEncodeError:  # half of a pair of surrogates
        return json.dumps(value, ensure_ascii=True).encode("ascii") + b"\n"


def _skip_line(stream: BinaryIO) -> int:
    skipped = 0
    while chunk := stream.readline(_BLOCK):
        skipped += len(chunk)
        if chunk.endswith(b"\n"):
            break
    return skipped
