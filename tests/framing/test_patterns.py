from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.framing.patterns import Line, PatternError, Patterns, compile_pattern
from bot.text.normalise import normalise

LISTS = {"groep": ["moslim*", "mensen van elders"]}


def found(pattern: str, text: str) -> list[str]:
    line = Line.of_view(normalise(text).folded, text)
    patterns = Patterns([compile_pattern(pattern, LISTS)])
    return [text[slice(*line.span(match.first, match.last))] for match in patterns.find(line)]


@pytest.mark.parametrize(
    ("pattern", "text", "expected"),
    [
        ("klas", "De klas luistert naar klassieke muziek", ["klas"]),  # trap 12: whole words
        ("vluchteling*", "Vluchtelingen en een vluchtelingenkamp", ["Vluchtelingen", "vluchtelingenkamp"]),
        ("*opvang", "De noodopvang is opvangplaats af", ["noodopvang"]),
        ("crimine(el|len)", "crimineel, criminelen, criminaliteit", ["crimineel", "criminelen"]),
        ("ze .. terug", "Ze moeten allemaal nu terug", ["Ze moeten allemaal nu terug"]),
        ("ze .. terug", "Ze gaan. Wij komen terug", []),  # a gap never crosses a sentence
        ("ze .. terug", "Ze gaan\nwij komen terug", []),  # nor a line
        ("ze .. terug", "ze een twee drie vier vijf terug", []),  # at most four words
        ("(echt )?niet", "Dat is echt niet waar", ["echt niet"]),
        ("een _ man", "een oude man en een man", ["een oude man"]),
        ("@groep .. hier", "Mensen van elders wonen hier", ["Mensen van elders wonen hier"]),
        ("zo is", "zo is zo is", ["zo is", "zo is"]),  # neighbours do not share a space
        ("auto's", "Twee auto’s botsten", ["auto’s"]),
        ("cafe", "Het CAFÉ is dicht", ["CAFÉ"]),
    ],
)
def test_a_pattern_finds_words(pattern: str, text: str, expected: list[str]) -> None:
    assert found(pattern, text) == expected


@pytest.mark.parametrize(
    ("pattern", "part_of_message"),
    [
        ("", "leeg"),
        ("*", "overal"),  # would match every word
        ("..", "overal"),
        ("café", "zonder accenten"),
        ("@bende", "bestaat niet"),
        ("(half", "haakjes"),
        ("een. twee", "punt"),
    ],
)
def test_a_pattern_that_means_nothing_is_refused(pattern: str, part_of_message: str) -> None:
    with pytest.raises(PatternError, match=part_of_message):
        compile_pattern(pattern, LISTS)


def test_lists_that_refer_to_each_other_are_refused() -> None:
    with pytest.raises(PatternError, match="kring"):
        compile_pattern("@a", {"a": ["@b"], "b": ["@a"]})


def test_an_empty_list_is_refused() -> None:
    with pytest.raises(PatternError, match="is leeg"):
        compile_pattern("@a", {"a": []})


@settings(max_examples=60, deadline=None)
@given(st.one_of(st.text(max_size=200), st.text("abé 0Á.,\n\u200bａ😀", max_size=60)))
def test_every_span_lies_inside_the_original(text: str) -> None:
    for view in normalise(text).views():
        line = Line.of_view(view, text)
        for match in Patterns([compile_pattern("(a|b|e|0)*", {}), compile_pattern("(a|e)* .. _", {})]).find(line):
            start, end = line.span(match.first, match.last)
            assert 0 <= start < end <= len(text)


def test_the_joint_search_finds_what_each_pattern_finds_alone() -> None:
    words = [f"woord{number}" for number in range(300)]
    expressions = [compile_pattern(f"{word} .. {words[-1 - number]}", {}) for number, word in enumerate(words)]
    text = " ".join(words) + " " + " ".join(reversed(words))
    line = Line.of_view(normalise(text).folded, text)
    together = {match.pattern for match in Patterns(expressions).find(line)}
    alone = {number for number, one in enumerate(expressions) if Patterns([one]).find(line)}
    assert together == alone
    assert together
