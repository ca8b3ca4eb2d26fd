"""A diagnostic as a page shows it: the line from its first letter on, with the arrow under the right place."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rules.diagnostics import Diagnostic
from bot.web.rule_words import remark_of

PATH = Path("/town/rules/x.yaml")


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
    shown, arrow = remark_of(Diagnostic(str(PATH), 1, column, "fout", source=source), PATH).excerpt.split("\n")
    assert shown[arrow.index("^")] == under
    assert arrow == " " * (len(arrow) - 1) + "^"
    assert shown.isprintable()
    assert len(shown) <= 160


def test_an_empty_line_and_an_arrow_before_the_first_letter_show_nothing_odd() -> None:
    assert remark_of(Diagnostic(str(PATH), 1, 1, "leeg", source="   "), PATH).excerpt == ""
    assert remark_of(Diagnostic(str(PATH), 1, 1, "leeg", source="    a: b"), PATH).excerpt == "a: b\n^"


@pytest.mark.parametrize(
    ("file", "name", "place"),
    [
        ("/town/rules/x.yaml", "", "Lijn 3, kolom 5"),
        ("/town/rules/spiegels.yaml", "spiegels.yaml", "spiegels.yaml, lijn 3, kolom 5"),
        ("/town/rules/lijsten/x.yaml", "lijsten/x.yaml", "lijsten/x.yaml, lijn 3, kolom 5"),
        ("/elsewhere/x.yaml", "/elsewhere/x.yaml", "/elsewhere/x.yaml, lijn 3, kolom 5"),
    ],
)
def test_what_is_wrong_in_another_file_is_said_to_be_there(file: str, name: str, place: str) -> None:
    remark = remark_of(Diagnostic(file, 3, 5, "fout"), PATH)
    assert (remark.file, remark.place) == (name, place)
