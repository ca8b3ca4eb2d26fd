"""The scorer that has the language model: it fills the port, sees what no list holds, and shows why."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.findings import TOXICITY_LABELS
from bot.toxicity.model_scorer import ModelScorer
from bot.toxicity.ports import Scorer
from bot.toxicity.registry import build_scorer
from bot.understanding.model import shipped

SCORER = ModelScorer(shipped())


def flags(text: str) -> set[str]:
    return set(SCORER.score([text])[0].flags)


def test_it_fills_the_port_under_its_name() -> None:
    port: Scorer = build_scorer("model")
    assert port.name == "model"
    assert port.version == SCORER.version != build_scorer("embedded").version


@pytest.mark.parametrize(
    ("text", "label"),
    [
        ("Gij zijt ne vuile klootzak", "insult"),
        ("die mensen zijn geen mensen, dat zijn beesten die ge moet opsluiten", "identity_attack"),
        ("Vrouwen zijn te dom om te stemmen", "identity_attack"),
        ("Ik steek uw huis in brand vannacht", "threat"),
        ("g.i.j  k l o o t z a k", "insult"),  # only the words undo this
    ],
)
def test_attacks_are_flagged_with_the_words_that_carry_them(text: str, label: str) -> None:
    (result,) = SCORER.score([text])
    assert {label, "toxicity"} <= set(result.flags)
    assert result.evidence[label]
    assert all(0 <= start < end <= len(text) for spans in result.evidence.values() for start, end in spans)


@pytest.mark.parametrize(
    "text",
    [
        "Is de infoavond ook te volgen via livestream?",
        "Het beleid van dit bestuur is een ramp, neem ontslag.",
        "Mijn zus is getrouwd met haar vriendin, een prachtig feest.",
        "Wat een slechte stofzuiger, na twee weken kapot. Geld weggegooid.",
        "De opstand werd in 1792 bloedig neergeslagen.",
    ],
)
def test_ordinary_dutch_is_left_alone(text: str) -> None:
    assert flags(text) == set()


def test_an_empty_text_scores_nothing() -> None:
    (result,) = SCORER.score(["  \n"])
    assert result.scores == dict.fromkeys(TOXICITY_LABELS, 0.0)


@settings(max_examples=40, deadline=None)
@given(st.text(st.characters(exclude_categories=()), max_size=100))
def test_any_text_gets_a_score_for_each_label(text: str) -> None:
    (result,) = SCORER.score([text])
    assert set(result.scores) == set(TOXICITY_LABELS)
    assert all(0.0 <= score <= 1.0 for score in result.scores.values())
    assert result.scores["severe_toxicity"] <= result.scores["toxicity"]
