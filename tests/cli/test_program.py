from __future__ import annotations

import re
import resource
import subprocess

import click
import pytest

from bot.cli.program import COMMANDS, program
from tests.cli.conftest import EXECUTABLE, Verbinder

ENGLISH = re.compile(r"\b(Usage|Options|Commands|Show|Error|Missing|Invalid|the|with)\b")


def commands(command: click.Command, *path: str) -> list[tuple[str, ...]]:
    """Return the path of every command there is."""
    found = [path]
    if isinstance(command, click.Group):
        context = click.Context(command)
        for name in command.list_commands(context):
            inner = command.get_command(context, name)
            assert inner is not None
            found += commands(inner, *path, name)
    return found


ALL = commands(program)


def test_the_commands_of_the_contract_are_there() -> None:
    assert {
        "run",
        "check",
        "analyse",
        "eval",
        "train",
        "import",
        "doctor",
        "rules",
        "people",
        "audit",
        "calibrate",
        "export-onnx",
        "bench",
    } == set(COMMANDS)
    assert {("rules", "check"), ("rules", "schema"), ("audit", "verify")} <= set(ALL)
    assert {path[1] for path in ALL if path[0:1] == ("people",) and len(path) > 1} == {
        "add", "list", "roles", "link", "signin-link", "off",
    }  # fmt: skip


@pytest.mark.parametrize("path", ALL, ids=" ".join)
def test_every_help_is_in_dutch(verbinder: Verbinder, path: tuple[str, ...]) -> None:
    outcome = verbinder(*path, "--help")
    assert outcome.status == 0
    assert outcome.out.startswith(f"Gebruik: {' '.join(['verbinder', *path])} ")
    assert not ENGLISH.search(outcome.out), outcome.out


def test_help_answers_at_once() -> None:
    """Within half a second of a processor's time: nothing heavy is loaded. The best of three, as a machine is busy."""
    took = []
    for _ in range(3):
        start = _seconds_of_children()
        subprocess.run([str(EXECUTABLE), "--help"], capture_output=True, check=True, timeout=30)
        took.append(_seconds_of_children() - start)
    assert min(took) < 0.5


def _seconds_of_children() -> float:
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["chek"], "bestaat niet"),
        (["check"], "TEKST"),
        (["check", "wat", "een", "dag"], "aanhalingstekens"),
        (["check", ""], "geen tekst"),
        (["analyse", "--geen-optie"], "--geen-optie"),
        (["rules"], "Gebruik"),
        (["rules", "chek"], "bestaat niet"),
        (["people", "add", "An"], "ROL"),
        (["people", "add", "An", "koning"], "community_manager"),
        (["people", "link", "An", "whatsapp", "1"], "telegram"),
        (["people", "link", "An", "telegram", "@an"], "cijfers"),
        (["import"], "BESTAND"),
    ],
)
def test_wrong_usage_is_two_with_a_dutch_word_on_standard_error(
    verbinder: Verbinder, arguments: list[str], words: str
) -> None:
    outcome = verbinder(*arguments)
    assert outcome.status == 2
    assert outcome.out == ""
    assert words in outcome.err
    assert not ENGLISH.search(outcome.err), outcome.err


def test_the_version_is_told(verbinder: Verbinder) -> None:
    outcome = verbinder("--version")
    assert outcome.status == 0
    assert outcome.out.startswith("verbinder, versie ")


def test_without_a_command_the_help_is_shown(verbinder: Verbinder) -> None:
    outcome = verbinder()
    assert outcome.status == 2
    assert "Opdrachten:" in outcome.out + outcome.err
