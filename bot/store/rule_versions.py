"""Every rule file that was ever in force, with its lists. The row with the highest id is the newest.

Rows are only added: an earlier version comes back as a new one. Knows texts, not rules.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import rule_versions
from bot.store.types import AnyRow, storable


class Origin(StrEnum):
    """Where a version came from: the file itself, the console, or an earlier version."""

    FILE = "bestand"
    CONSOLE = "console"
    RESTORED = "teruggezet"


@dataclass(frozen=True, slots=True)
class NewVersion:
    """A version to keep. `lists` maps the name of a file beside the rule file to what was in it."""

    hash: str
    text: str
    lists: Mapping[str, str]
    author: str
    origin: Origin
    note: str = ""


@dataclass(frozen=True, slots=True)
class RuleVersion:
    """A version that was in force from `at` on."""

    id: int
    hash: str
    text: str = field(repr=False)
    lists: Mapping[str, str] = field(repr=False)
    author: str
    origin: Origin
    note: str
    at: datetime


async def add(tx: AsyncConnection, new: NewVersion, now: datetime) -> RuleVersion:
    """Keep a version and return it as it is kept."""
    values = {
        "hash": new.hash,
        "text": storable(new.text),
        "lists": {storable(name): storable(text) for name, text in new.lists.items()},
        "author": storable(new.author)[:80],
        "origin": new.origin,
        "note": storable(new.note),
        "at": now,
    }
    query = insert(rule_versions).values(values).returning(rule_versions.c.id)
    version_id = (await tx.execute(query)).scalar_one()
    found = await by_id(tx, version_id)
    assert found is not None
    return found


async def newest(tx: AsyncConnection) -> RuleVersion | None:
    """Return the version that was kept last."""
    query = select(rule_versions).order_by(rule_versions.c.id.desc()).limit(1)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else _version(row)


async def by_id(tx: AsyncConnection, version_id: int) -> RuleVersion | None:
    row = (await tx.execute(select(rule_versions).where(rule_versions.c.id == version_id))).one_or_none()
    return None if row is None else _version(row)


async def by_hash(tx: AsyncConnection, wanted: str) -> RuleVersion | None:
    """Return the newest version with this hash."""
    query = select(rule_versions).where(rule_versions.c.hash == wanted).order_by(rule_versions.c.id.desc()).limit(1)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else _version(row)


async def before(tx: AsyncConnection, version_id: int) -> RuleVersion | None:
    """Return the version that was in force before this one."""
    query = select(rule_versions).where(rule_versions.c.id < version_id).order_by(rule_versions.c.id.desc()).limit(1)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else _version(row)


async def recent(tx: AsyncConnection, limit: int, before: int | None = None) -> Sequence[RuleVersion]:
    """Return the newest versions, newest first; with `before` those with a lower id."""
    query = select(rule_versions).order_by(rule_versions.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(rule_versions.c.id < before)
    return [_version(row) for row in await tx.execute(query)]


def _version(row: AnyRow) -> RuleVersion:
    return RuleVersion(row.id, row.hash, row.text, row.lists, row.author, Origin(row.origin), row.note, row.at)
