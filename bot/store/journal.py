"""Small books: notices for administrators, daily counters, and the slots that jobs take."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.store.schema import counters, job_runs, notices
from bot.store.types import AnyRow
from bot.store.upsert import add_to, insert_once


async def raise_notice(tx: AsyncConnection, key: str, text: str, level: str, now: datetime) -> bool:
    """Tell administrators something once per `key`; tell whether it is news (new, or back after being settled)."""
    row = (await tx.execute(select(notices).where(notices.c.key == key))).one_or_none()
    if row is not None and row.settled_at is None:
        return False
    if row is None:
        return await insert_once(tx, notices, {"key": key, "level": level, "text": text, "at": now})
    values = {"level": level, "text": text, "at": now, "settled_at": None}
    await tx.execute(update(notices).where(notices.c.id == row.id).values(**values))
    return True


async def settle_notice(tx: AsyncConnection, key: str, now: datetime) -> None:
    """Note that what a notice told of is over."""
    await tx.execute(update(notices).where(notices.c.key == key, notices.c.settled_at.is_(None)).values(settled_at=now))


async def open_notices(tx: AsyncConnection) -> Sequence[AnyRow]:
    """Return (id, key, level, text, at) of the notices that still hold, newest first."""
    query = select(notices).where(notices.c.settled_at.is_(None)).order_by(notices.c.at.desc())
    return (await tx.execute(query)).all()


async def count(tx: AsyncConnection, day: str, channel: str, name: str, amount: int = 1) -> None:
    """Add to a daily counter. Counters are of reactions, never of persons."""
    await add_to(tx, counters.c.value, keys={"day": day, "channel": channel, "name": name}, amount=amount)


async def counts(tx: AsyncConnection, since_day: str) -> Sequence[AnyRow]:
    """Return (day, channel, name, value) from `since_day` (ISO date) on."""
    query = select(counters).where(counters.c.day >= since_day).order_by(counters.c.day, counters.c.name)
    return (await tx.execute(query)).all()


async def take_slot(tx: AsyncConnection, job: str, slot: str, now: datetime) -> bool:
    """Take a job's time slot; False when it was taken before (by another process, or before the clock went back)."""
    return await insert_once(tx, job_runs, {"job": job, "slot": slot, "at": now})


async def last_run(tx: AsyncConnection, job: str) -> datetime | None:
    query = select(job_runs.c.at).where(job_runs.c.job == job).order_by(job_runs.c.at.desc()).limit(1)
    found: datetime | None = (await tx.execute(query)).scalar_one_or_none()
    return found
