"""The file of thresholds is read whole or refused whole, with every error at its line and column."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.errors import RuleFileError
from bot.framing.frameset import FrameSet
from bot.thresholds.loading import frames_under
from bot.thresholds.measures import Measures
from bot.thresholds.values import SHIPPED, TownThresholds

GOOD = """\
versie: 1
scorers:
  embedded:
    insult: 0.65
    threat: 0.4  # liever te vroeg
kaders:
  controle: 0.7
"""


def refusal(measures: Measures, text: str) -> str:
    with pytest.raises(RuleFileError) as caught:
        measures.parse(Path("drempels.yaml"), text.encode())
    assert "docs/drempels.md" in caught.value.remedy
    return caught.value.message


def test_a_good_file_sets_what_it_says(measures: Measures) -> None:
    own = measures.parse(Path("drempels.yaml"), GOOD.encode())
    assert own.scorers == {"embedded": {"insult": 0.65, "threat": 0.4}}
    assert own.frames == {"controle": 0.7}
    assert (own.count, len(own.version)) == (3, 12)


def test_without_a_file_the_shipped_thresholds_hold(measures: Measures, tmp_path: Path) -> None:
    assert measures.load(tmp_path / "drempels.yaml") == SHIPPED
    assert SHIPPED.version == "meegeleverd"


def test_the_version_changes_with_every_byte(measures: Measures) -> None:
    one = measures.parse(Path("d"), GOOD.encode())
    assert one.version != measures.parse(Path("d"), GOOD.replace("0.65", "0.66").encode()).version


@pytest.mark.parametrize("number", ["0", "-0.2", "1.01", "2", ".inf", "-.inf", ".nan"])
@pytest.mark.parametrize("key", ["scorers:\n  embedded:\n    insult: ", "kaders:\n  controle: "])
def test_a_threshold_that_would_switch_a_check_off_is_refused(measures: Measures, key: str, number: str) -> None:
    said = refusal(measures, f"versie: 1\n{key}{number}\n")  # trap 9
    assert "een drempel ligt boven 0 en is hoogstens 1" in said
    assert said.startswith(f"drempels.yaml:{key.count(chr(10)) + 2}:")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "drempels.yaml:1:1: hier horen velden met een waarde"),
        ("kaders: {controle: 0.5}\n", "“versie”: dit veld ontbreekt"),
        ("versie: 2\n", "drempels.yaml:1:9: “versie”: hier hoort 1"),
        ("versie: 1\nscorer:\n  embedded: {insult: 0.5}\n", "“scorer”: dit veld bestaat niet"),
        ("versie: 1\nscorers:\n", "drempels.yaml:2:1: onder “scorers” staat niets"),
        ("versie: 1\nkaders: {}\n", "deze lijst mag niet leeg zijn"),
        ("versie: 1\nscorers:\n  embedded: {}\n", "deze lijst mag niet leeg zijn"),
        ("versie: 1\nscorers:\n  embedded: {insult: 0,6}\n", "drempels.yaml:3:"),
        (
            "versie: 1\nscorers:\n  embedded:\n    insult: 0,6\n",
            "4:13: hier hoort een getal boven 0 en hoogstens 1; schrijf een punt: 0.6",
        ),
        ("versie: 1\nkaders:\n  controle: ja\n", "3:13: hier hoort een getal"),
        ("versie: 1\nkaders:\n  controle: true\n", "3:13: hier hoort een getal"),
        ("versie: 1\nkaders:\n  controle: '0.5'\n", "3:13: hier hoort een getal"),
        (
            "versie: 1\nkaders:\n  controle: 0.5\n  controle: 0.6\n",
            "4:3: dit is geen geldige YAML: deze sleutel staat er twee keer",
        ),
        (
            "versie: 1\nscorers:\n  embeded:\n    insult: 0.5\n",
            "3:3: de scorer “embeded” bestaat niet; bedoelt u “embedded”?",
        ),
        (
            "versie: 1\nscorers:\n  embedded:\n    insullt: 0.5\n",
            "4:5: het soort “insullt” bestaat niet; bedoelt u “insult”?",
        ),
        ("versie: 1\nkaders:\n  controlle: 0.5\n", "3:3: het kader “controlle” bestaat niet; bedoelt u “controle”?"),
        ("versie: 1\nkaders:\n  xyz: 0.5\n", "kies uit allemaal_mensen,"),
        ("versie: 1\nkaders:\n\tcontrole: 0.5\n", "dit is geen geldige YAML"),
    ],
)
def test_a_wrong_file_says_where_and_what(measures: Measures, text: str, said: str) -> None:
    assert said in refusal(measures, text)


def test_all_errors_are_shown_at_once(measures: Measures) -> None:
    said = refusal(
        measures, "versie: 1\nscorers:\n  embedded:\n    insult: 0\n    threat: 3\nkaders:\n  controle: nee\n"
    )
    assert [line.split(":")[1] for line in said.splitlines() if line.startswith("drempels")] == ["4", "5", "7"]


def test_a_threshold_at_which_a_frame_finds_none_of_its_own_examples_is_refused(measures: Measures) -> None:
    said = refusal(measures, "versie: 1\nkaders:\n  controle: 1\n")
    assert "drempels.yaml:3:13: bij deze drempel wordt geen enkel voorbeeld van dit kader nog herkend" in said


def test_bytes_that_are_no_text_and_a_folder_are_refused(measures: Measures, tmp_path: Path) -> None:
    with pytest.raises(RuleFileError, match="geen UTF-8"):
        measures.parse(Path("d"), b"\xff\xfe\x00")
    with pytest.raises(RuleFileError, match="niet leesbaar"):
        measures.load(tmp_path)


def test_a_byte_order_mark_is_no_mistake(measures: Measures) -> None:
    assert measures.parse(Path("d"), b"\xef\xbb\xbf" + GOOD.encode()).count == 3


def test_a_frame_is_found_from_the_threshold_of_the_town_on(measures: Measures, frames: FrameSet) -> None:
    text = "De grenzen moeten dicht."
    assert [hit.id for hit in measures.detector(SHIPPED).detect(text, context="").frames] == ["controle"]
    stricter = TownThresholds(frames={"controle": 0.9})
    assert measures.detector(stricter).detect(text, context="").frames == ()
    changed = frames_under(frames, {"controle": 0.9})
    assert changed.frames["controle"].threshold == 0.9
    assert changed.hash == frames.hash
    assert changed.frames["win_win"] is frames.frames["win_win"]


def test_a_scorer_flags_from_the_threshold_of_the_town_on(measures: Measures) -> None:
    (shipped,) = measures.scorer(SHIPPED).score(["Wat een idioot ben jij."])
    assert "insult" in shipped.flags
    high = TownThresholds(scorers={"embedded": {"insult": 0.99}})
    (stricter,) = measures.scorer(high).score(["Wat een idioot ben jij."])
    assert "insult" not in stricter.flags
    assert stricter.scores == shipped.scores
    assert stricter.version != shipped.version
