"""Labels are read strictly: a typing error has its message, never a silent zero."""

from __future__ import annotations

import contextlib

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.findings import Tension, Tone
from bot.evaluation.items import Labels
from bot.evaluation.reading import LabelError, Vocabulary, labels_of, pair_of, slices_of

KNOWN = Vocabulary(frozenset({"controle", "win_win"}), frozenset({"loyaliteit"}))


def test_labels_are_read() -> None:
    value = {
        "toxicity": {"toxicity": 1, "insult": 0.5},
        "frames": ["controle"],
        "values": [],
        "tone": "kritiek",
        "tension": "ideologisch",
    }
    assert labels_of(value, KNOWN) == Labels(
        {"toxicity": 1.0, "insult": 0.5}, frozenset({"controle"}), frozenset(), Tone.CRITICISM, Tension.IDEOLOGICAL
    )


@pytest.mark.parametrize("value", [None, {}, {"toxicity": None, "frames": None, "tone": None}])
def test_what_is_absent_is_not_labelled(value: object) -> None:
    assert labels_of(value, KNOWN) == Labels()


def test_an_empty_label_is_a_label() -> None:
    assert labels_of({"frames": [], "toxicity": {}}, KNOWN) == Labels(toxicity={}, frames=frozenset())


@pytest.mark.parametrize(
    ("value", "words", "why"),
    [
        ([], "`labels` moet een object", "a list"),
        ({"toxicty": {}}, "bedoelt u “toxicity”?", "a typing error"),
        ({"kleur": {}}, "kies uit: frames, tension, tone, toxicity, values", "nothing like it"),
        ({"toxicity": ["insult"]}, "`labels.toxicity` moet een object", "a list of labels"),
        ({"toxicity": {"insults": 1}}, "bedoelt u “insult”?", "a label that there is not"),
        ({"toxicity": {"insult": 0.7}}, "moet 0, 0.5 (misschien) of 1 zijn; hier staat 0.7", "another grade"),
        ({"toxicity": {"insult": True}}, "hier staat True", "true is no grade"),
        ({"toxicity": {"insult": "1"}}, "hier staat '1'", "a text is no grade"),
        ({"toxicity": {"insult": float("nan")}}, "hier staat nan", "not a number"),
        ({"frames": "controle"}, "`labels.frames` moet een lijst", "a text where a list belongs"),
        ({"frames": [1]}, "`labels.frames` moet een lijst", "a number in the list"),
        ({"frames": ["kontrole"]}, "bedoelt u “controle”?", "a typing error"),
        ({"values": ["geluk"]}, "kies uit: loyaliteit", "a value that there is not"),
        ({"tone": "boos"}, "kies uit: kritiek, neutraal", "a tone that there is not"),
        ({"tone": ["kritiek"]}, "`labels.tone` moet een woord zijn", "a list"),
        ({"tension": "affectieve"}, "bedoelt u “affectief”?", "a typing error"),
        ({"frames": ["x" * 5000]}, "…", "a name without end"),
    ],
)
def test_what_is_no_label_is_told(value: object, words: str, why: str) -> None:
    with pytest.raises(LabelError) as told:
        labels_of(value, KNOWN)
    assert words in str(told.value), why
    assert len(str(told.value)) < 200


def test_slices_are_plain_values() -> None:
    assert slices_of(None) == {}
    assert slices_of({"soort": "a", "jaar": 2026, "ironie": True, "niets": None}) == {
        "soort": "a",
        "jaar": "2026",
        "ironie": "ja",
    }
    for wrong in ("[]", {"soort": ["a"]}, {"soort": {"a": 1}}):
        with pytest.raises(LabelError, match="slices"):
            slices_of(wrong)


def test_a_pair_has_a_name() -> None:
    assert (pair_of(None), pair_of("p1"), pair_of(7)) == ("", "p1", "7")
    for wrong in (["a"], True, 0.5):
        with pytest.raises(LabelError, match="pair"):
            pair_of(wrong)


_ANYTHING = st.recursive(
    st.none() | st.booleans() | st.floats() | st.text() | st.integers(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text() | st.sampled_from(["frames", "tone"]), inner),
)


@given(_ANYTHING)
def test_whatever_stands_there_is_read_or_told(value: object) -> None:
    for read in (lambda: labels_of(value, KNOWN), lambda: slices_of(value), lambda: pair_of(value)):
        with contextlib.suppress(LabelError):  # anything else than this is a traceback for whoever made the file
            assert read() is not None
