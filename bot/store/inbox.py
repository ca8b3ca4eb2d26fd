"""The inbox: messages and their revisions, stored before anything else happens to them.

A message is unique by (channel, chat, message id); a revision by its number. What was stored before is recognised by
its content, so a redelivered update, an edit without a change of text (trap 30) and a second import all add nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.messages import AuthorRole, Message, MessageKind, MessageRef
from bot.store.schema import chats, cursors, messages, revisions, unreadable
from bot.store.types import AnyRow, storable
from bot.store.upsert import upsert


@dataclass(frozen=True, slots=True)
class Stored:
    """What storing a message came to. `revision_pk` is None when nothing was new."""

    message_pk: int
    revision_pk: int | None
    number: int


def content_hash(message: Message) -> str:
    """Return a hash of everything in a message that can be judged."""
    parts = [storable(message.text), storable(message.quoted), storable(message.forwarded), list(message.attachments)]
    return hashlib.sha256(json.dumps(parts, ensure_ascii=True).encode()).hexdigest()


async def store_message(
    tx: AsyncConnection, message: Message, *, author_key: str, now: datetime, history: bool = False
) -> Stored:
    """Store `message` as a new message or a new revision; return what was new.

    An older version than the newest stored one (a redelivered original after its edit) is recognised and skipped.
    """
    known = await find(tx, message.ref)
    if message.chat_name:
        await _name_chat(tx, message)
    digest = content_hash(message)
    if known is None:
        post_id = message.post_id or await _post_of_reply(tx, message)
        message_pk = await _insert_message(tx, message, author_key=author_key, post_id=post_id, history=history)
        number = 1
    else:
        message_pk = known.id
        if known.erased_at is not None or not await _is_newer(tx, known, message, digest):
            return Stored(message_pk, None, known.revision)
        number = known.revision + 1
        await tx.execute(update(messages).where(messages.c.id == message_pk).values(revision=number, deleted_at=None))
    judged = message.kind is MessageKind.REACTION and message.author.role is AuthorRole.RESIDENT
    result = await tx.execute(
        insert(revisions)
        .values(
            message_pk=message_pk,
            number=number,
            text=storable(message.text),
            quoted=storable(message.quoted),
            forwarded=storable(message.forwarded),
            attachments=list(message.attachments),
            edited_at=message.edited_at,
            content_hash=digest,
            received_at=now,
            state="pending" if judged else "skipped",
        )
        .returning(revisions.c.id)
    )
    return Stored(message_pk, result.scalar_one(), number)


async def find(tx: AsyncConnection, ref: MessageRef) -> AnyRow | None:
    """Return the row of `ref` in `messages`, None when it was never stored."""
    return (await tx.execute(select(messages).where(*_at(ref)))).one_or_none()


async def mark_deleted(tx: AsyncConnection, ref: MessageRef, at: datetime) -> int | None:
    """Note that a message was deleted; return its key, or None when there was nothing to note."""
    row = await find(tx, ref)
    if row is None or row.deleted_at is not None:
        return None
    await tx.execute(update(messages).where(messages.c.id == row.id).values(deleted_at=at))
    return int(row.id)


async def pending(tx: AsyncConnection, limit: int) -> Sequence[int]:
    """Return the keys of the revisions that wait to be judged, oldest first."""
    query = select(revisions.c.id).where(revisions.c.state == "pending").order_by(revisions.c.id).limit(limit)
    return (await tx.execute(query)).scalars().all()


async def count_pending(tx: AsyncConnection) -> int:
    query = select(func.count()).select_from(revisions).where(revisions.c.state == "pending")
    return int((await tx.execute(query)).scalar_one())


async def keep_unreadable(tx: AsyncConnection, channel: str, payload: str, error: str, now: datetime) -> None:
    await tx.execute(
        insert(unreadable).values(channel=channel, payload=storable(payload), error=storable(error), at=now)
    )


async def cursor(tx: AsyncConnection, channel: str, name: str) -> tuple[str, datetime] | None:
    """Return the value of a cursor and when it was set, None when it never was."""
    query = select(cursors.c.value, cursors.c.at).where(cursors.c.channel == channel, cursors.c.name == name)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else (row.value, row.at)


async def set_cursor(tx: AsyncConnection, channel: str, name: str, value: str, now: datetime) -> None:
    await upsert(tx, cursors, keys={"channel": channel, "name": name}, values={"value": value, "at": now})


async def newest(tx: AsyncConnection, channel: str, chat_id: str, thread_id: str | None) -> str | None:
    """Return the newest stored message id of a chat (numeric ids, compared as numbers)."""
    number = messages.c.message_id
    query = select(messages).where(messages.c.channel == channel, messages.c.chat_id == chat_id)
    if thread_id is not None:
        query = query.where(messages.c.thread_id == thread_id)
    query = query.order_by(func.length(number).desc(), number.desc()).limit(1)
    row = (await tx.execute(query)).one_or_none()
    return None if row is None else str(row.message_id)


async def stored_since(tx: AsyncConnection, channel: str, chat_id: str, after: str) -> frozenset[str]:
    """Return the ids (numeric, above `after`) of the messages of a chat that are stored and not deleted."""
    number = messages.c.message_id
    query = select(number).where(
        messages.c.channel == channel,
        messages.c.chat_id == chat_id,
        messages.c.deleted_at.is_(None),
        (func.length(number) > len(after)) | ((func.length(number) == len(after)) & (number > after)),
    )
    return frozenset((await tx.execute(query)).scalars())


def _at(ref: MessageRef) -> tuple[Any, ...]:
    return (
        messages.c.channel == ref.channel,
        messages.c.chat_id == ref.chat_id,
        messages.c.message_id == ref.message_id,
    )


async def _is_newer(tx: AsyncConnection, known: AnyRow, message: Message, digest: str) -> bool:
    query = select(revisions.c.number, revisions.c.content_hash, revisions.c.edited_at).where(
        revisions.c.message_pk == known.id
    )
    rows = (await tx.execute(query)).all()
    newest_row = max(rows, key=lambda row: row.number)
    if newest_row.content_hash == digest:
        return False
    if any(row.content_hash == digest and row.edited_at == message.edited_at for row in rows):
        return False
    if message.edited_at is None:
        return newest_row.edited_at is None  # no edit stamp: only an unstamped newest can be older
    return newest_row.edited_at is None or message.edited_at >= newest_row.edited_at


async def _post_of_reply(tx: AsyncConnection, message: Message) -> str | None:
    if message.kind is MessageKind.POST or message.reply_to is None:
        return None
    ref = MessageRef(message.ref.channel, message.ref.chat_id, message.reply_to)
    target = await find(tx, ref)
    if target is None:
        return None
    found: str | None = target.message_id if target.kind == MessageKind.POST else target.post_id
    return found


async def _insert_message(
    tx: AsyncConnection, message: Message, *, author_key: str, post_id: str | None, history: bool
) -> int:
    result = await tx.execute(
        insert(messages)
        .values(
            channel=message.ref.channel,
            chat_id=message.ref.chat_id,
            message_id=message.ref.message_id,
            thread_id=message.thread_id,
            reply_to=message.reply_to,
            post_id=post_id,
            kind=message.kind,
            author_key=author_key,
            author_role=message.author.role,
            sent_at=message.sent_at,
            link=message.link,
            revision=1,
            history=history,
        )
        .returning(messages.c.id)
    )
    return int(result.scalar_one())


async def _name_chat(tx: AsyncConnection, message: Message) -> None:
    keys = {"channel": message.ref.channel, "chat_id": message.ref.chat_id}
    await upsert(tx, chats, keys=keys, values={"name": storable(message.chat_name)})
