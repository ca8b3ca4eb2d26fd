from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.untrusted import oddities, visible


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("\x1b[31mrood", "␛[31mrood"),  # a terminal's colours are letters
        ("a\x00b\x07", "a␀b␇"),
        ("regel\nregel\ttab", "regel\nregel\ttab"),  # these two are layout
        ("\x7f\x9b", "␡\ufffd"),
        ("gewoon é 👍", "gewoon é 👍"),
    ],
)
def test_control_characters_are_shown_as_pictures(text: str, shown: str) -> None:
    assert visible(text) == shown


@given(st.text())
def test_showing_a_text_keeps_every_offset(text: str) -> None:
    assert len(visible(text)) == len(text)


@pytest.mark.parametrize(
    ("text", "remarks"),
    [
        ("gewoon", 0),
        ("\u202eomgekeerd", 1),  # right-to-left override
        ("on\u200bzichtbaar", 1),  # zero-width space
        ("\u2066a\u2069\u00ad", 2),
        ("familie 👨\u200d👩\u200d👧", 0),  # the joiner in an emoji is meant
    ],
)
def test_what_cannot_be_seen_is_said(text: str, remarks: int) -> None:
    assert len(oddities(text)) == remarks
