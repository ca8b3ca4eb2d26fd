from __future__ import annotations

import numpy as np
import pytest

from bot.understanding.fitting import fit

RNG = np.random.default_rng(7)
ROWS = RNG.normal(size=(4000, 6))
TRUE = np.array([2.0, -1.0, 0.5, 0.0, 0.0, 1.0])
HELD = (RNG.random(4000) < 1 / (1 + np.exp(-(ROWS @ TRUE - 1.0)))).astype(float)
EVEN = np.ones(4000)


def test_it_finds_the_weights_that_made_the_data() -> None:
    weights, constant = fit(ROWS, HELD, EVEN, start=np.zeros(6), constant=0.0, pull=0.01)
    assert weights == pytest.approx(TRUE, abs=0.2)
    assert constant == pytest.approx(-1.0, abs=0.15)


def test_without_a_reason_it_stays_where_it_started() -> None:
    start = np.array([1.0, 2.0, 3.0, 4.0, 5.0, 6.0])
    weights, constant = fit(ROWS, HELD, EVEN * 0.0, start=start, constant=7.0, pull=1.0)
    assert weights == pytest.approx(start)
    assert constant == pytest.approx(7.0)


def test_a_stronger_pull_keeps_it_nearer_to_the_start() -> None:
    near, _ = fit(ROWS, HELD, EVEN, start=np.zeros(6), constant=0.0, pull=10_000.0)
    far, _ = fit(ROWS, HELD, EVEN, start=np.zeros(6), constant=0.0, pull=1.0)
    assert np.abs(near).sum() < np.abs(far).sum() / 2


def test_a_row_that_counts_double_is_a_row_that_stands_there_twice() -> None:
    weights, constant = fit(ROWS[:300], HELD[:300], np.full(300, 2.0), start=np.zeros(6), constant=0.0, pull=1.0)
    twice = fit(
        np.tile(ROWS[:300], (2, 1)), np.tile(HELD[:300], 2), np.ones(600), start=np.zeros(6), constant=0.0, pull=1.0
    )
    assert weights == pytest.approx(twice[0], abs=1e-6)
    assert constant == pytest.approx(twice[1], abs=1e-6)


def test_it_arrives_from_a_start_that_is_far_off() -> None:
    weights, constant = fit(ROWS, HELD, EVEN, start=np.zeros(6), constant=-25.0, pull=1e-6)
    assert weights == pytest.approx(TRUE, abs=0.2)
    assert constant == pytest.approx(-1.0, abs=0.15)
