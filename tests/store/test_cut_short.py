"""Whoever is cancelled in the middle of a query must not keep the program from ending."""

from __future__ import annotations

import asyncio

from bot.store.database import Database


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
