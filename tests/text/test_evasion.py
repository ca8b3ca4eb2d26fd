"""Traps 11, 12 and 13: disguised words are found, at the right place in the original; innocent words are not."""

from __future__ import annotations

import pytest

from bot.text.normalise import normalise
from bot.text.tokens import tokenise
from bot.text.words import Vocabulary

TERMS = ["klootzak", "hoer", "idioot", "kut", "kanker", "makak", "slet", "nazi"]
WORDS = Vocabulary(TERMS, inflections=True)
COMPOUNDS = Vocabulary(TERMS, inflections=True, compounds=True)


def found(words: Vocabulary, text: str) -> list[str]:
    return [text[start:end] for start, end in words.find(tokenise(normalise(text)))]


EVASIONS = [
    # text, what is to be highlighted, why
    ("Klootzak!", "Klootzak", "short messages are judged"),
    ("kut", "kut", "three letters are a message too"),
    ("jij KLOOTZAK", "KLOOTZAK", "capitals"),
    ("klóótzäk", "klóótzäk", "accents"),
    ("kl00tz4k", "kl00tz4k", "digits for letters"),
    ("wat een kl00tz@k zeg", "kl00tz@k", "a symbol for a letter"),
    ("k1ootzak", "k1ootzak", "1 for l"),
    ("1d1oot", "1d1oot", "1 for i"),
    ("id!oot", "id!oot", "exclamation mark for i"),
    ("$let", "$let", "dollar sign for the first letter"),
    ("k|ootzak", "k|ootzak", "a bar for l"),
    ("кlооtzаk", "кlооtzаk", "Cyrillic letters"),
    ("ΗΟΕR", "ΗΟΕR", "Greek capitals"),
    ("klo\u200botz\u200dak", "klo\u200botz\u200dak", "zero-width characters"),
    ("kl\u00adootzak", "kl\u00adootzak", "soft hyphen"),
    ("\u202eklootzak\u202c", "klootzak", "direction marks around it"),
    ("kl\u200eootzak", "kl\u200eootzak", "a direction mark inside"),
    ("klo\x00otzak", "klo\x00otzak", "a NUL inside"),
    ("k\u0337l\u0334o\u0335o\u0337tza\u0336k\u0336 ja", "k\u0337l\u0334o\u0335o\u0337tza\u0336k\u0336", "zalgo"),
    ("ｋｌｏｏｔｚａｋ", "ｋｌｏｏｔｚａｋ", "full width"),
    ("𝓴𝓵𝓸𝓸𝓽𝔃𝓪𝓴", "𝓴𝓵𝓸𝓸𝓽𝔃𝓪𝓴", "mathematical script"),
    ("ⓚⓛⓞⓞⓣⓩⓐⓚ", "ⓚⓛⓞⓞⓣⓩⓐⓚ", "circled letters"),
    ("🅺🆄🆃", "🅺🆄🆃", "squared letters"),
    ("k l o o t z a k", "k l o o t z a k", "spaced"),
    ("jij k.l.o.o.t.z.a.k hoor", "k.l.o.o.t.z.a.k", "split by dots"),
    ("k-l-o-o-t-z-a-k", "k-l-o-o-t-z-a-k", "split by hyphens"),
    ("k_l_o_o_t_z_a_k", "k_l_o_o_t_z_a_k", "split by underscores"),
    ("k*l*o*o*t*z*a*k", "k*l*o*o*t*z*a*k", "split by asterisks"),
    ("kloot-zak", "kloot-zak", "split in two"),
    ("kl.oot.zak", "kl.oot.zak", "split in three"),
    ("je kl oo tz ak", "kl oo tz ak", "split in pairs, after a real short word"),
    ("u k u t", "k u t", "spaced, after a real word of one letter"),
    ("b e n t   u   e e n   h o e r", "h o e r", "a spaced sentence with wider gaps between the words"),
    ("j e b e n t e e n k l o o t z a k", "k l o o t z a k", "a spaced sentence without gaps"),
    ("k\nl\no\no\nt\nz\na\nk", "k\nl\no\no\nt\nz\na\nk", "one letter a line"),
    ("kl🤡oot🤡zak", "kl🤡oot🤡zak", "emoji between letters"),
    ("k 🤡 u 🤡 t", "k 🤡 u 🤡 t", "emoji and spaces between letters"),
    ("**kloot**zak", "kloot**zak", "markup inside"),
    ("||kloot||zak", "kloot||zak", "spoiler marks inside"),
    ("KLOOOOOTZAAAAK", "KLOOOOOTZAAAAK", "repeated letters"),
    ("hoeeeeer", "hoeeeeer", "repeated letters, single in the word"),
    ("idiooooot", "idiooooot", "repeated letters, double in the word"),
    ("k*t", "k*t", "an asterisk for a letter"),
    ("kl**tzak", "kl**tzak", "asterisks for letters"),
    ("k l 0 0 t z 4 k", "k l 0 0 t z 4 k", "spaced and digits"),
    ("k.l.0.0.0.0.t.z.a.k", "k.l.0.0.0.0.t.z.a.k", "split, digits and repeated"),
    ("#klootzak", "klootzak", "a hashtag"),
    ("ge zijt klootzakken", "klootzakken", "plural"),
    ("klootzakje", "klootzakje", "diminutive"),
    ("makakken", "makakken", "plural of a word that few dictionaries have"),
]


@pytest.mark.parametrize(("text", "expected", "why"), EVASIONS, ids=[why for _, _, why in EVASIONS])
def test_a_disguised_word_is_found_at_its_place(text: str, expected: str, why: str) -> None:
    # A part of a disguised word may be found beside the whole; the widest find is what is shown.
    assert max(found(WORDS, text), key=len, default=None) == expected


INNOCENT = [
    ("de klas is klassiek", "no term at all, but the shape of trap 12"),
    ("hoera voor de gemeente", "hoer opens hoera"),
    ("h o e r a", "hoera, spaced"),
    ("h.o.e.r.a", "hoera, split"),
    ("de makakoe en de kanarie", "a term opens a longer word"),
    ("kutsjager", "a term opens a word without being part of a compound"),
    ("sletvrees", "whole words only unless compounds are asked for"),
    ("een nazireeër in de Bijbel", "nazi opens another word"),
    ("kom op tegen ziekte", "no term"),
    ("d.w.z. a.u.b. o.c.m.w.", "abbreviations with dots"),
    ("en/of zwart-wit", "words joined by a sign"),
    ("1 2 3 4 5 6", "numbers in a row"),
    ("van 12:30 tot 14:00, 5 * 3 = 15", "times and sums"),
    ("ik ga zo na de les om je op te halen", "a row of real short words"),
    ("***", "asterisks without letters"),
    ("k**", "one visible letter says nothing"),
    ("nee nee neeee", "repeated letters in an innocent word"),
    ("Kan.Kerken zijn open", "a forgotten space after a full stop"),
    ("https://example.be/k/u/t", "a path in a link"),
]


@pytest.mark.parametrize(("text", "why"), INNOCENT, ids=[why for _, why in INNOCENT])
def test_an_innocent_word_is_not_found(text: str, why: str) -> None:
    assert found(WORDS, text) == []


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("klootzakpolitici", ["klootzakpolitici"]),
        ("kutmarokkanen", ["kutmarokkanen"]),
        ("hoerenkinderen", ["hoerenkinderen"]),
        ("nazitijd", ["nazitijd"]),
        ("hoerastemming", []),
        ("hoeraatje", []),
        ("klassiek", []),
        ("nazireeër", []),
    ],
)
def test_a_compound_is_found_on_request_when_the_rest_is_a_word(text: str, expected: list[str]) -> None:
    assert found(COMPOUNDS, text) == expected
    assert found(WORDS, text) == []


def test_an_exception_is_never_found() -> None:
    words = Vocabulary(["nazi"], inflections=True, compounds=True, exceptions=["nazitijd", "nazi Duitsland"])
    assert found(words, "in de nazitijd, in nazi-Duitsland") == []
    assert found(words, "vuile nazi, in de nazitijd") == ["nazi"]


def test_a_term_of_several_words_is_found_across_punctuation() -> None:
    words = Vocabulary(["val dood"])
    assert found(words, "Val, dood!") == ["Val, dood"]
    assert found(words, "val dan dood") == []


@pytest.mark.parametrize(
    ("slur", "innocent"),
    [("neger", "jullie negeren ons"), ("slet", "de zolen zijn versleten en sleten snel"), ("hoer", "hoe was het?")],
)
def test_an_inflected_form_is_no_other_word(slur: str, innocent: str) -> None:
    assert found(Vocabulary([slur], inflections=True, compounds=True), innocent) == []
