"""What the README and the guides say exists, exists: links, pictures, commands, targets and settings."""

from __future__ import annotations

import re
from pathlib import Path

import click
import pytest

from bot.cli.jsonl import Request
from bot.cli.judging import judge_with
from bot.cli.program import COMMANDS, program
from bot.core.people import Role
from bot.settings import ROOT, load_settings, setting_names

README = (ROOT / "README.md").read_text(encoding="utf-8")
GUIDES = sorted([ROOT / "README.md", *(ROOT / "docs").rglob("*.md")])
LINK = re.compile(r"\]\((?!https?:|#)([^)#]+)[^)]*\)|src=\"([^\"]+)\"")
SHOWN = re.compile(r"(?:^|`)(?:\.venv/bin/)?verbinder ([a-z][a-z-]*(?: [a-z][a-z-]*)?)", re.MULTILINE)
LARGEST_PICTURE = 200_000  # bytes


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_link_to_a_file_leads_somewhere(guide: Path) -> None:
    named = [first or second for first, second in LINK.findall(guide.read_text(encoding="utf-8"))]
    assert [target for target in named if not (guide.parent / target).exists()] == []


def test_both_commands_of_a_fresh_machine_are_there() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    named = set(re.findall(r"\bmake ([a-z]+)\b(?=[`\s]+(?:#|prints|\.))", README)) | {"run", "test"}
    assert {"run", "test"} <= named <= targets


def test_every_command_is_in_the_table_and_no_other() -> None:
    table = set(re.findall(r"^\| `verbinder ([a-z-]+)", README, re.MULTILINE))
    assert table == set(COMMANDS)


@pytest.mark.parametrize("guide", GUIDES, ids=lambda path: str(path.relative_to(ROOT)))
def test_every_command_that_is_shown_exists(guide: Path) -> None:
    shown = SHOWN.findall(guide.read_text(encoding="utf-8"))
    context = click.Context(program)
    for words in {tuple(line.split()) for line in shown}:
        command = program.get_command(context, words[0])
        assert command is not None, words
        if isinstance(command, click.Group) and len(words) > 1:
            assert words[1] in command.commands, words


def test_the_guide_to_real_channels_names_settings_and_roles_that_exist(tmp_path: Path) -> None:
    guide = (ROOT / "docs" / "aansluiten.md").read_text(encoding="utf-8")
    assert set(re.findall(r"\bVERBINDER_[A-Z_]+[A-Z]\b", guide)) <= set(setting_names())
    assert set(re.findall(r"^\| `([a-z_]+)` \|", guide, re.MULTILINE)) == set(Role)
    file = tmp_path / ".env"
    file.write_text("\n".join(re.findall(r"```ini\n(.*?)```", guide, re.DOTALL)), encoding="utf-8")
    settings = load_settings(file, environ={})
    assert settings.telegram.staff_chat == "-1003333333333"
    assert settings.discord.channels == ("111111111111111111", "222222222222222222")


def test_the_pictures_are_small_and_each_is_used() -> None:
    pictures = sorted((ROOT / "docs" / "beelden").glob("*.png"))
    assert pictures
    assert [path.name for path in pictures if path.stat().st_size > LARGEST_PICTURE] == []
    assert [path.name for path in pictures if f"docs/beelden/{path.name}" not in README] == []


def test_the_sentence_to_try_shows_what_the_program_is_for() -> None:
    (sentence,) = re.findall(r'^.venv/bin/verbinder check "([^"]+)"', README, re.MULTILINE)
    judged = judge_with()(Request("1", sentence, ""))
    assert judged.framing.frames
    assert judged.suggestions
