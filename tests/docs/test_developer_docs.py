"""What the documents for developers point at is there, and no room is left out."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot.settings import ROOT

DEVELOPMENT = (ROOT / "docs" / "development.md").read_text(encoding="utf-8")
DECISIONS = sorted((ROOT / "docs" / "adr").glob("0*.md"))
DOCUMENTS = [ROOT / "docs" / "development.md", *DECISIONS]
PATH = re.compile(r"`((?:bot|docs|tests|rules|frames|migrations|\.ci)(?:/[\w.-]+)*/?)`")


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_every_file_that_is_named_exists(document: Path) -> None:
    named = PATH.findall(document.read_text(encoding="utf-8"))
    assert named
    assert [path for path in named if not (ROOT / path).exists()] == []


def test_every_room_is_in_the_table_and_no_other() -> None:
    written = re.findall(r"^\| `bot/(\w+)(?:/|\.py)` \|", DEVELOPMENT, re.MULTILINE)
    rooms = [path.stem for path in (ROOT / "bot").iterdir() if not path.name.startswith("__")]
    assert sorted(written) == sorted(rooms)


def test_every_decision_is_in_the_index_and_in_order() -> None:
    index = (ROOT / "docs" / "adr" / "README.md").read_text(encoding="utf-8")
    assert re.findall(r"\]\((0\d+-[\w-]+\.md)\)", index) == [path.name for path in DECISIONS]


@pytest.mark.parametrize("decision", DECISIONS, ids=lambda path: path.name)
def test_a_decision_says_why_what_it_costs_and_what_else_there_was(decision: Path) -> None:
    text = decision.read_text(encoding="utf-8")
    assert text.startswith(f"# {decision.name[:4]} ")
    assert re.findall(r"^## (.+)$", text, re.MULTILINE) == ["Context", "Decision", "Consequences", "Compared"]
