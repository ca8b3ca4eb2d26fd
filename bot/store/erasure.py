"""Erase messages from every table: their words, their writer, and each copy that was made on the way.

What stays is a row without content: that there was a message, that it was judged, who decided what about it and when.
The audit log holds no words to begin with, so its chain stays whole (trap 23). Whether and when to erase is decided by
the caller; `bot.store.retention` is the way in.
"""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy import and_, delete, func, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditEvent, AuditName
from bot.core.cases import CaseState, EffectState
from bot.core.messages import MessageKind
from bot.store import audit, casebook, clusters, rule_hits
from bot.store.casebook import ACTIVE
from bot.store.schema import (
    cases,
    decisions,
    effects,
    messages,
    notices,
    revisions,
    suggestions,
    unreadable,
)
from bot.store.types import AnyRow

ERASED_AUTHOR = "-" * 16
ERASED_CASE = "De reactie is gewist."
ERASED_WORDS = "(gewist)"
_SHORTEST_COPY = 4  # characters: "ja" elsewhere is no copy of anything


async def erase(tx: AsyncConnection, message_pks: Collection[int], now: datetime, *, actor: str, because: str) -> None:
    """Erase these messages, the replies that were placed under them, and every copy of either."""
    if not message_pks:
        return
    pks = {*message_pks, *await _own_replies(tx, message_pks)}
    words = await _words(tx, pks)
    await _copies_in_messages(tx, pks, now)
    await _copies_in_notices(tx, words)
    await _copies_in_unreadable(tx, pks, words)
    emptied = (await tx.execute(select(cases).where(cases.c.message_pk.in_(pks)).with_for_update())).all()
    await _decisions_and_effects(tx, pks, [row.id for row in emptied], now)
    for row in emptied:
        await _empty_case(tx, row, pks, now, actor)
    await clusters.leave(tx, pks, now)
    await _messages(tx, pks, now)
    erased = (
        AuditEvent(AuditName.MESSAGE_ERASED, actor, message_pk=pk, data={"because": because}) for pk in sorted(pks)
    )
    await audit.append(tx, now, *erased)


async def _own_replies(tx: AsyncConnection, pks: Collection[int]) -> Sequence[int]:
    """Return the keys of the replies that were placed under these messages: they may repeat what was said."""
    target, own = messages.alias("target"), messages.alias("own")
    query = (
        select(own.c.id)
        .join(target, and_(target.c.channel == own.c.channel, target.c.chat_id == own.c.chat_id))
        .join(effects, and_(effects.c.message_pk == target.c.id, effects.c.sent_message_id == own.c.message_id))
        .where(target.c.id.in_(pks), own.c.kind == MessageKind.OWN)
    )
    return (await tx.execute(query)).scalars().all()


async def _words(tx: AsyncConnection, pks: Collection[int]) -> frozenset[str]:
    query = select(revisions.c.text, revisions.c.quoted, revisions.c.forwarded).where(revisions.c.message_pk.in_(pks))
    found = (word.strip() for row in await tx.execute(query) for word in row)
    return frozenset(word for word in found if len(word) >= _SHORTEST_COPY)


async def _copies_in_messages(tx: AsyncConnection, pks: Collection[int], now: datetime) -> None:
    """Empty what others quote of these messages or forward of them word for word, and renew the cards that show it."""
    erased, answer = messages.alias("erased"), messages.alias("answer")
    answers = (
        select(answer.c.id)
        .join(erased, and_(erased.c.channel == answer.c.channel, erased.c.chat_id == answer.c.chat_id))
        .where(erased.c.id.in_(pks), answer.c.reply_to == erased.c.message_id)
    )
    said = revisions.alias("said")
    texts = select(said.c.text).where(said.c.message_pk.in_(pks), func.length(said.c.text) >= _SHORTEST_COPY)
    quoting = and_(revisions.c.quoted != "", or_(revisions.c.message_pk.in_(answers), revisions.c.quoted.in_(texts)))
    forwarding = revisions.c.forwarded.in_(texts)
    where = and_(revisions.c.message_pk.not_in(pks), or_(quoting, forwarding))
    copies = (await tx.execute(select(revisions.c.id, revisions.c.message_pk).where(where))).all()
    if not copies:
        return
    ids = [row.id for row in copies]
    await tx.execute(update(revisions).where(revisions.c.id.in_(ids), forwarding).values(forwarded=ERASED_WORDS))
    await tx.execute(update(revisions).where(revisions.c.id.in_(ids), quoting).values(quoted=ERASED_WORDS))
    shown = cases.c.message_pk.in_({row.message_pk for row in copies})
    await tx.execute(update(cases).where(shown).values(card_version=cases.c.card_version + 1, updated_at=now))


async def _copies_in_notices(tx: AsyncConnection, words: Collection[str]) -> None:
    for row in (await tx.execute(select(notices))).all():
        if any(word in row.text for word in words):
            await tx.execute(update(notices).where(notices.c.id == row.id).values(text=ERASED_WORDS))


async def _copies_in_unreadable(tx: AsyncConnection, pks: Collection[int], words: Collection[str]) -> None:
    """Drop raw updates that may be about these messages: what cannot be read cannot be cleaned."""
    query = select(messages.c.channel, messages.c.message_id).where(messages.c.id.in_(pks))
    ids: dict[str, set[str]] = {}
    for row in await tx.execute(query):
        ids.setdefault(row.channel, set()).add(row.message_id)
    found = (await tx.execute(select(unreadable).where(unreadable.c.channel.in_(ids)))).all()
    about = [
        row.id
        for row in found
        if any(message_id in row.payload for message_id in ids[row.channel])
        or any(word in row.payload or word in row.error for word in words)
    ]
    await tx.execute(delete(unreadable).where(unreadable.c.id.in_(about)))


async def _decisions_and_effects(
    tx: AsyncConnection, pks: Collection[int], case_ids: Collection[int], now: datetime
) -> None:
    await tx.execute(delete(suggestions).where(suggestions.c.case_id.in_(case_ids)))
    await tx.execute(update(decisions).where(decisions.c.case_id.in_(case_ids)).values(text="", original="", reason=""))
    mine = effects.c.message_pk.in_(pks)
    waiting = effects.c.state == EffectState.WAITING
    await tx.execute(update(effects).where(mine, waiting).values(state=EffectState.CANCELLED, updated_at=now))
    # What still has to be sent about another message of a cluster keeps its text until it is.
    settled = effects.c.state.not_in((EffectState.WAITING, EffectState.SENDING))
    about = or_(mine, and_(effects.c.case_id.in_(case_ids), settled))
    await tx.execute(update(effects).where(about).values(text="", error="", link=None))


async def _empty_case(tx: AsyncConnection, row: AnyRow, pks: Collection[int], now: datetime, actor: str) -> None:
    if row.state in ACTIVE and await clusters.hand_over(tx, row, pks, now):
        return
    await casebook.touch(
        tx,
        row.id,
        now,
        meaning=True,
        state=CaseState.CLOSED,
        closed_because=ERASED_CASE,
        reasons=[],
        returned_because="",
        fingerprint="",
        claimed_by=None,
        claimed_until=None,
    )
    if row.state in ACTIVE:
        await audit.append(tx, now, AuditEvent(AuditName.CASE_CLOSED, actor, case_id=row.id))


async def _messages(tx: AsyncConnection, pks: Collection[int], now: datetime) -> None:
    await rule_hits.forget(tx, pks)
    await tx.execute(
        update(revisions)
        .where(revisions.c.message_pk.in_(pks))
        .values(
            text="", quoted="", forwarded="", attachments=[], content_hash="", analysis=None, fingerprint="",
            state="skipped",
        )
    )  # fmt: skip
    await tx.execute(
        update(messages).where(messages.c.id.in_(pks)).values(author_key=ERASED_AUTHOR, link=None, erased_at=now)
    )
