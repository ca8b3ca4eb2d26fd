"""What is kept about which rule fired: names of rules, for as long as the reaction itself is kept."""

from __future__ import annotations

from datetime import timedelta

from sqlalchemy import delete, inspect, select

from bot.core.findings import Effect, RuleHit, Severity
from bot.store import retention, rule_hits
from bot.store.database import Database
from bot.store.retention import Periods
from bot.store.schema import messages, revisions
from bot.store.schema import rule_hits as table
from tests.builders import NOON, message
from tests.store.rows import store

DAY = timedelta(days=1)


def hit(rule_id: str, status: str = "actief") -> RuleHit:
    return RuleHit(
        rule_id, "Titel", "2. Respect", Severity.HIGH, status, frozenset({Effect.ALERT_MODERATOR}), "", ((0, 4),)
    )


async def stored(database: Database) -> set[tuple[str, int, bool]]:
    async with database.read() as tx:
        return {(row.rule_id, row.revision_pk, row.active) for row in await tx.execute(select(table))}


async def test_a_second_verdict_takes_the_place_of_the_first(database: Database) -> None:
    async with database.write() as tx:
        await store(tx, message(id="1"))
        await store(tx, message(id="2"))
        await rule_hits.record(tx, 1, [hit("schelden"), hit("schreeuwen", "schaduw")])
        await rule_hits.record(tx, 2, [hit("schelden")])
    assert await stored(database) == {("schelden", 1, True), ("schreeuwen", 1, False), ("schelden", 2, True)}
    async with database.write() as tx:
        await rule_hits.record(tx, 1, [hit("schreeuwen")])
    assert await stored(database) == {("schreeuwen", 1, True), ("schelden", 2, True)}
    async with database.write() as tx:
        await rule_hits.record(tx, 1, [])
    assert await stored(database) == {("schelden", 2, True)}


async def test_erasing_a_message_takes_along_what_fired_on_any_of_its_revisions(database: Database) -> None:
    async with database.write() as tx:
        for number in (1, 2):
            await store(tx, message(f"tekst {number}", id="1", edited_at=NOON + number * DAY))
            await rule_hits.record(tx, number, [hit("schelden")])
        await store(tx, message("van een ander", id="2"))
        await rule_hits.record(tx, 3, [hit("schelden")])
        await retention.erase_message(tx, 1, NOON)
    assert await stored(database) == {("schelden", 3, True)}


async def test_what_fired_is_kept_as_long_as_the_reaction_and_no_longer(database: Database) -> None:
    periods = Periods(10 * DAY, 20 * DAY)
    async with database.write() as tx:
        await store(tx, message(id="1"), now=NOON - 11 * DAY)
        await store(tx, message(id="2"), now=NOON - 9 * DAY)
        for pk in (1, 2):
            await rule_hits.record(tx, pk, [hit("schelden")])
        assert await retention.purge(tx, NOON, periods) == 1
    assert await stored(database) == {("schelden", 2, True)}


async def test_a_revision_that_is_deleted_takes_its_rows_along(database: Database) -> None:
    async with database.write() as tx:
        await store(tx, message())
        await rule_hits.record(tx, 1, [hit("schelden")])
        await tx.execute(delete(revisions))
        await tx.execute(delete(messages))
    assert await stored(database) == set()


async def test_there_is_no_place_for_words_or_persons(database: Database) -> None:
    async with database.read() as tx:
        columns = await tx.run_sync(lambda connection: inspect(connection).get_columns("rule_hits"))
    assert {column["name"] for column in columns} == {"rule_id", "revision_pk", "active"}
