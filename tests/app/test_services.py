"""The services on an open database: what they share, and that nothing is left open behind them."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.app import build_channels, open_database, open_services
from bot.core.cases import CaseKind
from bot.core.errors import ConfigError, StoreError, VerbinderError
from bot.settings import Settings
from bot.store.database import Database
from tests.app.conftest import SettingsOf, other_threads
from tests.builders import message

pytestmark = pytest.mark.usefixtures("one_engine")

TELEGRAM = "123456789:AAtHisIsNoRealTokenButLooksLikeOne0123"
DISCORD = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GaBcDe.aBcDeFgHiJkLmNoPqRsTuVwXyZ0123456789ab"


def threads_left() -> bool:
    """Tell whether a thread of a database still runs, after a moment in which it may end."""
    deadline = time.monotonic() + 5
    while other_threads() and time.monotonic() < deadline:
        time.sleep(0.01)
    return bool(other_threads())


async def test_a_reaction_goes_in_and_a_case_comes_out(settings_of: SettingsOf, database_url: str) -> None:
    async with open_services(settings_of(DATABASE__URL=database_url)) as services:
        await services.intake.receive(message("Wat een achterlijke idioot zijt gij", id="1"))
        await services.triage.run_once()
        (case,) = await services.desk.queue(kinds=[CaseKind.ALERT])
        rules = services.desk.rules_for(case)
        assert services.desk.warning_for(case) != ""
        assert services.desk.limit_for(case) == 2000
    assert len(rules) == len(services.engine.rules.house_rules)
    assert not threads_left()


async def test_the_grace_and_the_raid_window_are_those_of_the_settings(settings_of: SettingsOf) -> None:
    settings = settings_of(REVIEW__GRACE_SECONDS="3", REVIEW__CLAIM_MINUTES="4", REVIEW__RAID_WINDOW_MINUTES="5")
    async with open_services(settings) as services:
        assert services.desk._rules.grace.total_seconds() == 3
        assert services.desk._rules.claim.total_seconds() == 4 * 60
        assert services.triage._raid_window.total_seconds() == 5 * 60


async def test_an_author_keeps_the_same_pseudonym_after_a_restart(settings: Settings) -> None:
    keys = set()
    for _ in range(2):
        async with open_services(settings) as services:
            keys.add(services.intake.author_key("telegram", "42"))
    assert len(keys) == 1


async def test_the_database_is_closed_however_the_block_ends(settings: Settings) -> None:
    async def fail_inside() -> None:
        async with open_services(settings) as services:
            assert await services.intake.cursor("demo", "step") is None
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_inside()
    assert not threads_left()


async def test_without_rules_no_database_is_made(settings_of: SettingsOf, tmp_path: Path) -> None:
    settings = settings_of(RULES=str(tmp_path / "nergens.yaml"))
    with pytest.raises(VerbinderError):
        async with open_services(settings):
            pass
    assert not (tmp_path / "data" / "verbinder.db").exists()
    assert not threads_left()


def _text_file(path: Path) -> None:
    path.write_text("Dit is de boodschappenlijst van iemand anders.\n" * 50, encoding="utf-8")


def _folder(path: Path) -> None:
    path.mkdir()


def _newer(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
        connection.execute("INSERT INTO alembic_version VALUES ('9999')")


def _another_program(path: Path) -> None:
    with contextlib.closing(sqlite3.connect(path)) as connection, connection:
        connection.execute("CREATE TABLE messages (sms TEXT)")


@pytest.mark.parametrize(
    ("make", "words"),
    [
        pytest.param(_text_file, "not a database", id="a text file"),
        pytest.param(_folder, "unable to open", id="a folder"),
        pytest.param(_newer, "nieuwer", id="a newer version"),
        pytest.param(_another_program, "already exists", id="the database of another program"),
    ],
)
async def test_a_database_that_is_none_of_ours_is_explained_and_let_go_of(
    settings: Settings, tmp_path: Path, make: object, words: str
) -> None:
    path = tmp_path / "data" / "verbinder.db"
    path.parent.mkdir()
    assert callable(make)
    make(path)
    with pytest.raises(StoreError, match=words) as caught:
        await open_database(settings)
    assert str(path) in str(caught.value)
    assert caught.value.remedy
    assert not threads_left()


async def test_a_server_that_is_not_there_is_explained_without_its_password(settings_of: SettingsOf) -> None:
    settings = settings_of(DATABASE__URL="postgresql://verbinder:zwijgzaam@127.0.0.1:1/verbinder")
    with pytest.raises(StoreError) as caught:
        await open_database(settings)
    assert "127.0.0.1:1" in str(caught.value)
    assert "zwijgzaam" not in str(caught.value)


def test_stopping_in_the_middle_of_work_leaves_no_thread_behind(
    settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Cancel at any moment, also while a connection is half open: its thread would then find the loop closed."""
    complaints: list[threading.ExceptHookArgs] = []
    monkeypatch.setattr(threading, "excepthook", complaints.append)
    asyncio.run(_made(settings))

    async def work(database: Database) -> None:
        while True:
            async with database.read() as tx:
                await tx.execute(text("SELECT count(*) FROM messages"))
            async with database.write() as tx:
                await tx.execute(text("UPDATE messages SET revision = revision"))

    async def stopped_after(seconds: float) -> None:
        database = Database(settings.database.url)
        tasks = [asyncio.create_task(work(database)) for _ in range(4)]
        await asyncio.sleep(seconds)
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        await database.close()

    for attempt in range(60):
        asyncio.run(stopped_after(attempt / 60 * 0.006))
    assert not threads_left()
    assert complaints == []


async def _made(settings: Settings) -> None:
    await (await open_database(settings)).close()


# ── channels ──────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("changes", "names"),
    [
        ({}, ["demo"]),
        ({"DEMO__ENABLED": "off"}, []),
        ({"TELEGRAM__TOKEN": TELEGRAM}, ["telegram"]),
        ({"DISCORD__TOKEN": DISCORD}, ["discord"]),
        ({"TELEGRAM__TOKEN": TELEGRAM, "DISCORD__TOKEN": DISCORD}, ["telegram", "discord"]),
        ({"TELEGRAM__TOKEN": TELEGRAM, "DEMO__ENABLED": "on"}, ["telegram", "demo"]),
    ],
)
async def test_the_channels_are_those_of_the_settings(
    settings_of: SettingsOf, changes: dict[str, str], names: list[str]
) -> None:
    async with open_services(settings_of(**changes)) as services:
        assert [channel.name for channel in build_channels(services)] == names


async def test_a_channel_has_a_staff_surface_where_its_staff_channel_is_set(settings_of: SettingsOf) -> None:
    tokens = {"TELEGRAM__TOKEN": TELEGRAM, "DISCORD__TOKEN": DISCORD}
    async with open_services(settings_of(**tokens)) as services:
        assert [channel.surface for channel in build_channels(services)] == [None, None]
    staff = {"TELEGRAM__STAFF_CHAT": "-1001", "DISCORD__STAFF_CHANNEL": "123456789012345678"}
    async with open_services(settings_of(**tokens, **staff)) as services:
        assert all(channel.surface is not None for channel in build_channels(services))


async def test_what_is_no_token_is_said_before_anything_connects(settings_of: SettingsOf) -> None:
    async with open_services(settings_of(TELEGRAM__TOKEN="geen-token")) as services:
        with pytest.raises(ConfigError, match="VERBINDER_TELEGRAM__TOKEN"):
            build_channels(services)


@pytest.mark.parametrize(
    ("changes", "absent"), [({}, {"telegram", "discord"}), ({"VERBINDER_TELEGRAM__TOKEN": TELEGRAM}, {"discord"})]
)
def test_a_platform_that_is_not_used_is_not_read(tmp_path: Path, changes: dict[str, str], absent: set[str]) -> None:
    code = """
import asyncio, sys
from bot.app import build_channels, open_services
from bot.settings import load_settings
async def main():
    async with open_services(load_settings()) as services:
        build_channels(services)
asyncio.run(main())
print(*sorted({"telegram", "discord"} & set(sys.modules)))
"""
    environ = {
        "PATH": "",
        "VERBINDER_DATA_DIR": str(tmp_path),
        "VERBINDER_DATABASE__URL": f"sqlite:///{tmp_path}/verbinder.db",
        **changes,
    }
    done = subprocess.run(
        [sys.executable, "-c", code], cwd=tmp_path, env=environ, capture_output=True, text=True, check=True, timeout=60
    )
    assert set(done.stdout.split()) == {"telegram", "discord"} - absent
