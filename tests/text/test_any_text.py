"""Whatever a resident types, reading it ends, in time, with spans inside the text."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.text.fingerprint import fingerprint
from bot.text.language import detect
from bot.text.links import find_links
from bot.text.normalise import normalise
from bot.text.personal import find_personal_data, mask
from bot.text.phrases import PhraseBook, compile_phrase
from bot.text.tokens import tokenise
from bot.text.words import Vocabulary

# Every code point, lone surrogates included, with a preference for what is awkward.
AWKWARD = st.sampled_from("kKlLoO0@$!*|. -_\n\t\u200b\u202e\u0337\u0301\ud800\udfff\x00ｋко🤡🅺ﬁ㍿İßﷺ")
TEXTS = st.text(st.one_of(AWKWARD, st.characters(exclude_categories=())), max_size=80)

WORDS = Vocabulary(["kloot", "kol", "lok", "oo"], inflections=True, compounds=True, exceptions=["klok"])
PHRASES = PhraseBook([compile_phrase("k|l … o", {}), compile_phrase("@x l", {"x": WORDS})])


# The first text loads the dictionaries, so a deadline for each would tell nothing.
@settings(deadline=None)
@given(TEXTS)
def test_every_view_maps_into_the_original(text: str) -> None:
    for view in normalise(text).views():
        assert len(view.text) == len(view.starts) == len(view.ends)
        previous = 0
        for start, end in zip(view.starts, view.ends, strict=True):
            assert previous <= start < end <= len(text)
            previous = start


@settings(deadline=None)
@given(TEXTS, st.integers(-5, 100), st.integers(-5, 100))
def test_any_span_of_a_view_maps_inside_the_text(text: str, start: int, end: int) -> None:
    for view in normalise(text).views():
        mapped = view.to_original((start, end))
        assert 0 <= mapped[0] <= mapped[1] <= len(text)


@settings(deadline=None)
@given(TEXTS)
def test_every_find_is_inside_the_text(text: str) -> None:
    tokens = tokenise(normalise(text))
    spans = [
        *(token.span for token in tokens.everything()),
        *WORDS.find(tokens),
        *PHRASES.find(tokens),
        *(link.span for link in find_links(text)),
        *(data.span for data in find_personal_data(text)),
    ]
    assert all(0 <= start < end <= len(text) for start, end in spans)


@settings(deadline=None)
@given(TEXTS)
def test_language_fingerprint_and_mask_never_raise(text: str) -> None:
    assert len(detect(text)) in (2, 3)
    assert len(fingerprint(text)) in (0, 16)
    assert isinstance(mask(text), str)


@pytest.mark.parametrize(
    "piece",
    [
        "a ",
        "a",
        "k.l ",
        "k l o o t ",
        "klootzak ",
        "a!b*c",
        "e\u0301\u0337",
        "\ud800\x00\u202e",
        "a@b.",
        "0475 ",
        "x.x.",
    ],
)
def test_fifty_thousand_characters_hang_nothing(piece: str) -> None:
    # That the time grows no faster than the text is measured: `python -m benchmarks.long_texts`.
    text = (piece * 50_000)[:50_000]
    tokens = tokenise(normalise(text))
    WORDS.find(tokens)
    find_personal_data(text)
    find_links(text)
    fingerprint(text)
