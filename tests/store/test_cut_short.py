"""Whoever is cancelled in the middle of a query must not keep the program from ending."""

from __future__ import annotations

import asyncio
import gc
import itertools

import pytest
from sqlalchemy import text

import bot.store.database as store
from bot.store import journal
from bot.store.database import Database
from tests.builders import NOON


async def test_a_connection_that_was_stopped_while_it_closed_is_closed(sqlite_database: Database) -> None:
    # What SQLAlchemy does with the connection of a task that is cancelled twice: it closes it, and then stops it.
    async with sqlite_database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        closing = asyncio.create_task(driver.close())
        await asyncio.sleep(0)
        driver.stop()
        await asyncio.wait_for(closing, 5)


async def test_closing_leaves_no_thread_of_its_own_behind(sqlite_url: str) -> None:
    database = Database(sqlite_url)
    await database.check()
    await database.close()
    assert database._threads
    assert not [thread for thread in database._threads if thread.is_alive()]


async def test_a_transaction_that_is_under_way_ends_before_the_database_closes(sqlite_url: str) -> None:
    # What nobody closes warns when it is collected, and a warning fails the run.
    database = Database(sqlite_url)
    begun, go_on = asyncio.Event(), asyncio.Event()

    async def stray() -> None:
        async with database.write() as tx:
            begun.set()
            await go_on.wait()
            await journal.raise_notice(tx, "laatste", "Nog net op tijd.", "waarschuwing", NOON)

    task = asyncio.create_task(stray())
    await begun.wait()
    closing = asyncio.create_task(database.close())
    await asyncio.sleep(0.05)
    assert not closing.done()
    go_on.set()
    await asyncio.gather(task, closing)
    assert not [thread for thread in database._threads if thread.is_alive()]
    again = Database(sqlite_url)
    async with again.read() as tx:
        assert [notice.key for notice in await journal.open_notices(tx)] == ["laatste"]
    await again.close()


async def test_a_transaction_without_end_does_not_hold_the_database_open(
    sqlite_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(store, "IN_USE_SECONDS", 0.05)
    monkeypatch.setattr(store, "THREAD_SECONDS", 0.05)
    database = Database(sqlite_url)
    begun = asyncio.Event()

    async def stray() -> None:
        async with database.read():
            begun.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(stray())
    await begun.wait()
    await asyncio.wait_for(database.close(), 5)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)


async def test_a_writer_that_was_cancelled_in_a_query_keeps_no_lock(database: Database) -> None:
    # What a cancelled query leaves behind lives until Python collects garbage: let that be long.
    numbers = itertools.count()

    async def write() -> None:
        async with database.write() as tx:
            await journal.raise_notice(tx, f"nummer {next(numbers)}", "Er is iets.", "waarschuwing", NOON)
            (await tx.execute(text("SELECT * FROM notices"))).all()

    await write()
    gc.disable()
    try:
        for turns in range(60):
            task = asyncio.create_task(write())
            for _ in range(turns):
                await asyncio.sleep(0)
            task.cancel()
            async with asyncio.timeout(5):
                await write()
            await asyncio.gather(task, return_exceptions=True)
    finally:
        gc.enable()
