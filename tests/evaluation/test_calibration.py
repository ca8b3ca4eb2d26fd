from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.evaluation.calibration import Calibration, calibration_of


def calibrated(*pairs: tuple[float, bool]) -> Calibration:
    found = calibration_of("insult", np.array([s for s, _ in pairs]), np.array([right for _, right in pairs]))
    assert found is not None
    return found


def test_the_error_is_the_gap_of_each_bin_weighed_by_its_texts() -> None:
    # 0.0-0.1: 3 texts, mean 0.05, share 0 → gap 0.05. 0.8-0.9: 2 texts, mean 0.85, share 0.5 → gap 0.35.
    found = calibrated((0.05, False), (0.05, False), (0.05, False), (0.8, True), (0.9 - 1e-9, False))
    assert found.error == pytest.approx(0.6 * 0.05 + 0.4 * 0.35)
    assert [(one.low, one.high, one.share.count, one.share.of) for one in found.bins] == [
        (0.0, 0.1, 0, 3),
        (0.8, 0.9, 1, 2),
    ]
    assert found.items == 5


@pytest.mark.parametrize(("score", "low"), [(0.0, 0.0), (0.1, 0.1), (0.3, 0.3), (0.7, 0.7), (0.6999, 0.6), (1.0, 0.9)])
def test_a_score_on_an_edge_belongs_to_the_bin_above(score: float, low: float) -> None:
    assert calibrated((score, True)).bins[0].low == low


def test_scores_that_are_shares_have_no_error() -> None:
    assert calibrated(*[(0.25, True)] + [(0.25, False)] * 3).error == pytest.approx(0.0)


def test_scores_that_are_always_wrong_have_an_error_of_one() -> None:
    assert calibrated((1.0, False), (0.0, True)).error == pytest.approx(1.0)


def test_without_scores_there_is_no_calibration() -> None:
    assert calibration_of("insult", np.array([]), np.array([], dtype=bool)) is None


@given(st.lists(st.tuples(st.floats(0, 1), st.booleans()), min_size=1, max_size=50))
def test_every_text_is_in_one_bin_that_holds_its_score(pairs: list[tuple[float, bool]]) -> None:
    found = calibrated(*pairs)
    assert sum(one.share.of for one in found.bins) == len(pairs)
    assert sum(one.share.count for one in found.bins) == sum(right for _, right in pairs)
    assert all(one.low <= one.mean_score + 1e-9 and one.mean_score <= one.high + 1e-9 for one in found.bins)
    assert 0 <= found.error <= 1
