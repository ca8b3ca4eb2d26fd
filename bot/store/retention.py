"""Erasure on request and retention: which messages are erased, and when nothing of them is left on disk either.

How a message is erased stands in `bot.store.erasure`. Nothing here decides whether somebody may ask for an erasure, or
how long is long enough: those are arguments.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import ColumnElement, and_, delete, exists, func, or_, select, text
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.cases import EffectState
from bot.core.errors import Refused
from bot.core.messages import AuthorRole, MessageKind
from bot.store.casebook import ACTIVE
from bot.store.database import Database
from bot.store.erasure import erase
from bot.store.schema import (
    case_members,
    cases,
    effects,
    job_runs,
    messages,
    metadata,
    revisions,
    sessions,
    sign_in_links,
    unreadable,
)

BATCH = 200
SLOTS_KEPT = timedelta(days=35)
CHECKPOINT_TRIES = 20
CHECKPOINT_PAUSE_SECONDS = 0.25


@dataclass(frozen=True, slots=True)
class Periods:
    """How long a reaction is kept after it came in: without a case, and with one."""

    plain: timedelta
    with_case: timedelta


async def erase_message(
    tx: AsyncConnection, message_pk: int, now: datetime, *, actor: str = "verbinder", because: str = "request"
) -> None:
    """Erase one message, whatever its age, and close what is open about it.

    Call `overwrite` after the commit, so that nothing is left in the files of the database either. An open case that
    gathers like messages goes on about the next of them.

    Raises:
        Refused: something about it is being carried out at this very moment.
    """
    about = select(cases.c.id).where(cases.c.message_pk == message_pk)
    sending = select(effects.c.id).where(
        effects.c.state == EffectState.SENDING,
        or_(effects.c.message_pk == message_pk, effects.c.case_id.in_(about)),
    )
    if (await tx.execute(sending.limit(1))).first() is not None:
        raise Refused("Er wordt net iets uitgevoerd rond deze reactie. Probeer het over een halfuur opnieuw.")
    await erase(tx, [message_pk], now, actor=actor, because=because)


async def purge(tx: AsyncConnection, now: datetime, periods: Periods, *, limit: int = BATCH) -> int:
    """Erase at most `limit` reactions whose time is up; return how many, so that the caller knows when to stop.

    The time runs from when a reaction (or its last edit) came in, so that imported history is kept as long as the rest.
    A reaction with an open case, or with a decision that is still to be carried out, is never touched.
    """
    came_in = select(func.max(revisions.c.received_at)).where(revisions.c.message_pk == messages.c.id).scalar_subquery()
    long_ago = now - periods.with_case
    unsettled = exists().where(
        effects.c.case_id == cases.c.id, effects.c.state.in_((EffectState.WAITING, EffectState.SENDING))
    )
    query = (
        select(messages.c.id)
        .where(
            messages.c.kind == MessageKind.REACTION,
            messages.c.author_role != AuthorRole.MUNICIPALITY,
            messages.c.erased_at.is_(None),
            or_(
                and_(came_in < now - periods.plain, ~_with_case()),
                and_(
                    came_in < long_ago,
                    _with_case(),
                    ~_with_case(or_(cases.c.state.in_(ACTIVE), cases.c.updated_at >= long_ago, unsettled)),
                ),
            ),
        )
        .order_by(messages.c.id)
        .limit(limit)
    )
    due = (await tx.execute(query)).scalars().all()
    await erase(tx, due, now, actor="verbinder", because="retention")
    return len(due)


async def tidy(tx: AsyncConnection, now: datetime, periods: Periods) -> int:
    """Delete what else has an end: raw updates, sessions and sign-in links that ran out, slots of jobs; count them."""
    done = 0
    for statement in (
        delete(unreadable).where(unreadable.c.at < now - periods.plain),
        delete(sessions).where(sessions.c.expires_at < now),
        delete(sign_in_links).where(sign_in_links.c.expires_at < now),
        delete(job_runs).where(job_runs.c.at < now - SLOTS_KEPT),
    ):
        done += (await tx.execute(statement)).rowcount
    return done


async def overwrite(database: Database) -> bool:
    """Make the files of the database forget what was erased; tell whether that was done at once.

    SQLite overwrites freed space (`secure_delete`), but pages from before the erasure stay in the write-ahead log until
    it is brought back to nothing. PostgreSQL keeps old rows until they are vacuumed; its own log files and any backups
    are for whoever runs the server.
    """
    if database.is_sqlite:
        return await _checkpoint(database)
    async with database.engine.connect() as connection:
        await connection.execution_options(isolation_level="AUTOCOMMIT")
        names = ", ".join(table.name for table in metadata.sorted_tables)
        await connection.execute(text(f"VACUUM {names}"))
    return True


async def _checkpoint(database: Database) -> bool:
    # On the driver itself: SQLAlchemy would open a transaction, and there is no checkpoint inside one.
    async with database.engine.connect() as connection:
        driver = (await connection.get_raw_connection()).driver_connection
        assert driver is not None
        for _ in range(CHECKPOINT_TRIES):
            cursor = await driver.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            busy, *_rest = await cursor.fetchone()
            await cursor.close()
            if not busy:
                return True
            await asyncio.sleep(CHECKPOINT_PAUSE_SECONDS)
    return False


def _with_case(*conditions: ColumnElement[bool]) -> ColumnElement[bool]:
    """Tell whether the message is in a case for which `conditions` hold, also as one of many like it."""
    member = (
        select(case_members.c.case_id)
        .join(revisions, revisions.c.id == case_members.c.revision_pk)
        .join(cases, cases.c.id == case_members.c.case_id)
        .where(revisions.c.message_pk == messages.c.id, *conditions)
    )
    return member.exists()
