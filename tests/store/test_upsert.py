from __future__ import annotations

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.store.database import Database
from bot.store.schema import accounts, counters, cursors, notices
from bot.store.upsert import add_to, insert_once, upsert
from tests.builders import NOON

KEYS = {"channel": "demo", "name": "offset"}


async def test_a_row_is_made_and_then_changed(database: Database) -> None:
    async with database.write() as tx:
        for value in ("1", "2", "2"):
            await upsert(tx, cursors, keys=KEYS, values={"value": value, "at": NOON})
        await upsert(tx, cursors, keys={**KEYS, "name": "seen"}, values={"value": "x", "at": NOON})
        rows = (await tx.execute(select(cursors.c.name, cursors.c.value).order_by(cursors.c.name))).all()
    assert [tuple(row) for row in rows] == [("offset", "2"), ("seen", "x")]


async def test_a_counter_starts_at_nought_and_adds_up(database: Database) -> None:
    keys = {"day": "2026-11-24", "channel": "demo", "name": "received"}
    async with database.write() as tx:
        for amount in (3, 1, -2):
            await add_to(tx, counters.c.value, keys=keys, amount=amount)
        assert (await tx.execute(select(counters.c.value))).scalar_one() == 2


async def test_a_second_insert_of_the_same_key_says_so_and_changes_nothing(database: Database) -> None:
    async with database.write() as tx:
        assert await insert_once(tx, cursors, {**KEYS, "value": "1", "at": NOON})
        assert not await insert_once(tx, cursors, {**KEYS, "value": "2", "at": NOON})
        assert (await tx.execute(select(cursors.c.value))).scalar_one() == "1"


async def test_a_unique_column_counts_as_a_key_too(database: Database) -> None:
    row = {"key": "gat", "level": "fout", "text": "…", "at": NOON}
    async with database.write() as tx:
        assert await insert_once(tx, notices, row)
        assert not await insert_once(tx, notices, row)
        assert await insert_once(tx, notices, {**row, "key": "ander"})


async def test_a_row_about_nobody_is_an_error_and_not_passed_over(database: Database) -> None:
    async with database.write() as tx:
        with pytest.raises(IntegrityError):
            await insert_once(tx, accounts, {"face": "web", "platform_id": "1", "person_id": 99})
