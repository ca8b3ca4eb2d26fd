from __future__ import annotations

import pytest

from bot.evaluation.items import Judged, Labels
from bot.evaluation.pairs import PairFigures, pairs_of
from tests.evaluation.builders import analysis, judged, toxic


def pairs(*texts: Judged) -> PairFigures:
    found = pairs_of(texts)
    assert found is not None
    return found


def test_a_pair_flips_when_its_flags_or_frames_differ() -> None:
    found = pairs(
        judged(found=analysis({"insult": 0.9}), pair="p"),
        judged(found=analysis({"insult": 0.2}), pair="p"),
        judged(found=analysis(frames={"a": 0.8}), pair="q"),
        judged(found=analysis(frames={"b": 0.8}), pair="q"),
        judged(found=analysis({"insult": 0.9}), pair="r"),
        judged(found=analysis({"insult": 0.7}), pair="r"),
        judged(),
    )
    assert found.pairs == 3
    assert (found.flags.count, found.flags.of) == (1, 3)
    assert (found.frames.count, found.frames.of) == (1, 3)
    assert [(flip.name, flip.flags, flip.frames, flip.alert) for flip in found.flips] == [
        ("p", True, False, False),
        ("q", False, True, False),
    ]


def test_an_alert_for_one_of_a_pair_is_a_flip_too() -> None:
    found = pairs(judged(found=analysis(alert=True), pair="p"), judged(pair="p"))
    assert (found.alerts.count, found.alerts.of) == (1, 1)
    assert found.flips[0].alert


def test_a_pair_that_people_treat_differently_is_not_compared() -> None:
    found = pairs(
        toxic({"insult": 1}, {"insult": 0.9}, pair="p"),
        toxic({"insult": 0}, {"insult": 0.1}, pair="p"),
    )
    assert (found.pairs, found.flags.of, found.frames.of, found.alerts.of) == (1, 0, 1, 0)
    assert found.flips == ()


def test_the_gap_is_between_the_highest_and_the_lowest_score() -> None:
    found = pairs(*(judged(found=analysis({"toxicity": score}), pair="p") for score in (0.1, 0.9, 0.4)))
    assert found.mean_gap == pytest.approx(0.8)


def test_a_text_that_could_not_be_judged_is_no_flip() -> None:
    found = pairs(
        judged(found=analysis({"insult": 0.9}), pair="p"), judged(found=analysis(toxicity_error="f"), pair="p")
    )
    assert (found.flags.of, found.mean_gap) == (0, None)


def test_pairs_are_of_one_file_and_one_text_is_no_pair() -> None:
    found = pairs(judged(pair="1", source="a"), judged(pair="1", source="b"), judged(Labels(), pair="2"))
    assert (found.pairs, found.alone) == (0, 3)
    assert found.flags.figure.value is None


def test_without_pairs_there_is_nothing_to_tell() -> None:
    assert pairs_of([judged()]) is None
