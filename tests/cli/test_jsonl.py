from __future__ import annotations

import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cli import jsonl
from bot.cli.jsonl import BadLine, Request


def read(data: bytes) -> list[jsonl.Line[Request]]:
    return list(jsonl.read(io.BytesIO(data)))


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"id": "1", "text": "dag"}', Request("1", "dag")),
        (b'{"id": "1", "text": "dag", "context": "nieuws"}', Request("1", "dag", "nieuws")),
        (b'{"id": "1", "text": "dag", "context": null}', Request("1", "dag")),
        (b'{"id": "", "text": ""}', Request("", "")),
        (b'{"id": "1", "text": "a\\u0000b"}', Request("1", "a\0b")),
        (b'{"id": "1", "text": "\\ud800"}', Request("1", "\ud800")),
        (b'{"id": "1", "text": "dag", "extra": [1]}', Request("1", "dag")),
    ],
)
def test_lines_that_are_requests(line: bytes, expected: Request) -> None:
    assert jsonl.parse(line) == expected


@pytest.mark.parametrize(
    ("line", "known", "words", "why"),
    [
        (b"geen json", None, "geen JSON", "words"),
        (b'{"id": "1", "text": "dag"', None, "geen JSON", "cut off"),
        (b'{"id": "1", "text": "a\x00b"}', None, "geen JSON", "a raw NUL is no JSON"),
        (b'["1", "dag"]', None, "geen object", "an array"),
        (b'"dag"', None, "geen object", "a string"),
        (b"null", None, "geen object", "null"),
        (b'{"text": "dag"}', None, "`id` ontbreekt", "no id"),
        (b'{"id": 7, "text": "dag"}', None, "`id` moet een tekst zijn", "a number as id"),
        (b'{"id": "7"}', "7", "`text` ontbreekt", "no text"),
        (b'{"id": "7", "text": null}', "7", "`text` moet een tekst zijn", "null as text"),
        (b'{"id": "7", "text": "dag", "context": 1}', "7", "`context` moet", "a number as context"),
        (b'{"id": "1", "text": "\xe9\xe8"}', None, "geen UTF-8", "Latin-1"),
        (b"\xff\xfe{\x00", None, "geen UTF-8", "UTF-16"),
        (b"[" * 200_000, None, "te lezen valt", "brackets without end"),
        (b'{"id": "1", "text": ' + b"9" * 10_000 + b"}", None, "te lezen valt", "a number of ten thousand digits"),
    ],
)
def test_lines_that_are_not(line: bytes, known: str | None, words: str, why: str) -> None:
    found = jsonl.parse(line)
    assert isinstance(found, BadLine), why
    assert found.id == known, why
    assert words in found.error, why


@given(st.binary(max_size=300))
def test_no_bytes_stop_the_reading(data: bytes) -> None:
    lines = read(data)
    assert [line.number for line in lines] == sorted({line.number for line in lines})
    assert not lines or lines[-1].read <= len(data)


def test_lines_are_numbered_as_an_editor_does_and_blank_ones_skipped() -> None:
    good = b'{"id": "1", "text": "dag"}\n'
    lines = read(good + b"\n" + b"   \r\n" + b"fout\n" + good.strip())
    assert [line.number for line in lines] == [1, 4, 5]


def test_windows_line_ends_and_a_byte_order_mark_are_no_mistake() -> None:
    (line,) = read(b'\xef\xbb\xbf{"id": "1", "text": "dag"}\r\n')
    assert line.request == Request("1", "dag")


def test_a_huge_line_is_stepped_over_without_being_held(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE", 1000)
    huge = b'{"id": "1", "text": "' + b"x" * 300_000 + b'"}\n'
    lines = read(huge + b'{"id": "2", "text": "dag"}\n')
    assert isinstance(lines[0].request, BadLine)
    assert lines[1] == jsonl.Line(2, Request("2", "dag"), len(huge) + 27)


def test_a_huge_last_line_without_an_end(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(jsonl, "MAX_LINE", 1000)
    (line,) = read(b"x" * 300_000)
    assert isinstance(line.request, BadLine)
    assert line.read == 300_000


def test_a_line_of_exactly_the_longest_length_is_read(monkeypatch: pytest.MonkeyPatch) -> None:
    good = b'{"id": "1", "text": "dag"}\n'
    monkeypatch.setattr(jsonl, "MAX_LINE", len(good) - 1)
    assert isinstance(read(good)[0].request, Request)


@pytest.mark.parametrize("text", ["dag", "één €", "\ud800", "\u2028", "\0", "👋"])
def test_what_is_written_is_one_line_of_json_in_utf_8(text: str) -> None:
    line = jsonl.dumps({"text": text})
    assert line.count(b"\n") == 1
    assert json.loads(line.decode("utf-8")) == {"text": text}
