from __future__ import annotations

import io

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.importing import pieces as module
from bot.importing.pieces import pieces, repaired, units

PARTS = st.sampled_from([b"\\", b"x", b"0", b"B", b"\\x1F", b"\\\\", b"\\n", b"a", b'"', b"\n"])


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (rb'"a\x0Bb"', rb'"a\u000Bb"'),
        (rb'"a\\x0Bb"', rb'"a\\x0Bb"'),  # an escaped backslash before the letter x: the author typed that
        (rb'"a\\\x0Bb"', rb'"a\\\u000Bb"'),
        (rb'"\x1"', rb'"\x1"'),  # not what Telegram writes: left for the parser to refuse
        (rb'"\u00e9\n"', rb'"\u00e9\n"'),
    ],
)
def test_control_characters_of_telegram_become_json(raw: bytes, expected: bytes) -> None:
    assert repaired(raw) == expected


@given(st.lists(PARTS, max_size=60).map(b"".join), st.integers(1, 9))
def test_cutting_a_file_anywhere_changes_nothing(content: bytes, size: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "PIECE_BYTES", size)
        cut = list(pieces(io.BytesIO(content)))
    assert b"".join(cut) == content
    assert b"".join(repaired(piece) for piece in cut) == repaired(content)
    assert b"".join(units(content)) == content
    assert b"".join(repaired(unit) for unit in units(content)) == repaired(content)
