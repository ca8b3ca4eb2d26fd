"""Each view undoes one trick, and leaves the rest of the text alone."""

from __future__ import annotations

import pytest

from bot.text.normalise import normalise


@pytest.mark.parametrize(
    ("text", "folded"),
    [
        ("Één Café", "een cafe"),
        ("STRASSE ß", "strasse ss"),
        ("ﬁets", "fiets"),
        ("a\u200bb\u00adc", "abc"),
        ("a\tb\u00a0c\nd", "a b c d"),
        ("ΑΒΓ а", "aby a"),
    ],
)
def test_folding_removes_case_accents_and_what_cannot_be_seen(text: str, folded: str) -> None:
    assert normalise(text).folded.text == folded


def test_decoding_touches_only_words_that_mix_letters_with_signs() -> None:
    assert normalise("h0i op 12:30 voor 5 euro!").decoded.text == "hoi op 12:30 voor 5 euro!"


def test_repeated_letters_are_kept_twice_or_once_but_numbers_stay_whole() -> None:
    views = normalise("haaallo 1000000")
    assert views.doubled.text == "haallo 1000000"
    assert views.squeezed.text == "hallo 1000000"


def test_joining_glues_spelled_words_and_leaves_sentences_alone() -> None:
    assert normalise("ik h.a.a.t dit").joined.text == "ik haat dit"
    assert normalise("ik h a a t dit").joined.text == "ik haat dit"
    assert normalise("ik ga zo na de les").joined.text == "ik ga zo na de les"


def test_a_plain_text_has_one_view() -> None:
    assert len(normalise("een gewone zin").views()) == 1


def test_a_squeezed_word_maps_to_all_its_letters() -> None:
    text = "ja hoeeeeer zeg"
    view = normalise(text).squeezed
    start = view.text.index("hoer")
    assert text[slice(*view.to_original((start, start + 4)))] == "hoeeeeer"


def test_an_empty_text_maps_to_an_empty_span() -> None:
    assert normalise("").folded.to_original((0, 5)) == (0, 0)
