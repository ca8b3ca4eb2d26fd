from __future__ import annotations

from collections import Counter

import pytest

from bot.core.findings import Tension, Tone
from bot.evaluation.confusion import confusion_of, frame_cells, tension_cells, tone_cells
from bot.evaluation.grids import NO_FRAME
from bot.evaluation.items import Labels, Part
from tests.evaluation.builders import analysis, framed, judged


@pytest.mark.parametrize(
    ("expected", "seen", "cells", "why"),
    [
        ([], [], [(NO_FRAME, NO_FRAME)], "rightly nothing"),
        (["a"], ["a"], [("a", "a")], "found"),
        (["a"], [], [("a", NO_FRAME)], "missed, and nothing instead"),
        ([], ["b"], [(NO_FRAME, "b")], "seen where there is none"),
        (["a"], ["b"], [("a", "b")], "taken for another"),
        (["a"], ["b", "c"], [("a", "b"), ("a", "c")], "taken for two others"),
        (["a"], ["a", "b"], [("a", "a"), (NO_FRAME, "b")], "found, and one too many"),
        (["a", "b"], ["a"], [("a", "a"), ("b", NO_FRAME)], "one of two"),
        (["a", "b"], ["a", "c"], [("a", "a"), ("b", "c")], "one of two, the other taken for a third"),
    ],
)
def test_frames_that_are_taken_for_others(
    expected: list[str], seen: list[str], cells: list[tuple[str, str]], why: str
) -> None:
    assert list(frame_cells([framed(expected, dict.fromkeys(seen, 0.8))])) == cells, why


def test_a_table_holds_what_occurs_in_the_order_of_the_names() -> None:
    found = confusion_of(Part.TONE, [("b", "a"), ("b", "a"), ("a", "a")], ["a", "b", "c"])
    assert found.names == ("a", "b")
    assert found.counts == ((1, 0), (2, 0))


def test_every_text_is_once_in_the_table_of_tones_and_of_tensions() -> None:
    labels = Labels(tone=Tone.WORRY, tension=Tension.CONFLICT)
    texts = [judged(labels, analysis(tone=Tone.CRITICISM)), judged(), judged(labels, analysis(framing_error="fout"))]
    assert Counter(tone_cells(texts)) == {("zorg", "kritiek"): 1}
    assert Counter(tension_cells(texts)) == {("conflict", "geen"): 1}
