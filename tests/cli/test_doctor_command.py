from __future__ import annotations

from pathlib import Path

import pytest

from bot.cli.doctor import summary
from bot.core.health import Check, Verdict
from tests.cli.conftest import Verbinder


def test_a_fresh_installation_can_work(verbinder: Verbinder) -> None:
    outcome = verbinder("doctor")
    assert outcome.status == 0, outcome.out
    assert "✓ goed" in outcome.out
    assert "Verbinder kan werken." in outcome.out


def test_something_wrong_is_status_one_with_what_to_do(
    verbinder: Verbinder, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERBINDER_RULES", str(home / "nergens.yaml"))
    outcome = verbinder("doctor")
    assert outcome.status == 1
    assert "✗ fout" in outcome.out
    assert "→ Verbeter het bestand" in outcome.out


def test_settings_that_cannot_be_read_are_told_before_anything_else(
    verbinder: Verbinder, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("VERBINDER_CONSOLE__PORT", "poort")
    outcome = verbinder("doctor")
    assert outcome.status == 1
    assert outcome.out == ""
    assert "VERBINDER_CONSOLE__PORT" in outcome.err


@pytest.mark.parametrize(
    ("verdicts", "words"),
    [
        ([Verdict.GOOD, Verdict.SKIPPED], "Alles is in orde."),
        ([Verdict.WARNING], "Er is 1 opmerking."),
        ([Verdict.WARNING, Verdict.WARNING], "Er zijn 2 opmerkingen."),
        ([Verdict.BAD, Verdict.WARNING], "Er is 1 fout."),
        ([Verdict.BAD, Verdict.BAD], "Er zijn 2 fouten."),
    ],
)
def test_the_summary_in_one_sentence(verdicts: list[Verdict], words: str) -> None:
    assert words in summary([Check("x", verdict) for verdict in verdicts])
