"""`eerste_bericht`: whether the author never wrote here before."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.messages import Recent
from tests.rules.conditions.firing import fires, given
from tests.rules.helpers import loaded, rule_text


@pytest.mark.parametrize(
    ("written", "first", "fired"),
    [
        ("ja", True, True),
        ("ja", False, False),
        ("ja", None, False),  # nobody knows: a loose text that is tried out
        ("nee", True, False),
        ("nee", False, True),
        ("nee", None, False),
        ("{waarde: ja}", True, True),
    ],
)
def test_it_answers_only_what_is_known(written: str, first: bool | None, fired: bool) -> None:
    assert fires(f"{{eerste_bericht: {written}}}", given(recent=Recent(first=first))) is fired


def test_it_limits_a_rule_and_leaves_nothing_unevaluated(tmp_path: Path) -> None:
    rules = loaded(tmp_path, rule_text("{alle: [{links: elke}, {eerste_bericht: ja}]}"))
    known = rules.evaluate(given("zie www.winkel.be", recent=Recent(first=True)))
    unknown = rules.evaluate(given("zie www.winkel.be"))
    assert [hit.id for hit in known.hits] == ["regel"]
    assert (unknown.hits, dict(unknown.not_evaluated)) == ((), {})
