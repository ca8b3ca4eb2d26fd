"""What judges is built whole, or one clear error says what is wrong with it."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.analysis import analyse
from bot.app import build_engine
from bot.core.errors import RuleFileError, VerbinderError
from bot.settings import ROOT, Settings
from tests.app.conftest import SettingsOf
from tests.builders import message

GOOD_RULE = """versie: 1
regels:
  - id: schelden
    titel: Niet schelden
    huisregel: "2. Respect"
    status: actief
    ernst: hoog
    wanneer: {woorden: [idioot]}
    doet: [meld_moderator]
    waarom: Uw bericht scheldt iemand uit.
    voorbeelden: {wel: [Wat een idioot], niet: [Dag allemaal]}
"""


def test_the_settings_as_they_come_give_an_engine_that_judges(settings: Settings) -> None:
    analysis = analyse(message("Wat een achterlijke idioot zijt gij"), build_engine(settings))
    assert analysis.decision.alert
    assert analysis.toxicity.scorer == "embedded"


def test_the_rule_file_of_the_settings_is_the_one_in_force(settings_of: SettingsOf, tmp_path: Path) -> None:
    (tmp_path / "regels.yaml").write_text(GOOD_RULE, encoding="utf-8")
    engine = build_engine(settings_of(RULES=str(tmp_path / "regels.yaml")))
    assert [rule.id for rule in engine.rules.house_rules] == ["schelden"]


@pytest.mark.parametrize(
    ("content", "words"),
    [
        pytest.param("", ["regels.yaml"], id="empty"),
        pytest.param("versie: 1\nregels:\n  - id: [\n", ["regels.yaml:"], id="no yaml"),
        pytest.param(GOOD_RULE.replace("idioot]", "idioot"), ["regels.yaml:"], id="a bracket that stays open"),
        pytest.param(GOOD_RULE.replace("ernst: hoog", "ernst: heel erg"), ["regels.yaml:7:"], id="no such severity"),
        pytest.param(GOOD_RULE.replace("Wat een idioot", "Wat een held"), ["held"], id="an example that is wrong"),
        pytest.param(
            GOOD_RULE + "kaders:\n  - {id: bestaat_niet, doet: [markeer]}\n",
            ["regels.yaml:13:", "bestaat_niet"],
            id="no such frame",
        ),
        pytest.param(
            GOOD_RULE.replace("ernst: hoog", "ernst: heel erg").replace("schelden\n", "schelden\n    kleur: rood\n", 1),
            ["ernst", "kleur"],
            id="two errors are told at once",
        ),
    ],
)
def test_a_rule_file_with_errors_says_where(
    settings_of: SettingsOf, tmp_path: Path, content: str, words: list[str]
) -> None:
    (tmp_path / "regels.yaml").write_text(content, encoding="utf-8")
    with pytest.raises(RuleFileError) as caught:
        build_engine(settings_of(RULES=str(tmp_path / "regels.yaml")))
    for word in words:
        assert word in str(caught.value)


def test_a_rule_file_that_is_not_there_is_named(settings_of: SettingsOf, tmp_path: Path) -> None:
    with pytest.raises(VerbinderError, match=r"nergens\.yaml"):
        build_engine(settings_of(RULES=str(tmp_path / "nergens.yaml")))


def test_a_folder_of_frames_that_is_not_there_is_named(settings_of: SettingsOf, tmp_path: Path) -> None:
    with pytest.raises(VerbinderError, match="nergens"):
        build_engine(settings_of(FRAMES=str(tmp_path / "nergens")))


@pytest.mark.parametrize("broken", ["controle.yaml", "antwoorden.yaml"])
def test_a_broken_file_among_the_frames_is_named(settings_of: SettingsOf, tmp_path: Path, broken: str) -> None:
    shutil.copytree(ROOT / "frames", tmp_path / "frames")
    (tmp_path / "frames" / broken).write_text("id: [", encoding="utf-8")
    with pytest.raises(VerbinderError, match=broken):
        build_engine(settings_of(FRAMES=str(tmp_path / "frames")))


def test_a_scorer_that_does_not_exist_is_answered_with_those_that_do(settings_of: SettingsOf) -> None:
    with pytest.raises(VerbinderError, match="glazenbol") as caught:
        build_engine(settings_of(SCORER="glazenbol"))
    assert "embedded" in caught.value.remedy
