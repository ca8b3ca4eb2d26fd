from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.cli.conftest import Verbinder

GOOD = """versie: 1
regels:
  - id: schelden
    titel: Niet schelden
    huisregel: "1. Respect"
    ernst: laag
    wanneer: {woorden: [pipo]}
    doet: [meld_moderator]
    waarom: Daarom, beste bewoner.
"""


@pytest.fixture
def rules(home: Path) -> Path:
    file = home / "regels.yaml"
    file.write_text(GOOD, encoding="utf-8")
    os.utime(file, (1_790_000_000, 1_790_000_000))  # 21 September 2026
    return file


def test_it_prints_a_whole_page_in_html_or_markdown(verbinder: Verbinder, rules: Path) -> None:
    page = verbinder("rules", "page", str(rules), "--contact", "Mail naar onthaal@gemeente.be")
    assert (page.status, page.err) == (0, "")
    assert page.out.startswith("<!DOCTYPE html>")
    assert "<h3>Niet schelden</h3>" in page.out
    assert "Mail naar onthaal@gemeente.be, en vertel" in page.out
    assert "21 september 2026" in page.out
    assert verbinder("rules", "page", str(rules), "--markdown").out.startswith("# Huisregels van de gemeente\n")


def test_it_writes_a_file_that_is_the_same_every_time(verbinder: Verbinder, rules: Path, home: Path) -> None:
    first, second = home / "een.html", home / "twee.html"
    for target in (first, second):
        outcome = verbinder("rules", "page", str(rules), "--output", str(target))
        assert (outcome.status, outcome.out) == (0, "")
    assert first.read_bytes() == second.read_bytes()
    assert first.read_bytes().decode() == verbinder("rules", "page", str(rules)).out


def test_the_town_is_that_of_the_settings(verbinder: Verbinder, rules: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBINDER_TOWN", "Zavelrode")
    assert "<title>Huisregels van Zavelrode</title>" in verbinder("rules", "page", str(rules)).out


def test_the_rules_of_this_installation_have_a_page(verbinder: Verbinder) -> None:
    outcome = verbinder("rules", "page")
    assert outcome.status == 0
    assert "2. Respect" in outcome.out


@pytest.mark.parametrize(
    "content", ["", "versie: 1\nregels: []\n", "versie: 1\nregels:\n  - id: a\n    ernst: zwaar\n"]
)
def test_a_wrong_file_gives_the_same_diagnostics_as_a_check(verbinder: Verbinder, home: Path, content: str) -> None:
    file = home / "fout.yaml"
    file.write_text(content, encoding="utf-8")
    target = home / "pagina.html"
    outcome = verbinder("rules", "page", str(file), "--output", str(target))
    checked = verbinder("rules", "check", str(file))
    assert outcome.status == checked.status == 1
    assert outcome.out == ""
    assert outcome.err.split("\n\n")[0] == checked.err.split("\n\n")[0]
    assert f"{file}:" in outcome.err
    assert not target.exists()


def test_a_file_that_is_not_there(verbinder: Verbinder) -> None:
    outcome = verbinder("rules", "page", "nergens.yaml")
    assert outcome.status == 1
    assert "nergens.yaml" in outcome.err
    assert "bestaat niet" in outcome.err


def test_a_place_that_cannot_be_written(verbinder: Verbinder, rules: Path, home: Path) -> None:
    outcome = verbinder("rules", "page", str(rules), "--output", str(home / "nergens" / "pagina.html"))
    assert outcome.status == 1
    assert "kan niet geschreven worden" in outcome.err
    assert "Traceback" not in outcome.err
    assert list(home.glob(".*.html*")) == []
