from __future__ import annotations

import pytest

from bot.evaluation.bootstrap import Sampling
from bot.evaluation.items import Doubt, Labels
from bot.evaluation.slices import MOST_VALUES, SliceFigures, alerts, false_flags, false_frames, slices_of
from tests.evaluation.builders import analysis, framed, judged, toxic

SAMPLING = Sampling(1000)


def of(value: str, texts: list[object]) -> SliceFigures:
    (table,) = slices_of(texts, Doubt.LEFT_OUT, SAMPLING)  # type: ignore[arg-type]
    (found,) = [one for one in table.values if one.value == value]
    return found


def test_each_value_is_measured_apart_and_the_weakest_stands_first() -> None:
    texts = [
        *[toxic({"toxicity": 1}, {"toxicity": 0.9}, slices={"variant": "standaard"})] * 3,
        toxic({"toxicity": 1}, {"toxicity": 0.9}, slices={"variant": "tussentaal"}),
        toxic({"toxicity": 1}, {}, slices={"variant": "tussentaal"}),
        toxic({}, {"toxicity": 0.9}),
    ]
    (table,) = slices_of(texts, Doubt.LEFT_OUT, SAMPLING)
    assert [(one.value, one.items) for one in table.values] == [("tussentaal", 2), ("standaard", 3)]
    weak, strong = table.values
    assert weak.toxicity is not None
    assert weak.toxicity.value == pytest.approx(2 / 3)
    assert weak.weakest == pytest.approx(2 / 3)
    assert strong.weakest == 1.0
    assert weak.frames is None
    assert weak.identity_attack is None


def test_a_slice_without_toxicity_is_as_weak_as_its_false_alarms() -> None:
    texts = [toxic({}, {"insult": score}, slices={"soort": "grap"}) for score in (0.9, 0.1, 0.1, 0.1)]
    found = of("grap", list(texts))
    assert found.toxicity is None
    assert found.false_flags is not None
    assert (found.false_flags.count, found.false_flags.of) == (1, 4)
    assert found.weakest == 0.75


def test_frames_and_frames_too_many() -> None:
    texts = [
        framed(["a"], {"a": 0.8}, slices={"s": "x"}),
        framed([], {"a": 0.8}, slices={"s": "x"}),
        framed([], {}, slices={"s": "x"}),
    ]
    found = of("x", list(texts))
    assert found.false_frames is not None
    assert (found.false_frames.count, found.false_frames.of) == (1, 2)
    assert found.frames is not None
    assert found.frames.value == pytest.approx(2 / 3)  # "a" 2/3 and "geen" 2/3
    assert found.weakest == 0.5


def test_a_slice_in_which_nothing_is_labelled_comes_last() -> None:
    texts = [judged(slices={"s": "leeg"}), toxic({"toxicity": 1}, {"toxicity": 0.9}, slices={"s": "vol"})]
    (table,) = slices_of(texts, Doubt.LEFT_OUT, SAMPLING)
    assert [one.value for one in table.values] == ["vol", "leeg"]
    assert table.values[1].weakest is None


def test_a_name_with_a_value_for_everyone_is_cut_short_and_says_so() -> None:
    texts = [judged(slices={"auteur": str(number)}) for number in range(MOST_VALUES + 5)]
    (table,) = slices_of(texts, Doubt.LEFT_OUT, SAMPLING)
    assert (len(table.values), table.left_out) == (MOST_VALUES, 5)


def test_shares_over_all_texts() -> None:
    texts = [judged(found=analysis(alert=True)), judged(), toxic({"toxicity": 0.5}, {"toxicity": 0.9})]
    found = alerts(texts, SAMPLING)
    assert (found.count, found.of) == (1, 3)
    assert false_flags(texts, SAMPLING) is None, "an arguable text is not one without toxicity"
    assert false_frames(texts, SAMPLING) is None
    assert false_flags([judged(Labels(toxicity={"insult": 0.0}))], SAMPLING) is not None
