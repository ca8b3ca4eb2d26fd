"""Read what people decided about stored reactions, with the analysis that they decided on: newest first, in chunks.

A decision about an alert says whether the alert was right; one about a suggestion, whether it was worth an answer.
What was erased is not there; what was never judged is left out.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass

from sqlalchemy import select

from bot.core.cases import ActionKind
from bot.store.database import Database
from bot.store.replay import CHUNK, UPHELD, decisions_about
from bot.store.schema import revisions

ANSWERED: Mapping[ActionKind, bool] = {ActionKind.APPROVE: True, ActionKind.EDIT: True, ActionKind.DROP: False}
"""What a decision says about the suggestion that was shown."""

_END = 2**31 - 1


@dataclass(frozen=True, slots=True)
class Judgement:
    """One reaction. `upheld` and `answered` are what people made of it, None where nobody decided that.

    `decision` is the key of the decision about the alert, which like reactions share; `answer` that about the reply.
    """

    text: str
    analysis: str
    upheld: bool | None
    decision: int | None
    answered: bool | None
    answer: int | None


async def judgements(database: Database, *, limit: int | None = None) -> AsyncIterator[Sequence[Judgement]]:
    """Yield the newest `limit` judged reactions (all of them without one), newest first, a chunk at a time."""
    before, left = _END, limit
    while left is None or left > 0:
        size = CHUNK if left is None else min(CHUNK, left)
        query = (
            select(revisions.c.id, revisions.c.text, revisions.c.analysis)
            .where(revisions.c.state == "done", revisions.c.analysis.is_not(None), revisions.c.id < before)
            .order_by(revisions.c.id.desc())
            .limit(size)
        )
        async with database.read() as tx:
            rows = (await tx.execute(query)).all()
            if not rows:
                return
            alerts = await decisions_about(tx, rows[-1].id, rows[0].id, UPHELD)
            replies = await decisions_about(tx, rows[-1].id, rows[0].id, ANSWERED)
        found = []
        for row in rows:
            alert, reply = alerts.get(row.id), replies.get(row.id)
            found.append(
                Judgement(
                    text=row.text,
                    analysis=row.analysis,
                    upheld=None if alert is None else UPHELD[ActionKind(alert.action)],
                    decision=None if alert is None else alert.id,
                    answered=None if reply is None else ANSWERED[ActionKind(reply.action)],
                    answer=None if reply is None else reply.id,
                )
            )
        yield found
        before = rows[-1].id
        left = None if left is None else left - len(rows)
