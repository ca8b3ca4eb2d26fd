"""The JSON Schema helps an editor: valid itself, Dutch, and of one mind with the loader."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import jsonschema
import pytest

from bot.rules import rule_file_schema
from bot.rules.source import read_source

ROOT = Path(__file__).parents[2]


def test_the_schema_is_a_valid_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(rule_file_schema())


def test_the_shipped_rules_follow_the_schema() -> None:
    path = ROOT / "rules" / "huisregels.yaml"
    data: Any = as_an_editor_reads_it(read_source(str(path), path.read_bytes()).data)
    jsonschema.validate(data, rule_file_schema())


def as_an_editor_reads_it(data: Any) -> Any:
    """Return our all-text tree with plain numbers as numbers, which is what a YAML editor compares."""
    if isinstance(data, dict):
        return {key: as_an_editor_reads_it(value) for key, value in data.items()}
    if isinstance(data, list):
        return [as_an_editor_reads_it(value) for value in data]
    if isinstance(data, str):
        for number in (int, float):
            try:
                return number(data)
            except ValueError:
                continue
    return data


@pytest.mark.parametrize("effect", ["stel_verwijderen_voor", "meld_moderator"])
def test_the_schema_gives_a_frame_no_removing_or_alerting_effect(effect: str) -> None:
    frame = rule_file_schema()["$defs"]["FrameEntry"]["properties"]["doet"]
    assert effect not in frame["items"]["enum"]
    assert set(frame["items"]["enum"]) == {"stel_antwoord_voor", "markeer"}


def keys_of(schema: Any) -> set[str]:
    if isinstance(schema, list):
        return {key for item in schema for key in keys_of(item)}
    if not isinstance(schema, dict):
        return set()
    named = {key for key, value in schema.get("properties", {}).items() if isinstance(value, dict)}
    return named | {key for value in schema.values() for key in keys_of(value)}


def test_every_key_is_described_in_dutch_and_in_the_manual() -> None:
    schema = rule_file_schema()
    manual = (ROOT / "docs" / "huisregels.md").read_text("utf-8")
    keys = keys_of(schema)
    assert {"regels", "wanneer", "toxiciteit", "vanaf", "samenstellingen", "kaders"} <= keys
    assert sorted(key for key in keys if f"`{key}`" not in manual) == []


def test_every_condition_and_every_key_of_a_rule_has_a_description() -> None:
    definitions = rule_file_schema()["$defs"]
    for name in ("RuleEntry", "FrameEntry", "ListEntry", "Defaults", "Examples"):
        bare = [key for key, value in definitions[name]["properties"].items() if not value.get("description")]
        assert bare == [], name
    conditions = [d for name, d in definitions.items() if name[0].isupper() and "anyOf" in d]
    assert len(conditions) >= 8
    assert all(condition["description"] for condition in conditions)
