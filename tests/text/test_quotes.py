"""Quoted lines are split off: somebody who quotes an insult did not write it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.text.quotes import split_quotes


@pytest.mark.parametrize(
    ("content", "own", "quoted"),
    [
        ("gewone tekst", "gewone tekst", ""),
        ("> wat een idioot\nDat is niet netjes", "Dat is niet netjes", "wat een idioot"),
        ("eerst\n> citaat\ndan", "eerst\ndan", "citaat"),  # a quote in the middle
        ("eerst\n> a\n>\n> b\nlaatst", "eerst\nlaatst", "a\nb"),
        ("voor\n>>> alles\ntot het einde\n> ook", "voor", "alles\ntot het einde\n> ook"),  # runs to the end
        (">niet geciteerd", ">niet geciteerd", ""),  # Discord wants a space
        ("5 > 3", "5 > 3", ""),  # not at the start of a line
        ("> alleen een citaat", "", "alleen een citaat"),
        (">\nleeg citaat", "leeg citaat", ""),
        ("", "", ""),
    ],
)
def test_trap_14_quoted_lines_are_split_off(content: str, own: str, quoted: str) -> None:
    assert split_quotes(content) == (own, quoted)


@given(st.lists(st.tuples(st.booleans(), st.text(alphabet="ab c", min_size=1, max_size=8))))
def test_trap_14_every_line_ends_up_on_its_own_side(lines: list[tuple[bool, str]]) -> None:
    own, quoted = split_quotes("\n".join(f"> {line}" if is_quote else line for is_quote, line in lines))
    assert own == "\n".join(line for is_quote, line in lines if not is_quote).strip()
    assert quoted == "\n".join(line for is_quote, line in lines if is_quote).strip()
