"""The quick no is never wrong: whatever it leaves out would not have been found."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from bot.rules import RuleInput, RuleSet, load_rules
from bot.rules.inputs import Subject
from bot.rules.verdicts import YES, Gated, all_of, any_of, guarded, needs_of, none_of
from bot.text.normalise import _fold, _fold_with_map, normalise
from bot.text.phrases import PhraseBook, compile_phrase
from bot.text.sieve import Needs, Sieve, either
from bot.text.tokens import Tokens, tokenise
from bot.text.words import Vocabulary
from tests.rules.helpers import QUIET, quiet

PATH = Path(__file__).parents[2] / "rules" / "huisregels.yaml"
LISTS = {"dieren": Vocabulary(["rat", "vuile hond"], inflections=True, exceptions=["ratje"])}
WORDS = Vocabulary(["hoer", "zak", "val dood", "idioot"], inflections=True, compounds=True, exceptions=["hoera"])
PHRASES = PhraseBook(
    [compile_phrase(text, LISTS) for text in ("ik maak je … kapot", "@dieren", "die @dieren weg", "weg|buiten … jij")]
)

# Pieces of what is looked for, of how it is disguised, and of what looks like it.
PIECES = st.sampled_from(
    [
        *(
            "ik",
            "maak",
            "je",
            "kapot",
            "val",
            "dood",
            "weg",
            "buiten",
            "jij",
            "die",
            "vuile",
            "moslims",
            "zijn",
            "ongedierte",
        ),
        *(
            "hoer",
            "hoera",
            "hoerenzoon",
            "klootzak",
            "zak",
            "vuilzakken",
            "idioot",
            "idioten",
            "rat",
            "ratten",
            "ratje",
            "hond",
        ),
        *("kl00tzak", "k*t", "h**r", "kaaaapot", "maaaaak", "hoeeer", "k.a.p.o.t", "d", "o", "id!oot", "₿"),
        *(" ", ".", "\n", "*", "\u200b", "🤡", "ä", "@", "0"),
    ]
)
TEXTS = st.lists(PIECES, max_size=14).flatmap(
    lambda pieces: st.lists(st.sampled_from(["", " ", " ", " "]), min_size=len(pieces), max_size=len(pieces)).map(
        lambda gaps: "".join(part for pair in zip(pieces, gaps, strict=True) for part in pair)
    )
)


def tokens_of(text: str) -> Tokens:
    return tokenise(normalise(text))


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(PATH, score=quiet)


@settings(deadline=None, max_examples=300)
@given(text=TEXTS)
def test_rules_that_are_left_out_would_not_have_fired(rules: RuleSet, text: str) -> None:
    given_ = RuleInput.of(text, language="nl", scores=QUIET)
    asked = [rule.id for rule in rules.rules if rule.runs and rule.check(Subject.of(given_)).fired]
    assert [hit.id for hit in rules.evaluate(given_).hits] == asked


@settings(deadline=None, max_examples=300)
@given(text=TEXTS)
def test_words_and_phrases_are_found_with_and_without_it_alike(text: str) -> None:
    quick = [WORDS.find(tokens_of(text)), LISTS["dieren"].find(tokens_of(text)), PHRASES.find(tokens_of(text))]
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Needs, "met_by", lambda _self, _tokens: True)
        patch.setattr(Sieve, "passing", lambda self, _tokens: range(self._count))
        thorough = [WORDS.find(tokens_of(text)), LISTS["dieren"].find(tokens_of(text)), PHRASES.find(tokens_of(text))]
    assert quick == thorough


@settings(deadline=None, max_examples=300)
@given(text=st.one_of(TEXTS, st.text(st.characters(exclude_categories=()), max_size=60)))
@example(text="ﬁ\u200b")  # one more and one fewer: as long as the text, but not at the same places
def test_the_short_way_to_fold_comes_to_the_same_as_the_long_one(text: str) -> None:
    quick, thorough = _fold(text), _fold_with_map(text)
    assert quick.text == thorough.text
    assert (list(quick.starts), list(quick.ends)) == (list(thorough.starts), list(thorough.ends))


def test_an_ordinary_text_meets_hardly_any_needs(rules: RuleSet) -> None:
    needs = [needs_of(rule.check) for rule in rules.rules]
    tokens = tokens_of("Wanneer wordt het glas in de Kerkstraat opgehaald?")
    assert sum(one is not None for one in needs) >= 6
    assert list(Sieve(needs).passing(tokens)) == [number for number, one in enumerate(needs) if one is None]


def test_things_pass_in_order_and_once() -> None:
    sieve = Sieve([Needs(frozenset({"b"})), None, Needs(frozenset({"a", "b"}), frozenset({"hoe"}))])
    assert list(sieve.passing(tokens_of("a b"))) == [0, 1, 2]
    assert list(sieve.passing(tokens_of("c hoerenboel"))) == [1, 2]
    assert list(sieve.passing(tokens_of("c"))) == [1]
    assert list(sieve.passing(tokens_of("c**d"))) == [0, 1, 2]


def test_either_needs_what_any_of_them_does() -> None:
    both = either([Needs(frozenset({"a"})), Needs(frozenset({"b"}), frozenset({"hoe"}))])
    assert both == Needs(frozenset({"a", "b"}), frozenset({"hoe"}))


@pytest.mark.parametrize("text", ["maaaak dat je weg bent", "m**k dat je weg bent"])
def test_a_phrase_is_found_when_its_first_word_is_disguised(text: str) -> None:
    book = PhraseBook([compile_phrase("maak dat je weg bent", {})])
    assert book.find(tokens_of(text)) == ((0, len(text)),)


def test_what_a_group_needs_follows_from_what_it_holds() -> None:
    a, b = (Gated(lambda _: YES, Needs(frozenset(names))) for names in (["a"], ["b", "c"]))
    free = guarded("rol", lambda _: YES)
    assert needs_of(free) is None
    assert needs_of(guarded("woorden", a)) == Needs(frozenset({"a"}))
    assert needs_of(any_of([a, b])) == Needs(frozenset({"a", "b", "c"}))
    assert needs_of(any_of([a, free])) is None, "the other may fire on any text"
    assert needs_of(all_of([b, a, free])) == Needs(frozenset({"a"})), "whichever has the fewest"
    assert needs_of(all_of([free])) is None
    assert needs_of(none_of([a])) is None, "it fires where nothing stands"


@pytest.mark.parametrize(("text", "rule"), [("kanker gemeente", "schelden-met-ziekte"), ("ik wil dood", "noodkreet")])
def test_a_pattern_beside_phrases_is_asked_on_every_text(rules: RuleSet, text: str, rule: str) -> None:
    assert rule in [hit.id for hit in rules.evaluate(RuleInput.of(text, language="nl", scores=QUIET)).hits]
