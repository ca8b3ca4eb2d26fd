from __future__ import annotations

import pytest

from bot.replies.warning import compose_warning


@pytest.mark.parametrize(
    ("house_rule", "named"),
    [
        ("2. Respect", "huisregel 2 (Respect)"),
        ("Respect voor iedereen", "de huisregel “Respect voor iedereen”"),
        ("", "onze huisregels"),
    ],
)
def test_a_warning_names_the_rule_gives_the_reason_and_leaves_the_door_open(house_rule: str, named: str) -> None:
    text = compose_warning(house_rule, "Uw bericht scheldt iemand uit.")
    assert named in text
    assert "Uw bericht scheldt iemand uit." in text
    assert "mening blijft welkom" in text
    assert "!" not in text


def test_a_reason_without_a_full_stop_or_over_several_lines_reads_as_one_sentence() -> None:
    assert "scheldt iemand uit. Uw mening" in compose_warning("2. Respect", "Uw bericht\n  scheldt iemand uit")


def test_without_a_reason_nothing_is_invented() -> None:
    assert ".  " not in compose_warning("2. Respect", " ")
