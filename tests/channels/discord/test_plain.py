"""Text stays text on Discord: nothing in it becomes markup, a mention or a link (trap 15), and it always fits."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.channels.discord.plain import plain, units

# What Discord's client takes for markup, when no backslash stands before it.
LIVE = re.compile(
    r"(?<!\\)(?:\\\\)*(?:[*_~`|]|@|<|\[|\]|https?:|^#|^>|^-|^\d+\.(?=\s))",
    re.MULTILINE,
)


def read(shown: str) -> str:
    """Return what a person reads: Discord drops a backslash before a sign."""
    return re.sub(r"\\([^0-9A-Za-z\s])", r"\1", shown)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("**vet** _schuin_ ~~door~~ __onder__", "emphasis"),
        ("||verborgen||", "a spoiler"),
        ("`code` ```blok```", "code"),
        ("@everyone @here <@123> <@&456> <#789>", "mentions"),
        ("[klik hier](https://slecht.example)", "a masked link"),
        ("https://slecht.example http://x.be", "a bare link"),
        ("<https://slecht.example>", "a link without a preview"),
        ("# kop\n## kop\n-# klein", "headings"),
        ("> citaat\n>>> blok", "quotes"),
        ("- een\n* twee\n1. drie", "lists"),
        ("<t:1700000000:R> <:emoji:1> </wachtrij:1> <id:guide>", "codes of Discord"),
        ("\\*al ontsnapt\\*", "their own backslashes"),
    ],
)
def test_trap_15_nothing_is_interpreted(text: str, reason: str) -> None:
    shown = plain(text, 4000)
    assert not LIVE.search(shown), reason
    assert read(shown) == text


@pytest.mark.parametrize("limit", [10, 100, 1024])
@given(text=st.text(max_size=300))
def test_trap_19_it_always_fits_and_is_never_empty(text: str, limit: int) -> None:
    shown = plain(text, limit)
    assert 1 <= units(shown) <= limit
    shown.encode()  # no lone surrogate reaches Discord


@given(text=st.text(alphabet=st.characters(exclude_categories=["Cs", "Cc"]), min_size=1, max_size=200))
def test_trap_15_whatever_is_written_is_read_letter_by_letter(text: str) -> None:
    shown = plain(text, 4000)
    assert _without_isolates(read(shown)) == _without_isolates(text)
    assert not LIVE.search(shown)


def _without_isolates(text: str) -> str:
    return re.sub("[\u2068\u2069]", "", text)


def test_a_right_to_left_override_ends_with_its_line() -> None:
    assert plain("a\u202eb\nc", 100) == "\u2068a\u202eb\u2069\nc"


def test_what_cannot_be_shown_is_marked() -> None:
    assert plain("a\x00b\ud800c\r\nd", 100) == "a\ufffdb\ufffdc\nd"
