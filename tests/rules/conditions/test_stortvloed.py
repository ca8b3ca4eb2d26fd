"""`stortvloed`: many messages of one author within the time, whatever they say."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.messages import Recent
from tests.rules.conditions.firing import MINUTE, fires, given, others, own
from tests.rules.helpers import loaded, rule_text

FLOOD = "{stortvloed: {berichten: 4, binnen: 5 minuten}}"


@pytest.mark.parametrize(
    ("recent", "text", "fired"),
    [
        (Recent(), "Dag", False),
        (own(MINUTE, 2 * MINUTE, alike=False), "Dag", False),
        (own(MINUTE, 2 * MINUTE, 3 * MINUTE, alike=False), "Dag", True),
        (own(MINUTE, 2 * MINUTE, 3 * MINUTE, alike=True), "Dag", True),
        (own(MINUTE, 2 * MINUTE, 5 * MINUTE, alike=False), "👍", True),  # just within, and without a word
        (own(MINUTE, 2 * MINUTE, 5 * MINUTE + timedelta(seconds=1), alike=False), "Dag", False),
        (others(MINUTE, MINUTE, MINUTE, MINUTE), "Dag", False),
    ],
)
def test_it_counts_every_message_of_the_author_within_the_time(recent: Recent, text: str, fired: bool) -> None:
    assert fires(FLOOD, given(text, recent=recent)) is fired


def test_without_a_past_it_does_not_fire_and_is_evaluated(tmp_path: Path) -> None:
    result = loaded(tmp_path, rule_text(FLOOD)).evaluate(given())
    assert (result.hits, dict(result.not_evaluated)) == ((), {})
