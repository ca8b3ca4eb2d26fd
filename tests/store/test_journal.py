from __future__ import annotations

import asyncio
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import journal
from bot.store.database import Database
from tests.builders import NOON

MINUTE = timedelta(minutes=1)


async def notice(tx: AsyncConnection, key: str = "gat", *, minutes: int = 0, text: str = "Tekst.") -> bool:
    return await journal.raise_notice(tx, key, text, "fout", NOON + minutes * MINUTE)


async def test_a_notice_is_news_once_until_it_is_settled(database: Database) -> None:
    async with database.write() as tx:
        assert await notice(tx)
        assert not await notice(tx, minutes=1, text="Andere woorden.")
        assert await notice(tx, "iets anders", minutes=2)
        await journal.settle_notice(tx, "gat", NOON + 3 * MINUTE)
        assert [row.key for row in await journal.open_notices(tx)] == ["iets anders"]
        assert await notice(tx, minutes=4, text="Opnieuw.")
        assert not await notice(tx, minutes=5)
        found = await journal.open_notices(tx)
    assert [(row.key, row.text, row.at, row.level) for row in found] == [
        ("gat", "Opnieuw.", NOON + 4 * MINUTE, "fout"),
        ("iets anders", "Tekst.", NOON + 2 * MINUTE, "fout"),
    ]


async def test_settling_what_never_was_changes_nothing(database: Database) -> None:
    async with database.write() as tx:
        await notice(tx)
        await journal.settle_notice(tx, "onbekend", NOON)
        assert len(await journal.open_notices(tx)) == 1


async def test_two_processes_that_find_the_same_tell_it_once(database: Database, second: Database) -> None:
    async def find(db: Database, key: str) -> bool:
        async with db.write() as tx:
            return await notice(tx, key)

    for number in range(10):
        key = str(number // 2)
        assert sum(await asyncio.gather(find(database, key), find(second, key))) == 1
        async with database.write() as tx:
            await journal.settle_notice(tx, key, NOON)


async def test_counters_add_up_per_day_channel_and_name(database: Database) -> None:
    async with database.write() as tx:
        for day, channel, name, amount in (
            ("2026-11-23", "demo", "received", 1),
            ("2026-11-24", "demo", "received", 1),
            ("2026-11-24", "demo", "received", 4),
            ("2026-11-24", "discord", "received", 2),
            ("2026-11-24", "demo", "edited", 1),
        ):
            await journal.count(tx, day, channel, name, amount)
        rows = [tuple(row) for row in await journal.counts(tx, "2026-11-24")]
    assert sorted(rows) == [
        ("2026-11-24", "demo", "edited", 1),
        ("2026-11-24", "demo", "received", 5),
        ("2026-11-24", "discord", "received", 2),
    ]


async def test_counts_of_two_processes_all_count(database: Database, second: Database) -> None:
    async def count(db: Database) -> None:
        async with db.write() as tx:
            await journal.count(tx, "2026-11-24", "demo", "received")

    await asyncio.gather(*(count(db) for db in (database, second) for _ in range(10)))
    async with database.read() as tx:
        assert [row.value for row in await journal.counts(tx, "2026-11-24")] == [20]


async def test_trap_24_a_slot_is_taken_once_by_one(database: Database, second: Database) -> None:
    async def take(db: Database, job: str, slot: str) -> bool:
        async with db.write() as tx:
            return await journal.take_slot(tx, job, slot, NOON)

    for slot in map(str, range(10)):
        assert sum(await asyncio.gather(*(take(db, "digest", slot) for db in (database, second, database)))) == 1
    assert not await take(second, "digest", "0")
    assert await take(second, "retention", "0")


async def test_the_last_run_of_a_job_is_its_newest_slot(database: Database) -> None:
    async with database.write() as tx:
        assert await journal.last_run(tx, "digest") is None
        await journal.take_slot(tx, "digest", "b", NOON + MINUTE)
        await journal.take_slot(tx, "digest", "c", NOON)
        await journal.take_slot(tx, "retention", "d", NOON + 2 * MINUTE)
        assert await journal.last_run(tx, "digest") == NOON + MINUTE
