from __future__ import annotations

import json

import jsonschema
import pytest

from bot.settings import ROOT
from tests.cli.conftest import Verbinder

SCHEMA = json.loads((ROOT / "docs" / "schema" / "analysis.schema.json").read_text(encoding="utf-8"))


def test_a_text_is_explained_in_dutch(process: Verbinder) -> None:
    outcome = process("check", "Wat een achterlijke idioot ben jij")
    assert outcome.status == 0
    assert outcome.err == ""
    assert outcome.out.startswith("Dit wordt een melding voor een moderator")
    assert "idioot ben jij”" in outcome.out
    assert "belediging" in outcome.out


def test_the_machine_form_follows_the_schema(verbinder: Verbinder) -> None:
    outcome = verbinder("check", "--json", "Waarom is het zwembad dicht?")
    answer = json.loads(outcome.out)
    jsonschema.validate(answer, SCHEMA)
    assert outcome.out.count("\n") == 1
    assert (answer["id"], answer["tone"]) == ("1", "vraag")


def test_the_context_is_taken_along(verbinder: Verbinder) -> None:
    text = "Moeten ze allemaal hier komen wonen?"
    alone = verbinder("check", "--json", text)
    with_post = verbinder("check", "--json", "--context", "In de oude school komt opvang voor asielzoekers.", text)
    assert alone.status == with_post.status == 0
    assert json.loads(with_post.out)["id"] == "1"


@pytest.mark.parametrize("text", ["\udcff\udcfe", "\x1b[31mrood", "x" * 50_000, "--", "@everyone"])
def test_no_text_is_too_strange(process: Verbinder, text: str) -> None:
    outcome = process("check", "--", text)
    assert outcome.status == 0
    assert "\x1b" not in outcome.out
    assert "Traceback" not in outcome.err


def test_a_wrong_env_file_is_one_clear_message(verbinder: Verbinder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBINDER_TELEGRAM__TOKKEN", "123456:geheim")
    outcome = verbinder("check", "dag")
    assert outcome.status == 1
    assert "VERBINDER_TELEGRAM__TOKEN" in outcome.err
    assert "geheim" not in outcome.err
