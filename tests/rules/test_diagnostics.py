"""What an administrator sees of a mistake, character for character; and no mistake without its golden file."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.rules import RulesReport, check_rules
from bot.rules.conditions.patroon import REASONS
from bot.rules.diagnostics import Diagnostic
from bot.rules.eager import ORDINARY
from bot.rules.files import RuleFiles
from tests.rules.helpers import QUIET, file_text, quiet, rule_text
from tests.rules.messages import Said, sentences

# `NAME.txt` is what is said of `NAME.yaml`, or of `NAME/huisregels.yaml` with the files beside it.
GOLDEN = Path(__file__).parent / "golden"
NAMES = sorted(path.stem for path in GOLDEN.glob("*.txt"))
WARNED_ONLY = {"lijsten-verkeerd-gelezen", "overbodig"}


def broken(text: str) -> Mapping[str, float]:
    raise OSError("weg")


def unlabelled(text: str) -> Mapping[str, float]:
    return {"threat": QUIET["threat"]}


def report_of(name: str) -> RulesReport:
    """Check the file of a golden case; its name says which scorer it has."""
    path = Path(name) / "huisregels.yaml" if Path(name).is_dir() else Path(f"{name}.yaml")
    score = broken if name.startswith("zonder-scores") else unlabelled if name == "zonder-label" else quiet
    return check_rules(path, score=score, known_frames=["controle", "vijandige_indringer"])


@pytest.mark.parametrize("name", NAMES)
def test_the_diagnostics_are_those_of_the_golden_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)
    report = report_of(name)
    assert report.ok == (name in WARNED_ONLY)
    assert report.render() + "\n" == (GOLDEN / f"{name}.txt").read_text("utf-8")


def test_every_golden_file_is_looked_at() -> None:
    cases = {path.stem for path in GOLDEN.glob("*.yaml")} | {path.name for path in GOLDEN.iterdir() if path.is_dir()}
    assert cases - set(NAMES) == set()


# What is in the source and is no diagnostic of a golden file, and why.
NO_GOLDEN = {
    "de omstandigheden doen hier niet mee": "is never shown: only whether it is unknown is looked at",
    "… is no whole number of seconds": "a programmer's mistake",
    "Het regelbestand … bevat … …:": "the heading of the error that carries the diagnostics; test_loading",
    "Verbeter het bestand en kijk het na met: verbinder rules check …": "its remedy; test_loading",
    "het bestand is groter dan … MB": "would be a file of 2 MB; below",
    "`…` is te groot (hoogstens … MB)": "would be a file of 4 MB; below",
    "geen gewoon bestand": "is not shown: such a file cannot be read; test_files",
    "kan niet gelezen worden": "is a file without rights, which root may read; below",
    "er staat te veel in dit bestand om na te kijken wat elkaar overbodig maakt": "a huge file; test_soundness",
    "de rest is wel nagekeken": "its hint; test_soundness",
    "10 minuten": "an example in the JSON Schema",
    "1 uur": "an example in the JSON Schema",
    "1 dag": "an example in the JSON Schema",
    "1 minuut": "a default",
    "za 23:30": "an example in the JSON Schema",
    r"^\s*…\s*$": "a pattern in the JSON Schema",
    "Alle voorwaarden hieronder moeten kloppen.": "a description in the JSON Schema",
    "Minstens één voorwaarde hieronder moet kloppen.": "a description in the JSON Schema",
    "Geen enkele voorwaarde hieronder mag kloppen.": "a description in the JSON Schema",
}
NO_GOLDEN |= dict.fromkeys(ORDINARY[1:], "is tried, and never shown")
# What the YAML reader says, by which its mistakes are told apart.
SIGNS = re.compile(
    r"undefined alias|unknown escape|expected |mapping values|unexpected end|another document|<block end>|could|"
    r"cannot start"
)


def test_every_diagnostic_in_the_code_has_a_golden_file() -> None:
    told = "\n".join((GOLDEN / f"{name}.txt").read_text("utf-8") for name in NAMES)
    said = [item for item in sentences() if not SIGNS.match(item.text) and item.text not in REASONS]
    assert len(said) > 150
    missing = [item for item in said if item.text not in NO_GOLDEN and not re.search(item.pattern, told)]
    assert missing == []


def test_what_needs_no_golden_file_is_still_in_the_code() -> None:
    assert set(NO_GOLDEN) - {item.text for item in sentences()} == set()


def test_a_new_sentence_would_be_missed() -> None:
    told = "\n".join((GOLDEN / f"{name}.txt").read_text("utf-8") for name in NAMES)
    assert not re.search(Said("x", "", "regel `[^\n]*` is nieuw").pattern, told)


def test_files_that_are_too_large_are_refused(tmp_path: Path) -> None:
    path = tmp_path / "huisregels.yaml"
    path.write_bytes(b"#" * 2_000_001)
    assert "het bestand is groter dan 2 MB" in check_rules(path, score=quiet).render()
    (tmp_path / "groot.txt").write_bytes(b"#" * 4_000_001)
    path.write_text(file_text(rule_text("{woorden: aap}"), head="lijsten: {g: {bestand: groot.txt}}\n"), "utf-8")
    assert "`groot.txt` is te groot (hoogstens 4 MB)" in check_rules(path, score=quiet).render()


def test_a_file_that_may_not_be_read_is_told_from_one_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def refuse(files: RuleFiles) -> bytes:
        raise PermissionError(13, "geen toegang")

    monkeypatch.setattr(RuleFiles, "text", refuse)
    assert "het bestand kan niet gelezen worden" in check_rules(tmp_path / "r.yaml", score=quiet).render()


def test_the_caret_stands_under_the_mistake_on_a_long_line_too() -> None:
    source = "waarom: " + "x" * 300 + "FOUT"
    drawn = Diagnostic("a.yaml", 7, source.index("FOUT") + 1, "fout", source=source).render().splitlines()
    assert drawn[1][drawn[2].index("^") :].startswith("FOUT")


def test_tabs_and_invisible_characters_do_not_move_the_caret() -> None:
    source = "\ta\u202e: \x07b"
    drawn = Diagnostic("a.yaml", 1, source.index("b") + 1, "fout", source=source).render().splitlines()
    assert drawn[1][drawn[2].index("^")] == "b"
