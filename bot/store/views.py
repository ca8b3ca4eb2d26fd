"""Reading cases: from rows to `bot.core.cases.Case`, many at a time, in a fixed number of queries.

Authors appear under a pseudonym that is the same within one channel and says nothing about who they are.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, and_, case, func, or_, select, tuple_
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core import codec
from bot.core.analysis import Suggestion
from bot.core.cases import (
    ActionKind,
    Case,
    CaseKind,
    CaseState,
    DecisionView,
    EffectKind,
    EffectState,
    EffectView,
    ThreadMessage,
)
from bot.core.findings import Severity
from bot.core.messages import AuthorRole, MessageKind, MessageRef
from bot.core.people import Person, Role
from bot.store.casebook import ACTIVE
from bot.store.schema import cards, cases, chats, decisions, effects, messages, people, revisions, suggestions
from bot.store.types import AnyRow

ERASED = "(gewist)"

_MESSAGE = select(
    messages,
    revisions.c.id.label("revision_pk"),
    revisions.c.number,
    revisions.c.text,
    revisions.c.quoted,
    revisions.c.forwarded,
    revisions.c.analysis,
).join(revisions, revisions.c.message_pk == messages.c.id)


def pseudonym(author_key: str, role: AuthorRole) -> str:
    """Return how people see an author: the municipality by name, a resident as `Bewoner K7QF`."""
    if role is AuthorRole.MUNICIPALITY:
        return "Gemeente"
    word = "Medewerker" if role is AuthorRole.STAFF else "Bewoner"
    return f"{word} {author_key[:4].upper()}"


async def case_by_id(tx: AsyncConnection, case_id: int) -> Case | None:
    found = await load_cases(tx, [case_id])
    return found[0] if found else None


async def load_cases(tx: AsyncConnection, ids: Sequence[int]) -> tuple[Case, ...]:
    """Return the cases with these ids, in the order of `ids`."""
    rows = {row.id: row for row in await tx.execute(select(cases).where(cases.c.id.in_(ids)))}
    if not rows:
        return ()
    found = list(rows.values())
    judged = await _by_revision(tx, {row.revision_pk for row in found})
    newest = await _newest(tx, {row.message_pk for row in found if row.state == CaseState.RETURNED})
    posts = await _posts(tx, judged.values())
    offered = await _suggestions(tx, rows)
    decided = await _decisions(tx, {key for row in found for key in (row.decision_id, row.proposal_id) if key})
    claimers = await _people(tx, {row.claimed_by for row in found if row.claimed_by})
    names = {(row.channel, row.chat_id): row.name for row in await tx.execute(select(chats))}
    neighbours = await _siblings(tx, judged.values())
    result = []
    for case_id in ids:
        row = rows.get(case_id)
        if row is None:
            continue
        message = judged[row.revision_pk]
        thread = (message.channel, message.chat_id, message.post_id or message.message_id)
        result.append(
            Case(
                id=row.id,
                version=row.version,
                kind=CaseKind(row.kind),
                state=CaseState(row.state),
                severity=Severity(row.severity) if row.severity else None,
                opened_at=row.opened_at,
                message=thread_message(newest.get(row.message_pk, message)),
                quoted=message.quoted,
                forwarded=message.forwarded,
                post=posts.get((message.channel, message.chat_id, message.post_id)),
                analysis=codec.load(message.analysis) if message.analysis else None,
                reasons=tuple(row.reasons) + ((row.closed_because,) if row.closed_because else ()),
                not_evaluated=tuple(row.not_evaluated),
                suggestions=tuple(offered.get(row.id, ())),
                suggestion_index=row.suggestion_index,
                like_count=row.like_count,
                claimed_by=claimers.get(row.claimed_by),
                claimed_until=row.claimed_until,
                decision=decided.get(row.decision_id),
                proposal=decided.get(row.proposal_id),
                returned_because=row.returned_because,
                chat_name=names.get((message.channel, message.chat_id), ""),
                siblings=tuple(key for key in neighbours.get(thread, ()) if key != row.id),
            )
        )
    return tuple(result)


async def queue_ids(tx: AsyncConnection, kinds: Collection[CaseKind], limit: int) -> Sequence[int]:
    """Return the ids of the active cases on these desks: most serious first, then oldest first."""
    query = (
        select(cases.c.id)
        .where(cases.c.state.in_(ACTIVE), cases.c.kind.in_(kinds))
        .order_by(case((cases.c.state == CaseState.RETURNED, 0), else_=1))
        .order_by(func.coalesce(cases.c.severity, 0).desc(), cases.c.opened_at, cases.c.id)
        .limit(limit)
    )
    return (await tx.execute(query)).scalars().all()


async def queue_counts(tx: AsyncConnection) -> Mapping[CaseKind, int]:
    """Return how many active cases lie on each desk."""
    query = select(cases.c.kind, func.count()).where(cases.c.state.in_(ACTIVE)).group_by(cases.c.kind)
    counted = {CaseKind(kind): number for kind, number in (await tx.execute(query)).all()}
    return {kind: counted.get(kind, 0) for kind in CaseKind}


async def recent_ids(tx: AsyncConnection, *, limit: int, before: int | None = None) -> Sequence[int]:
    """Return the ids of the cases that are settled and older than case `before`, newest case first."""
    query = select(cases.c.id).where(cases.c.state.in_((CaseState.DECIDED, CaseState.CLOSED)))
    if before is not None:
        query = query.where(cases.c.id < before)
    return (await tx.execute(query.order_by(cases.c.id.desc()).limit(limit))).scalars().all()


async def thread_of(tx: AsyncConnection, ref: MessageRef, *, limit: int = 200) -> tuple[ThreadMessage, ...]:
    """Return the post that `ref` stands under, `ref`, what it answers and what came in around it, oldest first."""
    row = (await tx.execute(select(messages).where(*_at(ref)))).one_or_none()
    if row is None:
        return ()
    root = row.post_id or row.message_id
    needed = (row.message_id, row.reply_to or "")
    query = (
        _MESSAGE.where(
            revisions.c.number == messages.c.revision,
            messages.c.channel == ref.channel,
            messages.c.chat_id == ref.chat_id,
            or_(messages.c.post_id == root, messages.c.message_id == root),
        )
        .order_by(
            case((messages.c.message_id == root, 0), (messages.c.message_id.in_(needed), 1), else_=2),
            func.abs(messages.c.id - row.id),
        )
        .limit(limit)
    )
    found = sorted(await tx.execute(query), key=lambda near: (near.sent_at, near.id))
    return tuple(thread_message(near) for near in found)


async def channel_feed(
    tx: AsyncConnection, channel: str, *, limit: int = 300
) -> tuple[tuple[ThreadMessage, tuple[ThreadMessage, ...]], ...]:
    """Return the newest messages of a channel as (post, what stands under it), newest post first."""
    query = (
        _MESSAGE.where(revisions.c.number == messages.c.revision, messages.c.channel == channel)
        .order_by(messages.c.id.desc())
        .limit(limit)
    )
    rows = list(reversed((await tx.execute(query)).all()))
    threads: dict[tuple[str, str], list[ThreadMessage]] = {}
    for row in rows:
        root = row.message_id if row.kind == MessageKind.POST else (row.post_id or row.message_id)
        threads.setdefault((row.chat_id, root), []).append(thread_message(row))
    return tuple((found[0], tuple(found[1:])) for found in reversed(threads.values()))


async def stale_cards(tx: AsyncConnection, face: str, limit: int) -> Sequence[AnyRow]:
    """Return (case_id, card_version, ref) of cases whose card on `face` is missing or out of date, oldest first."""
    query = (
        select(cases.c.id.label("case_id"), cases.c.card_version, cards.c.ref)
        .outerjoin(cards, and_(cards.c.case_id == cases.c.id, cards.c.face == face))
        .where(
            or_(
                and_(cards.c.ref.is_(None), cases.c.state.in_(ACTIVE)),
                cards.c.version < cases.c.card_version,
            )
        )
        .order_by(cases.c.id)
        .limit(limit)
    )
    return (await tx.execute(query)).all()


async def case_of_card(tx: AsyncConnection, face: str, ref: str) -> int | None:
    row = (await tx.execute(select(cards).where(cards.c.face == face, cards.c.ref == ref))).first()
    return None if row is None else int(row.case_id)


def thread_message(row: AnyRow) -> ThreadMessage:
    """Return a message of a thread, from a row of `_MESSAGE`."""
    role = AuthorRole(row.author_role)
    return ThreadMessage(
        ref=MessageRef(row.channel, row.chat_id, row.message_id),
        kind=MessageKind(row.kind),
        author=pseudonym(row.author_key, role),
        role=role,
        text=ERASED if row.erased_at else row.text,
        sent_at=row.sent_at,
        link=row.link,
        deleted=row.deleted_at is not None,
        edited=row.revision > 1,
        reply_to=row.reply_to,
    )


def _at(ref: MessageRef) -> tuple[ColumnElement[bool], ...]:
    return (
        messages.c.channel == ref.channel,
        messages.c.chat_id == ref.chat_id,
        messages.c.message_id == ref.message_id,
    )


async def _by_revision(tx: AsyncConnection, revision_pks: Collection[int]) -> dict[int, AnyRow]:
    return {row.revision_pk: row for row in await tx.execute(_MESSAGE.where(revisions.c.id.in_(revision_pks)))}


async def _newest(tx: AsyncConnection, message_pks: Collection[int]) -> dict[int, AnyRow]:
    if not message_pks:
        return {}
    query = _MESSAGE.where(messages.c.id.in_(message_pks), revisions.c.number == messages.c.revision)
    return {row.id: row for row in await tx.execute(query)}


async def _posts(tx: AsyncConnection, rows: Iterable[AnyRow]) -> dict[tuple[str, str, str], ThreadMessage]:
    wanted = {(row.channel, row.chat_id, row.post_id) for row in rows if row.post_id}
    if not wanted:
        return {}
    address = tuple_(messages.c.channel, messages.c.chat_id, messages.c.message_id)
    query = _MESSAGE.where(revisions.c.number == messages.c.revision, address.in_(wanted))
    return {(row.channel, row.chat_id, row.message_id): thread_message(row) for row in await tx.execute(query)}


async def _suggestions(tx: AsyncConnection, case_ids: Collection[int]) -> dict[int, list[Suggestion]]:
    query = select(suggestions).where(suggestions.c.case_id.in_(case_ids)).order_by(suggestions.c.position)
    found: dict[int, list[Suggestion]] = {}
    for row in await tx.execute(query):
        offered = Suggestion(row.text, row.frame, row.value, row.approach, tuple(row.checks))
        found.setdefault(row.case_id, []).append(offered)
    return found


async def _decisions(tx: AsyncConnection, ids: Collection[int]) -> dict[int, DecisionView]:
    if not ids:
        return {}
    outgoing: dict[int, list[EffectView]] = {}
    waiting: dict[int, datetime] = {}
    started: set[int] = set()  # of which one effect is enough: a decision is undone as a whole or not at all
    for row in await tx.execute(select(effects).where(effects.c.decision_id.in_(ids)).order_by(effects.c.id)):
        view = EffectView(EffectKind(row.kind), EffectState(row.state), row.not_before, row.link, row.error)
        outgoing.setdefault(row.decision_id, []).append(view)
        if view.state is not EffectState.WAITING or row.attempts:
            started.add(row.decision_id)
        waiting.setdefault(row.decision_id, row.not_before)
    query = select(decisions, people.c.name.label("person")).join(people, people.c.id == decisions.c.person_id)
    return {
        row.id: DecisionView(
            id=row.id,
            action=ActionKind(row.action),
            person=row.person,
            via=row.via,
            at=row.at,
            text=row.text,
            original=row.original,
            rule_id=row.rule_id,
            reason=row.reason,
            effects=tuple(outgoing.get(row.id, ())),
            undoable_until=None if row.id in started else waiting.get(row.id),
        )
        for row in await tx.execute(query.where(decisions.c.id.in_(ids)))
    }


async def _people(tx: AsyncConnection, ids: Collection[int]) -> dict[int | None, Person]:
    if not ids:
        return {}
    rows = await tx.execute(select(people).where(people.c.id.in_(ids)))
    return {row.id: Person(row.id, row.name, frozenset(Role(role) for role in row.roles)) for row in rows}


async def _siblings(tx: AsyncConnection, rows: Iterable[AnyRow]) -> dict[tuple[str, str, str], list[int]]:
    roots = {(row.channel, row.chat_id, row.post_id or row.message_id) for row in rows}
    root = func.coalesce(messages.c.post_id, messages.c.message_id)
    query = (
        select(cases.c.id, messages.c.channel, messages.c.chat_id, root.label("root"))
        .join(messages, messages.c.id == cases.c.message_pk)
        .where(cases.c.state.in_(ACTIVE), tuple_(messages.c.channel, messages.c.chat_id, root).in_(roots))
        .order_by(cases.c.id)
    )
    found: dict[tuple[str, str, str], list[int]] = {}
    for row in await tx.execute(query):
        found.setdefault((row.channel, row.chat_id, row.root), []).append(row.id)
    return found
