from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.cli.running import status_of

EXECUTABLE = Path(sys.executable).parent / "verbinder"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a command came to."""

    status: int
    out: str
    err: str


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Give commands a folder of their own, with a database in it and no `.env` of anybody."""
    for name in list(os.environ):
        if name.startswith("VERBINDER_") and name != "VERBINDER_TEST_POSTGRES":
            monkeypatch.delenv(name)
    monkeypatch.delenv("VERBINDER_TEST_POSTGRES", raising=False)
    monkeypatch.setenv("VERBINDER_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("VERBINDER_DATABASE__URL", f"sqlite:///{tmp_path / 'data' / 'verbinder.db'}")
    monkeypatch.setenv("VERBINDER_CONSOLE__PORT", "0")
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def _in_dutch(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("LANGUAGE", "nl")


Verbinder = Callable[..., Outcome]


@pytest.fixture
def verbinder(home: Path, capsys: pytest.CaptureFixture[str]) -> Verbinder:
    """Return a function that runs a command in this process."""

    def run(*arguments: str) -> Outcome:
        capsys.readouterr()  # what was said before is not of this command
        status = status_of(arguments)
        captured = capsys.readouterr()
        return Outcome(status, captured.out, captured.err)

    return run


@pytest.fixture
def process(home: Path) -> Verbinder:
    """Return a function that runs a command as a real process, with bytes on its standard input."""

    def run(*arguments: str, stdin: bytes = b"") -> Outcome:
        done = subprocess.run(
            [str(EXECUTABLE), *arguments], input=stdin, capture_output=True, check=False, timeout=60, cwd=home
        )
        return Outcome(done.returncode, done.stdout.decode("utf-8"), done.stderr.decode("utf-8"))

    return run
