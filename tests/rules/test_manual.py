"""Everything that `docs/huisregels.md` shows can be typed over as it stands, and shows every key there is."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

from bot.rules import rule_file_schema
from bot.rules.compiling import compile_node
from bot.rules.lists import Lists, make_list
from bot.rules.mirrors import MirrorFile, PairEntry
from bot.rules.model import Examples, FrameEntry, ListEntry, RuleFile, Voorwaarde
from bot.rules.registry import CONDITIONS
from bot.rules.source import read_source
from bot.settings import ROOT
from tests.rules.helpers import loaded, rule_text

MANUAL = (ROOT / "docs" / "huisregels.md").read_text("utf-8")
LISTS = Lists({name: make_list(name, ["woord"]) for name in ("scheldwoorden", "groepen", "ontmenselijking")})
BLOCKS = re.findall(r"^```yaml\n(.*?)^```", MANUAL, re.DOTALL | re.MULTILINE)
# A condition in the running text: `taal: nl`.
IN_TEXT = re.findall(rf"`((?:{'|'.join(CONDITIONS)}): [^`]+)`", MANUAL)


def read(text: str) -> Any:
    tree = read_source("docs/huisregels.md", text.encode())
    assert tree.problems == [], text
    return tree.data


def conditions_shown() -> list[str]:
    """Return every line of the manual that is a condition by itself."""
    lines = [line for block in BLOCKS for line in block.splitlines()]
    return [*(line for line in lines if line.split(":")[0] in CONDITIONS), *IN_TEXT]


def accepted(condition: Any) -> None:
    problems: list[str] = []
    compile_node(
        Voorwaarde.model_validate(condition), LISTS, lambda _path, message, _hint: problems.append(message), ()
    )
    assert problems == []


@pytest.mark.parametrize("line", conditions_shown())
def test_a_condition_that_is_shown_is_accepted(line: str) -> None:
    accepted(read(line))


def test_every_condition_is_shown_with_every_key_that_it_has() -> None:
    shown: dict[str, set[str]] = {name: set() for name in CONDITIONS}
    for line in conditions_shown():
        for name, value in read(line).items():
            shown[name] |= set(value) if isinstance(value, dict) else {"short"}
    for name, entry in CONDITIONS.items():
        keys = set(entry.spec.model_fields)
        # What a bare word or list stands for is shown in that form; `voluit` says its name.
        named = {entry.spec.short} if entry.spec.short and f"`{entry.spec.short}`" in MANUAL else set()
        assert shown[name], name
        assert keys - shown[name] - named == set(), name


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.split(":")[0].strip() not in CONDITIONS])
def test_a_block_that_is_shown_is_accepted(block: str) -> None:
    data = read(block)
    assert len(data) >= 1
    for key, value in data.items():
        if key == "versie":
            RuleFile.model_validate(data)
        elif key == "wanneer":
            accepted(value)
        elif key == "voorbeelden":
            Examples.model_validate(value)
        elif key == "lijsten":
            assert [ListEntry.model_validate(entry) for entry in value.values()]
        elif key == "kaders":
            assert [FrameEntry.model_validate(entry) for entry in value]
        elif key == "paren":
            assert MirrorFile.model_validate({"versie": 1, **data}).paren
        else:
            assert key == "regels", f"nobody checks {key!r}"


def test_the_example_of_circumstances_comes_out_as_it_says(tmp_path: Path) -> None:
    (block,) = [block for block in BLOCKS if "eerder:" in block]
    assert loaded(tmp_path, rule_text("{herhaling: {keer: 3, binnen: 10 minuten}}", extra=block)).rules


def test_every_key_of_the_mirrors_is_shown() -> None:
    (block,) = [block for block in BLOCKS if block.startswith("paren:")]
    assert [key for key in PairEntry.model_fields if f"{key}: " not in block] == []


def test_every_key_of_the_circumstances_is_shown() -> None:
    definitions = rule_file_schema()["$defs"]
    for name, keys in (("Example", definitions["Example"]["anyOf"][1]), ("Earlier", definitions["Earlier"])):
        missing = [key for key in keys["properties"] if not re.search(rf"\b{key}: ", MANUAL)]
        assert missing == [], name
