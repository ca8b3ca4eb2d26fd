from __future__ import annotations

import pytest

from bot.core.cases import ActionKind, CaseKind, CaseState, EffectState
from bot.review.machine import DECIDING
from bot.review.words import DONE, EFFECTS, KINDS, LABELS, STATES


@pytest.mark.parametrize(
    ("words", "meant"), [(LABELS, ActionKind), (KINDS, CaseKind), (STATES, CaseState), (EFFECTS, EffectState)]
)
def test_everything_that_people_see_has_its_own_word(
    words: dict[object, str], meant: type[ActionKind | CaseKind | CaseState | EffectState]
) -> None:
    assert set(words) == set(meant)
    assert len(set(words.values())) == len(words), "two things under one name"
    assert all(word.strip() for word in words.values())


def test_what_was_decided_can_be_told_of_every_decision() -> None:
    assert set(DONE) == DECIDING | {ActionKind.PROPOSE_REMOVAL}
    assert len(set(DONE.values())) == len(DONE)


@pytest.mark.parametrize("said", DONE.values())
def test_what_was_done_follows_on_a_name(said: str) -> None:
    assert said[0].islower()
    assert not said.endswith(".")
