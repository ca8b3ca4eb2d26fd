from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.thresholds import Curve, InForce, ThresholdPoint, curve_of


def curve(
    *texts: tuple[float, bool], threshold: float = 0.5, flagged: list[bool] | None = None, unscored: int | None = None
) -> Curve:
    scores = np.array([score for score, _ in texts])
    flags = scores >= threshold if flagged is None else np.array(flagged)
    found = curve_of("insult", scores, np.array([wanted for _, wanted in texts]), flags, unscored=unscored)
    assert found is not None
    return found


def at(found: Curve, threshold: float) -> ThresholdPoint:
    (point,) = [point for point in found.points if point.threshold == threshold]
    return point


TEXTS = ((0.9, True), (0.8, False), (0.6, True), (0.2, True), (0.1, False))


def test_each_threshold_has_its_precision_and_recall() -> None:
    found = curve(*TEXTS)
    assert len(found.points) == 100
    assert found.support == 3
    half = at(found, 0.5)
    assert half.given == 3
    assert half.precision == half.recall == pytest.approx(2 / 3)
    assert half.f1 == pytest.approx(2 / 3)
    assert at(found, 0.9).given == 1, "a score that equals the threshold reaches it"
    assert at(found, 0.95) == ThresholdPoint(0.95, 0, None, 0.0, 0.0)


def test_the_best_is_the_lowest_of_those_with_the_highest_f1() -> None:
    best = curve(*TEXTS).best
    assert best is not None
    assert best.threshold == 0.11
    assert best.f1 == pytest.approx(6 / 7)
    assert curve((0.0, True)).best is None, "no threshold finds it"


def test_the_threshold_in_force_lies_between_what_was_flagged_and_what_was_not() -> None:
    assert curve(*TEXTS).in_force == InForce(0.2, 0.6)
    assert curve(*TEXTS, threshold=0.6).in_force == InForce(0.2, 0.6)
    assert curve(*TEXTS, threshold=0.95).in_force == InForce(0.9, None)
    assert curve(*TEXTS, threshold=0.0).in_force == InForce(None, 0.1)


def test_flags_that_do_not_follow_from_a_threshold_are_not_given_one() -> None:
    assert curve((0.9, True), (0.3, True), flagged=[False, True]).in_force is None


def test_of_what_is_only_scored_where_it_was_seen_nothing_is_known_below() -> None:
    found = curve((0.72, True), (0.9, False), unscored=2)
    assert found.points[0].threshold == 0.72
    assert found.support == 3
    assert found.points[0].recall == pytest.approx(1 / 3)


@pytest.mark.parametrize("score", [0.0, 0.004, 1.0])
def test_scores_at_the_ends(score: float) -> None:
    assert curve((score, True), unscored=0).points


def test_without_anything_to_find_there_is_no_curve() -> None:
    assert curve_of("insult", np.array([0.3]), np.array([False]), np.array([False])) is None
    assert curve_of("insult", np.array([]), np.array([], dtype=bool), np.array([], dtype=bool), unscored=3) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=40), st.floats(0.01, 1))
def test_a_higher_threshold_gives_less_and_the_one_in_force_gives_what_was_flagged(
    texts: list[tuple[float, bool]], threshold: float
) -> None:
    scores = np.array([score for score, _ in texts])
    found = curve_of("a", scores, np.array([wanted for _, wanted in texts]), scores >= threshold)
    if found is None:
        assert not any(wanted for _, wanted in texts)
        return
    recalls = [point.recall or 0.0 for point in found.points]
    assert recalls == sorted(recalls, reverse=True)
    assert found.in_force is not None
    above, at_most = found.in_force.above, found.in_force.at_most
    assert above is None or above < threshold
    assert at_most is None or threshold <= at_most
