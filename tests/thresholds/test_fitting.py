"""A threshold is fitted to decisions, proposed only where there are enough, and never moved without a reason."""

from __future__ import annotations

import pytest

from bot.thresholds.fitting import NEEDED, Aim, Seen, Why, curve, fit, point_at
from bot.thresholds.writing import with_thresholds

# 30 rightly raised at 0.8, 30 in vain at 0.55, at a threshold of 0.5: half is a false alarm.
CLEAR = [Seen(0.8, True)] * 30 + [Seen(0.55, False)] * 30 + [Seen(0.2, None)] * 100


@pytest.mark.parametrize("aim", [Aim(0.05), Aim()])
def test_a_clear_case_moves_just_past_the_false_alarms(aim: Aim) -> None:
    found = fit(CLEAR, 0.5, aim)
    assert found.why is Why.BETTER
    assert found.best is not None
    assert found.best.threshold == 0.56  # of all that part the two, the nearest to now
    assert (found.now.false_alarms, found.best.false_alarms, found.best.f1) == (0.5, 0.0, 1.0)
    assert (found.more, found.fewer) == (0, 30)


def test_too_few_decisions_propose_nothing() -> None:
    found = fit([Seen(0.8, True)] * 12, 0.5, Aim(0.05))
    assert (found.why, found.decisions, found.best) == (Why.TOO_FEW, 12, None)
    in_vain = fit([Seen(0.8, False)] * NEEDED, 0.5, Aim(0.05))
    assert (in_vain.why, in_vain.upheld) == (Why.TOO_FEW_UPHELD, 0)


def test_decisions_about_something_else_do_not_count() -> None:
    assert fit([Seen(0.05, True)] * 200, 0.5, Aim()).why is Why.TOO_FEW


def test_one_decision_about_many_like_reactions_counts_once() -> None:
    raid = [Seen(0.8, True), *[Seen(0.8, True, counts=False)] * 200]
    assert fit(raid, 0.5, Aim()).decisions == 1


def test_nothing_is_proposed_where_most_was_never_looked_at() -> None:
    unseen = [Seen(0.8, True)] * 60 + [Seen(0.3, None)] * 500
    found = fit(unseen, 0.5, Aim(0.05))
    assert (found.why, found.best) == (Why.STAYS, None)  # 0.3 would catch more, and nobody knows what


def test_where_no_threshold_reaches_the_aim_that_is_said() -> None:
    mixed = [Seen(0.8, True), Seen(0.8, False)] * 40
    assert fit(mixed, 0.5, Aim(0.05)).why is Why.OUT_OF_REACH


def test_a_threshold_is_not_fitted_below_the_lowest() -> None:
    found = fit([Seen(0.6, True)] * 60, 0.7, Aim(), lowest=0.7)
    assert found.best is None


def test_the_curve_and_a_single_point_say_the_same() -> None:
    for point in curve(CLEAR):
        assert point_at(CLEAR, point.threshold) == point


def test_the_interval_holds_the_value() -> None:
    point = point_at(CLEAR, 0.5)
    assert point.f1_interval.low < point.f1 < point.f1_interval.high
    assert point.false_alarms_interval.low < 0.5 < point.false_alarms_interval.high


def test_what_is_written_keeps_comments_and_the_rest() -> None:
    before = "# van ons\nversie: 1\nscorers:\n  embedded:\n    insult: 0.6  # na overleg\n    threat: 0.4\n"
    after = with_thresholds(before, {"embedded": {"insult": 0.7}}, {"controle": 0.6})
    assert after == (
        "# van ons\nversie: 1\nscorers:\n  embedded:\n    insult: 0.7  # na overleg\n    threat: 0.4\n"
        "kaders:\n  controle: 0.6\n"
    )


def test_a_new_file_says_what_it_is() -> None:
    text = with_thresholds(None, {"embedded": {"insult": 0.7}}, {})
    assert text.startswith("# Eigen drempels")
    assert text.endswith("versie: 1\nscorers:\n  embedded:\n    insult: 0.7\n")
