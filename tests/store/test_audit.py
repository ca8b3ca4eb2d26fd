from __future__ import annotations

import asyncio
from datetime import datetime, timedelta, timezone

import pytest
from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditEvent, AuditName
from bot.store import audit
from bot.store.database import Database
from bot.store.schema import events
from tests.builders import NOON

SECOND = timedelta(seconds=1)


def event(number: int, actor: str = "An") -> AuditEvent:
    return AuditEvent(AuditName.DECISION_MADE, actor, number, None, {"edited": True, "rule": "privacy", "n": number})


async def write(database: Database, *numbers: int) -> None:
    async with database.write() as tx:
        for number in numbers:
            await audit.append(tx, NOON + number * SECOND, event(number))


async def verdict(database: Database) -> int | None:
    async with database.read() as tx:
        return await audit.verify(tx)


async def test_an_untouched_chain_verifies(database: Database) -> None:
    assert await verdict(database) is None
    await write(database, 1, 2)
    async with database.write() as tx:
        await audit.append(tx, NOON, event(3), event(4))
        await audit.append(tx, NOON)
    await write(database, 5)
    assert await verdict(database) is None


@pytest.mark.parametrize(
    ("column", "value"),
    [
        ("actor", "Bert"),
        ("at", NOON),
        ("name", AuditName.DECISION_UNDONE),
        ("case_id", 99),
        ("case_id", None),
        ("message_pk", 1),
        ("data", "{}"),
        ("hash", "f" * 64),
    ],
)
async def test_a_changed_line_is_found(database: Database, column: str, value: object) -> None:
    await write(database, 1, 2, 3)
    async with database.write() as tx:
        await tx.execute(update(events).where(events.c.id == 2).values({column: value}))
    assert await verdict(database) == 2


async def test_a_removed_line_is_found_by_the_one_after_it(database: Database) -> None:
    await write(database, 1, 2, 3)
    async with database.write() as tx:
        await tx.execute(delete(events).where(events.c.id == 1))
    assert await verdict(database) == 2


async def test_a_line_that_was_put_in_is_found_also_with_a_hash_that_follows(database: Database) -> None:
    await write(database, 1, 2)
    async with database.write() as tx:
        await tx.execute(update(events).where(events.c.id == 2).values(id=3))
        forged = {"at": NOON, "name": AuditName.DECISION_MADE, "actor": "An", "data": "{}"}
        previous = (await tx.execute(select(events.c.hash).where(events.c.id == 1))).scalar_one()
        link = audit._link(previous, NOON, forged["name"], "An", None, None, "{}")  # type: ignore[arg-type]
        await tx.execute(insert(events).values(id=2, hash=link, **forged))
    assert await verdict(database) == 3


async def test_two_lines_that_changed_places_are_found(database: Database) -> None:
    await write(database, 1, 2, 3)
    async with database.write() as tx:
        for old, new in ((1, 10), (2, 1), (10, 2)):
            await tx.execute(update(events).where(events.c.id == old).values(id=new))
    assert await verdict(database) == 1


async def test_what_was_rolled_back_leaves_nothing_and_breaks_nothing(database: Database) -> None:
    async def fail() -> None:
        async with database.write() as tx:
            await audit.append(tx, NOON, event(2))
            raise RuntimeError("halverwege")

    await write(database, 1)
    with pytest.raises(RuntimeError, match="halverwege"):
        await fail()
    await write(database, 3)
    async with database.read() as tx:
        assert [line.event.case_id for line in await audit.recent(tx)] == [3, 1]
    assert await verdict(database) is None


async def test_many_writers_in_two_processes_write_one_chain(database: Database, second: Database) -> None:
    async def writer(db: Database, number: int) -> None:
        async with db.write() as tx:
            await audit.append(tx, NOON, event(number))
            await asyncio.sleep(0)
            await audit.append(tx, NOON, event(number))

    await asyncio.gather(*(writer(db, number) for number in range(15) for db in (database, second)))
    assert await verdict(database) is None
    async with database.read() as tx:
        lines = await audit.recent(tx, limit=1000)
    assert len(lines) == 60
    assert len({line.hash for line in lines}) == 60


async def test_a_line_reads_back_as_it_was_written(database: Database) -> None:
    brussels = timezone(timedelta(hours=1))
    at = datetime(2026, 11, 24, 13, 0, 0, 123456, tzinfo=brussels)
    written = AuditEvent(AuditName.EFFECT_SENT, "telegram", 7, 8, {"één": "\u202e\x00", "n": 1.5, "x": None})
    async with database.write() as tx:
        await audit.append(tx, at, written)
        (line,) = await audit.recent(tx)
    assert (line.event, line.at) == (written, at)
    assert await verdict(database) is None, "the time is hashed in UTC, as it is stored"


async def test_an_actor_with_an_odd_name_does_not_break_the_chain(database: Database) -> None:
    async with database.write() as tx:
        await audit.append(tx, NOON, event(1, actor="A\x00n\ud800"))
        (line,) = await audit.recent(tx)
    assert line.event.actor == "A\u2400n\ufffd"
    assert await verdict(database) is None


async def test_recent_lines_are_the_newest_and_can_be_of_one_case(database: Database) -> None:
    await write(database, *range(1, 6))

    async def cases(tx: AsyncConnection, **which: int) -> list[int | None]:
        return [line.event.case_id for line in await audit.recent(tx, **which)]

    async with database.read() as tx:
        assert await cases(tx, limit=2) == [5, 4]
        assert await cases(tx, case_id=3) == [3]
        assert await cases(tx, limit=10, case_id=9) == []
