from __future__ import annotations

import numpy as np
import pytest

from bot.core.findings import TOXICITY_LABELS, Tension, Tone
from bot.evaluation.bootstrap import Sampling
from bot.evaluation.grids import (
    CLEAN,
    NO_FRAME,
    TOXIC,
    clusters_of,
    frames_grid,
    tension_grid,
    tone_grid,
    toxic_or_not,
    toxicity_grid,
    values_grid,
)
from bot.evaluation.items import Doubt, Labels
from bot.evaluation.metrics import measure
from tests.evaluation.builders import analysis, framed, judged, toxic

SAMPLING = Sampling(1000)


def test_a_label_that_is_absent_has_grade_zero() -> None:
    grid = toxicity_grid([toxic({"insult": 1}, {"threat": 0.9})], Doubt.LEFT_OUT)
    assert grid.names == TOXICITY_LABELS
    assert [name for name, wanted in zip(grid.names, grid.expected[0], strict=True) if wanted] == ["insult"]
    assert [name for name, seen in zip(grid.names, grid.given[0], strict=True) if seen] == ["threat"]


@pytest.mark.parametrize(
    ("doubt", "support", "doubtful"), [(Doubt.LEFT_OUT, 1, 1), (Doubt.NO, 1, 0), (Doubt.YES, 2, 0)]
)
def test_an_arguable_label_counts_as_is_said(doubt: Doubt, support: int, doubtful: int) -> None:
    texts = [toxic({"insult": grade}, {}) for grade in (1, 0.5, 0)]
    figures = measure(toxicity_grid(texts, doubt), SAMPLING).of("insult")
    assert (figures.support, figures.doubtful) == (support, doubtful)


def test_only_what_is_labelled_and_could_be_judged_is_measured() -> None:
    labels = Labels(toxicity={}, frames=frozenset())
    texts = [judged(), judged(labels), judged(labels, analysis(toxicity_error="fout", framing_error="fout"))]
    assert toxicity_grid(texts, Doubt.NO).items == 1
    assert frames_grid(texts).items == 1


def test_toxic_or_not_is_the_label_toxicity_and_its_opposite() -> None:
    # Toxic: 1 found of 2, none extra → F1 2/3. Clean: 2 right, 1 toxic text taken for it → F1 4/5.
    texts = [toxic({"toxicity": 1}, {"toxicity": 0.9}), toxic({"toxicity": 1}, {}), toxic({}, {}), toxic({}, {})]
    found = measure(toxic_or_not(toxicity_grid(texts, Doubt.LEFT_OUT)), SAMPLING)
    assert found.of(TOXIC).f1.value == pytest.approx(2 / 3)
    assert found.of(CLEAN).f1.value == pytest.approx(4 / 5)
    assert found.macro_f1.value == pytest.approx((2 / 3 + 4 / 5) / 2)


def test_a_doubtful_text_is_neither_toxic_nor_clean() -> None:
    found = measure(toxic_or_not(toxicity_grid([toxic({"toxicity": 0.5}, {})], Doubt.LEFT_OUT)), SAMPLING)
    assert [figures.support for figures in found.classes] == [0, 0]


def test_no_frame_is_a_class_of_its_own() -> None:
    texts = [framed([], {}), framed([], {"controle": 0.7}), framed(["controle"], {"controle": 0.8}), framed(["x"], {})]
    grid = frames_grid(texts, ["controle", "win_win"])
    assert grid.names == ("controle", "win_win", "x", NO_FRAME)
    found = measure(grid, SAMPLING)
    assert (found.of(NO_FRAME).support, found.of(NO_FRAME).given, found.of(NO_FRAME).hits) == (2, 2, 1)
    assert found.of("controle").precision.value == 0.5


def test_values_have_no_such_class() -> None:
    texts = [judged(Labels(values=frozenset({"vrijheid"})), analysis(values=["vrijheid", "welvaart"]))]
    assert values_grid(texts).names == ("vrijheid", "welvaart")


def test_every_text_has_one_tone_and_one_tension() -> None:
    texts = [judged(Labels(tone=Tone.WORRY, tension=Tension.CONFLICT), analysis(tone=Tone.CRITICISM))]
    for grid in (tone_grid(texts), tension_grid(texts)):
        assert grid.expected.sum() == grid.given.sum() == 1
        assert not (grid.expected & grid.given).any()


def test_texts_of_a_pair_share_a_cluster_within_their_file() -> None:
    texts = [
        judged(pair="p"),
        judged(),
        judged(pair="p"),
        judged(pair="p", source="twee.jsonl"),
        judged(),
    ]
    clusters = clusters_of(texts)
    assert clusters[0] == clusters[2]
    assert len(np.unique(clusters)) == 4
