"""How each rule does in practice: how often it fired, what people made of it, and how it did lately.

Reactions are what fires; people decide about cases. A case may gather many like reactions, so it counts once: a raid
that one person removed is one confirmation. Rules in the shadow are held against the same decisions. Never per person.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, Select, and_, case, func, not_, select, true
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.cases import ActionKind, CaseKind
from bot.store.casebook import ACTIVE
from bot.store.replay import UPHELD
from bot.store.schema import case_members, cases, decisions, messages, revisions, rule_hits
from bot.store.types import AnyRow

LATELY = 8
"""How many of the last decisions say how a rule does lately."""


@dataclass(frozen=True, slots=True)
class RuleStatistics:
    """One rule. `fired` counts reactions, of which `shadow` while the rule did nothing yet; the rest counts cases.

    `upheld` cases ended in a removal or a reminder, `overruled` ones were found to be fine, `open` ones wait. `lately`
    holds the last decisions, the newest first: whether each upheld the rule. `last_seen` is when a reaction that it
    fired on was last written. A period narrows what was fired, upheld and overruled, and nothing else.
    """

    rule_id: str
    fired: int
    shadow: int
    upheld: int
    overruled: int
    open: int
    last_seen: datetime
    lately: tuple[bool, ...]

    @property
    def wrong_lately(self) -> int:
        """Return how many of the last decisions overruled the rule: wrong `wrong_lately` of its last `len(lately)`."""
        return self.lately.count(False)


async def rule_statistics(
    tx: AsyncConnection,
    replaced: Mapping[str, str] | None = None,
    *,
    lately: int = LATELY,
    since: datetime | None = None,
) -> Mapping[str, RuleStatistics]:
    """Return the statistics of every rule that ever fired, by its present name: `replaced` maps former names to it.

    With `since`, only what was written, or decided, from then on is counted.
    """
    name = _present_name(replaced or {})
    about: dict[str, list[AnyRow]] = {}
    for row in await tx.execute(_cases(name)):
        about.setdefault(row.name, []).append(row)
    found = {}
    for row in await tx.execute(_fired(name, since)):
        known = about.get(row.name, [])
        decided = [UPHELD[ActionKind(one.action)] for one in known if one.action is not None]
        counted = [
            UPHELD[ActionKind(one.action)]
            for one in known
            if one.action is not None and (since is None or one.at >= since)
        ]
        found[row.name] = RuleStatistics(
            rule_id=row.name,
            fired=row.fired,
            shadow=row.shadow,
            upheld=counted.count(True),
            overruled=counted.count(False),
            open=sum(one.action is None and one.state in ACTIVE for one in known),
            last_seen=row.last_seen,
            lately=tuple(decided[:lately]),
        )
    return found


def _present_name(replaced: Mapping[str, str]) -> ColumnElement[str]:
    """Return the present name of the rule of a hit, followed through every `vervangt`."""
    if not replaced:
        return rule_hits.c.rule_id
    names = {}
    for former, present in replaced.items():
        seen = {former}
        while present in replaced and present not in seen:
            seen.add(present)
            present = replaced[present]
        names[former] = present
    return case(names, value=rule_hits.c.rule_id, else_=rule_hits.c.rule_id)


def _fired(name: ColumnElement[str], since: datetime | None = None) -> Select[Any]:
    """Select (name, fired, shadow, last_seen) of each rule."""
    written = func.coalesce(revisions.c.edited_at, messages.c.sent_at)
    counts = true() if since is None else written >= since
    counted = case((counts, rule_hits.c.revision_pk))
    in_shadow = case((and_(counts, not_(rule_hits.c.active)), rule_hits.c.revision_pk))
    return (
        select(
            name.label("name"),
            func.count(counted.distinct()).label("fired"),
            func.count(in_shadow.distinct()).label("shadow"),
            func.max(written).label("last_seen"),
        )
        .join(revisions, revisions.c.id == rule_hits.c.revision_pk)
        .join(messages, messages.c.id == revisions.c.message_pk)
        .group_by("name")
    )


def _cases(name: ColumnElement[str]) -> Select[Any]:
    """Select (name, case, state, action) of each rule's cases; among those that are decided, the last one first."""
    counted = and_(decisions.c.id == cases.c.decision_id, decisions.c.action.in_(list(UPHELD)))
    return (
        select(
            name.label("name"),
            cases.c.id.label("case"),
            cases.c.state,
            decisions.c.action,
            decisions.c.at,
            decisions.c.id,
        )
        .join(case_members, case_members.c.revision_pk == rule_hits.c.revision_pk)
        .join(cases, cases.c.id == case_members.c.case_id)
        .outerjoin(decisions, counted)
        .where(cases.c.kind == CaseKind.ALERT)
        .distinct()
        .order_by(decisions.c.at.desc(), decisions.c.id.desc())
    )
