"""The draws: reproducible, the same in pieces, and an interval that holds the truth as often as it says."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as arrays

from bot.evaluation import bootstrap
from bot.evaluation.bootstrap import Sampling, percentiles, ratio, resampled_sums
from bot.evaluation.metrics import Grid, measure


def test_each_draw_takes_as_many_texts_as_there_are() -> None:
    sums = resampled_sums(np.ones((37, 1)), np.arange(37), Sampling())
    assert sums.shape == (2000, 1)
    assert set(sums[:, 0]) == {37.0}


def test_draws_are_drawn_anew_and_a_seed_gives_them_again() -> None:
    column = np.arange(10.0)[:, None]
    once, again = (resampled_sums(column, np.arange(10), Sampling(seed=5)) for _ in range(2))
    other = resampled_sums(column, np.arange(10), Sampling(seed=6))
    assert (once == again).all()
    assert (once != other).any()
    assert len(np.unique(once)) > 20


def test_texts_of_one_cluster_are_drawn_together() -> None:
    sums = resampled_sums(np.eye(4), np.array([7, 7, 2, 2]), Sampling())
    assert (sums[:, 0] == sums[:, 1]).all()
    assert (sums[:, 2] == sums[:, 3]).all()
    assert set(sums.sum(axis=1)) == {4.0}


def test_many_texts_are_drawn_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bootstrap, "_WEIGHTS_AT_ONCE", 1000)
    sums = resampled_sums(np.ones((300, 1)), np.arange(300), Sampling(draws=1000))
    assert sums.shape == (1000, 1)
    assert set(sums[:, 0]) == {300.0}


def test_nothing_to_draw_from() -> None:
    assert (resampled_sums(np.zeros((0, 2)), np.zeros(0, dtype=np.int64), Sampling()) == np.zeros((2000, 2))).all()


def test_too_few_draws_are_refused() -> None:
    with pytest.raises(ValueError, match="1000"):
        Sampling(draws=999)


@settings(max_examples=60, deadline=None)
@given(
    arrays.arrays(
        np.float64,
        st.tuples(st.integers(1, 60), st.integers(1, 3)),
        elements=st.one_of(st.floats(0, 1), st.just(float("nan"))),
    )
)
def test_percentiles_are_those_of_numpy_without_the_draws_that_do_not_exist(
    draws: np.ndarray[tuple[int, int], np.dtype[np.float64]],
) -> None:
    found = percentiles(draws)
    for at in range(draws.shape[1]):
        column = draws[~np.isnan(draws[:, at]), at]
        if column.size:
            assert found[:, at] == pytest.approx(np.quantile(column, [0.025, 0.975]))
        else:
            assert np.isnan(found[:, at]).all()


def test_a_ratio_without_a_denominator_is_no_number() -> None:
    found = ratio(np.array([1.0, 0.0]), np.array([2.0, 0.0]))
    assert found[0] == 0.5
    assert np.isnan(found[1])


@pytest.mark.parametrize(("texts", "at_least"), [(60, 0.88), (300, 0.91)])
def test_the_interval_holds_the_truth_about_as_often_as_it_says(texts: int, at_least: float) -> None:
    """Texts of a known world: 40% have the label, 70% of those are found, 10% of the others are seen wrongly.

    Precision is then 0.28/0.34, recall 0.7 and F1 0.56/0.74. Of 300 sets of texts, 95% of the intervals should hold
    the truth; the percentile interval falls a little short of that on few texts, which is why there is a margin.
    """
    truth = {"precision": 0.28 / 0.34, "recall": 0.7, "f1": 0.56 / 0.74}
    generator = np.random.default_rng(20261124)
    inside = dict.fromkeys(truth, 0)
    for trial in range(300):
        expected = generator.random(texts) < 0.4
        seen = np.where(expected, generator.random(texts) < 0.7, generator.random(texts) < 0.1)
        counted = np.ones((texts, 1), dtype=bool)
        figures = measure(
            Grid(("a",), expected[:, None], seen[:, None], counted, np.arange(texts)), Sampling(1000, trial)
        ).of("a")
        for name, value in truth.items():
            figure = getattr(figures, name)
            inside[name] += figure.low <= value <= figure.high
    assert all(at_least <= count / 300 <= 0.99 for count in inside.values()), inside
