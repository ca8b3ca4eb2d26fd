from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import func, insert, select
from sqlalchemy.exc import IntegrityError

from bot.core.messages import Author, AuthorRole, Message, MessageKind, MessageRef
from bot.store import inbox
from bot.store.database import Database
from bot.store.schema import chats, messages, revisions, unreadable
from tests.builders import NOON, message, post
from tests.store.rows import store

MINUTE = timedelta(minutes=1)


async def rows(database: Database) -> tuple[int, int]:
    """Return how many messages and revisions are stored."""
    async with database.read() as tx:
        counted = [(await tx.execute(select(func.count()).select_from(t))).scalar_one() for t in (messages, revisions)]
    return counted[0], counted[1]


async def test_a_message_is_stored_once_however_often_it_comes(database: Database) -> None:
    async with database.write() as tx:
        first = await store(tx, message())
        again = await store(tx, message())
    assert (first.number, again.number) == (1, 1)
    assert first.revision_pk is not None
    assert again.revision_pk is None
    assert again.message_pk == first.message_pk
    assert await rows(database) == (1, 1)


@pytest.mark.parametrize("other", [{"id": "102"}, {"chat": "-101"}, {"channel": "telegram"}])
async def test_a_message_is_another_in_another_place(database: Database, other: dict[str, str]) -> None:
    async with database.write() as tx:
        await store(tx, message())
        assert (await store(tx, message(**other))).revision_pk is not None
    assert await rows(database) == (2, 2)


async def test_the_tables_themselves_refuse_a_second_copy(database: Database) -> None:
    async with database.write() as tx:
        stored = await store(tx, message())
        row = (await tx.execute(select(messages))).mappings().one()
        revision = (await tx.execute(select(revisions))).mappings().one()
    for table, copy in ((messages, row), (revisions, revision)):
        with pytest.raises(IntegrityError):
            async with database.write() as tx:
                await tx.execute(insert(table).values({**copy, "id": stored.message_pk + 100}))


async def test_two_processes_that_store_the_same_message_store_it_once(database: Database, second: Database) -> None:
    async def one(db: Database, text: str) -> bool:
        async with db.write() as tx:
            return (await store(tx, message(text, id=text))).revision_pk is not None

    for number in range(10):
        new = await asyncio.gather(one(database, str(number)), one(second, str(number)))
        assert sorted(new) == [False, True]
    assert await rows(database) == (10, 10)


# ── revisions ─────────────────────────────────────────────────────────────────────────────────────────────────────

A, B = "Dag", "Dag allemaal"


@pytest.mark.parametrize(
    ("versions", "kept"),
    [
        # (text, minutes after NOON at which it was edited; None: not edited), in order of arrival
        ([(A, None), (B, 1)], [A, B]),  # an edit
        ([(A, None), (A, 1)], [A]),  # an edit that changed no text: a reaction, a preview
        ([(A, None), (B, 1), (B, 1)], [A, B]),  # the edit comes again
        ([(A, None), (B, 1), (A, None)], [A, B]),  # the original comes again after its edit
        ([(B, 2), (A, 1)], [B]),  # an older edit comes late
        ([(A, None), (B, 1), (A, 2)], [A, B, A]),  # what was changed is changed back
        ([(A, None), (B, 1), (A, 1)], [A, B, A]),  # twice in one second, which is all that Telegram counts in
        ([(A, 1), (B, 1), (A, 1)], [A, B]),  # the older of two edits in one second comes again
        ([(A, None), (B, None)], [A, B]),  # a channel that dates no edits
        ([(B, 1), (A, None)], [B]),  # the original comes after its edit
    ],
)
async def test_versions_are_kept_in_their_own_order(
    database: Database, versions: list[tuple[str, int | None]], kept: list[str]
) -> None:
    async with database.write() as tx:
        for text, minutes in versions:
            await store(tx, message(text, edited_at=None if minutes is None else NOON + minutes * MINUTE))
        found = (await tx.execute(select(revisions.c.text, revisions.c.number).order_by(revisions.c.number))).all()
        newest = (await tx.execute(select(messages.c.revision))).scalar_one()
    assert [tuple(row) for row in found] == [(text, number) for number, text in enumerate(kept, start=1)]
    assert newest == len(kept)


@pytest.mark.parametrize(
    "change", [{"text": "x"}, {"quoted": "x"}, {"forwarded": "x"}, {"attachments": ("foto.jpg",)}], ids=str
)
async def test_whatever_can_be_judged_makes_a_revision(database: Database, change: dict[str, object]) -> None:
    async with database.write() as tx:
        await store(tx, message())
        edited = replace(message(), edited_at=NOON + MINUTE, **change)  # type: ignore[arg-type]
        assert (await store(tx, edited)).number == 2


@pytest.mark.parametrize(
    ("incoming", "state"),
    [
        (message(), "pending"),
        (post(), "skipped"),  # context
        (message(kind=MessageKind.OWN), "skipped"),  # our own reply
        (replace(message(), author=Author("x", role=AuthorRole.STAFF)), "skipped"),  # a colleague
        (replace(message(), author=Author("x", role=AuthorRole.MUNICIPALITY)), "skipped"),
    ],
)
async def test_only_what_residents_say_waits_to_be_judged(database: Database, incoming: Message, state: str) -> None:
    async with database.write() as tx:
        stored = await store(tx, incoming)
        assert (await tx.execute(select(revisions.c.state))).scalar_one() == state
        assert list(await inbox.pending(tx, 10)) == ([stored.revision_pk] if state == "pending" else [])


async def test_what_waits_is_handed_out_oldest_first(database: Database) -> None:
    async with database.write() as tx:
        keys = [(await store(tx, message(id=str(number)))).revision_pk for number in (9, 3, 5)]
        assert list(await inbox.pending(tx, 2)) == keys[:2]
        assert await inbox.count_pending(tx) == 3


async def test_an_edit_of_a_deleted_message_brings_it_back(database: Database) -> None:
    async with database.write() as tx:
        await store(tx, message())
        await inbox.mark_deleted(tx, message().ref, NOON)
        await store(tx, message("toch nog", edited_at=NOON + MINUTE))
        assert (await tx.execute(select(messages.c.deleted_at))).scalar_one() is None


async def test_a_deletion_is_noted_once_and_only_of_what_is_known(database: Database) -> None:
    async with database.write() as tx:
        stored = await store(tx, message())
        assert await inbox.mark_deleted(tx, message().ref, NOON) == stored.message_pk
        assert await inbox.mark_deleted(tx, message().ref, NOON + MINUTE) is None
        assert await inbox.mark_deleted(tx, MessageRef("demo", "-100", "999"), NOON) is None
        assert (await tx.execute(select(messages.c.deleted_at))).scalar_one() == NOON


# ── the post that a reaction stands under ─────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("incoming", "post_id"),
    [
        (message(id="103", reply_to="100"), "100"),  # an answer to the post
        (message(id="103", reply_to="101"), "100"),  # an answer to a reaction under the post
        (message(id="103", reply_to="102"), None),  # an answer to a loose message
        (message(id="103", reply_to="999"), None),  # an answer to what was never stored
        (message(id="103", reply_to="100", chat="-200"), None),  # the same number in another chat
        (message(id="103"), None),
        (message(id="103", reply_to="101", post_id="77"), "77"),  # the channel knows better
        (replace(post(id="103"), reply_to="100"), None),  # a post stands under nothing
    ],
)
async def test_the_post_is_found_through_what_is_answered(
    database: Database, incoming: Message, post_id: str | None
) -> None:
    async with database.write() as tx:
        await store(tx, post())
        await store(tx, message(id="101", reply_to="100"))
        await store(tx, message(id="102"))
        await store(tx, incoming)
        row = await inbox.find(tx, incoming.ref)
    assert row is not None
    assert row.post_id == post_id


# ── catching up after an outage ───────────────────────────────────────────────────────────────────────────────────


async def test_the_newest_message_is_the_highest_number_not_the_last_word(database: Database) -> None:
    async with database.write() as tx:
        assert await inbox.newest(tx, "demo", "-100", None) is None
        for number in ("999", "1000", "998"):
            await store(tx, message(id=number))
        await store(tx, message(id="5000", chat="-200"))
        await store(tx, message(id="6000", channel="discord"))
        await store(tx, message(id="42", thread_id="7"))
        assert await inbox.newest(tx, "demo", "-100", None) == "1000"
        assert await inbox.newest(tx, "demo", "-100", "7") == "42"
        assert await inbox.newest(tx, "demo", "-100", "8") is None


async def test_what_is_stored_since_is_compared_as_numbers_and_leaves_out_what_is_gone(database: Database) -> None:
    async with database.write() as tx:
        for number in ("98", "99", "100", "101", "1000"):
            await store(tx, message(id=number))
        await store(tx, message(id="500", chat="-200"))
        await inbox.mark_deleted(tx, message(id="101").ref, NOON)
        assert await inbox.stored_since(tx, "demo", "-100", "99") == {"100", "1000"}
        assert await inbox.stored_since(tx, "demo", "-100", "1000") == frozenset()


async def test_a_cursor_keeps_its_last_value_per_channel(database: Database) -> None:
    async with database.write() as tx:
        assert await inbox.cursor(tx, "telegram", "offset") is None
        await inbox.set_cursor(tx, "telegram", "offset", "7", NOON)
        await inbox.set_cursor(tx, "telegram", "offset", "8", NOON + MINUTE)
        await inbox.set_cursor(tx, "discord", "offset", "9", NOON)
        assert await inbox.cursor(tx, "telegram", "offset") == ("8", NOON + MINUTE)


async def test_a_chat_goes_by_its_last_name(database: Database) -> None:
    async with database.write() as tx:
        await store(tx, message(chat_name="Velddorp"))
        await store(tx, message(id="102", chat_name="Velddorp praat"))
        await store(tx, message(id="103"))  # an update that does not name the chat
        assert (await tx.execute(select(chats.c.name))).scalar_one() == "Velddorp praat"


# ── any text ──────────────────────────────────────────────────────────────────────────────────────────────────────

HOSTILE = "a\x00b\ud800c\U0001f642\u202ed"


async def test_any_text_is_stored_with_its_length_and_known_again(database: Database) -> None:
    hostile = message(
        HOSTILE, quoted=HOSTILE, forwarded=HOSTILE, attachments=(HOSTILE,), link=HOSTILE, chat_name=HOSTILE
    )
    async with database.write() as tx:
        await store(tx, hostile)
        assert (await store(tx, hostile)).revision_pk is None
        await inbox.keep_unreadable(tx, "demo", HOSTILE, HOSTILE, NOON)
    async with database.read() as tx:
        row = (await tx.execute(select(revisions))).one()
        name = (await tx.execute(select(chats.c.name))).scalar_one()
        raw = (await tx.execute(select(unreadable))).one()
    clean = "a\u2400b\ufffdc\U0001f642\u202ed"
    assert {row.text, row.quoted, row.forwarded, name, raw.payload, raw.error} == {clean}
    assert len(clean) == len(HOSTILE), "offsets into the text stay right"
    assert row.attachments == [HOSTILE], "JSON escapes what a text cannot hold"


async def test_a_text_of_50_kb_is_kept_whole(database: Database) -> None:
    long = "woord \U0001f642 " * 6000
    async with database.write() as tx:
        await store(tx, message(long))
        assert (await tx.execute(select(revisions.c.text))).scalar_one() == long
