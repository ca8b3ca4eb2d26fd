"""History as it is replayed: judged reactions, newest first, with stored scores and with what people decided."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, text, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.cases import ActionKind, CaseKind, CaseState
from bot.core.errors import TargetGone
from bot.core.messages import Author, AuthorRole, Deleted, Message, MessageRef, Recent
from bot.store import replay, retention
from bot.store.database import Database
from bot.store.recent import recent_of
from bot.store.replay import Reaction
from bot.store.schema import cases, messages, revisions
from tests.builders import NOON, Services, message, post
from tests.store.history import decide, judged

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def read(database: Database, *, limit: int | None = None, chunk: int = 500) -> list[Reaction]:
    return [one async for some in replay.history(database, limit=limit, chunk=chunk) for one in some]


async def texts(database: Database, *, limit: int | None = None, chunk: int = 500) -> list[str]:
    return [one.text for one in await read(database, limit=limit, chunk=chunk)]


# ── which reactions ───────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(("limit", "expected"), [(None, "7654321"), (3, "765"), (99, "7654321"), (0, "")])
async def test_the_newest_come_first_in_chunks_of_any_size(
    services: Services, limit: int | None, expected: str
) -> None:
    await judged(services, *(message(str(number), id=str(number)) for number in range(1, 8)))
    for chunk in (1, 2, 3, 7, 500):
        assert "".join(await texts(services.database, limit=limit, chunk=chunk)) == expected
    assert await replay.count(services.database, limit=limit) == len(expected)


async def test_a_chunk_is_no_larger_than_was_asked(services: Services) -> None:
    await judged(services, *(message(str(number), id=str(number)) for number in range(1, 8)))
    sizes = [len(some) async for some in replay.history(services.database, limit=6, chunk=4)]
    assert sizes == [4, 2]


async def test_nothing_stored_is_nothing_to_replay(services: Services) -> None:
    assert await texts(services.database) == []
    assert await replay.count(services.database) == 0


async def test_only_what_was_judged_is_replayed(services: Services) -> None:
    await judged(
        services,
        post("een post"),
        replace(message("van een medewerker", id="1"), author=Author("m", role=AuthorRole.STAFF)),
        message("eerst", id="2"),
        message("daarna", id="2", edited_at=NOON + MINUTE),  # overtakes the first before that was judged
        message("crash", id="3"),  # nobody could judge it, but it came before a person
        message("gewist", id="4"),
        message("verwijderd", id="5"),
    )
    await judged(services, message("ingelezen", id="6"), history=True)
    await services.intake.receive_all([Deleted(MessageRef("demo", "-100", "5"), NOON)])
    await services.intake.receive_all([message("wacht nog", id="7")])
    async with services.database.write() as tx:
        gone = (await tx.execute(select(messages.c.id).where(messages.c.message_id == "4"))).scalar_one()
        await retention.erase_message(tx, gone, NOON)
    assert await texts(services.database) == ["ingelezen", "verwijderd", "crash", "daarna"]
    assert await replay.count(services.database) == 4


async def test_every_judged_revision_is_one_reaction(services: Services) -> None:
    await judged(services, message("eerst"))
    await judged(services, message("daarna", edited_at=NOON + MINUTE))
    found = await read(services.database)
    assert [(one.text, one.written_at) for one in found] == [("daarna", NOON + MINUTE), ("eerst", NOON)]


async def test_what_is_erased_meanwhile_does_not_come(services: Services) -> None:
    """Each chunk is read in a transaction of its own: an erasure neither waits for a replay nor is missed by it."""
    await judged(services, *(message(str(number), id=str(number)) for number in range(1, 5)))
    seen: list[str] = []
    async for some in replay.history(services.database, chunk=1):
        seen += [one.text for one in some]
        if len(seen) == 1:
            async with services.database.write() as tx:
                await retention.erase_message(tx, 3, NOON)
            assert await retention.overwrite(services.database)
    assert seen == ["4", "2", "1"]


# ── what is known of them ─────────────────────────────────────────────────────────────────────────────────────────────


async def test_where_and_by_whom_it_was_written_comes_along(services: Services) -> None:
    sent = message("x", thread_id="5", post_id="100", attachments=("foto.jpg",), edited_at=NOON + DAY)
    await judged(services, post(), sent)
    (found,) = await read(services.database)
    assert (found.channel, found.thread_id, found.post_id) == ("demo", "5", "100")
    assert (found.role, found.attachments, found.written_at) == (AuthorRole.RESIDENT, ("foto.jpg",), NOON + DAY)


async def test_stored_scores_and_language_are_read_and_what_is_not_there_is_none(services: Services) -> None:
    await judged(services, message("met", id="1"), message("stil", id="2"), message("crash", id="3"))
    await judged(services, message("kapot", id="4"))
    async with services.database.write() as tx:
        await tx.execute(update(revisions).where(revisions.c.id == 4).values(analysis='{"format": 99'))
    found = {one.text: (one.language, one.scores) for one in await read(services.database)}
    assert found == {
        "met": ("nl", {"insult": 0.25, "threat": 0.5}),
        "stil": ("nl", None),
        "crash": (None, None),
        "kapot": (None, None),
    }


# ── what people decided ───────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("action", "rule_id", "upheld"),
    [
        (ActionKind.REMOVE, "privacy", True),
        (ActionKind.WARN, "privacy", True),
        (ActionKind.FINE, "", False),
        (ActionKind.PASS_ON, "", None),
        (ActionKind.PROPOSE_REMOVAL, "privacy", None),
        (ActionKind.CLAIM, "", None),
    ],
)
async def test_acting_upholds_and_finding_it_fine_overrules(
    services: Services, action: ActionKind, rule_id: str, upheld: bool | None
) -> None:
    an = await services.person()
    await judged(services, message("alarm", id="1"), message("alarm ook", id="2"))
    number = await decide(services, an, "1", action, rule_id=rule_id)
    other, found = await read(services.database)
    assert (other.upheld, other.decision, other.ground) == (None, None, "")
    assert found.upheld is upheld
    assert (found.decision, found.ground) == ((number, rule_id) if upheld is not None else (None, ""))


async def test_an_undone_decision_says_nothing_and_a_later_one_holds(services: Services) -> None:
    an = await services.person()
    await judged(services, message("alarm"))
    await decide(services, an, "101", ActionKind.REMOVE, rule_id="privacy")
    await decide(services, an, "101", ActionKind.UNDO)
    assert [one.upheld for one in await read(services.database)] == [None]
    await decide(services, an, "101", ActionKind.FINE)
    assert [one.upheld for one in await read(services.database)] == [False]


async def test_a_removal_that_could_not_be_carried_out_was_meant_all_the_same(services: Services) -> None:
    an = await services.person()
    await judged(services, message("alarm"))
    await decide(services, an, "101", ActionKind.REMOVE, rule_id="privacy")
    services.sender.faults.append(TargetGone("weg"))
    await services.dispatch()
    assert [one.upheld for one in await read(services.database)] == [True]


async def test_a_decision_about_like_reactions_is_about_each_of_them(services: Services) -> None:
    an = await services.person()
    await judged(services, *(message("alarm overval", id=str(number), author=f"u{number}") for number in range(1, 4)))
    await judged(services, message("alarm", id="4"))
    number = await decide(services, an, "1", ActionKind.REMOVE, rule_id="privacy")
    found = await read(services.database)
    assert [(one.upheld, one.decision) for one in found] == [(None, None), *[(True, number)] * 3]
    (first, *_rest) = [some async for some in replay.history(services.database, limit=2)]
    assert [one.upheld for one in first] == [None, True], "also where the case is about one outside the chunk"


async def test_what_the_other_desk_decides_is_no_word_about_a_rule(services: Services) -> None:
    an = await services.person()
    await judged(services, message("alarm vraag"))
    reply = await services.one(CaseKind.REPLY)
    await services.do(ActionKind.APPROVE, reply, an)
    assert [one.upheld for one in await read(services.database)] == [None]


async def test_a_decision_stays_with_the_words_that_it_was_about(services: Services) -> None:
    an = await services.person()
    await judged(services, message("alarm"))
    await decide(services, an, "101", ActionKind.FINE)
    await judged(services, message("alarm nu echt", edited_at=NOON + MINUTE))
    assert [(one.text, one.upheld) for one in await read(services.database)] == [
        ("alarm nu echt", None),
        ("alarm", False),
    ]


async def test_a_closed_case_without_a_decision_says_nothing(services: Services) -> None:
    await judged(services, message("alarm"))
    await services.intake.receive(Deleted(message().ref, NOON))
    async with services.database.read() as tx:
        assert (await tx.execute(select(cases.c.state))).scalars().all() == [CaseState.CLOSED]
    assert [one.upheld for one in await read(services.database)] == [None]


# ── what was written just before ──────────────────────────────────────────────────────────────────────────────────────


def busy_days(chance: random.Random) -> Sequence[Message]:
    """Return messages of a few people in two chats: in bursts, at the same second, edited, far apart, in like words."""
    at, found = NOON, list[Message]()
    for number in range(1, 50):
        gaps = [timedelta(), MINUTE, timedelta(hours=5), DAY, DAY + MINUTE, 3 * DAY]
        at += chance.choices(gaps, [4, 4, 4, 1, 1, 1])[0]
        given = message(
            chance.choice(["overval een", "overval twee", "iets anders"]),
            id=str(number),
            author=chance.choice(["u1", "u2", "u3"]),
            chat=chance.choice(["-100", "-200"]),
            sent_at=at,
        )
        found.append(given)
        if chance.random() < 0.2:
            later = at + chance.choice([MINUTE, DAY, 10 * DAY])
            found.append(replace(given, text="overval twee", edited_at=later))
    return found


@pytest.mark.parametrize("seed", range(2))
async def test_what_was_written_just_before_is_what_triage_would_be_told(services: Services, seed: int) -> None:
    for given in busy_days(random.Random(seed)):
        services.clock.now = given.written_at
        await judged(services, given)
    async with services.database.write() as tx:  # one is gone: its author and its words are nobody's any more
        await retention.erase_message(tx, 20, services.clock())
    found = await read(services.database)
    assert any(one.recent.alike for one in found)
    assert any(one.recent.first for one in found)
    async with services.database.read() as tx:
        told = [await _told(tx, one.revision_pk) for one in found]
    for chunk in (1, 7, 500):
        replayed = await read(services.database, chunk=chunk)
        assert [unordered(one.recent) for one in replayed] == [unordered(recent) for recent in told]


async def test_a_first_message_stays_the_first_however_late_it_is_edited(services: Services) -> None:
    await judged(services, message("eerst"))
    await judged(services, message("daarna", edited_at=NOON + 3 * DAY))
    assert [one.recent.first for one in await read(services.database)] == [True, True]


async def _told(tx: AsyncConnection, revision_pk: int) -> Recent:
    """Return what triage is told about a revision."""
    query = select(messages, revisions.c.text, revisions.c.edited_at, revisions.c.fingerprint)
    joined = query.join(revisions, revisions.c.message_pk == messages.c.id).where(revisions.c.id == revision_pk)
    row = (await tx.execute(joined)).one()
    written = message(row.text, id=row.message_id, chat=row.chat_id, sent_at=row.sent_at)
    asked = replace(written, edited_at=row.edited_at, author=Author(row.author_key))
    return await recent_of(tx, asked, message_pk=row.id, fingerprint=row.fingerprint)


def unordered(recent: Recent) -> tuple[object, ...]:
    return sorted(recent.own), sorted(recent.alike), recent.first


# ── how it is read ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_chunk_is_found_without_sorting_all_of_history(sqlite_database: Database) -> None:
    """Otherwise every chunk reads everything before it: a hundred thousand reactions would take hours."""
    query = replay._older_than(1000, 10).compile(
        sqlite_database.engine.sync_engine, compile_kwargs={"literal_binds": True}
    )
    async with sqlite_database.read() as tx:
        plan = [row.detail for row in await tx.execute(text(f"EXPLAIN QUERY PLAN {query}"))]
    assert plan[0] == "SEARCH revisions USING INTEGER PRIMARY KEY (rowid<?)"
    assert not any("TEMP B-TREE" in line for line in plan), plan
