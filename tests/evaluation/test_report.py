from __future__ import annotations

import pytest

from bot.core.findings import Tension, Tone
from bot.evaluation import Doubt, Labels, Options, Part, Sampling, report_of
from bot.evaluation.report import FRAMES
from bot.evaluation.tables import (
    calibration_table,
    confusion_table,
    curve_table,
    in_force,
    part_table,
    remarks,
    slice_table,
    summary,
    told,
    warnings,
)
from tests.evaluation.builders import analysis, framed, judged, toxic

OPTIONS = Options(sampling=Sampling(1000), frames=("controle", "win_win"), values=("vrijheid",))


def test_a_part_that_nobody_labelled_is_not_measured() -> None:
    report = report_of([judged()], OPTIONS)
    assert [report.toxicity, report.frames, report.values, report.tone, report.tension] == [None] * 5
    assert (report.curves, report.calibrations, report.confusions, report.mistakes) == ((), (), (), ())
    assert report.alerts.of == 1
    assert any("Geen enkele tekst heeft `labels`" in warning for warning in warnings(report))


def test_everything_that_is_labelled_is_measured() -> None:
    labels = Labels({"toxicity": 1}, frozenset({"controle"}), frozenset({"vrijheid"}), Tone.HOSTILE, Tension.AFFECTIVE)
    found = analysis({"toxicity": 0.9}, {"controle": 0.8}, values=["vrijheid"], tone=Tone.HOSTILE, alert=True)
    report = report_of([judged(labels, found)], OPTIONS)
    for part in (report.toxicity, report.frames, report.values, report.tone, report.tension):
        assert part is not None
        assert part.items == 1
    assert {curve.name for curve in report.curves} == {"toxicity", FRAMES}
    assert {calibration.name for calibration in report.calibrations} == {"toxicity", FRAMES}
    assert {confusion.part for confusion in report.confusions} == {Part.TONE, Part.TENSION, Part.FRAMES}
    assert report.versions == {"program": ("1",), "scorer": ("embedded 1",), "frames": ("lexicaal-1",)}


def test_what_could_not_be_judged_is_counted_and_is_in_no_figure() -> None:
    broken = analysis(toxicity_error="fout: TimeoutError", alert=True)
    report = report_of(
        [judged(Labels(toxicity={"toxicity": 1}), broken), toxic({"toxicity": 1}, {"toxicity": 1})], OPTIONS
    )
    assert report.not_evaluated == {Part.TOXICITY: 1}
    assert report.toxicity is not None
    assert report.toxicity.of("toxicity").recall.value == 1.0
    assert report.toxicity.items == 1
    assert "Toxiciteit: 1 tekst kon Verbinder niet beoordelen" in next(warnings(report))


def test_versions_that_differ_are_all_told() -> None:
    texts = [judged(found=analysis(versions={"scorer": version})) for version in ("1", "2", "1")]
    assert report_of(texts, OPTIONS).versions == {"scorer": ("1", "2")}


def test_what_doubt_counts_as_is_always_said() -> None:
    texts = [toxic({"insult": 0.5}, {})]
    for doubt, words in ((Doubt.LEFT_OUT, "niet mee"), (Doubt.NO, "als nee"), (Doubt.YES, "als ja")):
        report = report_of(texts, Options(doubt, Sampling(1000)))
        said = next(remarks(report))
        assert words in said
        assert "Het zijn er 1." in said


def test_texts_that_stand_there_twice_are_warned_of() -> None:
    report = report_of([judged(text="a"), judged(text="a"), judged(text="b")], OPTIONS)
    assert report.repeated == 1
    assert any("1 tekst staat er meer dan één keer in" in warning for warning in warnings(report))


def test_the_short_of_it_names_every_main_figure() -> None:
    report = report_of(
        [
            toxic({"identity_attack": 1}, {}),
            toxic({}, {}, pair="p"),
            toxic({}, {}, pair="p"),
            framed([], {"win_win": 0.7}),
        ],
        OPTIONS,
    )
    assert [what for what, _ in summary(report)] == [
        "Kwetsend of niet, macro-F1",
        "Aanval op een groep, F1",
        "Kaders, macro-F1",
        "Meldingen aan moderatoren",
        "Vals alarm",
        "Kader te veel",
        "Paren met andere vlaggen",
    ]


def test_tables_say_it_in_dutch() -> None:
    report = report_of(
        [
            *[toxic({"insult": 1}, {"insult": 0.9}, slices={"variant": "dialect"})] * 2,
            toxic({"insult": 0.5}, {"insult": 0.3}),
            framed(["win_win"], {"controle": 0.75}),
        ],
        OPTIONS,
    )
    (toxicity, figures), (frames, seen) = told(report)
    found = part_table(toxicity, figures)
    assert found.caption == "Toxiciteit: 3 teksten gemeten"
    assert found.heads[-1] == "weggelaten"
    assert found.rows[0] == (
        "belediging",
        "2",
        "2",
        "100% (34% tot 100%)",
        "100% (34% tot 100%)",
        "1,00 (0,51 tot 1,00)",
        "1",
    )
    assert found.rows[-1][0] == "gemiddeld (macro)"
    assert found.marked == {len(found.rows) - 1}
    assert [row[0] for row in part_table(frames, seen).rows] == ["controle", "win win", "gemiddeld (macro)"]
    (confusion,) = report.confusions
    assert confusion_table(confusion).rows[1] == ("win win", "1", "·")
    assert slice_table(report.slices[0]).rows[0][:3] == ("dialect", "2 (weinig)", "–")
    assert calibration_table(report.calibrations[0]).caption == "belediging: kloof 0,10 over 2 scores"


def test_the_threshold_in_force_has_a_row_even_between_the_steps() -> None:
    report = report_of([toxic({"insult": 1}, {"insult": 0.53}), toxic({}, {"insult": 0.51})], OPTIONS)
    curve = report.curves[0]
    assert in_force(curve) == "De drempel van nu is ten hoogste 0,51."
    found = curve_table(curve)
    assert [row[0] for at, row in enumerate(found.rows) if at in found.marked][-1] == "0,50 (nu)"
    narrow = report_of(
        [
            judged(Labels(toxicity={"insult": 1}), analysis({"insult": 0.53}, threshold=0.53)),
            judged(Labels(toxicity={}), analysis({"insult": 0.51}, threshold=0.53)),
        ],
        OPTIONS,
    ).curves[0]
    assert in_force(narrow) == "De drempel van nu ligt boven 0,51 en is ten hoogste 0,53."
    assert [row[0] for row in curve_table(narrow).rows if "nu" in row[0]] == ["0,53 (nu)"]


def test_too_few_texts_are_warned_of() -> None:
    assert any("maar 1 tekst" in warning for warning in warnings(report_of([toxic({}, {})], OPTIONS)))
    assert not list(warnings(report_of([toxic({}, {}, text=str(n)) for n in range(20)], OPTIONS)))


@pytest.mark.parametrize("count", [0, 1])
def test_a_report_of_hardly_anything_is_a_report(count: int) -> None:
    report = report_of([judged()] * count, OPTIONS)
    assert report.items == count
    assert list(summary(report))
