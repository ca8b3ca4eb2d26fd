"""Law 7, as far as it goes today: a bad file is refused before it judges anything, with line and column."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import pytest

from bot.app import build_engine
from bot.core.errors import RuleFileError
from bot.settings import ROOT, Settings
from tests.rules.helpers import file_text, rule_text


def settings_with(folder: Path, content: str) -> Settings:
    path = folder / "huisregels.yaml"
    path.write_text(content, encoding="utf-8")
    return Settings(rules=path)


def places(error: RuleFileError) -> list[tuple[int, int]]:
    return [(int(line), int(column)) for line, column in re.findall(r"huisregels\.yaml:(\d+):(\d+): fout", str(error))]


def test_the_files_that_ship_are_good() -> None:
    assert build_engine(Settings()).rules.hash


def test_a_bad_rule_file_is_refused_with_the_place_of_every_mistake(tmp_path: Path) -> None:
    content = file_text(
        rule_text("{woorden: aap}", doet="[meld_moderatoor]"),
        rule_text("{toxiciteit: {label: insult, vanaf: 8}}", name="tweede"),
    )
    with pytest.raises(RuleFileError) as caught:
        build_engine(settings_with(tmp_path, content))
    lines = content.splitlines()
    found = places(caught.value)
    assert len(found) == 2, str(caught.value)
    (first, column), (second, other) = found
    assert lines[first - 1][column - 1 :].startswith("meld_moderatoor")
    assert lines[second - 1][other - 1 :].startswith("8")


def test_a_rule_file_that_fails_its_own_examples_is_refused(tmp_path: Path) -> None:
    examples = "    voorbeelden: {wel: [noot], niet: [aap]}\n"
    content = file_text(rule_text("{woorden: aap}", extra=examples))
    with pytest.raises(RuleFileError) as caught:
        build_engine(settings_with(tmp_path, content))
    assert len(places(caught.value)) == 2, str(caught.value)


@pytest.mark.parametrize("content", ["", "\t", "regels: [", "versie: 1\nregels: []\n", "\x00"])
def test_what_is_no_rule_file_is_refused_with_a_place(tmp_path: Path, content: str) -> None:
    with pytest.raises(RuleFileError) as caught:
        build_engine(settings_with(tmp_path, content))
    assert places(caught.value)


def test_a_bad_frame_file_is_refused_by_its_name(tmp_path: Path) -> None:
    shutil.copytree(ROOT / "frames", tmp_path / "frames")
    bad = tmp_path / "frames" / "de_kloof.yaml"
    bad.write_text(bad.read_text("utf-8") + "\nonzin: 1\n", encoding="utf-8")
    with pytest.raises(RuleFileError, match=r"de_kloof\.yaml:\d+:\d+"):
        build_engine(Settings(frames=tmp_path / "frames"))
