"""A rule as it stands in its file."""

from __future__ import annotations

import pytest

from bot.rules.excerpt import excerpts
from bot.settings import ROOT

FILE = """\
versie: 1
regels:
  # over dieren
  - id: apen
    titel: "Geen apen"

    # blijft erbij
    ernst: laag

  # over noten
  - titel: Geen noten
    id: noten

# en nu de kaders
kaders:
  - id: x
"""


def test_a_rule_is_shown_as_it_is_written_without_what_belongs_to_the_next() -> None:
    assert excerpts(FILE.encode()) == {
        "apen": 'id: apen\ntitel: "Geen apen"\n\n# blijft erbij\nernst: laag',
        "noten": "titel: Geen noten\nid: noten",
    }


def test_rules_on_one_line_are_told_apart() -> None:
    found = excerpts(b"regels: [{id: a, titel: een}, {id: b, titel: twee}]\nversie: 1\n")
    assert found["a"] == "{id: a, titel: een}"
    assert found["b"].startswith("{id: b, titel: twee}")


@pytest.mark.parametrize("raw", [b"", b"\xff", b"regels:", b"regels: [", b"- 1", b"regels: [1, [2]]", b"regels: []"])
def test_whatever_cannot_be_read_has_no_excerpts(raw: bytes) -> None:
    assert excerpts(raw) == {}


def test_every_shipped_rule_is_found() -> None:
    found = excerpts((ROOT / "rules" / "huisregels.yaml").read_bytes())
    assert len(found) > 20
    assert all(text.startswith(f"id: {name}\ntitel:") for name, text in found.items())
