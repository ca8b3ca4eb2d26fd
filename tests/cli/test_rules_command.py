from __future__ import annotations

import json
import re
from pathlib import Path

import jsonschema
from ruamel.yaml import YAML

from bot.settings import ROOT
from tests.cli.conftest import Verbinder
from tests.rules.helpers import file_text, rule_text


def test_the_rules_of_this_installation_are_right(verbinder: Verbinder) -> None:
    outcome = verbinder("rules", "check")
    assert outcome.status == 0, outcome.err
    assert "klopt" in outcome.out
    assert "Voorbeelden die kloppen" in outcome.out
    (alike, pairs) = re.findall(r"gelijk behandeld worden: (\d+) van (\d+)", outcome.out)[0]
    assert alike == pairs
    assert int(pairs) >= 60


def test_a_town_without_mirrors_is_told_so(verbinder: Verbinder, home: Path) -> None:
    file = home / "regels.yaml"
    file.write_text(file_text(rule_text("{woorden: aap}")), encoding="utf-8")
    outcome = verbinder("rules", "check", str(file))
    assert outcome.status == 0, outcome.err
    assert "Er zijn geen spiegelparen" in outcome.out


def test_all_errors_come_at_once_with_their_place(verbinder: Verbinder, home: Path) -> None:
    file = home / "fout.yaml"
    file.write_text(
        "versie: 1\nregels:\n  - id: a\n    ernst: enorm\n  - id: b\n    status: misschien\n", encoding="utf-8"
    )
    outcome = verbinder("rules", "check", str(file))
    assert outcome.status == 1
    assert outcome.out == ""
    assert f"{file}:4:" in outcome.err
    assert f"{file}:6:" in outcome.err
    assert "kan niet gebruikt worden" in outcome.err


def test_a_file_that_is_not_there(verbinder: Verbinder) -> None:
    outcome = verbinder("rules", "check", "nergens.yaml")
    assert outcome.status == 1
    assert "nergens.yaml" in outcome.err


def test_the_schema_accepts_the_rules_of_this_installation(verbinder: Verbinder) -> None:
    outcome = verbinder("rules", "schema")
    schema = json.loads(outcome.out)
    rules = YAML(typ="safe", pure=True).load((ROOT / "rules" / "huisregels.yaml").read_text(encoding="utf-8"))
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(rules, schema)
    assert outcome.status == 0
