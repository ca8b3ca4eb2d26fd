"""What only the console asks of the store: stamps that say whether a page is out of date, and lists for its pages."""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditEvent, AuditLine, AuditName
from bot.core.cases import ActionKind, CaseKind, CaseState, EffectState, ThreadMessage
from bot.core.messages import MessageKind
from bot.store import people
from bot.store.schema import case_members, cases, chats, decisions, effects, events, messages, revisions, sessions
from bot.store.types import AnyRow


@dataclass(frozen=True, slots=True)
class ChannelRow:
    """A channel with how much it holds."""

    channel: str
    chats: tuple[str, ...]
    posts: int
    reactions: int
    newest: datetime


@dataclass(frozen=True, slots=True)
class CaseLink:
    """A case that a message belongs to."""

    id: int
    kind: CaseKind
    state: CaseState


async def queue_stamp(tx: AsyncConnection) -> str:
    """Return a text that differs when any case has visibly changed."""
    row = (await tx.execute(select(func.count(), func.sum(cases.c.card_version)).select_from(cases))).one()
    return f"{row[0]}.{row[1] or 0}"


async def case_stamp(tx: AsyncConnection, case_id: int) -> str:
    """Return a text that differs when this case, or its thread, has visibly changed."""
    row = (
        await tx.execute(select(cases.c.card_version, cases.c.channel, cases.c.chat_id).where(cases.c.id == case_id))
    ).one_or_none()
    if row is None:
        return ""
    chat = (messages.c.channel == row.channel, messages.c.chat_id == row.chat_id)
    return f"{row.card_version}.{await _newest_in(tx, *chat)}"


async def channel_stamp(tx: AsyncConnection, channel: str) -> str:
    """Return a text that differs when a message came, changed or went, or a case about one did."""
    about = select(func.count(), func.sum(cases.c.card_version)).where(cases.c.channel == channel)
    row = (await tx.execute(about)).one()
    return f"{await _newest_in(tx, messages.c.channel == channel)}.{row[0]}.{row[1] or 0}"


async def _newest_in(tx: AsyncConnection, *where: object) -> str:
    query = (
        select(func.max(revisions.c.id), func.count(messages.c.deleted_at))
        .select_from(messages.join(revisions, revisions.c.message_pk == messages.c.id))
        .where(*where)  # type: ignore[arg-type]
    )
    row = (await tx.execute(query)).one()
    return f"{row[0] or 0}.{row[1]}"


async def recently_decided(tx: AsyncConnection, since: datetime, *, limit: int = 12) -> Sequence[int]:
    """Return the ids of cases decided after `since` or with an effect that has not left yet, newest first."""
    waiting = select(effects.c.decision_id).where(effects.c.state == EffectState.WAITING)
    query = (
        select(cases.c.id)
        .join(decisions, decisions.c.id == cases.c.decision_id)
        .where(cases.c.state == CaseState.DECIDED, or_(decisions.c.at >= since, decisions.c.id.in_(waiting)))
        .order_by(decisions.c.at.desc(), decisions.c.id.desc())
        .limit(limit)
    )
    return (await tx.execute(query)).scalars().all()


async def channels(tx: AsyncConnection) -> Sequence[ChannelRow]:
    """Return every channel that ever brought a message, by name."""
    names: dict[str, list[str]] = {}
    for row in await tx.execute(select(chats).order_by(chats.c.name)):
        if row.name:
            names.setdefault(row.channel, []).append(row.name)
    is_post = func.count().filter(messages.c.kind == MessageKind.POST)
    is_reaction = func.count().filter(messages.c.kind == MessageKind.REACTION)
    query = (
        select(messages.c.channel, is_post, is_reaction, func.max(messages.c.sent_at))
        .group_by(messages.c.channel)
        .order_by(messages.c.channel)
    )
    rows = (await tx.execute(query)).all()
    return [ChannelRow(name, tuple(names.get(name, ())), posts, count, newest) for name, posts, count, newest in rows]


async def cases_about(
    tx: AsyncConnection, channel: str, shown: Collection[ThreadMessage]
) -> Mapping[tuple[str, str], tuple[CaseLink, ...]]:
    """Return the cases of each message, by (chat id, message id); also where it is one of many like it."""
    ids = {item.ref.message_id for item in shown}
    query = (
        select(messages.c.chat_id, messages.c.message_id, cases.c.id, cases.c.kind, cases.c.state)
        .join(revisions, revisions.c.message_pk == messages.c.id)
        .join(case_members, case_members.c.revision_pk == revisions.c.id)
        .join(cases, cases.c.id == case_members.c.case_id)
        .where(messages.c.channel == channel, messages.c.message_id.in_(ids))
        .order_by(cases.c.id)
    )
    found: dict[tuple[str, str], list[CaseLink]] = {}
    for row in await tx.execute(query):
        link = CaseLink(row.id, CaseKind(row.kind), CaseState(row.state))
        found.setdefault((row.chat_id, row.message_id), []).append(link)
    return {address: tuple(links) for address, links in found.items()}


async def undone_words(tx: AsyncConnection, case_id: int) -> tuple[str, str] | None:
    """Return (text, suggestion it came from) of the last decision on a case where that was an edit and was undone."""
    query = select(decisions).where(decisions.c.case_id == case_id).order_by(decisions.c.id.desc()).limit(1)
    row = (await tx.execute(query)).one_or_none()
    if row is None or row.undone_at is None or row.action != ActionKind.EDIT:
        return None
    return row.text, row.original


async def log_page(tx: AsyncConnection, *, limit: int, before: int | None = None) -> Sequence[AuditLine]:
    """Return a page of the audit log, newest first."""
    query = select(events).order_by(events.c.id.desc()).limit(limit)
    if before is not None:
        query = query.where(events.c.id < before)
    return [_line(row) for row in await tx.execute(query)]


async def rule_changes(tx: AsyncConnection, version_ids: Collection[int]) -> Mapping[int, int]:
    """Return how many changes each of these versions of the house rules brought, as noted when it was applied."""
    found: dict[int, int] = {}
    for (raw,) in await tx.execute(select(events.c.data).where(events.c.name == AuditName.RULES_APPLIED)):
        data = json.loads(raw)
        version_id, number = int(data["version"]), int(data["changes"])
        if version_id in version_ids:
            found[version_id] = max(found.get(version_id, 0), number)
    return found


async def waiting_effects(tx: AsyncConnection) -> Mapping[EffectState, int]:
    """Return how many effects wait or are under way."""
    states = (EffectState.WAITING, EffectState.SENDING)
    query = select(effects.c.state, func.count()).where(effects.c.state.in_(states)).group_by(effects.c.state)
    found = {EffectState(state): number for state, number in (await tx.execute(query)).all()}
    return {state: found.get(state, 0) for state in states}


async def revoke_other_sessions(tx: AsyncConnection, person_id: int, keep: str, now: datetime) -> None:
    """End all sessions of a person except the one with token `keep` (empty: all of them)."""
    await tx.execute(
        update(sessions)
        .where(
            sessions.c.person_id == person_id,
            sessions.c.revoked_at.is_(None),
            sessions.c.token_hash != people.token_hash(keep),
        )
        .values(revoked_at=now)
    )


def _line(row: AnyRow) -> AuditLine:
    event = AuditEvent(AuditName(row.name), row.actor, row.case_id, row.message_pk, json.loads(row.data))
    return AuditLine(row.id, row.at, event, row.hash)
