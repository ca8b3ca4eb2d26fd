"""What only the pages about house rules ask of the store."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.cases import CaseKind
from bot.store.replay import JUDGED
from bot.store.schema import case_members, cases, revisions, rule_hits


async def cases_of_rule(tx: AsyncConnection, names: Collection[str], *, limit: int) -> Sequence[int]:
    """Return the ids of the newest alerts about reactions on which a rule fired, by any of its `names`."""
    query = (
        select(cases.c.id)
        .join(case_members, case_members.c.case_id == cases.c.id)
        .join(rule_hits, rule_hits.c.revision_pk == case_members.c.revision_pk)
        .where(rule_hits.c.rule_id.in_(names), cases.c.kind == CaseKind.ALERT)
        .distinct()
        .order_by(cases.c.id.desc())
        .limit(limit)
    )
    return (await tx.execute(query)).scalars().all()


async def still_there(tx: AsyncConnection, revision_pks: Collection[int]) -> Mapping[int, int | None]:
    """Return which of these revisions still have their words, with the alert that each belongs to, None for none."""
    query = (
        select(revisions.c.id, func.max(cases.c.id).label("case"))
        .outerjoin(case_members, case_members.c.revision_pk == revisions.c.id)
        .outerjoin(cases, (cases.c.id == case_members.c.case_id) & (cases.c.kind == CaseKind.ALERT))
        .where(revisions.c.id.in_(revision_pks), revisions.c.state.in_(JUDGED))
        .group_by(revisions.c.id)
    )
    return {row.id: row.case for row in await tx.execute(query)}
