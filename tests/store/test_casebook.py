from __future__ import annotations

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.analysis import Suggestion
from bot.core.cases import CaseKind, CaseState
from bot.core.findings import Severity
from bot.store import casebook, inbox
from bot.store.database import Database
from bot.store.schema import cases, decisions, suggestions
from bot.store.types import AnyRow
from tests.builders import NOON, message, post
from tests.store.rows import an, decide, new_case, open_case, store

HOUR = timedelta(hours=1)
LATER = NOON + HOUR


async def case(tx: AsyncConnection, case_id: int) -> AnyRow:
    return (await tx.execute(select(cases).where(cases.c.id == case_id))).one()


async def set_state(tx: AsyncConnection, case_id: int, state: CaseState) -> None:
    await tx.execute(update(cases).where(cases.c.id == case_id).values(state=state))


async def test_a_case_is_opened_whole(database: Database) -> None:
    offered = (Suggestion("Eerst", "de_kloof", "vrijheid", "vraag", ("lang",)), Suggestion("Dan"))
    async with database.write() as tx:
        case_id = await open_case(tx, kind=CaseKind.REPLY, severity=None, suggestions=offered)
        row = await case(tx, case_id)
        kept = (await tx.execute(select(suggestions).order_by(suggestions.c.position))).all()
        (member,) = await casebook.members(tx, case_id)
    assert (row.state, row.version, row.card_version, row.like_count) == (CaseState.OPEN, 1, 1, 1)
    assert (row.opened_at, row.updated_at, row.severity, row.reasons) == (NOON, NOON, None, ["Omdat."])
    assert [Suggestion(s.text, s.frame, s.value, s.approach, tuple(s.checks)) for s in kept] == list(offered)
    assert (member.revision_pk, member.message_pk) == (row.revision_pk, row.message_pk)


async def test_one_revision_has_one_case_on_a_desk(database: Database) -> None:
    async with database.write() as tx:
        stored = await store(tx, message())
        await casebook.open_case(tx, new_case(stored), NOON)
        await casebook.open_case(tx, new_case(stored, kind=CaseKind.REPLY), NOON)
    with pytest.raises(IntegrityError):
        async with database.write() as tx:
            await casebook.open_case(tx, new_case(stored), NOON)


async def test_a_case_about_nothing_is_refused_by_the_tables(database: Database) -> None:
    async with database.write() as tx:
        stored = await store(tx, message())
        wrong = new_case(inbox.Stored(stored.message_pk, 999, 1))
        with pytest.raises(IntegrityError):
            await casebook.open_case(tx, wrong, NOON)


# ── like messages ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("other", "found"),
    [
        ({}, True),
        ({"chat": "-200"}, False),  # the same words in another chat are another raid
        ({"channel": "discord"}, False),
        ({"kind": CaseKind.REPLY}, False),  # another desk
        ({"fingerprint": "ander"}, False),
        ({"fingerprint": ""}, False),  # too short to be like anything
        ({"state": CaseState.DECIDED}, False),  # what was decided is not reopened by a new one
        ({"state": CaseState.CLOSED}, False),
        ({"state": CaseState.RETURNED}, False),  # back with a person: not the moment to change what it is about
        ({"since": NOON + timedelta(seconds=1)}, False),  # too long ago
        ({"since": NOON}, True),  # just in time
        ({"id": "101"}, False),  # an edit of the same message is not a second one
        ({"post_id": "99"}, True),  # an alert counts a raid across posts
    ],
    ids=str,
)
async def test_like_messages_are_recognised(database: Database, other: dict[str, object], found: bool) -> None:
    other = dict(other)
    async with database.write() as tx:
        first = await open_case(tx, message("overval", post_id="100"), fingerprint="f")
        await set_state(tx, first, CaseState(str(other.pop("state", CaseState.OPEN))))
        kind = CaseKind(str(other.pop("kind", CaseKind.ALERT)))
        fingerprint = str(other.pop("fingerprint", "f"))
        since = other.pop("since", NOON - HOUR)
        assert isinstance(since, datetime)
        where = {"id": "102", "post_id": "100", **other}
        stored = await store(tx, message("overval!", edited_at=LATER, **where))  # type: ignore[arg-type]
        new = new_case(stored, kind=kind, fingerprint=fingerprint)
        assert await casebook.alike(tx, new, since=since) == (first if found else None)


@pytest.mark.parametrize(("post_id", "found"), [("100", True), ("200", False)])
async def test_a_like_question_under_another_post_deserves_its_own_answer(
    database: Database, post_id: str, found: bool
) -> None:
    async with database.write() as tx:
        first = await open_case(tx, message(post_id="100"), kind=CaseKind.REPLY, fingerprint="f")
        stored = await store(tx, message(id="102", post_id=post_id))
        new = new_case(stored, kind=CaseKind.REPLY, fingerprint="f")
        assert await casebook.alike(tx, new, since=NOON) == (first if found else None)


async def test_a_like_message_is_counted_once(database: Database) -> None:
    async with database.write() as tx:
        case_id = await open_case(tx)
        stored = await store(tx, message("nog een", id="102"))
        assert stored.revision_pk is not None
        assert await casebook.gather(tx, case_id, stored.revision_pk, LATER)
        assert not await casebook.gather(tx, case_id, stored.revision_pk, LATER + HOUR)
        row = await case(tx, case_id)
        members = await casebook.members(tx, case_id)
        about = await casebook.of_revision(tx, stored.revision_pk, CaseKind.ALERT)
    assert (row.like_count, row.updated_at, row.card_version) == (2, LATER, 2)
    assert row.version == 1, "the buttons still mean the same"
    assert [member.text for member in members] == ["Dag allemaal", "nog een"]
    assert about is not None
    assert about.id == case_id


async def test_of_a_member_that_was_edited_the_newest_number_is_told(database: Database) -> None:
    async with database.write() as tx:
        case_id = await open_case(tx)
        edited = await store(tx, message("anders", edited_at=LATER))
        (member,) = await casebook.members(tx, case_id)
        newest = await casebook.newest_revision(tx, member.message_pk)
    assert (member.number, member.newest, member.text) == (1, 2, "Dag allemaal")
    assert newest == edited.revision_pk


# ── changing ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_only_what_changes_the_meaning_of_a_button_moves_the_version(database: Database) -> None:
    async with database.write() as tx:
        case_id = await open_case(tx)
        await casebook.touch(tx, case_id, LATER)
        seen = await case(tx, case_id)
        await casebook.touch(tx, case_id, LATER, meaning=True, suggestion_index=1)
        meant = await case(tx, case_id)
    assert (seen.version, seen.card_version, seen.updated_at) == (1, 2, LATER)
    assert (meant.version, meant.card_version, meant.suggestion_index) == (2, 3, 1)


async def test_a_decision_is_written_with_its_versions_and_marked_when_undone(database: Database) -> None:
    async with database.write() as tx:
        person = await an(tx)
        decision_id = await decide(tx, await open_case(tx), person)
        made = (await tx.execute(select(decisions))).one()
        await casebook.undo_decision(tx, decision_id, person.id, LATER)
        undone = (await tx.execute(select(decisions))).one()
    assert (made.person_id, made.at, made.undone_at) == (person.id, NOON, None)
    assert made.versions == {"rules": "r", "scorer": "s"}
    assert (undone.undone_at, undone.undone_by, undone.text) == (LATER, person.id, made.text)


async def test_nobody_can_decide_who_does_not_exist(database: Database) -> None:
    async with database.write() as tx:
        person = await an(tx)
        case_id = await open_case(tx)
        ghost = type(person)(person.id + 1, "Niemand", frozenset())
        with pytest.raises(IntegrityError):
            await decide(tx, case_id, ghost)


@pytest.mark.parametrize(
    ("state", "closes"),
    [
        (CaseState.OPEN, True),
        (CaseState.RETURNED, True),
        (CaseState.DECIDED, False),  # what a person decided stands
        (CaseState.CLOSED, False),
    ],
)
async def test_only_active_cases_are_closed(database: Database, state: CaseState, closes: bool) -> None:
    async with database.write() as tx:
        person = await an(tx)
        case_id = await open_case(tx)
        other = await open_case(tx, message(id="102"))
        await tx.execute(update(cases).values(state=state, claimed_by=person.id, claimed_until=LATER))
        (pk,) = {member.message_pk for member in await casebook.members(tx, case_id)}
        closed = await casebook.close_active(tx, [pk], "Voorbij.", LATER, kind=CaseKind.ALERT)
        row, untouched = await case(tx, case_id), await case(tx, other)
    assert list(closed) == ([case_id] if closes else [])
    assert (row.state, row.closed_because) == ((CaseState.CLOSED, "Voorbij.") if closes else (state, ""))
    assert (row.claimed_by, row.version) == ((None, 2) if closes else (person.id, 1))
    assert untouched.state == state


async def test_one_desk_can_be_closed_alone(database: Database) -> None:
    async with database.write() as tx:
        stored = await store(tx, message())
        alert = await casebook.open_case(tx, new_case(stored), NOON)
        reply = await casebook.open_case(tx, new_case(stored, kind=CaseKind.REPLY), NOON)
        closed = await casebook.close_active(tx, [stored.message_pk], "Weg.", LATER, kind=CaseKind.REPLY)
        assert list(closed) == [reply]
        assert (await case(tx, alert)).state == CaseState.OPEN


@pytest.mark.parametrize(
    ("because", "gathered", "edited", "opens"),
    [
        ("verwijderd", True, False, True),
        ("bewerkt", True, False, False),  # closed for another reason
        ("verwijderd", False, False, False),  # closed by another removal
        ("verwijderd", True, True, False),  # what it asks about is no longer there
    ],
)
async def test_what_a_removal_closed_is_opened_again_and_nothing_else(
    database: Database, because: str, gathered: bool, edited: bool, opens: bool
) -> None:
    async with database.write() as tx:
        removal = await open_case(tx)
        stored = await store(tx, message("ook", id="102"))
        assert stored.revision_pk is not None
        if gathered:
            await casebook.gather(tx, removal, stored.revision_pk, NOON)
        reply = await casebook.open_case(tx, new_case(stored, kind=CaseKind.REPLY), NOON)
        await casebook.close(tx, reply, because, NOON)
        if edited:
            await store(tx, message("anders", id="102", edited_at=LATER))
        await casebook.reopen(tx, removal, "verwijderd", LATER)
        row = await case(tx, reply)
    assert (row.state, row.closed_because) == ((CaseState.OPEN, "") if opens else (CaseState.CLOSED, because))


# ── what jobs look for ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("state", "until", "expired"),
    [
        (CaseState.OPEN, NOON, True),
        (CaseState.RETURNED, NOON, True),
        (CaseState.OPEN, NOON + timedelta(seconds=1), False),
        (CaseState.DECIDED, NOON, False),
    ],
)
async def test_a_claim_that_has_run_out_is_found(
    database: Database, state: CaseState, until: datetime, expired: bool
) -> None:
    async with database.write() as tx:
        person = await an(tx)
        case_id = await open_case(tx)
        await open_case(tx, message(id="102"))  # never claimed
        claim = {"state": state, "claimed_by": person.id, "claimed_until": until}
        await tx.execute(update(cases).where(cases.c.id == case_id).values(claim))
        found = await casebook.expired_claims(tx, NOON)
    assert [tuple(row) for row in found] == ([(case_id, person.id)] if expired else [])


async def test_cases_that_were_left_alone_are_found_oldest_first(database: Database) -> None:
    async with database.write() as tx:
        young = await open_case(tx, message(id="1"), now=LATER)
        old = await open_case(tx, message(id="2"), now=NOON)
        reminded = await open_case(tx, message(id="3"))
        long_ago = await open_case(tx, message(id="4"), severity=Severity.LOW, now=NOON + HOUR / 2)
        decided = await open_case(tx, message(id="5"))
        await set_state(tx, decided, CaseState.DECIDED)
        await tx.execute(update(cases).where(cases.c.id == reminded).values(reminded_at=LATER))
        await tx.execute(update(cases).where(cases.c.id == long_ago).values(reminded_at=LATER - HOUR))
        found = await casebook.left_alone(tx, LATER)
    assert [row.id for row in found] == [old, long_ago, young]


async def test_a_case_is_about_the_chat_of_its_message(database: Database) -> None:
    async with database.write() as tx:
        await store(tx, post(chat="-300", channel="discord"))
        row = await case(tx, await open_case(tx, message(chat="-300", channel="discord")))
    assert (row.channel, row.chat_id) == ("discord", "-300")
