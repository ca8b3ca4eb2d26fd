"""Which house rules fired on which revision: rule names and nothing else, no words and nobody's name.

Written in the transaction of the verdict, for rules in force and in the shadow alike. Read by
`bot.store.rule_statistics`. What a revision said goes at its erasure, and these rows go with it.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable

from sqlalchemy import delete, insert, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.findings import RuleHit
from bot.store.schema import revisions, rule_hits


async def record(tx: AsyncConnection, revision_pk: int, hits: Iterable[RuleHit]) -> None:
    """Write the rules that fired on a revision, in the place of what an earlier verdict left there."""
    await tx.execute(delete(rule_hits).where(rule_hits.c.revision_pk == revision_pk))
    rows = [
        {"rule_id": rule_id, "revision_pk": revision_pk, "active": active}
        for rule_id, active in {hit.id: hit.active for hit in hits}.items()
    ]
    if rows:
        await tx.execute(insert(rule_hits), rows)


async def forget(tx: AsyncConnection, message_pks: Collection[int]) -> None:
    """Delete what stands here about these messages: all of their revisions."""
    about = select(revisions.c.id).where(revisions.c.message_pk.in_(message_pks))
    await tx.execute(delete(rule_hits).where(rule_hits.c.revision_pk.in_(about)))
