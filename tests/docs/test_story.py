"""The administrator's story tells what really happens: every command is run, and says what is written."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Verbinder, _in_dutch, home, verbinder
from tests.docs.story import STORY, comparable, played, prepare

__all__ = ["_in_dutch", "home", "verbinder"]

TEXT = STORY.read_text(encoding="utf-8")


def test_every_command_of_the_story_says_what_is_written(
    home: Path,
    verbinder: Verbinder,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VERBINDER_RULES", str(home / "rules" / "huisregels.yaml"))

    def run(*arguments: str) -> str:
        outcome = verbinder(*arguments)
        return outcome.out + outcome.err

    prepare(home)
    assert comparable(played(TEXT, home, run)) == comparable(TEXT)


def test_the_story_has_all_its_chapters() -> None:
    for words in (
        "bestaat hier niet",
        "bedoelt u `ernst`?",
        "6 nieuw",
        "in schaduw",
        "rules rollback 2",
        "als versie 4",
    ):
        assert words in TEXT, words
