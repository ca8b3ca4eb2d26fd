"""Figures against sums by hand, and against the definitions written out."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.evaluation.bootstrap import Sampling
from bot.evaluation.metrics import Figure, Grid, exact_share, measure, share_of

SAMPLING = Sampling(draws=1000, seed=3)


def grid(names: str, expected: list[str], given_: list[str], left_out: list[str] | None = None) -> Grid:
    """Return a grid of classes that are one letter each: `expected` has the letters of every text."""
    rows = len(expected)

    def members(texts: list[str]) -> np.ndarray[tuple[int, ...], np.dtype[np.bool_]]:
        return np.array([[name in text for name in names] for text in texts], dtype=bool).reshape(rows, len(names))

    return Grid(
        tuple(names),
        members(expected),
        members(given_),
        ~members(left_out or [""] * rows),
        np.arange(rows, dtype=np.int64),
    )


def test_precision_recall_and_f1_are_those_worked_out_by_hand() -> None:
    # a: 3 hits, 1 extra, 2 missed → P 3/4, R 3/5, F1 6/9. b: 1 hit, 0 extra, 1 missed → P 1, R 1/2, F1 2/3.
    found = measure(grid("ab", ["a", "a", "ab", "ab", "a", ""], ["a", "a", "ab", "", "", "a"]), SAMPLING)
    a, b = found.of("a"), found.of("b")
    assert (a.support, a.given, a.hits) == (5, 4, 3)
    assert a.precision.value == pytest.approx(3 / 4)
    assert a.recall.value == pytest.approx(3 / 5)
    assert a.f1.value == pytest.approx(6 / 9)
    assert (b.support, b.given, b.hits) == (2, 1, 1)
    assert b.precision.value == 1.0
    assert b.recall.value == 0.5
    assert b.f1.value == pytest.approx(2 / 3)
    assert found.macro_f1.value == pytest.approx(2 / 3)
    assert found.items == 6


def test_what_would_divide_by_zero_does_not_exist() -> None:
    found = measure(grid("abc", ["a", "a"], ["", "c"]), SAMPLING)
    assert found.of("a").precision == Figure()
    assert found.of("a").recall.value == 0.0
    assert found.of("b").f1 == Figure()
    assert found.of("c").recall == Figure()
    assert found.of("c").precision.value == 0.0


def test_the_average_is_over_the_classes_that_occur_in_the_labels() -> None:
    found = measure(grid("abc", ["a", "b", "b"], ["a", "b", "c"]), SAMPLING)
    assert found.averaged == ("a", "b")
    assert found.macro_f1.value == pytest.approx((1 + 2 / 3) / 2)


def test_what_is_left_out_counts_nowhere() -> None:
    found = measure(grid("a", ["a", "a", ""], ["a", "", "a"], left_out=["", "a", "a"]), SAMPLING).of("a")
    assert (found.support, found.given, found.doubtful) == (1, 1, 2)
    assert found.f1.value == 1.0


def test_nothing_at_all_has_no_figures() -> None:
    found = measure(grid("a", [], []), SAMPLING)
    assert (found.items, found.macro_f1, found.averaged) == (0, Figure(), ())


def test_three_of_three_is_not_certain() -> None:
    """The bootstrap sees no difference between its draws; the Wilson interval of 3 of 3 is 0.4385 to 1."""
    found = measure(grid("a", ["a"] * 3, ["a"] * 3), SAMPLING).of("a")
    assert found.recall == found.precision
    assert (round(found.recall.low or 0, 4), found.recall.high) == (0.4385, 1.0)
    assert found.f1.low == pytest.approx(2 * 0.43850 / 1.43850, abs=1e-4)


def test_more_texts_make_a_narrower_interval() -> None:
    few = measure(grid("a", ["a"] * 20, ["a"] * 14 + [""] * 6), SAMPLING).of("a").recall
    many = measure(grid("a", ["a"] * 2000, ["a"] * 1400 + [""] * 600), SAMPLING).of("a").recall
    assert few.value == many.value == 0.7
    assert _width(many) < _width(few) / 5


def test_texts_that_are_drawn_together_make_a_wider_interval() -> None:
    """Forty copies of ten texts say as much as ten texts."""
    alone = grid("a", ["a"] * 40, (["a"] * 7 + [""] * 3) * 4)
    together = Grid(alone.names, alone.expected, alone.given, alone.counted, np.arange(40) % 10)
    assert _width(measure(together, SAMPLING).of("a").recall) > 1.5 * _width(measure(alone, SAMPLING).of("a").recall)


_LETTERS = st.sets(st.sampled_from("abc")).map("".join)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.tuples(_LETTERS, _LETTERS), min_size=1, max_size=30), st.randoms())
def test_figures_follow_their_definitions_whatever_the_texts(texts: list[tuple[str, str]], random: object) -> None:
    expected, seen = [text for text, _ in texts], [text for _, text in texts]
    found = measure(grid("abc", expected, seen), SAMPLING)
    for name in "abc":
        tp = sum(name in wanted and name in got for wanted, got in texts)
        fp = sum(name not in wanted and name in got for wanted, got in texts)
        fn = sum(name in wanted and name not in got for wanted, got in texts)
        figures = found.of(name)
        assert figures.precision.value == (pytest.approx(tp / (tp + fp)) if tp + fp else None)
        assert figures.recall.value == (pytest.approx(tp / (tp + fn)) if tp + fn else None)
        if tp:  # the harmonic mean of the two, as it is usually written
            precision, recall = tp / (tp + fp), tp / (tp + fn)
            assert figures.f1.value == pytest.approx(2 * precision * recall / (precision + recall))
        for figure in (figures.precision, figures.recall, figures.f1):
            _holds(figure)
    _holds(found.macro_f1)


@settings(max_examples=30, deadline=None)
@given(st.lists(st.tuples(_LETTERS, _LETTERS), min_size=2, max_size=20), st.integers(0, 100))
def test_the_order_of_the_texts_changes_no_figure_and_the_same_seed_no_interval(
    texts: list[tuple[str, str]], turn: int
) -> None:
    turned = texts[turn % len(texts) :] + texts[: turn % len(texts)]

    def measured(of: list[tuple[str, str]]) -> list[float | None]:
        found = measure(grid("abc", [text for text, _ in of], [text for _, text in of]), SAMPLING)
        return [found.of(name).f1.value for name in "abc"]

    assert measured(texts) == measured(turned)
    whole = grid("abc", [text for text, _ in texts], [text for _, text in texts])
    assert measure(whole, SAMPLING) == measure(whole, SAMPLING)


def test_a_share_is_counted_among_those_it_is_of() -> None:
    hit, of = np.array([True, True, False, False]), np.array([True, False, True, True])
    found = share_of(hit, of, np.arange(4), SAMPLING)
    assert (found.count, found.of) == (1, 3)
    assert found.figure.value == pytest.approx(1 / 3)
    assert share_of(hit, np.zeros(4, dtype=bool), np.arange(4), SAMPLING).figure == Figure()


def test_an_exact_share_has_the_wilson_interval() -> None:
    found = exact_share(15, 148).figure  # Newcombe's table
    assert (round(found.low or 0, 4), round(found.high or 0, 4)) == (0.0624, 0.1605)
    assert exact_share(0, 0).figure == Figure()


def _width(figure: Figure) -> float:
    assert figure.low is not None
    assert figure.high is not None
    return figure.high - figure.low


def _holds(figure: Figure) -> None:
    """A figure lies between 0 and 1, and its interval too."""
    if figure.value is None:
        assert (figure.low, figure.high) == (None, None)
        return
    assert figure.low is not None
    assert figure.high is not None
    assert 0 <= figure.low < figure.high <= 1
    assert 0 <= figure.value <= 1
    assert not math.isnan(figure.value)
