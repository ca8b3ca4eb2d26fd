"""Writing cases: open, gather, claim, decide, return, close. Which of these is right is decided in `bot.review`.

Every function works in the caller's transaction. Whatever changes what a button means moves `version`; whatever can be
seen moves `card_version` too, so that cards on every face are brought up to date.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import case, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.analysis import Suggestion
from bot.core.cases import ActionKind, CaseKind, CaseState
from bot.core.findings import Severity
from bot.core.people import Face
from bot.store.schema import case_members, cases, decisions, messages, revisions, suggestions
from bot.store.types import AnyRow
from bot.store.upsert import insert_once

ACTIVE = (CaseState.OPEN, CaseState.RETURNED)


@dataclass(frozen=True, slots=True)
class NewCase:
    """What a case is opened with."""

    kind: CaseKind
    message_pk: int
    revision_pk: int
    severity: Severity | None
    fingerprint: str
    reasons: tuple[str, ...]
    not_evaluated: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()


@dataclass(frozen=True, slots=True)
class NewDecision:
    """What a person decided, and under which versions of rules, scorer and normaliser."""

    case_id: int
    action: ActionKind
    person_id: int
    via: Face
    text: str = ""
    original: str = ""
    rule_id: str = ""
    reason: str = ""
    versions: Mapping[str, str] | None = None


async def lock(tx: AsyncConnection, case_id: int) -> AnyRow | None:
    """Return the row of a case and keep others from changing it until the transaction ends."""
    return (await tx.execute(select(cases).where(cases.c.id == case_id).with_for_update())).one_or_none()


async def open_case(tx: AsyncConnection, new: NewCase, now: datetime) -> int:
    """Open a case with its suggestions; return its id."""
    message = (await tx.execute(select(messages).where(messages.c.id == new.message_pk))).one()
    result = await tx.execute(
        insert(cases)
        .values(
            kind=new.kind,
            state=CaseState.OPEN,
            version=1,
            card_version=1,
            channel=message.channel,
            chat_id=message.chat_id,
            message_pk=new.message_pk,
            revision_pk=new.revision_pk,
            severity=None if new.severity is None else int(new.severity),
            fingerprint=new.fingerprint,
            opened_at=now,
            updated_at=now,
            reasons=list(new.reasons),
            not_evaluated=list(new.not_evaluated),
        )
        .returning(cases.c.id)
    )
    case_id: int = result.scalar_one()
    await tx.execute(insert(case_members).values(case_id=case_id, revision_pk=new.revision_pk))
    if new.suggestions:
        rows = [
            {
                "case_id": case_id,
                "position": position,
                "text": suggestion.text,
                "frame": suggestion.frame,
                "value": suggestion.value,
                "approach": suggestion.approach,
                "checks": list(suggestion.checks),
            }
            for position, suggestion in enumerate(new.suggestions)
        ]
        await tx.execute(insert(suggestions), rows)
    return case_id


async def alike(tx: AsyncConnection, new: NewCase, *, since: datetime) -> int | None:
    """Return the open case on the same desk, in the same chat, about a like message touched after `since`."""
    if not new.fingerprint:
        return None
    message = (await tx.execute(select(messages).where(messages.c.id == new.message_pk))).one()
    query = (
        select(cases.c.id)
        .join(messages, messages.c.id == cases.c.message_pk)
        .where(
            cases.c.fingerprint == new.fingerprint,
            cases.c.channel == message.channel,
            cases.c.chat_id == message.chat_id,
            cases.c.kind == new.kind,
            cases.c.state == CaseState.OPEN,
            cases.c.updated_at >= since,
            cases.c.message_pk != new.message_pk,
        )
        .order_by(cases.c.id)
        .limit(1)
    )
    if new.kind is CaseKind.REPLY:  # a like question under another post deserves its own answer
        query = query.where(messages.c.post_id == message.post_id)
    found: int | None = (await tx.execute(query)).scalar_one_or_none()
    return found


async def gather(tx: AsyncConnection, case_id: int, revision_pk: int, now: datetime) -> bool:
    """Add a like message to an open case; tell whether it was new there."""
    if not await insert_once(tx, case_members, {"case_id": case_id, "revision_pk": revision_pk}):
        return False
    await touch(tx, case_id, now, like_count=cases.c.like_count + 1)
    return True


async def touch(tx: AsyncConnection, case_id: int, now: datetime, *, meaning: bool = False, **values: Any) -> None:
    """Change a case visibly; with `meaning` also what its buttons mean, so that older cards are refused."""
    if meaning:
        values["version"] = cases.c.version + 1
    statement = update(cases).where(cases.c.id == case_id)
    await tx.execute(statement.values(card_version=cases.c.card_version + 1, updated_at=now, **values))


async def add_decision(tx: AsyncConnection, new: NewDecision, now: datetime) -> int:
    """Write what a person decided; return its id."""
    result = await tx.execute(
        insert(decisions)
        .values(
            case_id=new.case_id,
            action=new.action,
            person_id=new.person_id,
            via=new.via,
            at=now,
            text=new.text,
            original=new.original,
            rule_id=new.rule_id,
            reason=new.reason,
            versions=dict(new.versions or {}),
        )
        .returning(decisions.c.id)
    )
    return int(result.scalar_one())


async def undo_decision(tx: AsyncConnection, decision_id: int, person_id: int, now: datetime) -> None:
    await tx.execute(update(decisions).where(decisions.c.id == decision_id).values(undone_at=now, undone_by=person_id))


async def close_active(
    tx: AsyncConnection,
    message_pks: Collection[int],
    because: str,
    now: datetime,
    *,
    kind: CaseKind,
) -> Sequence[int]:
    """Close the active cases about these messages on one desk; return their ids."""
    query = select(cases.c.id).where(
        cases.c.message_pk.in_(message_pks), cases.c.state.in_(ACTIVE), cases.c.kind == kind
    )
    ids = (await tx.execute(query.with_for_update())).scalars().all()
    for case_id in ids:
        await close(tx, case_id, because, now)
    return ids


async def close(tx: AsyncConnection, case_id: int, because: str, now: datetime) -> None:
    await touch(
        tx,
        case_id,
        now,
        meaning=True,
        state=CaseState.CLOSED,
        closed_because=because,
        claimed_by=None,
        claimed_until=None,
    )


async def of_revision(tx: AsyncConnection, revision_pk: int, kind: CaseKind) -> AnyRow | None:
    """Return the case on desk `kind` that this revision belongs to, also as one of many like it."""
    query = (
        select(cases)
        .join(case_members, case_members.c.case_id == cases.c.id)
        .where(case_members.c.revision_pk == revision_pk, cases.c.kind == kind)
    )
    return (await tx.execute(query)).first()


async def members(tx: AsyncConnection, case_id: int) -> Sequence[AnyRow]:
    """Return (revision_pk, message_pk, text, …) of every message in a case: the one it is about, then oldest first."""
    query = (
        select(
            revisions.c.id.label("revision_pk"),
            revisions.c.number,
            revisions.c.text,
            messages.c.id.label("message_pk"),
            messages.c.revision.label("newest"),
            messages.c.deleted_at,
        )
        .join(case_members, case_members.c.revision_pk == revisions.c.id)
        .join(messages, messages.c.id == revisions.c.message_pk)
        .join(cases, cases.c.id == case_members.c.case_id)
        .where(case_members.c.case_id == case_id)
        .order_by(case((revisions.c.id == cases.c.revision_pk, 0), else_=1), revisions.c.id)
    )
    return (await tx.execute(query)).all()


async def expired_claims(tx: AsyncConnection, now: datetime) -> Sequence[AnyRow]:
    """Return (id, claimed_by) of the cases whose claim has run out."""
    query = select(cases.c.id, cases.c.claimed_by).where(
        cases.c.claimed_by.is_not(None), cases.c.claimed_until <= now, cases.c.state.in_(ACTIVE)
    )
    return (await tx.execute(query)).all()


async def left_alone(tx: AsyncConnection, reminded_before: datetime) -> Sequence[AnyRow]:
    """Return (id, kind, severity, opened_at) of active cases that nobody was reminded of since `reminded_before`."""
    query = (
        select(cases.c.id, cases.c.kind, cases.c.severity, cases.c.opened_at)
        .where(
            cases.c.state.in_(ACTIVE),
            or_(cases.c.reminded_at.is_(None), cases.c.reminded_at < reminded_before),
        )
        .order_by(cases.c.opened_at)
    )
    return (await tx.execute(query)).all()


async def newest_revision(tx: AsyncConnection, message_pk: int) -> int:
    """Return the key of the newest revision of a message."""
    query = select(revisions.c.id).where(revisions.c.message_pk == message_pk).order_by(revisions.c.number.desc())
    return int((await tx.execute(query.limit(1))).scalar_one())


async def reopen(tx: AsyncConnection, removal_case_id: int, because: str, now: datetime) -> None:
    """Open the cases again that were closed `because` of a removal that is undone, where their text still stands."""
    about = (
        select(revisions.c.message_pk)
        .join(case_members, case_members.c.revision_pk == revisions.c.id)
        .where(case_members.c.case_id == removal_case_id)
    )
    query = (
        select(cases.c.id)
        .join(revisions, revisions.c.id == cases.c.revision_pk)
        .join(messages, messages.c.id == cases.c.message_pk)
        .where(
            cases.c.message_pk.in_(about),
            cases.c.state == CaseState.CLOSED,
            cases.c.closed_because == because,
            revisions.c.number == messages.c.revision,
            messages.c.deleted_at.is_(None),
        )
    )
    for case_id in (await tx.execute(query)).scalars().all():
        await touch(tx, case_id, now, meaning=True, state=CaseState.OPEN, closed_because="")
