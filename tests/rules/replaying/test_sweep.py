"""What a rule would do at other thresholds, held against the rule itself written with those thresholds."""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from bot.rules.backtest import Replayed
from bot.rules.replaying.sweep import GRID, Dial, Sweep, dial_of, level_of
from tests.rules.replaying.builders import one, replayed, rule, rules, run

SHAPES = [
    "{toxiciteit: {label: insult, vanaf: VANAF}}",
    "{een: [{woorden: [appel]}, {toxiciteit: {label: insult, vanaf: VANAF}}]}",
    "{alle: [{woorden: [appel]}, {toxiciteit: {label: insult, vanaf: VANAF}}]}",
    "{alle: [{woorden: [appel]}, {geen: [{toxiciteit: {label: insult, vanaf: VANAF}}]}]}",
    "{een: [{woorden: [peer]}, {alle: [{geen: [{toxiciteit: {label: insult, vanaf: VANAF}}]}, {woorden: [appel]}]}]}",
]


def history() -> list[Replayed]:
    """Return reactions with words and scores of every kind, also right on a threshold and without a score."""
    chance = random.Random(7)
    found = [
        replayed(
            chance.choice(["appel", "peer", "appel peer", "niets"]),
            chance.choice([True, False, None]),
            scores={"insult": chance.choice([0.0, 0.004, 0.01, 0.29, 0.3, 0.5, 0.57, 0.92, 0.9999, 1.0])},
        )
        for _ in range(300)
    ]
    return [*found, replayed("appel", True, scores=None), replayed("appel", False, scores={"threat": 0.9})]


def swept(tmp_path: Path, shape: str, given: list[Replayed], threshold: str = "0.57") -> Sweep:
    found = one(run(None, rules(tmp_path, rule(shape.replace("VANAF", threshold))), given)).sweep
    assert found is not None
    return found


@pytest.mark.parametrize("shape", SHAPES)
def test_each_point_is_what_the_rule_does_with_that_threshold(tmp_path: Path, shape: str) -> None:
    given = history()
    known = [reaction for reaction in given if reaction.scores is not None and "insult" in reaction.scores]
    points = {point.threshold: point for point in swept(tmp_path, shape, given).points}
    for threshold in (0.01, 0.02, 0.29, 0.3, 0.31, 0.57, 0.92, 0.93, 1.0):
        written = one(run(None, rules(tmp_path, rule(shape.replace("VANAF", str(threshold)))), known))
        point = points[threshold]
        assert point.hits == written.hits, threshold
        assert (point.upheld, point.overruled) == (written.agreement.upheld, written.agreement.overruled), threshold


@pytest.mark.parametrize("threshold", ["0.005", "0.01", "0.57", "1"])
@pytest.mark.parametrize("shape", SHAPES)
def test_the_curve_does_not_depend_on_where_the_threshold_stands_now(
    tmp_path: Path, shape: str, threshold: str
) -> None:
    given = history()
    assert swept(tmp_path, shape, given, threshold).points == swept(tmp_path, shape, given).points
    assert swept(tmp_path, shape, given, threshold).dial == Dial("insult", float(threshold))


def test_one_decision_about_like_reactions_counts_once_on_the_curve(tmp_path: Path) -> None:
    raid = [replayed("x", True, scores={"insult": 0.5}, decision=3) for _ in range(10)]
    points = swept(tmp_path, SHAPES[0], raid).points
    assert [(point.hits, point.upheld) for point in points[48:51]] == [(10, 1), (10, 1), (0, 0)]


@pytest.mark.parametrize(
    "when",
    [
        "{woorden: [appel]}",
        "{een: [{toxiciteit: {label: insult, vanaf: 0.5}}, {toxiciteit: {label: threat, vanaf: 0.5}}]}",
        "{een: [TOXIC, {alle: [{woorden: [a]}, TOXIC]}]}".replace("TOXIC", "{toxiciteit: {label: insult, vanaf: 0.5}}"),
    ],
)
def test_a_rule_with_none_or_several_has_no_curve(tmp_path: Path, when: str) -> None:
    found = rules(tmp_path, rule(when))
    assert dial_of(found.rules[0].written.wanneer) is None
    assert one(run(None, found, history())).sweep is None


@pytest.mark.parametrize(
    ("score", "level"),
    [(0.0, 0), (0.0099, 0), (0.01, 1), (0.015, 1), (0.29, 29), (0.57, 57), (0.58, 58), (0.9999, 99), (1.0, 100)],
)
def test_a_score_reaches_the_thresholds_up_to_itself(score: float, level: int) -> None:
    assert level_of(score) == level
    assert all(score >= threshold for threshold in GRID[:level])
    assert all(score < threshold for threshold in GRID[level:])


def test_a_channel_where_the_rule_does_not_hold_is_not_on_the_curve(tmp_path: Path) -> None:
    written = rule(SHAPES[0].replace("VANAF", "0.5"), extra="    kanalen: [discord]\n")
    given = [replayed("x", scores={"insult": 0.9}, channel=channel) for channel in ("discord", "telegram")]
    found = one(run(None, rules(tmp_path, written), given)).sweep
    assert found is not None
    assert found.points[0].hits == 1
