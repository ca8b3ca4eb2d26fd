"""The queue, the history, a thread and a channel: which cases and messages, in which order."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.cases import ActionKind, CaseKind, CaseState
from bot.core.findings import Severity
from bot.core.messages import MessageKind, MessageRef
from bot.store import views
from bot.store.database import Database
from bot.store.schema import cases
from tests.builders import NOON, Services, message, post
from tests.store.rows import open_case, store

MINUTE = timedelta(minutes=1)
ALL = tuple(CaseKind)


async def numbered(
    tx: AsyncConnection,
    number: int,
    *,
    severity: Severity | None = Severity.HIGH,
    state: CaseState = CaseState.OPEN,
    kind: CaseKind = CaseKind.ALERT,
    minute: int = 0,
) -> int:
    """Open a case and put it in a state."""
    case_id = await open_case(tx, message(id=str(number)), kind=kind, severity=severity, now=NOON + minute * MINUTE)
    await tx.execute(update(cases).where(cases.c.id == case_id).values(state=state))
    return case_id


async def test_the_queue_puts_what_came_back_first_then_the_gravest_then_the_oldest(database: Database) -> None:
    async with database.write() as tx:
        mild = await numbered(tx, 1, severity=Severity.LOW)
        young = await numbered(tx, 2, minute=5)
        old = await numbered(tx, 3, minute=1)
        twin = await numbered(tx, 4, minute=1)
        unrated = await numbered(tx, 5, severity=None)
        worst = await numbered(tx, 6, severity=Severity.CRITICAL, minute=9)
        back = await numbered(tx, 7, severity=None, state=CaseState.RETURNED, minute=9)
        await numbered(tx, 8, state=CaseState.DECIDED)
        await numbered(tx, 9, state=CaseState.CLOSED)
        order = list(await views.queue_ids(tx, ALL, 100))
        assert order == [back, worst, old, twin, young, mild, unrated]
        assert list(await views.queue_ids(tx, ALL, 2)) == order[:2]


async def test_each_desk_has_its_own_queue_and_count(database: Database) -> None:
    async with database.write() as tx:
        assert await views.queue_counts(tx) == {CaseKind.ALERT: 0, CaseKind.REPLY: 0}
        alert = await numbered(tx, 1)
        reply = await numbered(tx, 2, kind=CaseKind.REPLY)
        await numbered(tx, 3, kind=CaseKind.REPLY, state=CaseState.RETURNED)
        await numbered(tx, 4, kind=CaseKind.REPLY, state=CaseState.DECIDED)
        assert list(await views.queue_ids(tx, [CaseKind.ALERT], 9)) == [alert]
        assert reply in await views.queue_ids(tx, [CaseKind.REPLY], 9)
        assert await views.queue_counts(tx) == {CaseKind.ALERT: 1, CaseKind.REPLY: 2}


async def test_the_history_holds_what_is_settled_newest_first_a_page_at_a_time(database: Database) -> None:
    async with database.write() as tx:
        ids = [await numbered(tx, number, state=CaseState.DECIDED) for number in range(5)]
        await numbered(tx, 90)
        await numbered(tx, 91, state=CaseState.RETURNED)
        closed = await numbered(tx, 92, state=CaseState.CLOSED)
        first = list(await views.recent_ids(tx, limit=3))
        second = list(await views.recent_ids(tx, limit=3, before=first[-1]))
        third = list(await views.recent_ids(tx, limit=3, before=second[-1]))
    assert first + second + third == [closed, *reversed(ids)]


# ── a thread ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def thread(database: Database, message_id: str, **limit: int) -> list[str]:
    async with database.read() as tx:
        return [said.ref.message_id for said in await views.thread_of(tx, message(id=message_id).ref, **limit)]


async def test_a_thread_is_the_post_and_everything_under_it_oldest_first(database: Database) -> None:
    async with database.write() as tx:
        for incoming in (
            post(id="100"),
            message(id="103", reply_to="100", sent_at=NOON + 3 * MINUTE),
            message(id="101", post_id="100", sent_at=NOON + MINUTE),
            message(id="102", reply_to="101", sent_at=NOON + 2 * MINUTE),
            message(id="104", post_id="100", chat="-200"),
            post(id="200"),
            message(id="201", post_id="200"),
        ):
            await store(tx, incoming)
    for start in ("100", "102", "103"):
        assert await thread(database, start) == ["100", "101", "102", "103"]
    assert await thread(database, "201") == ["200", "201"]
    assert await thread(database, "999") == []


async def test_a_loose_message_is_a_thread_by_itself(database: Database) -> None:
    async with database.write() as tx:
        await store(tx, message(id="101"))
        await store(tx, message(id="102"))
    assert await thread(database, "101") == ["101"]


async def test_of_a_long_thread_the_post_the_message_and_what_is_near_are_kept(database: Database) -> None:
    async with database.write() as tx:
        await store(tx, post(id="1"))
        for number in range(2, 60):
            answered = "3" if number == 50 else "1"
            await store(tx, message(id=str(number), reply_to=answered, sent_at=NOON + number * MINUTE))
    assert await thread(database, "50", limit=7) == ["1", "3", "48", "49", "50", "51", "52"]
    assert await thread(database, "2", limit=4) == ["1", "2", "3", "4"]
    assert await thread(database, "50", limit=1) == ["1"]


async def test_a_message_of_a_thread_is_shown_in_its_newest_words(database: Database) -> None:
    async with database.write() as tx:
        await store(tx, message("eerst", id="101", reply_to="100"))
        await store(tx, message("daarna", id="101", edited_at=NOON + MINUTE))
        (said,) = await views.thread_of(tx, MessageRef("demo", "-100", "101"))
    assert (said.text, said.edited, said.deleted, said.reply_to) == ("daarna", True, False, "100")


# ── a channel ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_channel_shows_its_newest_post_first_with_what_stands_under_it(services: Services) -> None:
    an = await services.person()
    await services.receive(
        post(id="100"),
        message("vraag", id="101", post_id="100"),
        post(id="200"),
        message("x", id="102", post_id="100"),
        message("y", id="300"),
        message("z", id="400", channel="discord"),
    )
    await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    await services.dispatch()
    async with services.database.read() as tx:
        feed = await views.channel_feed(tx, "demo")
        short = await views.channel_feed(tx, "demo", limit=1)
    shown = [[top.ref.message_id, *(said.ref.message_id for said in below)] for top, below in feed]
    assert shown == [["300"], ["200"], ["100", "101", "102", "9000"]]
    own = feed[2][1][-1]
    assert (own.kind, own.author, own.reply_to) == (MessageKind.OWN, "Gemeente", "101")
    assert [top.ref.message_id for top, _ in short] == ["9000"]


@pytest.mark.parametrize("kind", [MessageKind.REACTION, MessageKind.POST])
async def test_one_number_in_two_chats_is_two_threads(database: Database, kind: MessageKind) -> None:
    async with database.write() as tx:
        for chat in ("-100", "-200"):
            await store(tx, replace(post(id="1", chat=chat), kind=kind))
            await store(tx, message(id="2", post_id="1", chat=chat))
        feed = await views.channel_feed(tx, "demo")
    assert [[top.ref.chat_id, *(said.ref.chat_id for said in below)] for top, below in feed] == [
        ["-200", "-200"],
        ["-100", "-100"],
    ]
