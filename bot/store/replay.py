"""Read history for a replay: judged reactions, newest first, with their stored scores and what people decided.

Goes through the table in chunks, each in a transaction of its own: memory does not grow with history, and an erasure
or a checkpoint meanwhile does not have to wait. What was erased is not there; what was never judged is left out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core import codec
from bot.core.cases import ActionKind
from bot.core.messages import AuthorRole, Recent
from bot.store.database import Database
from bot.store.recent_chunk import Written, recent_of_chunk
from bot.store.schema import case_members, cases, decisions, messages, revisions
from bot.store.types import AnyRow

CHUNK = 500
UPHELD: Mapping[ActionKind, bool] = {ActionKind.REMOVE: True, ActionKind.WARN: True, ActionKind.FINE: False}
"""What a decision says about the rules that raised a reaction. Other decisions say nothing about that."""

JUDGED = ("done", "failed")
UNJUDGED = ("pending", "skipped")
_END = 2**31 - 1  # the largest key that PostgreSQL has room for


@dataclass(frozen=True, slots=True)
class Reaction:
    """One judged reaction. `language` and `scores` are the stored ones, None where none are stored.

    `upheld` is what people made of it, None where nobody decided; `decision` is the key of that decision, `ground` the
    house rule that it rests on.
    """

    revision_pk: int
    text: str
    attachments: tuple[str, ...]
    channel: str
    thread_id: str | None
    post_id: str | None
    role: AuthorRole
    written_at: datetime
    language: str | None
    scores: Mapping[str, float] | None
    recent: Recent
    upheld: bool | None
    decision: int | None
    ground: str


async def count(database: Database, *, limit: int | None = None) -> int:
    """Return how many reactions `history` will give."""
    query = select(func.count()).select_from(revisions).where(revisions.c.state.in_(JUDGED))
    async with database.read() as tx:
        found = int((await tx.execute(query)).scalar_one())
    return found if limit is None else min(found, limit)


async def stamp(database: Database) -> str:
    """Return a text that differs when a replay could come to something else."""
    judged = select(func.max(revisions.c.id), func.count()).where(revisions.c.state.in_(JUDGED))
    decided = select(func.max(decisions.c.id), func.count(decisions.c.undone_at))
    async with database.read() as tx:
        found = [*(await tx.execute(judged)).one(), *(await tx.execute(decided)).one()]
    return ".".join(str(number or 0) for number in found)


async def history(
    database: Database, *, limit: int | None = None, chunk: int = CHUNK
) -> AsyncIterator[Sequence[Reaction]]:
    """Yield the newest `limit` reactions (all of them without one), newest first, `chunk` at a time."""
    before, left = _END, limit
    while left is None or left > 0:
        size = chunk if left is None else min(chunk, left)
        async with database.read() as tx:
            rows = (await tx.execute(_older_than(before, size))).all()
            found = await _reactions(tx, rows)
        if not found:
            return
        yield found
        before = found[-1].revision_pk
        left = None if left is None else left - len(found)


def _older_than(revision_pk: int, size: int) -> Select[tuple[object, ...]]:
    return (
        select(
            revisions.c.id,
            revisions.c.text,
            revisions.c.attachments,
            revisions.c.edited_at,
            revisions.c.analysis,
            revisions.c.fingerprint,
            messages.c.id.label("message_pk"),
            messages.c.channel,
            messages.c.chat_id,
            messages.c.thread_id,
            messages.c.post_id,
            messages.c.author_key,
            messages.c.author_role,
            messages.c.sent_at,
        )
        .join(messages, messages.c.id == revisions.c.message_pk)
        # Said the other way round, it keeps SQLite from sorting all of history by way of the index on `state`.
        .where(revisions.c.state.not_in(UNJUDGED), revisions.c.id < revision_pk)
        .order_by(revisions.c.id.desc())
        .limit(size)
    )


async def _reactions(tx: AsyncConnection, rows: Sequence[AnyRow]) -> Sequence[Reaction]:
    if not rows:
        return ()
    decided = await decisions_about(tx, rows[-1].id, rows[0].id, UPHELD)
    written = [
        Written(
            row.id, row.message_pk, row.channel, row.chat_id, row.author_key, row.fingerprint,
            row.edited_at or row.sent_at,
        )
        for row in rows
    ]  # fmt: skip
    recent = await recent_of_chunk(tx, written)
    return [
        _reaction(row, moment.moment, recent[row.id], decided.get(row.id))
        for row, moment in zip(rows, written, strict=True)
    ]


def _reaction(row: AnyRow, written_at: datetime, recent: Recent, decision: AnyRow | None) -> Reaction:
    language, scores = codec.language_and_scores(row.analysis) if row.analysis else (None, None)
    return Reaction(
        revision_pk=row.id,
        text=row.text,
        attachments=tuple(row.attachments),
        channel=row.channel,
        thread_id=row.thread_id,
        post_id=row.post_id,
        role=AuthorRole(row.author_role),
        written_at=written_at,
        language=language,
        scores=scores,
        recent=recent,
        upheld=None if decision is None else UPHELD[ActionKind(decision.action)],
        decision=None if decision is None else decision.id,
        ground="" if decision is None else decision.rule_id,
    )


async def decisions_about(
    tx: AsyncConnection, first: int, last: int, actions: Collection[ActionKind]
) -> Mapping[int, AnyRow]:
    """Return the decision to do one of `actions` about each of these revisions, also where it is one of many in a case.

    A case points at the decision that holds; one that was undone, it no longer points at.
    """
    query = (
        select(case_members.c.revision_pk, decisions.c.id, decisions.c.action, decisions.c.rule_id)
        .join(cases, cases.c.id == case_members.c.case_id)
        .join(decisions, decisions.c.id == cases.c.decision_id)
        .where(
            case_members.c.revision_pk.between(first, last),
            decisions.c.action.in_(list(actions)),
        )
        .order_by(decisions.c.id)  # of two, the last to be made holds
    )
    return {row.revision_pk: row for row in await tx.execute(query)}
