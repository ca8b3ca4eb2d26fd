"""Versions of the rule file are kept whole, in order, and never change."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store import rule_versions
from bot.store.database import Database
from bot.store.rule_versions import NewVersion, Origin, RuleVersion
from tests.builders import NOON

TEXT = "versie: 1\r\nregels: []  # é \U0001f600 'quotes' \\ %s {x}\n\n"
FIRST = NewVersion("a" * 64, TEXT, {"lijsten/dieren.txt": "aap\nbeer\n", "ä.txt": ""}, "An", Origin.FILE)


async def keep(tx: AsyncConnection, name: str, *, minutes: int = 0, origin: Origin = Origin.CONSOLE) -> RuleVersion:
    new = replace(FIRST, hash=name * 64, origin=origin, note=f"Versie {name}.")
    return await rule_versions.add(tx, new, NOON + timedelta(minutes=minutes))


async def test_a_version_comes_back_letter_for_letter(database: Database) -> None:
    async with database.write() as tx:
        kept = await rule_versions.add(tx, FIRST, NOON)
    async with database.read() as tx:
        found = await rule_versions.by_id(tx, kept.id)
    assert found == kept
    assert found == RuleVersion(kept.id, "a" * 64, TEXT, FIRST.lists, "An", Origin.FILE, "", NOON)


async def test_nothing_is_kept_yet(database: Database) -> None:
    async with database.read() as tx:
        assert await rule_versions.newest(tx) is None
        assert await rule_versions.by_id(tx, 1) is None
        assert await rule_versions.by_hash(tx, "a" * 64) is None
        assert await rule_versions.before(tx, 1) is None
        assert await rule_versions.recent(tx, 10) == []


async def test_the_newest_is_the_last_that_was_kept_whatever_the_clock_says(database: Database) -> None:
    async with database.write() as tx:
        await keep(tx, "a", minutes=60)
        last = await keep(tx, "b", minutes=-60)
        assert await rule_versions.newest(tx) == last


async def test_versions_come_newest_first_and_no_more_than_asked(database: Database) -> None:
    async with database.write() as tx:
        kept = [await keep(tx, name) for name in "abcd"]
        assert await rule_versions.recent(tx, 3) == kept[:0:-1]
        assert await rule_versions.before(tx, kept[2].id) == kept[1]
        assert await rule_versions.before(tx, kept[0].id) is None


async def test_of_versions_with_one_text_the_newest_is_found(database: Database) -> None:
    async with database.write() as tx:
        await keep(tx, "a")
        await keep(tx, "b")
        again = await keep(tx, "a", origin=Origin.RESTORED)
        assert await rule_versions.by_hash(tx, "a" * 64) == again


async def test_what_no_database_can_hold_does_not_stop_a_version(database: Database) -> None:
    odd = replace(FIRST, text="a\0b", lists={"n\0.txt": "c\0d"}, author="A" * 200, note="e\0f\ud800")
    async with database.write() as tx:
        kept = await rule_versions.add(tx, odd, NOON)
    assert (kept.text, kept.lists, kept.note) == ("a␀b", {"n␀.txt": "c␀d"}, "e␀f\ufffd")
    assert kept.author == "A" * 80
