"""The outbox: effects written with the decision, sent once, and what became of each.

Only `bot.review.dispatch` takes effects out; one worker a channel, so an effect found in `bezig` was left by a process
that did not live to tell, or by a try whose answer never came.
"""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.cases import EffectKind, EffectState
from bot.store.schema import effects, messages, revisions
from bot.store.types import AnyRow


@dataclass(frozen=True, slots=True)
class NewEffect:
    """What a decision sets in motion."""

    kind: EffectKind
    case_id: int
    decision_id: int
    channel: str
    message_pk: int
    revision_pk: int
    text: str
    not_before: datetime


async def put(tx: AsyncConnection, new: NewEffect, now: datetime) -> str:
    """Write an effect in the transaction of its decision; return its key (at most 25 characters)."""
    key = secrets.token_hex(12)
    await tx.execute(
        insert(effects).values(
            key=key,
            case_id=new.case_id,
            decision_id=new.decision_id,
            kind=new.kind,
            channel=new.channel,
            message_pk=new.message_pk,
            revision_pk=new.revision_pk,
            text=new.text,
            state=EffectState.WAITING,
            not_before=new.not_before,
            updated_at=now,
        )
    )
    return key


async def next_due(tx: AsyncConnection, channel: str) -> AnyRow | None:
    """Return (id, state, not_before) of the effect of a channel that is due first, None when none waits."""
    query = (
        select(effects.c.id, effects.c.state, effects.c.not_before)
        .where(effects.c.channel == channel, effects.c.state.in_((EffectState.WAITING, EffectState.SENDING)))
        .order_by(effects.c.not_before, effects.c.id)
        .limit(1)
    )
    return (await tx.execute(query)).one_or_none()


async def lock(tx: AsyncConnection, effect_id: int) -> AnyRow:
    """Return an effect with its target's address, text and newest revision, and keep others from changing it."""
    query = (
        select(
            effects,
            messages.c.chat_id,
            messages.c.message_id,
            messages.c.thread_id,
            messages.c.post_id,
            messages.c.author_key,
            messages.c.deleted_at,
            messages.c.revision.label("newest"),
            revisions.c.number.label("judged"),
            revisions.c.text.label("judged_text"),
        )
        .join(messages, messages.c.id == effects.c.message_pk)
        .join(revisions, revisions.c.id == effects.c.revision_pk)
        .where(effects.c.id == effect_id)
        .with_for_update(of=effects)
    )
    return (await tx.execute(query)).one()


async def settle(tx: AsyncConnection, effect_id: int, state: EffectState, now: datetime, **values: Any) -> None:
    """Write what became of an effect."""
    statement = update(effects).where(effects.c.id == effect_id)
    await tx.execute(statement.values(state=state, updated_at=now, **values))


async def of_decision(tx: AsyncConnection, decision_id: int) -> Sequence[AnyRow]:
    query = select(effects).where(effects.c.decision_id == decision_id).order_by(effects.c.id).with_for_update()
    return (await tx.execute(query)).all()


async def cancel(tx: AsyncConnection, decision_id: int, now: datetime) -> bool:
    """Cancel all effects of a decision, provided that not one of them has started; tell whether that was so."""
    rows = await of_decision(tx, decision_id)
    if any(row.state != EffectState.WAITING or row.attempts for row in rows):
        return False
    await tx.execute(
        update(effects).where(effects.c.decision_id == decision_id).values(state=EffectState.CANCELLED, updated_at=now)
    )
    return True
