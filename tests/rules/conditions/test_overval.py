"""`overval`: several authors with like words within the time; one person counts once."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.messages import SAME_AUTHOR, Recent
from tests.rules.conditions.firing import MINUTE, TEXT, fires, given, others, own
from tests.rules.helpers import loaded, rule_text

RAID = "{overval: {auteurs: 4, binnen: 15 minuten}}"


@pytest.mark.parametrize(
    ("recent", "fired"),
    [
        (Recent(), False),
        (others(MINUTE, MINUTE), False),
        (others(MINUTE, MINUTE, MINUTE), True),  # three others and the author of this one
        (others(MINUTE, MINUTE, 15 * MINUTE), True),
        (others(MINUTE, MINUTE, 15 * MINUTE + timedelta(seconds=1)), False),
        (own(MINUTE, MINUTE, MINUTE, MINUTE), False),  # one person who repeats: that is `herhaling`
        (Recent(alike=(("ander", MINUTE),) * 9), False),  # two people, however often
        (Recent(alike=((SAME_AUTHOR, MINUTE), *others(MINUTE, MINUTE).alike)), False),  # oneself counts once
    ],
)
def test_it_counts_people_and_not_messages(recent: Recent, fired: bool) -> None:
    assert fires(RAID, given(recent=recent)) is fired


@pytest.mark.parametrize(
    ("text", "minstens", "fired"),
    [
        ("Proficiat!", "", False),  # what a whole town may say under one post
        ("Veel succes", "", False),
        ("Weg met hem", "", True),
        ("Proficiat!", ", minstens: 1", True),
        (TEXT, ", minstens: 6", False),
    ],
)
def test_short_wishes_of_many_are_no_raid(text: str, minstens: str, fired: bool) -> None:
    wanneer = f"{{overval: {{auteurs: 2, binnen: 1 uur{minstens}}}}}"
    assert fires(wanneer, given(text, recent=others(MINUTE))) is fired


def test_without_a_past_it_does_not_fire_and_is_evaluated(tmp_path: Path) -> None:
    result = loaded(tmp_path, rule_text(RAID)).evaluate(given())
    assert (result.hits, dict(result.not_evaluated)) == ((), {})
