"""A diagnostic as a page shows it: the line from its first letter on, with the arrow under the right place."""

from __future__ import annotations

import pytest

from bot.rules.diagnostics import Diagnostic
from bot.web.rule_words import remark_of


@pytest.mark.parametrize(
    ("source", "column", "under"),
    [
        ("    ernst: enorm", 12, "e"),
        ("ernst: enorm", 1, "e"),
        ("      - a: [x, \U0001f600, fout]", 19, "f"),
        (" " * 30 + "x" * 300 + "Fout" + "y" * 300, 331, "F"),
        ("a\t\x07: Fout", 6, "F"),
    ],
)
def test_the_arrow_stands_under_what_is_meant(source: str, column: int, under: str) -> None:
    assert source[column - 1] == under
    shown, arrow = remark_of(Diagnostic("x.yaml", 1, column, "fout", source=source)).excerpt.split("\n")
    assert shown[arrow.index("^")] == under
    assert arrow == " " * (len(arrow) - 1) + "^"
    assert shown.isprintable()
    assert len(shown) <= 160


def test_an_empty_line_and_an_arrow_before_the_first_letter_show_nothing_odd() -> None:
    assert remark_of(Diagnostic("x.yaml", 1, 1, "leeg", source="   ")).excerpt == ""
    assert remark_of(Diagnostic("x.yaml", 1, 1, "leeg", source="    a: b")).excerpt == "a: b\n^"
