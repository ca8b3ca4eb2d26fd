"""Phrases: words in order, alternatives, lists, and room that stops where the meaning turns."""

from __future__ import annotations

import pytest

from bot.text.normalise import normalise
from bot.text.phrases import PhraseBook, PhraseError, compile_phrase
from bot.text.tokens import tokenise
from bot.text.words import Vocabulary

LISTS = {"mensen": Vocabulary(["buur", "mensen van hier"], inflections=True)}


def found(phrase: str, text: str) -> list[str]:
    book = PhraseBook([compile_phrase(phrase, LISTS)])
    return [text[start:end] for start, end in book.find(tokenise(normalise(text)))]


@pytest.mark.parametrize(
    ("phrase", "text", "expected", "why"),
    [
        ("ik maak je kapot", "Ik maak je kapot!", ["Ik maak je kapot"], "as it stands"),
        ("ik maak je kapot", "1k m44k j3 k4p0t", ["1k m44k j3 k4p0t"], "disguised"),
        ("ik maak je kapot", "ik maak je k.a.p.o.t", ["ik maak je k.a.p.o.t"], "a split word inside"),
        ("ik maak je kapot", "je maakt kapot", [], "other words"),
        ("je|jij|u bent gek", "u bent gek", ["u bent gek"], "an alternative"),
        ("je bent … gek", "je bent echt wel een gek", ["je bent echt wel een gek"], "three words of room"),
        ("je bent … gek", "je bent al heel erg lang gek", [], "four words are too many"),
        ("je bent …1 gek", "je bent echt gek", ["je bent echt gek"], "one word of room"),
        ("je bent …1 gek", "je bent echt wel gek", [], "two are too many"),
        ("je bent ... gek", "je bent heel gek", ["je bent heel gek"], "three dots are room too"),
        ("je bent … gek", "je bent niet gek", [], "a negation closes the room"),
        ("je bent … gek", "Je bent laat. Gek is dat", [], "a sentence end closes the room"),
        ("die @mensen weg", "die buren weg", ["die buren weg"], "a list, inflected"),
        ("@mensen weg", "mensen van hier weg", ["mensen van hier weg"], "a term of several words from a list"),
    ],
)
def test_a_phrase_matches_what_it_says(phrase: str, text: str, expected: list[str], why: str) -> None:
    assert found(phrase, text) == expected


@pytest.mark.parametrize("phrase", ["", "…", "… gek", "je bent …", "je … … gek", "je|", "@onbekend weg", "!!!"])
def test_an_unreadable_phrase_is_refused(phrase: str) -> None:
    with pytest.raises(PhraseError):
        compile_phrase(phrase, LISTS)
