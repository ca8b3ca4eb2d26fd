"""From what a rule does at each threshold to bars and words."""

from __future__ import annotations

from collections.abc import Callable

from bot.review.thresholds import ThresholdLook
from bot.rules.replaying.sweep import GRID, Dial, Sweep, ThresholdPoint
from bot.web.threshold_chart import HEIGHT, Bar, chart_of

Counts = tuple[int, int, int]


def look(counts: Callable[[int], Counts], threshold: float = 0.8) -> ThresholdLook:
    """Return a look in which `counts` gives (hits, upheld, overruled) of each step."""
    points = tuple(ThresholdPoint(value, *counts(step)) for step, value in enumerate(GRID, 1))
    return ThresholdLook(Sweep(Dial("insult", threshold), points), 100, 100)


def stairs(step: int) -> Counts:
    """Twelve reactions score 0.90 (5 upheld, 1 overruled), four score 0.50, three fire whatever the score."""
    return (3 + 12 * (step <= 90) + 4 * (step <= 50), 5 * (step <= 90), 1 * (step <= 90) + 2 * (step <= 50))


def heights(bar: Bar) -> dict[str, float]:
    return {piece.kind: piece.height for piece in bar.pieces}


def test_a_bar_stands_where_reactions_score_and_shows_what_people_made_of_them() -> None:
    chart = chart_of(look(stairs))
    low, high = chart.bars
    assert (low.step, high.step) == (50, 90)
    assert heights(high) == {"terecht": 41.67, "onterecht": 8.33, "open": 50.0}
    assert heights(low) == {"onterecht": 16.67, "open": 16.67}
    assert [piece.top for piece in high.pieces] == [58.33, 50.0, 0.0]
    assert chart.label == "belediging"


def test_bars_at_and_above_the_threshold_fire() -> None:
    for at, fires in ((91, [False, False]), (90, [False, True]), (51, [False, True]), (50, [True, True])):
        assert [bar.fires for bar in chart_of(look(stairs), at).bars] == fires, at


def test_a_rule_that_asks_for_a_low_score_fires_on_the_other_side() -> None:
    for at, fires in ((90, False), (91, True)):
        (bar,) = chart_of(look(lambda step: (7 * (step > 90), 0, 0)), at).bars
        assert (bar.above, bar.fires) == (False, fires)


def test_what_does_not_fit_is_cut_off_and_said() -> None:
    chart = chart_of(look(lambda step: (1000 * (step <= 2) + 10 * (step <= 60), 0, 0)))
    low, high = chart.bars
    assert (low.cut, high.cut, chart.any_cut) == (True, False, True)
    assert heights(low) == heights(high) == {"open": HEIGHT}
    assert not chart_of(look(lambda step: (1000 * (step <= 2), 0, 0))).any_cut, "there is nothing it would hide"


def test_one_reaction_among_many_is_still_seen() -> None:
    one, _many = chart_of(look(lambda step: (1 * (step <= 40) + 5000 * (step <= 60), 0, 0))).bars
    assert heights(one)["open"] >= 2


def test_each_threshold_has_its_words() -> None:
    chart = chart_of(look(stairs), 50)
    assert len(chart.rows) == 100
    row = chart.row
    assert (row.threshold, row.fires, row.upheld, row.overruled) == ("0,50", "19 berichten", "5 keer", "3 keer")
    assert (row.undecided, row.precision, row.compared) == (
        "11 berichten",
        "62% (31% tot 86%)",
        "4 berichten meer dan nu",
    )
    last = chart.rows[-1]
    assert (last.threshold, last.fires, last.compared) == ("1,00", "3 berichten", "12 berichten minder dan nu")
    assert last.precision == "nog geen beslissing"
    assert chart.rows[79].compared == "evenveel als nu"


def test_a_threshold_between_the_steps_and_at_the_ends_has_a_place() -> None:
    places = {threshold: chart_of(look(stairs, threshold)).now for threshold in (0.001, 0.01, 0.925, 1.0)}
    assert places == {0.001: 1, 0.01: 1, 0.925: 92, 1.0: 100}


def test_where_the_score_makes_no_difference_there_are_no_bars() -> None:
    assert chart_of(look(lambda _step: (5, 1, 1))).empty
