"""People, their accounts on the faces, their sessions and one-time links. Only hashes of secrets are stored."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.people import Face, Person, Role
from bot.store.schema import accounts, people, sessions, sign_in_links
from bot.store.types import AnyRow
from bot.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class PersonRow:
    """A person with what administration needs to see. `accounts` maps a face to the platform's user id."""

    person: Person
    active: bool
    has_password: bool
    accounts: dict[Face, str]


async def add(tx: AsyncConnection, name: str, roles: Collection[Role], now: datetime) -> Person:
    """Add a person; the caller has checked that the name is free."""
    values = {"name": name, "roles": sorted(roles), "active": True, "created_at": now}
    person_id = (await tx.execute(insert(people).values(values).returning(people.c.id))).scalar_one()
    return Person(person_id, name, frozenset(roles))


async def by_name(tx: AsyncConnection, name: str) -> Person | None:
    return _person((await tx.execute(select(people).where(people.c.name == name, people.c.active))).one_or_none())


async def by_id(tx: AsyncConnection, person_id: int) -> Person | None:
    return _person((await tx.execute(select(people).where(people.c.id == person_id, people.c.active))).one_or_none())


async def by_account(tx: AsyncConnection, face: Face, platform_id: str) -> Person | None:
    query = (
        select(people)
        .join(accounts, accounts.c.person_id == people.c.id)
        .where(accounts.c.face == face, accounts.c.platform_id == platform_id, people.c.active)
    )
    return _person((await tx.execute(query)).one_or_none())


async def everyone(tx: AsyncConnection) -> Sequence[PersonRow]:
    """Return all people by name, also those who are no longer active."""
    linked: dict[int, dict[Face, str]] = {}
    for row in await tx.execute(select(accounts)):
        linked.setdefault(row.person_id, {})[Face(row.face)] = row.platform_id
    rows = await tx.execute(select(people).order_by(people.c.name))
    return [PersonRow(_named(row), row.active, row.password_hash is not None, linked.get(row.id, {})) for row in rows]


async def change(
    tx: AsyncConnection, person_id: int, *, roles: Collection[Role] | None = None, active: bool | None = None
) -> None:
    """Change roles or switch a person off; whoever is switched off is signed out everywhere, for good."""
    values: dict[str, object] = {}
    if roles is not None:
        values["roles"] = sorted(roles)
    if active is not None:
        values["active"] = active
    if values:
        await tx.execute(update(people).where(people.c.id == person_id).values(**values))
    if active is False:
        await tx.execute(delete(sessions).where(sessions.c.person_id == person_id))
        await tx.execute(delete(sign_in_links).where(sign_in_links.c.person_id == person_id))


async def set_password_hash(tx: AsyncConnection, person_id: int, password_hash: str) -> None:
    await tx.execute(update(people).where(people.c.id == person_id).values(password_hash=password_hash))


async def password_hash(tx: AsyncConnection, name: str) -> tuple[Person, str | None] | None:
    """Return the active person called `name` and the argon2id hash of their password."""
    row = (await tx.execute(select(people).where(people.c.name == name, people.c.active))).one_or_none()
    return None if row is None else (_named(row), row.password_hash)


async def link_account(tx: AsyncConnection, person_id: int, face: Face, platform_id: str) -> None:
    """Let `platform_id` act as this person on `face`; a person has one account on each face."""
    await tx.execute(delete(accounts).where(accounts.c.face == face, accounts.c.person_id == person_id))
    await upsert(tx, accounts, keys={"face": face, "platform_id": platform_id}, values={"person_id": person_id})


# ── sessions and one-time links ───────────────────────────────────────────────────────────────────────────────────


def token_hash(token: str) -> str:
    """Return what is stored of a secret of at least 128 random bits (so no salt is needed)."""
    return hashlib.sha256(token.encode()).hexdigest()


async def start_session(tx: AsyncConnection, person_id: int, token: str, now: datetime, expires: datetime) -> None:
    await tx.execute(
        insert(sessions).values(
            token_hash=token_hash(token), person_id=person_id, created_at=now, seen_at=now, expires_at=expires
        )
    )


async def by_session(tx: AsyncConnection, token: str, now: datetime, *, idle_since: datetime) -> Person | None:
    """Return the person behind a session that was not revoked, not expired and seen after `idle_since`."""
    query = (
        select(people)
        .join(sessions, sessions.c.person_id == people.c.id)
        .where(
            sessions.c.token_hash == token_hash(token),
            sessions.c.revoked_at.is_(None),
            sessions.c.expires_at > now,
            sessions.c.seen_at > idle_since,
            people.c.active,
        )
    )
    return _person((await tx.execute(query)).one_or_none())


async def touch_session(tx: AsyncConnection, token: str, now: datetime) -> None:
    await tx.execute(update(sessions).where(sessions.c.token_hash == token_hash(token)).values(seen_at=now))


async def end_session(tx: AsyncConnection, token: str, now: datetime) -> None:
    await tx.execute(update(sessions).where(sessions.c.token_hash == token_hash(token)).values(revoked_at=now))


async def add_sign_in_link(tx: AsyncConnection, person_id: int, token: str, expires: datetime) -> None:
    await tx.execute(
        insert(sign_in_links).values(token_hash=token_hash(token), person_id=person_id, expires_at=expires)
    )


async def use_sign_in_link(tx: AsyncConnection, token: str, now: datetime) -> Person | None:
    """Use up a one-time link; return whose it is, None when it was used, has expired or never was."""
    digest = token_hash(token)
    used = await tx.execute(
        update(sign_in_links)
        .where(
            sign_in_links.c.token_hash == digest,
            sign_in_links.c.used_at.is_(None),
            sign_in_links.c.expires_at > now,
        )
        .values(used_at=now)
    )
    if not used.rowcount:
        return None
    query = select(sign_in_links.c.person_id).where(sign_in_links.c.token_hash == digest)
    return await by_id(tx, (await tx.execute(query)).scalar_one())


def _named(row: AnyRow) -> Person:
    return Person(row.id, row.name, frozenset(Role(role) for role in row.roles))


def _person(row: AnyRow | None) -> Person | None:
    return None if row is None else _named(row)
