"""Proportions and their intervals, against tables that others published."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.rules.statistics import EVERYTHING, Agreement, Interval, Proportion, wilson

# R. G. Newcombe, "Two-sided confidence intervals for the single proportion: comparison of seven methods",
# Statistics in Medicine 17 (1998) 857-872, table I, method 3: the score method without continuity correction.
NEWCOMBE = [
    (81, 263, 0.2553, 0.3662),
    (15, 148, 0.0624, 0.1605),
    (0, 20, 0.0000, 0.1611),
    (1, 29, 0.0061, 0.1718),
]


@pytest.mark.parametrize(("successes", "trials", "low", "high"), NEWCOMBE)
def test_the_interval_is_the_published_one(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson(successes, trials)
    assert (round(found.low, 4), round(found.high, 4)) == (low, high)


@pytest.mark.parametrize(("successes", "trials", "low", "high"), NEWCOMBE)
def test_failures_have_the_mirrored_interval(successes: int, trials: int, low: float, high: float) -> None:
    found = wilson(trials - successes, trials)
    assert (round(found.low, 4), round(found.high, 4)) == (round(1 - high, 4), round(1 - low, 4))


def test_another_confidence_is_another_interval() -> None:
    # Solved by hand for 1 of 2 at z = 1 (a confidence of 68.27%): 1/2 ± √(1/8 + 1/16)/(3/2) = 1/2 ± √3/6.
    one_sigma = math.erf(1 / math.sqrt(2))
    found = wilson(1, 2, confidence=one_sigma)
    assert found.low == pytest.approx(0.5 - math.sqrt(3) / 6)
    assert found.high == pytest.approx(0.5 + math.sqrt(3) / 6)


@given(st.integers(0, 10_000).flatmap(lambda n: st.tuples(st.integers(0, n), st.just(n))))
def test_the_interval_lies_around_the_proportion_and_within_bounds(case: tuple[int, int]) -> None:
    successes, trials = case
    found = wilson(successes, trials)
    assert 0 <= found.low <= found.high <= 1
    if trials:
        assert found.low <= successes / trials <= found.high


@pytest.mark.parametrize(("successes", "trials"), [(3, 3), (30, 30), (300, 300)])
def test_all_of_few_is_less_sure_than_all_of_many(successes: int, trials: int) -> None:
    found = wilson(successes, trials)
    assert found.high == 1.0
    assert found.low < wilson(successes * 10, trials * 10).low


def test_none_of_any_is_exactly_nothing_at_one_end() -> None:
    assert wilson(0, 7).low == 0.0
    assert wilson(7, 7).high == 1.0


def test_of_nothing_nothing_is_known() -> None:
    assert wilson(0, 0) == EVERYTHING == Interval(0.0, 1.0)
    assert Proportion(0, 0).value is None
    assert Proportion(0, 0).interval == EVERYTHING


@pytest.mark.parametrize(("successes", "trials"), [(-1, 5), (6, 5), (1, 0), (0, -1)])
def test_what_is_no_proportion_is_refused(successes: int, trials: int) -> None:
    with pytest.raises(ValueError, match="proportion"):
        wilson(successes, trials)


@pytest.mark.parametrize("confidence", [0.0, 1.0, 95.0, -0.5, math.nan])
def test_what_is_no_confidence_is_refused(confidence: float) -> None:
    with pytest.raises(ValueError, match="confidence"):
        wilson(1, 2, confidence=confidence)


@pytest.mark.parametrize(
    ("agreement", "precision", "recall"),
    [
        (Agreement(upheld=3, overruled=1, found=2, missed=6), 0.75, 0.25),
        (Agreement(upheld=0, overruled=4, found=0, missed=0), 0.0, None),
        (Agreement(upheld=0, overruled=0, found=0, missed=5), None, 0.0),
        (Agreement(), None, None),
    ],
)
def test_precision_is_of_what_fired_and_recall_of_what_had_to_be_found(
    agreement: Agreement, precision: float | None, recall: float | None
) -> None:
    assert agreement.precision.value == precision
    assert agreement.recall.value == recall


def test_precision_and_recall_have_their_intervals() -> None:
    agreement = Agreement(upheld=81, overruled=182, found=15, missed=133)
    assert agreement.precision.interval == wilson(81, 263)
    assert agreement.recall.interval == wilson(15, 148)
