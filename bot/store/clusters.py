"""Cases about many like messages: the case goes on when the message that it was opened about is gone.

A raid of a hundred is one case (trap 16). It must not leave the queue because the first of the hundred was edited,
deleted or erased: the case passes to the next one, and whoever saw it as it was is told that it changed.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core import codec
from bot.core.cases import CaseKind, CaseState
from bot.store import casebook
from bot.store.casebook import ACTIVE
from bot.store.schema import case_members, cases, messages, revisions, suggestions
from bot.store.types import AnyRow


async def settle_changed(
    tx: AsyncConnection, message_pk: int, because: str, now: datetime, *, keep_returned: bool = False
) -> Sequence[int]:
    """Settle the active cases about a message that was edited or deleted: hand over or close; return the closed ids."""
    states = (CaseState.OPEN,) if keep_returned else ACTIVE
    query = select(cases).where(cases.c.message_pk == message_pk, cases.c.state.in_(states)).with_for_update()
    found = (await tx.execute(query)).all()
    return [row.id for row in found if not await goes_on(tx, row, because, now)]


async def goes_on(tx: AsyncConnection, row: AnyRow, because: str, now: datetime) -> bool:
    """Let the case `row`, whose message is gone, go on about the next one; where there is none, close it: False."""
    if await hand_over(tx, row, [row.message_pk], now):
        await leave(tx, [row.message_pk], now, case_id=row.id)
        return True
    await casebook.close(tx, row.id, because, now)
    return False


async def hand_over(tx: AsyncConnection, row: AnyRow, gone: Collection[int], now: datetime) -> bool:
    """Let the case `row` go on about its oldest message that is not `gone`; False when there is none."""
    heir = await _heir(tx, row, gone)
    if heir is None:
        return False
    analysis = codec.load(heir.analysis)
    await casebook.touch(
        tx,
        row.id,
        now,
        meaning=True,
        state=CaseState.OPEN,
        message_pk=heir.message_pk,
        revision_pk=heir.id,
        reasons=list(analysis.decision.reasons),
        returned_because="",
        suggestion_index=0,
        decision_id=None,
        proposal_id=None,
    )
    await tx.execute(delete(suggestions).where(suggestions.c.case_id == row.id))
    offered = [
        {
            "case_id": row.id,
            "position": position,
            "text": suggestion.text,
            "frame": suggestion.frame,
            "value": suggestion.value,
            "approach": suggestion.approach,
            "checks": list(suggestion.checks),
        }
        for position, suggestion in enumerate(analysis.suggestions)
    ]
    if offered and row.kind == CaseKind.REPLY:
        await tx.execute(insert(suggestions), offered)
    return True


async def leave(tx: AsyncConnection, gone: Collection[int], now: datetime, *, case_id: int | None = None) -> None:
    """Take messages out of cases that are still open (or out of one): what is decided must not reach for them."""
    query = (
        select(case_members.c.case_id, case_members.c.revision_pk)
        .join(revisions, revisions.c.id == case_members.c.revision_pk)
        .join(cases, cases.c.id == case_members.c.case_id)
        .where(revisions.c.message_pk.in_(gone), cases.c.state.in_(ACTIVE))
    )
    if case_id is not None:
        query = query.where(cases.c.id == case_id)
    for row in (await tx.execute(query)).all():
        member = and_(case_members.c.case_id == row.case_id, case_members.c.revision_pk == row.revision_pk)
        await tx.execute(delete(case_members).where(member))
        await casebook.touch(tx, row.case_id, now, like_count=cases.c.like_count - 1)


async def _heir(tx: AsyncConnection, row: AnyRow, gone: Collection[int]) -> AnyRow | None:
    primary = cases.alias("primary")
    taken = select(primary.c.revision_pk).where(primary.c.kind == row.kind)
    query = (
        select(revisions.c.id, revisions.c.message_pk, revisions.c.analysis)
        .join(case_members, case_members.c.revision_pk == revisions.c.id)
        .join(messages, messages.c.id == revisions.c.message_pk)
        .where(
            case_members.c.case_id == row.id,
            messages.c.id.not_in(gone),
            messages.c.deleted_at.is_(None),
            messages.c.erased_at.is_(None),
            revisions.c.number == messages.c.revision,
            revisions.c.analysis.is_not(None),
            revisions.c.id.not_in(taken),
        )
        .order_by(revisions.c.id)
        .limit(1)
    )
    return (await tx.execute(query)).one_or_none()
