"""`herhaling`: the same author, almost the same words, within the time."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.messages import SAME_AUTHOR, Recent
from tests.rules.conditions.firing import MINUTE, TEXT, fires, given, others, own
from tests.rules.helpers import loaded, rule_text

THREE_TIMES = "{herhaling: {keer: 3, binnen: 10 minuten}}"
SECOND = timedelta(seconds=1)


@pytest.mark.parametrize(
    ("recent", "fired"),
    [
        (Recent(), False),
        (own(MINUTE), False),
        (own(MINUTE, 2 * MINUTE), True),
        (own(MINUTE, 2 * MINUTE, 3 * MINUTE), True),
        (own(MINUTE, 10 * MINUTE), True),  # just within
        (own(MINUTE, 10 * MINUTE + SECOND), False),  # just outside
        (own(timedelta(), timedelta()), True),  # of the same second
        (own(MINUTE, 2 * MINUTE, alike=False), False),  # other words
        (others(MINUTE, 2 * MINUTE), False),  # other people
        (Recent((MINUTE,), ((SAME_AUTHOR, MINUTE), ("ander", MINUTE))), False),  # one of each
    ],
)
def test_it_counts_the_authors_own_like_messages_within_the_time(recent: Recent, fired: bool) -> None:
    assert fires(THREE_TIMES, given(recent=recent)) is fired


@pytest.mark.parametrize(
    ("text", "minstens", "fired"),
    [
        ("Bedankt!", "", False),  # said to three people in ten minutes
        ("Dank u", "", False),
        ("Dank u wel", "", True),
        ("Bedankt!", ", minstens: 1", True),
        (TEXT, ", minstens: 6", False),
        ("👍👍👍", ", minstens: 1", False),
        ("www.winkel.be/actie", "", True),  # a bare link is long enough
    ],
)
def test_short_courtesies_may_be_repeated(text: str, minstens: str, fired: bool) -> None:
    wanneer = f"{{herhaling: {{keer: 2, binnen: 1 uur{minstens}}}}}"
    assert fires(wanneer, given(text, recent=own(MINUTE))) is fired


def test_without_a_past_it_does_not_fire_and_is_evaluated(tmp_path: Path) -> None:
    result = loaded(tmp_path, rule_text(THREE_TIMES)).evaluate(given())
    assert (result.hits, dict(result.not_evaluated)) == ((), {})
