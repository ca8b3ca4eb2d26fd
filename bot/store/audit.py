"""The audit log: append-only, each line chained to the one before by its hash.

Nothing in this module changes or removes a line. `verify` finds the first line that was tampered with.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from datetime import UTC, datetime

from sqlalchemy import insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditEvent, AuditLine, AuditName
from bot.store.schema import events
from bot.store.types import AnyRow, storable

_GENESIS = "0" * 64


async def append(tx: AsyncConnection, now: datetime, *new: AuditEvent) -> None:
    """Append events in the caller's transaction: what did not commit did not happen.

    The chain has one end because `Database.write` lets in one writer at a time. What is hashed is what will be stored.
    """
    if not new:
        return
    now = now.astimezone(UTC)
    last = (await tx.execute(select(events.c.hash).order_by(events.c.id.desc()).limit(1))).scalar_one_or_none()
    previous = last or _GENESIS
    rows = []
    for event in new:
        data = json.dumps(event.data, ensure_ascii=True, sort_keys=True)
        actor = storable(event.actor)
        previous = _link(previous, now, event.name, actor, event.case_id, event.message_pk, data)
        rows.append(
            {
                "at": now,
                "name": event.name,
                "actor": actor,
                "case_id": event.case_id,
                "message_pk": event.message_pk,
                "data": data,
                "hash": previous,
            }
        )
    await tx.execute(insert(events), rows)


async def verify(tx: AsyncConnection) -> int | None:
    """Return the id of the first line whose hash does not follow from the one before, None when all is well."""
    previous = _GENESIS
    async with tx.stream(select(events).order_by(events.c.id)) as lines:
        async for row in lines:
            previous = _link(previous, row.at, row.name, row.actor, row.case_id, row.message_pk, row.data)
            if previous != row.hash:
                return int(row.id)
    return None


async def recent(tx: AsyncConnection, *, limit: int = 100, case_id: int | None = None) -> Sequence[AuditLine]:
    """Return the newest lines first, of one case where `case_id` is given."""
    query = select(events).order_by(events.c.id.desc()).limit(limit)
    if case_id is not None:
        query = query.where(events.c.case_id == case_id)
    return [_line(row) for row in await tx.execute(query)]


async def latest(tx: AsyncConnection, name: AuditName) -> AuditLine | None:
    """Return the newest line with this name."""
    query = select(events).where(events.c.name == name).order_by(events.c.id.desc()).limit(1)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else _line(row)


def _line(row: AnyRow) -> AuditLine:
    event = AuditEvent(AuditName(row.name), row.actor, row.case_id, row.message_pk, json.loads(row.data))
    return AuditLine(row.id, row.at, event, row.hash)


def _link(
    previous: str, at: datetime, name: str, actor: str, case_id: int | None, message_pk: int | None, data: str
) -> str:
    parts = [previous, at.isoformat(), name, actor, case_id, message_pk, data]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()
