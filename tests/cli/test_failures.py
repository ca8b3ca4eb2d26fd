from __future__ import annotations

import sys
from pathlib import Path

import click
import pytest

from bot.cli import failures, program, running
from bot.core.errors import ConfigError, StoreError
from bot.core.redaction import redacted
from tests.cli.conftest import Verbinder

TELEGRAM = "123456789:AAtHisIsNoRealTokenButLooksLikeOne0123"
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab"


@pytest.fixture
def failing(monkeypatch: pytest.MonkeyPatch) -> list[BaseException]:
    """Add a command `misluk` that raises what is put in the list."""
    raised: list[BaseException] = []

    @click.command("misluk")
    def misluk() -> None:
        raise raised[0]

    module = type(sys)("misluk")
    module.command = misluk  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "misluk", module)
    monkeypatch.setattr(program, "COMMANDS", {**program.COMMANDS, "misluk": "misluk"})
    return raised


def test_an_error_that_was_foreseen_is_one_block_with_what_to_do(
    verbinder: Verbinder, failing: list[BaseException]
) -> None:
    failing.append(ConfigError("De poort is bezet.", remedy="Kies een andere."))
    outcome = verbinder("misluk")
    assert outcome.status == 1
    assert outcome.out == ""
    assert outcome.err == "Fout: De poort is bezet.\nWat u kunt doen: Kies een andere.\n"


def test_errors_in_a_group_are_told_one_by_one(verbinder: Verbinder, failing: list[BaseException]) -> None:
    inner = ExceptionGroup("", [StoreError("De schijf is vol.")])
    failing.append(ExceptionGroup("", [ConfigError("De poort is bezet."), inner]))
    outcome = verbinder("misluk")
    assert outcome.status == 1
    assert outcome.err == "Fout: De poort is bezet.\nFout: De schijf is vol.\n"


def test_an_unexpected_error_is_one_line_that_says_where_the_report_stands(
    verbinder: Verbinder, failing: list[BaseException], home: Path
) -> None:
    failing.append(RuntimeError("iets\nover meer regels"))
    outcome = verbinder("misluk")
    log = home / "data" / failures.LOG_NAME
    assert outcome.status == 1
    assert outcome.err.count("\n") == 1
    assert str(log) in outcome.err
    assert "Traceback" not in outcome.err
    assert "Traceback" in log.read_text(encoding="utf-8")


def test_with_debug_the_traceback_is_shown(verbinder: Verbinder, failing: list[BaseException]) -> None:
    failing.append(RuntimeError("iets"))
    outcome = verbinder("--debug", "misluk")
    assert outcome.status == 1
    assert "Traceback" in outcome.err
    assert "RuntimeError: iets" in outcome.err


def test_a_log_that_cannot_be_written_is_no_second_error(
    verbinder: Verbinder, failing: list[BaseException], home: Path
) -> None:
    (home / "data").write_text("geen map", encoding="utf-8")
    failing.append(RuntimeError("iets"))
    outcome = verbinder("misluk")
    assert outcome.status == 1
    assert "--debug" in outcome.err


@pytest.mark.parametrize("secret", [TELEGRAM, DISCORD])
@pytest.mark.parametrize("debug", [False, True])
def test_no_token_is_ever_shown_or_kept(
    verbinder: Verbinder, failing: list[BaseException], home: Path, secret: str, debug: bool
) -> None:
    failing.append(RuntimeError(f"POST https://api.telegram.org/bot{secret}/sendMessage"))
    outcome = verbinder(*(["--debug"] if debug else []), "misluk")
    log = home / "data" / failures.LOG_NAME
    assert secret not in outcome.err
    assert not log.exists() or secret not in log.read_text(encoding="utf-8")


def test_no_password_of_a_database_is_ever_shown() -> None:
    said = redacted("could not connect to postgresql://verbinder:geheim@db:5432/verbinder")
    assert said == "could not connect to postgresql://***@db:5432/verbinder"


def test_ordinary_words_are_not_redacted() -> None:
    words = "sqlite:////srv/verbinder/data/verbinder.db bestaat niet; zie http://127.0.0.1:8642 (10:30)"
    assert redacted(words) == words


def test_stopping_by_hand_is_no_traceback(verbinder: Verbinder, failing: list[BaseException]) -> None:
    failing.append(KeyboardInterrupt())
    outcome = verbinder("misluk")
    assert outcome.status == 1
    assert "Afgebroken." in outcome.err
    assert "Traceback" not in outcome.err


def test_the_leaves_of_an_error_without_a_group_are_itself() -> None:
    error = ValueError("x")
    assert list(running.leaves(error)) == [error]
