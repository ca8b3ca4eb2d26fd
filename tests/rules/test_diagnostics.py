"""What an administrator sees of a mistake, character for character."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rules import check_rules
from bot.rules.diagnostics import Diagnostic
from tests.rules.helpers import quiet

GOLDEN = Path(__file__).parent / "golden"


@pytest.mark.parametrize("name", sorted(path.stem for path in GOLDEN.glob("*.yaml")))
def test_the_diagnostics_are_those_of_the_golden_file(name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(GOLDEN)
    report = check_rules(Path(f"{name}.yaml"), score=quiet)
    assert not report.ok
    assert report.render() + "\n" == (GOLDEN / f"{name}.txt").read_text("utf-8")


def test_the_caret_stands_under_the_mistake_on_a_long_line_too() -> None:
    source = "waarom: " + "x" * 300 + "FOUT"
    drawn = Diagnostic("a.yaml", 7, source.index("FOUT") + 1, "fout", source=source).render().splitlines()
    assert drawn[1][drawn[2].index("^") :].startswith("FOUT")


def test_tabs_and_invisible_characters_do_not_move_the_caret() -> None:
    source = "\ta\u202e: \x07b"
    drawn = Diagnostic("a.yaml", 1, source.index("b") + 1, "fout", source=source).render().splitlines()
    assert drawn[1][drawn[2].index("^")] == "b"
