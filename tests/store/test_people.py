from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import pytest
from sqlalchemy import select
from sqlalchemy.exc import IntegrityError

from bot.core.people import Face, Person, Role
from bot.store import people
from bot.store.database import Database
from bot.store.schema import accounts, sessions, sign_in_links
from tests.builders import NOON

HOUR = timedelta(hours=1)
TOKEN = "t" * 43


async def add(database: Database, name: str = "An", *roles: Role) -> Person:
    async with database.write() as tx:
        return await people.add(tx, name, roles or (Role.MODERATOR,), NOON)


# ── who there is ──────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_person_is_found_by_name_and_number_with_their_roles(database: Database) -> None:
    an = await add(database, "An", Role.MODERATOR, Role.AUDITOR)
    async with database.read() as tx:
        assert await people.by_name(tx, "An") == await people.by_id(tx, an.id) == an
        assert await people.by_name(tx, "an") is None
        assert await people.by_id(tx, an.id + 1) is None
    assert an.roles == {Role.MODERATOR, Role.AUDITOR}


async def test_a_name_is_of_one_person(database: Database) -> None:
    await add(database)
    with pytest.raises(IntegrityError):
        await add(database)


async def test_any_text_can_be_looked_for(database: Database) -> None:
    async with database.read() as tx:
        assert await people.by_name(tx, "a\x00\ud800") is None
        assert await people.password_hash(tx, "a\x00\ud800") is None


async def test_who_is_switched_off_is_found_nowhere_but_in_the_list(database: Database) -> None:
    an = await add(database)
    async with database.write() as tx:
        await people.link_account(tx, an.id, Face.DISCORD, "1")
        await people.set_password_hash(tx, an.id, "argon")
        await people.start_session(tx, an.id, TOKEN, NOON, NOON + HOUR)
        await people.add_sign_in_link(tx, an.id, TOKEN, NOON + HOUR)
        await people.change(tx, an.id, active=False)
    async with database.write() as tx:
        assert await people.by_name(tx, "An") is None
        assert await people.by_id(tx, an.id) is None
        assert await people.by_account(tx, Face.DISCORD, "1") is None
        assert await people.password_hash(tx, "An") is None
        assert await people.by_session(tx, TOKEN, NOON, idle_since=NOON - HOUR) is None
        assert await people.use_sign_in_link(tx, TOKEN, NOON) is None
        (row,) = await people.everyone(tx)
    assert (row.person, row.active, row.has_password, row.accounts) == (an, False, True, {Face.DISCORD: "1"})


async def test_who_comes_back_has_to_sign_in_again(database: Database) -> None:
    an = await add(database)
    async with database.write() as tx:
        await people.start_session(tx, an.id, TOKEN, NOON, NOON + HOUR)
        await people.add_sign_in_link(tx, an.id, TOKEN, NOON + HOUR)
        await people.change(tx, an.id, active=False)
        await people.change(tx, an.id, active=True)
        assert await people.by_name(tx, "An") == an
        assert await people.by_session(tx, TOKEN, NOON, idle_since=NOON - HOUR) is None
        assert await people.use_sign_in_link(tx, TOKEN, NOON) is None


async def test_roles_change_at_once_and_nothing_else_does(database: Database) -> None:
    an = await add(database)
    async with database.write() as tx:
        await people.change(tx, an.id, roles=[Role.ADMINISTRATOR])
        await people.change(tx, an.id)
        (row,) = await people.everyone(tx)
    assert row.person.roles == {Role.ADMINISTRATOR}
    assert row.active


async def test_everyone_is_listed_by_name(database: Database) -> None:
    for name in ("Bert", "An", "Chris"):
        await add(database, name)
    async with database.read() as tx:
        assert [row.person.name for row in await people.everyone(tx)] == ["An", "Bert", "Chris"]


async def test_a_password_is_kept_as_it_was_handed_over_and_is_nobodys_until_then(database: Database) -> None:
    an = await add(database)
    async with database.write() as tx:
        assert await people.password_hash(tx, "An") == (an, None)
        await people.set_password_hash(tx, an.id, "$argon2id$…")
        assert await people.password_hash(tx, "An") == (an, "$argon2id$…")


# ── accounts ──────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_trap_5_an_account_acts_as_its_person_on_its_own_face_only(database: Database) -> None:
    an = await add(database)
    async with database.write() as tx:
        await people.link_account(tx, an.id, Face.TELEGRAM, "42")
        assert await people.by_account(tx, Face.TELEGRAM, "42") == an
        assert await people.by_account(tx, Face.DISCORD, "42") is None
        assert await people.by_account(tx, Face.TELEGRAM, "43") is None


async def test_a_new_account_takes_the_place_of_the_old_one(database: Database) -> None:
    an = await add(database)
    async with database.write() as tx:
        for account in ("1", "2", "2"):
            await people.link_account(tx, an.id, Face.TELEGRAM, account)
        await people.link_account(tx, an.id, Face.DISCORD, "9")
        assert await people.by_account(tx, Face.TELEGRAM, "1") is None
        (row,) = await people.everyone(tx)
    assert row.accounts == {Face.TELEGRAM: "2", Face.DISCORD: "9"}


async def test_an_account_that_goes_to_a_colleague_is_no_longer_of_the_first(database: Database) -> None:
    an, bert = await add(database), await add(database, "Bert")
    async with database.write() as tx:
        await people.link_account(tx, an.id, Face.TELEGRAM, "1")
        await people.link_account(tx, bert.id, Face.TELEGRAM, "1")
        assert await people.by_account(tx, Face.TELEGRAM, "1") == bert
        assert len((await tx.execute(select(accounts))).all()) == 1


# ── sessions and links ────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("now", "idle_since", "valid"),
    [
        (NOON, NOON - HOUR, True),
        (NOON + HOUR, NOON - HOUR, False),  # expired on the dot
        (NOON, NOON, False),  # not seen since
    ],
)
async def test_a_session_ends_with_its_time_and_with_silence(
    database: Database, now: datetime, idle_since: datetime, valid: bool
) -> None:
    an = await add(database)
    async with database.write() as tx:
        await people.start_session(tx, an.id, TOKEN, NOON, NOON + HOUR)
        found = await people.by_session(tx, TOKEN, now, idle_since=idle_since)
    assert found == (an if valid else None)


async def test_a_session_that_is_used_stays_awake_and_one_that_is_ended_is_over(database: Database) -> None:
    an = await add(database)
    async with database.write() as tx:
        for token in (TOKEN, "other"):
            await people.start_session(tx, an.id, token, NOON, NOON + 9 * HOUR)
        await people.touch_session(tx, TOKEN, NOON + HOUR)
        assert await people.by_session(tx, TOKEN, NOON + HOUR, idle_since=NOON) == an
        assert await people.by_session(tx, "other", NOON + HOUR, idle_since=NOON) is None
        await people.end_session(tx, TOKEN, NOON + HOUR)
        assert await people.by_session(tx, TOKEN, NOON + HOUR, idle_since=NOON) is None
        assert await people.by_session(tx, "other", NOON + HOUR, idle_since=NOON - HOUR) == an
        assert await people.by_session(tx, "never", NOON, idle_since=NOON - HOUR) is None


async def test_trap_20_no_secret_is_stored_as_it_is(database: Database) -> None:
    an = await add(database)
    async with database.write() as tx:
        await people.start_session(tx, an.id, TOKEN, NOON, NOON + HOUR)
        await people.add_sign_in_link(tx, an.id, TOKEN, NOON + HOUR)
        stored = [*await tx.execute(select(sessions)), *await tx.execute(select(sign_in_links))]
    assert TOKEN not in repr(stored)


async def test_a_link_works_once_and_in_time(database: Database) -> None:
    an = await add(database)
    async with database.write() as tx:
        for token in ("once", "late"):
            await people.add_sign_in_link(tx, an.id, token, NOON + HOUR)
        assert await people.use_sign_in_link(tx, "once", NOON) == an
        assert await people.use_sign_in_link(tx, "once", NOON) is None
        assert await people.use_sign_in_link(tx, "late", NOON + HOUR) is None
        assert await people.use_sign_in_link(tx, "never", NOON) is None


async def test_a_link_that_is_pressed_in_two_places_at_once_lets_one_in(database: Database, second: Database) -> None:
    an = await add(database)

    async def press(db: Database, token: str) -> Person | None:
        async with db.write() as tx:
            return await people.use_sign_in_link(tx, token, NOON)

    for token in map(str, range(10)):
        async with database.write() as tx:
            await people.add_sign_in_link(tx, an.id, token, NOON + HOUR)
        let_in = await asyncio.gather(press(database, token), press(second, token), press(database, token))
        assert sorted(let_in, key=str) == [None, None, an]
