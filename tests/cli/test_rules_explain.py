"""`verbinder rules explain`: which rules fire on a text and why, also of a file that is not in force."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Verbinder
from tests.rules.helpers import file_text, rule_text

TREE = "{alle: [{een: [{woorden: noot}, {toxiciteit: {label: insult, vanaf: 0.99}}]}, {geen: [{rol: gemeente}]}]}"


@pytest.fixture
def file(home: Path) -> str:
    path = home / "kandidaat.yaml"
    draft = rule_text("{woorden: mies}", name="miezen", extra="    status: schaduw\n    kanalen: [discord]\n")
    # Its own example fails: somebody wants to know why.
    failing = rule_text(TREE, name="noten", extra="    voorbeelden: {wel: [niets daarvan]}\n")
    path.write_text(file_text(failing, draft), encoding="utf-8")
    return str(path)


def test_the_rules_of_this_installation_explain_a_text(verbinder: Verbinder) -> None:
    outcome = verbinder("rules", "explain", "Gij zijt ne grote sukkel")
    assert outcome.status == 0, outcome.err
    assert "persoonlijke-belediging: Geen persoonlijke aanvallen (actief): gaat af" in outcome.out
    assert "  - zin gevonden: “Gij zijt ne grote sukkel”" in outcome.out
    assert "Gaan niet af: noodkreet, " in outcome.out


def test_a_text_that_no_rule_minds(verbinder: Verbinder, file: str) -> None:
    outcome = verbinder("rules", "explain", "Dag allemaal", "--file", file)
    assert outcome.out.splitlines()[:2] == ["Geen enkele regel gaat af.", "Gaan niet af: noten, miezen."]


def test_one_rule_shows_every_condition(verbinder: Verbinder, file: str) -> None:
    outcome = verbinder("rules", "explain", "niets daarvan", "--file", file, "--rule", "noten")
    lines = outcome.out.splitlines()
    assert lines[:4] == [
        "noten: Een titel (actief): gaat niet af",
        "  - alle: niet alles hieronder klopt",
        "    - een: niets hiervan klopt",
        "      - woorden: geen van deze woorden gevonden: “noot”",
    ]
    assert ", onder 0,99" in lines[4]
    assert lines[5:] == [
        "    + geen: niets hieronder klopt, en zo hoort het",
        "      - rol: de schrijver is bewoner, niet gemeente",
    ]


def test_who_where_and_when_are_taken_along(verbinder: Verbinder, file: str) -> None:
    said = verbinder("rules", "explain", "noot", "--file", file, "--role", "gemeente", "--rule", "noten").out
    assert "+ rol: de schrijver is gemeente" in said
    assert (
        "miezen: Een titel (schaduw): gaat af"
        in verbinder("rules", "explain", "mies", "--file", file, "--channel", "discord").out
    )
    elsewhere = verbinder("rules", "explain", "mies", "--file", file, "--channel", "telegram", "--rule", "miezen").out
    assert "miezen: Een titel (schaduw): geldt alleen in discord" in elsewhere


@pytest.mark.parametrize(
    ("arguments", "status", "said"),
    [
        (["--moment", "laat"], 1, "moment: `laat` is geen tijdstip"),
        (["--role", "keizer"], 1, "kies uit bewoner, medewerker"),
        (["--rule", "nergens"], 2, "er is geen regel met de naam nergens"),
        (["--file", "nergens.yaml"], 1, "het bestand bestaat niet"),
    ],
)
def test_what_cannot_be_explained_is_told(verbinder: Verbinder, arguments: list[str], status: int, said: str) -> None:
    outcome = verbinder("rules", "explain", "x", *arguments)
    assert (outcome.status, outcome.out) == (status, "")
    assert said in outcome.err


def test_a_text_cannot_move_the_cursor(verbinder: Verbinder, file: str) -> None:
    outcome = verbinder("rules", "explain", "\x1b[2Jnoot\x07", "--file", file)
    assert "noten" in outcome.out
    assert "\x1b" not in outcome.out
