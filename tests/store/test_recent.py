"""What stands before a message: by its author, in like words, in the same chat, by the messages' own times."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy import text, update
from sqlalchemy.dialects import sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.messages import SAME_AUTHOR, Author, Message, Recent
from bot.rules.durations import LOOKED_BACK as RULES_LOOK_BACK
from bot.rules.schema import rule_file_schema
from bot.store import erasure, inbox, recent
from bot.store.database import Database
from bot.store.schema import revisions
from tests.builders import NOON, message

ME, BOB, EVE = "author-me", "author-bob", "author-eve"
LIKE, OTHER = "aaaa", "bbbb"
MINUTE, HOUR, DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


async def written(
    tx: AsyncConnection,
    author: str,
    age: timedelta,
    fingerprint: str = OTHER,
    *,
    id: str = "",  # noqa: A002 - as in `message`
    chat: str = "-100",
    channel: str = "demo",
    received: datetime | None = None,
    history: bool = False,
) -> int:
    """Store a message that was written `age` before noon and judged since; return its key."""
    at = NOON - age
    named = id or f"{author}-{age.total_seconds()}-{fingerprint}"
    incoming = message(id=named, chat=chat, channel=channel, sent_at=at)
    stored = await inbox.store_message(tx, incoming, author_key=author, now=received or at, history=history)
    assert stored.revision_pk is not None
    await judged(tx, stored.revision_pk, fingerprint)
    return stored.message_pk


async def judged(tx: AsyncConnection, revision_pk: int, fingerprint: str) -> None:
    statement = update(revisions).where(revisions.c.id == revision_pk)
    await tx.execute(statement.values(state="done", fingerprint=fingerprint))


async def before(
    tx: AsyncConnection,
    *,
    author: str = ME,
    fingerprint: str = LIKE,
    age: timedelta = timedelta(),
    edited_at: datetime | None = None,
) -> Recent:
    """Store one more message and return what stands before it."""
    incoming = message(id="now", sent_at=NOON - age, edited_at=edited_at)
    stored = await inbox.store_message(tx, incoming, author_key=author, now=NOON)
    return await recent.recent_of(tx, by(incoming, author), message_pk=stored.message_pk, fingerprint=fingerprint)


def by(incoming: Message, author_key: str) -> Message:
    """Return a message as triage has it: its author is named by key."""
    return replace(incoming, author=Author(author_key))


async def test_the_first_message_of_all_has_nothing_before_it(database: Database) -> None:
    async with database.write() as tx:
        assert await before(tx) == Recent(first=True)


async def test_what_the_author_wrote_is_told_whatever_the_words(database: Database) -> None:
    async with database.write() as tx:
        await written(tx, ME, 5 * MINUTE, OTHER)
        await written(tx, ME, 2 * HOUR, LIKE)
        await written(tx, BOB, MINUTE, OTHER)
        found = await before(tx)
    assert found == Recent(own=(5 * MINUTE, 2 * HOUR), alike=((SAME_AUTHOR, 2 * HOUR),), first=False)


async def test_like_words_are_told_with_who_wrote_them(database: Database) -> None:
    async with database.write() as tx:
        await written(tx, BOB, 3 * MINUTE, LIKE)
        await written(tx, EVE, MINUTE, LIKE)
        await written(tx, EVE, 2 * MINUTE, LIKE)
        await written(tx, EVE, 4 * MINUTE, OTHER)
        found = await before(tx)
    assert sorted(found.alike) == [(BOB, 3 * MINUTE), (EVE, MINUTE), (EVE, 2 * MINUTE)]
    assert (found.own, found.first) == ((), True)


@pytest.mark.parametrize(
    ("age", "own", "first"),
    [
        (DAY, 1, False),
        (DAY + timedelta(seconds=1), 0, False),  # too long ago to count, and still not a stranger
        (400 * DAY, 0, False),
    ],
)
async def test_a_day_is_looked_back_and_a_stranger_is_one_who_never_wrote(
    database: Database, age: timedelta, own: int, first: bool
) -> None:
    async with database.write() as tx:
        await written(tx, ME, age, LIKE)
        await written(tx, BOB, age, LIKE)
        found = await before(tx)
    assert (len(found.own), found.first) == (own, first)
    assert len(found.alike) == 2 * own


@pytest.mark.parametrize("elsewhere", [{"chat": "-200"}, {"channel": "telegram"}])
async def test_another_chat_does_not_count(database: Database, elsewhere: dict[str, str]) -> None:
    async with database.write() as tx:
        await written(tx, ME, MINUTE, LIKE, **elsewhere)  # type: ignore[arg-type]
        await written(tx, BOB, MINUTE, LIKE, **elsewhere)  # type: ignore[arg-type]
        assert await before(tx) == Recent(first=True)


async def test_what_was_written_later_does_not_count(database: Database) -> None:
    async with database.write() as tx:
        await written(tx, ME, timedelta(), LIKE)
        await written(tx, BOB, timedelta(), LIKE)
        assert await before(tx, age=HOUR) == Recent(first=True)


async def test_of_one_second_what_came_in_first_is_the_earlier(database: Database) -> None:
    # Telegram tells times to the second, so a flood shares its own.
    async with database.write() as tx:
        await written(tx, ME, timedelta(), OTHER, id="1")
        await written(tx, ME, timedelta(), OTHER, id="2")
        own = await inbox.store_message(tx, message(id="3"), author_key=ME, now=NOON)
        await written(tx, ME, timedelta(), OTHER, id="4")
        found = await recent.recent_of(tx, by(message(id="3"), ME), message_pk=own.message_pk, fingerprint=LIKE)
    assert found.own == (timedelta(), timedelta())


@pytest.mark.parametrize("later", [MINUTE, 2 * DAY])
async def test_an_edit_is_not_a_repetition_of_itself(database: Database, later: timedelta) -> None:
    async with database.write() as tx:
        first = await inbox.store_message(tx, message("Dag", id="1"), author_key=ME, now=NOON)
        assert first.revision_pk is not None
        await judged(tx, first.revision_pk, LIKE)
        edited = message("Dag!", id="1", edited_at=NOON + later)
        await inbox.store_message(tx, edited, author_key=ME, now=NOON + later)
        found = await recent.recent_of(tx, by(edited, ME), message_pk=first.message_pk, fingerprint=LIKE)
    assert found == Recent(first=True)


async def test_ages_are_counted_from_the_last_edit(database: Database) -> None:
    async with database.write() as tx:
        await written(tx, ME, MINUTE, LIKE)
        found = await before(tx, age=DAY, edited_at=NOON)
    assert found.own == (MINUTE,)


async def test_an_edited_message_counts_as_it_now_reads(database: Database) -> None:
    async with database.write() as tx:
        await written(tx, BOB, HOUR, LIKE, id="1")
        edited = message("Iets anders", id="1", sent_at=NOON - HOUR, edited_at=NOON - MINUTE)
        stored = await inbox.store_message(tx, edited, author_key=BOB, now=NOON - MINUTE)
        assert stored.revision_pk is not None
        await judged(tx, stored.revision_pk, OTHER)
        assert (await before(tx)).alike == ()
        again = await before(tx, fingerprint=OTHER)
    assert again.alike == ((BOB, HOUR),)


async def test_a_deleted_message_was_written_and_an_erased_one_never_was(database: Database) -> None:
    async with database.write() as tx:
        await written(tx, ME, 2 * MINUTE, LIKE, id="deleted")
        await inbox.mark_deleted(tx, message(id="deleted").ref, NOON)
        gone = [await written(tx, who, MINUTE, LIKE, id=f"erased-{who}") for who in (ME, BOB)]
        await erasure.erase(tx, gone, NOON, actor="An", because="gevraagd")
        found = await before(tx)
    assert found == Recent(own=(2 * MINUTE,), alike=((SAME_AUTHOR, 2 * MINUTE),), first=False)


async def test_imported_history_counts_by_when_it_was_written(database: Database) -> None:
    async with database.write() as tx:
        await written(tx, ME, 30 * MINUTE, LIKE, received=NOON + HOUR, history=True)
        await written(tx, BOB, 40 * MINUTE, LIKE, received=NOON + HOUR, history=True)
        await written(tx, EVE, 40 * DAY, LIKE, received=NOON - MINUTE, history=True)  # read in just now, and long ago
        found = await before(tx)
    assert found == Recent((30 * MINUTE,), ((SAME_AUTHOR, 30 * MINUTE), (BOB, 40 * MINUTE)), first=False)


async def test_a_clock_of_ours_that_is_behind_hides_nothing(database: Database) -> None:
    async with database.write() as tx:
        await written(tx, BOB, DAY - MINUTE, LIKE, received=NOON - DAY - 30 * MINUTE)
        assert (await before(tx)).alike == ((BOB, DAY - MINUTE),)


async def test_a_text_with_nothing_to_compare_is_like_no_other(database: Database) -> None:
    # Emoji alone have no fingerprint; nor has what was not judged yet.
    async with database.write() as tx:
        await written(tx, ME, MINUTE, "")
        await written(tx, BOB, MINUTE, "")
        found = await before(tx, fingerprint="")
    assert found == Recent(own=(MINUTE,), first=False)


async def test_a_flood_is_read_up_to_a_limit_the_newest_first(database: Database) -> None:
    ages = [timedelta(seconds=second) for second in range(1, 131)]
    async with database.write() as tx:
        for age in ages:
            await written(tx, ME, age, LIKE)
            await written(tx, BOB, age, LIKE)
        found = await before(tx)
    assert list(found.own) == ages[: recent.MOST_OWN]
    assert [age for author, age in found.alike if author == BOB] == ages[: recent.MOST_ALIKE]


def test_what_is_read_is_enough_for_the_largest_number_that_a_rule_may_ask_for() -> None:
    definitions = rule_file_schema()["$defs"]

    def most(condition: str, key: str) -> int:
        return int(definitions[condition]["properties"][key]["maximum"])

    assert RULES_LOOK_BACK <= recent.LOOKED_BACK
    assert most("Stortvloed", "berichten") <= recent.MOST_OWN + 1
    assert most("Herhaling", "keer") <= recent.MOST_OWN + 1
    assert most("Overval", "auteurs") <= recent.MOST_ALIKE + 1


async def test_every_part_of_the_query_follows_an_index(sqlite_database: Database) -> None:
    values = {
        "channel": "demo", "chat_id": "-100", "author_key": ME, "message_pk": 1, "moment": NOON, "since": NOON - DAY,
        "fingerprint": LIKE, "received_since": NOON - DAY,
    }  # fmt: skip
    compiled = recent._OWN_AND_ALIKE.params(values).compile(
        dialect=sqlite.dialect(), compile_kwargs={"literal_binds": True}
    )
    async with sqlite_database.read() as tx:
        plan = [row.detail for row in await tx.execute(text(f"EXPLAIN QUERY PLAN {compiled}".replace(":", r"\:")))]
    steps = [step for step in plan if "messages" in step or "revisions" in step]
    assert len(steps) == 6
    assert all(step.startswith("SEARCH") for step in steps), steps
    assert sum("ix_messages_author (channel=? AND chat_id=? AND author_key=?" in step for step in steps) == 2
    assert sum("ix_revisions_fingerprint (fingerprint=? AND received_at>" in step for step in steps) == 1
    assert not [step for step in plan if "TEMP B-TREE" in step], "what is read is in order already"
