"""What a log line looks like, and what never stands in one."""

from __future__ import annotations

import asyncio
import gc
import io
import json
import logging
import re
import sys
from collections.abc import Callable

import discord
import httpx
import pytest
import structlog
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from bot.core.errors import StoreError, Transient
from bot.core.messages import Message
from bot.logs import _Handler, configure_logs, log_lost_error
from bot.review.triage import Triage
from bot.settings import Settings
from bot.store.database import Database
from bot.toxicity.limits import GuardedScorer
from tests.app.conftest import SettingsOf
from tests.builders import Services, message

TELEGRAM = "7000000001:AAStandInTokenThatMustNeverBePrinted00"
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GeHeIm.dit-is-het-geheime-token-van-de-bot"
LINK = "http://127.0.0.1:8642/aanmelden/P8uYsa7A4ypnU6J20LBJxnYZ4hAtWV0DIcXlzPIicLM"
WORDS = "Bel Marleen Peeters op 0400 12 34 56"

FORMS = ["text", "json"]
Read = Callable[[], str]


def ours() -> _Handler:
    (handler,) = [handler for handler in logging.getLogger().handlers if isinstance(handler, _Handler)]
    return handler


@pytest.fixture(params=FORMS)
def logged(request: pytest.FixtureRequest, settings_of: SettingsOf, monkeypatch: pytest.MonkeyPatch) -> Read:
    """Configure logs in both forms; return a look at what was logged since the last look."""
    told = io.StringIO()  # not capsys: it ends with the setup of a test, and the handler keeps its stream
    monkeypatch.setattr(sys, "stderr", told)
    configure_logs(settings_of(LOG_FORMAT=request.param))

    def read() -> str:
        said = told.getvalue()
        told.seek(0)
        told.truncate()
        return said

    return read


def _storm() -> None:
    raise Transient("Het stormt.") from OSError(28, "No space left on device")


def _refuse(said: str) -> None:
    raise StoreError(said)


# ── form ──────────────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_line_of_text_says_when_how_serious_and_what(
    settings_of: SettingsOf, capsys: pytest.CaptureFixture[str]
) -> None:
    configure_logs(settings_of())
    structlog.get_logger("bot.review").info("channel connected", channel="demo")
    line = capsys.readouterr().err
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z \[info\s*\] channel connected channel=demo\n", line)


@pytest.mark.parametrize("name", ["bot.review", "uvicorn.error"])
def test_a_line_of_json_holds_the_same_for_us_and_for_libraries(
    settings_of: SettingsOf, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    configure_logs(settings_of(LOG_FORMAT="json"))
    if name.startswith("bot"):
        structlog.get_logger(name).warning("kanaal één", channel="demo")
    else:
        logging.getLogger(name).warning("kanaal %s", "één")
    (line,) = capsys.readouterr().err.splitlines()
    row = json.loads(line)
    assert (row["event"], row["level"]) == ("kanaal één", "warning")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT[\d:.]+Z", row["timestamp"])


@pytest.mark.parametrize("form", FORMS)
def test_a_traceback_in_json_stays_on_one_line(
    settings_of: SettingsOf, capsys: pytest.CaptureFixture[str], form: str
) -> None:
    configure_logs(settings_of(LOG_FORMAT=form))
    try:
        _storm()
    except Transient:
        structlog.get_logger().exception("channel failed", channel="demo")
    said = capsys.readouterr().err
    if form == "json":
        (line,) = said.splitlines()
        said = json.loads(line)["exception"]
    assert "OSError: [Errno 28] No space left on device" in said
    assert "Transient: Het stormt." in said
    assert __file__ in said
    assert said.index("OSError") < said.index("Transient"), "the cause comes first"


LEVELS = ["debug", "info", "warning", "error"]


@pytest.mark.parametrize("level", LEVELS)
def test_the_level_holds_for_us_and_for_libraries(
    settings_of: SettingsOf, capsys: pytest.CaptureFixture[str], level: str
) -> None:
    configure_logs(settings_of(LOG_LEVEL=level))
    for name in LEVELS:
        getattr(structlog.get_logger("bot"), name)(f"ours {name}")
        getattr(logging.getLogger("somebody.else"), name)(f"theirs {name}")
    said = capsys.readouterr().err
    for name in LEVELS:
        heard = LEVELS.index(name) >= LEVELS.index(level)
        assert (f"ours {name}" in said) is heard
        assert (f"theirs {name}" in said) is heard


@pytest.mark.parametrize("name", ["httpx", "telegram.ext", "discord.gateway", "apscheduler.executors", "aiosqlite"])
def test_libraries_that_talk_of_every_request_are_heard_from_warnings_on(
    settings_of: SettingsOf, capsys: pytest.CaptureFixture[str], name: str
) -> None:
    configure_logs(settings_of(LOG_LEVEL="debug"))
    logging.getLogger(name).info("a request")
    logging.getLogger(name).warning("a warning")
    said = capsys.readouterr().err
    assert "a request" not in said
    assert "a warning" in said


def test_configuring_twice_gives_each_line_once(settings: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    configure_logs(settings)
    configure_logs(settings)
    structlog.get_logger().info("once")
    assert capsys.readouterr().err.count("once") == 1


# ── secrets ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("said", "secret"),
    [
        (f"POST https://api.telegram.org/bot{TELEGRAM}/getMe", TELEGRAM),
        (f"Authorization: Bot {DISCORD}", DISCORD),
        (f"GET {LINK}", LINK.rpartition("/")[2]),
        ("could not connect to postgresql://verbinder:zwijg-zaam@db:5432/verbinder", "zwijg-zaam"),
    ],
)
def test_a_secret_is_nowhere_in_a_line(logged: Read, said: str, secret: str) -> None:
    structlog.get_logger().warning(said)
    structlog.get_logger().warning("as a value", value=said, nested={"in": [said]})
    logging.getLogger("library").warning("%s", said)
    logging.getLogger("library").warning(said)
    try:
        _refuse(said)
    except StoreError:
        structlog.get_logger().exception("ours")
        logging.getLogger("library").exception("theirs")
    lines = logged()
    assert lines.count("***") >= 6
    assert secret not in lines


async def test_no_token_comes_from_the_errors_of_a_library(logged: Read) -> None:
    """httpx names the address that it asked for, and the address of Telegram holds the token."""
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:1/bot{TELEGRAM}") as client:
        try:
            await client.get("/getMe")
        except httpx.ConnectError as error:
            logging.getLogger("library").exception("asking %s failed", error.request.url)
    client_ = discord.Client(intents=discord.Intents.none())
    try:
        await client_.login(f"{DISCORD}\n")  # refused before a byte is sent: no header holds a line break
    except Exception:
        logging.getLogger("library").exception("login failed")
    await client_.close()
    lines = logged()
    assert "asking" in lines
    assert TELEGRAM not in lines
    assert DISCORD not in lines


# ── words of residents ────────────────────────────────────────────────────────────────────────────────────────────────


def _key() -> None:
    dict[str, str]()[WORDS]


def _number() -> None:
    int(WORDS)


def _json() -> None:
    raise ValueError(f"not expected: {WORDS}") from KeyError(WORDS)


def _while_handling() -> None:
    try:
        _number()
    except ValueError:
        _key()


def _group() -> None:
    raise ExceptionGroup(WORDS, [ValueError(WORDS), ExceptionGroup("", [KeyError(WORDS)])])


def _with_a_note() -> None:
    error = RuntimeError("mis")
    error.add_note(WORDS)
    raise error


@pytest.mark.parametrize("fail", [_key, _number, _json, _while_handling, _group, _with_a_note])
def test_a_traceback_does_not_quote_what_was_looked_at(logged: Read, fail: Callable[[], None]) -> None:
    words_in_a_variable = f"{WORDS}, en dat is een variabele"
    for tell in (structlog.get_logger().exception, logging.getLogger("library").exception):
        try:
            fail()
        except Exception:  # noqa: BLE001 - the very thing
            tell("analysis failed")
    lines = logged()
    assert lines.count("analysis failed") == 2
    assert fail.__name__ in lines, "where it went wrong is told"
    assert WORDS not in lines
    assert words_in_a_variable not in lines


@pytest.mark.parametrize("kind", ["sqlite", "postgresql"])
async def test_an_error_of_the_database_does_not_quote_the_row(
    logged: Read, request: pytest.FixtureRequest, kind: str
) -> None:
    url = request.getfixturevalue("sqlite_url" if kind == "sqlite" else "postgres_schema")
    database = Database(url)

    async def refused() -> None:
        async with database.write() as tx:
            await tx.execute(
                text("INSERT INTO revisions (message_pk, text) VALUES (:pk, :words)"), {"pk": 1, "words": WORDS}
            )

    with pytest.raises(IntegrityError) as caught:
        await refused()
    if kind == "postgresql":
        assert WORDS in str(caught.value.orig), "the second line of PostgreSQL does quote it"
    structlog.get_logger().error("worker failed", exc_info=caught.value)
    await database.close()
    lines = logged()
    assert "IntegrityError" in lines
    assert "revisions" in lines, "what the database said first is told"
    assert WORDS not in lines


async def test_a_reaction_that_breaks_the_judgement_stays_out_of_the_log(
    logged: Read, sqlite_services: Services
) -> None:
    def judge(_message: Message) -> object:
        raise KeyError(_message.text)

    services = sqlite_services
    triage = Triage(
        services.database,
        services.clock,
        services.bulletin,
        judge,  # type: ignore[arg-type]
        raid_window=services.triage._raid_window,
    )
    await services.intake.receive(message(WORDS))
    await triage.run_once()
    lines = logged()
    assert "analysis failed" in lines
    assert WORDS not in lines


def test_a_scorer_that_quotes_the_text_stays_out_of_the_log(logged: Read, settings: Settings) -> None:
    class Quoting:
        name, version = "quoting", "1"

        def score(self, texts: object) -> list[object]:
            raise ValueError(f"cannot score {texts}")

    guarded = GuardedScorer(Quoting(), settings.grace)  # type: ignore[arg-type]
    (result,) = guarded.score([WORDS])
    assert result.error is not None
    lines = logged()
    assert "scorer failed" in lines
    assert WORDS not in lines


async def test_an_error_that_nobody_waited_for_is_told_by_its_place(logged: Read) -> None:
    asyncio.get_running_loop().set_exception_handler(log_lost_error)

    async def lose() -> None:
        raise ValueError(WORDS)

    task = asyncio.create_task(lose())
    await asyncio.wait([task])
    del task
    gc.collect()
    lines = logged()
    assert "never retrieved" in lines
    assert "lose" in lines
    assert WORDS not in lines


def test_a_line_that_cannot_be_made_is_told_by_its_place(logged: Read) -> None:
    ours().handle(logging.LogRecord("library", logging.WARNING, __file__, 7, "%d reactions", (WORDS,), None))
    assert logged() == f"log line lost (TypeError): {__file__}:7\n"
