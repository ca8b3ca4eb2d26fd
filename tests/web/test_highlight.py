from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.web.highlight import Piece, evidence, pieces
from tests.builders import message
from tests.web.scene import INSULT, judge

TABLE = [
    # (spans with labels, pieces of "abcdef", why this row)
    ([], [("abcdef", ())], "nothing to mark"),
    ([((0, 6), "x")], [("abcdef", ("x",))], "everything marked"),
    ([((1, 3), "x")], [("a", ()), ("bc", ("x",)), ("def", ())], "a mark in the middle"),
    (
        [((0, 4), "x"), ((2, 6), "y")],
        [("ab", ("x",)), ("cd", ("x", "y")), ("ef", ("y",))],
        "spans that overlap are cut, never nested",
    ),
    (
        [((1, 5), "x"), ((2, 3), "y")],
        [("a", ()), ("b", ("x",)), ("c", ("x", "y")), ("de", ("x",)), ("f", ())],
        "inside",
    ),
    ([((1, 3), "x"), ((1, 3), "x")], [("a", ()), ("bc", ("x",)), ("def", ())], "the same twice is said once"),
    ([((4, 99), "x")], [("abcd", ()), ("ef", ("x",))], "a span beyond the end stops at the end"),
    ([((3, 3), "x"), ((5, 2), "y"), ((9, 12), "z")], [("abcdef", ())], "empty, backward and outside: nothing"),
]


@pytest.mark.parametrize(("marks", "expected", "why"), TABLE, ids=[row[2] for row in TABLE])
def test_a_text_is_cut_at_the_edges_of_its_marks(
    marks: list[tuple[tuple[int, int], str]], expected: list[tuple[str, tuple[str, ...]]], why: str
) -> None:
    assert pieces("abcdef", marks) == tuple(Piece(*piece) for piece in expected), why


_marks = st.lists(st.tuples(st.tuples(st.integers(-3, 30), st.integers(-3, 30)), st.sampled_from("xyz")), max_size=8)


@given(st.text(max_size=25), _marks)
def test_the_pieces_together_are_the_text_and_each_character_has_its_labels(
    text: str, marks: list[tuple[tuple[int, int], str]]
) -> None:
    cut = pieces(text, marks)
    assert "".join(piece.text for piece in cut) == text
    place = 0
    for piece in cut:
        for index in range(place, place + len(piece.text)):
            assert set(piece.labels) == {label for (start, end), label in marks if start <= index < end}
        place += len(piece.text)


def test_evidence_names_the_rule_and_the_tone_that_reached_its_threshold() -> None:
    found = evidence(judge(message(INSULT)))
    start = INSULT.index("achterlijke")
    assert found == (
        ((start, start + 19), "Huisregel: Geen persoonlijke aanvallen"),
        ((start + 12, start + 19), "Toxiciteit: belediging"),
    )


def test_a_case_that_could_not_be_judged_has_no_evidence() -> None:
    assert evidence(None) == ()
