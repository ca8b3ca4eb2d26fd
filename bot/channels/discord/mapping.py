"""discord.py's objects → the core's messages. Pure: no request, no clock, no store.

Decides what a message is:

- from a bot, a webhook or ourselves, or a system message: nothing (None);
- top-level in a watched channel (no thread, no reply) by someone who may manage messages there: the municipality's
  post, as is the starter of a forum post by such a person;
- anything else is a reaction; its author is staff when they may manage messages, else a resident.

`chat_id` is the Discord channel in which the message can be fetched: a thread's own id for what stands in a thread.
A thread under a message of a text channel carries that message as context: a copy at (thread, thread id), because
Discord gives a thread the id of the message that it hangs under.

Words that are not the author's own are kept apart: quoted lines (`> …`) and forwarded messages (trap 14).
"""

from __future__ import annotations

from collections.abc import Iterable

import discord

from bot.core.messages import Author, AuthorRole, Message, MessageKind, MessageRef
from bot.text.quotes import split_quotes

CHANNEL = "discord"

_WRITTEN = frozenset({discord.MessageType.default, discord.MessageType.reply})
_MEDIA = {"image": "foto", "video": "video", "audio": "audio"}


def is_written(message: discord.Message, own_id: int) -> bool:
    """Tell whether a person wrote `message`: no bot, webhook, system message or reply of ours."""
    return (
        message.type in _WRITTEN
        and message.webhook_id is None
        and not message.author.bot
        and message.author.id != own_id
        and message.guild is not None
    )


def to_message(message: discord.Message, *, staff: bool, own_id: int) -> Message | None:
    """Return what `message` is to Verbinder; None when nobody has to see it. `staff`: may its author manage here?"""
    if not is_written(message, own_id):
        return None
    kind = MessageKind.POST if staff and _opens(message) else MessageKind.REACTION
    _, quoted = split_quotes(message.content)
    thread = message.channel if isinstance(message.channel, discord.Thread) else None
    return Message(
        ref=MessageRef(CHANNEL, str(message.channel.id), str(message.id)),
        author=Author(str(message.author.id), message.author.display_name, _role(kind, staff=staff)),
        text=own_words(message),
        sent_at=message.created_at,
        kind=kind,
        edited_at=message.edited_at,
        thread_id=str(thread.id) if thread else None,
        post_id=str(thread.id) if thread and message.id != thread.id else None,
        reply_to=_reply_to(message),
        quoted=quoted,
        forwarded="\n".join(snapshot.content for snapshot in message.message_snapshots if snapshot.content),
        attachments=attachment_kinds(message),
        link=message.jump_url,
        chat_name=place_name(message.channel),
    )


def own_words(message: discord.Message) -> str:
    """Return what the author wrote themselves, a poll included: the text that is judged and compared."""
    return "\n".join(part for part in (split_quotes(message.content)[0], _poll(message)) if part)


def to_context(message: discord.Message, thread: discord.Thread, *, staff: bool) -> Message:
    """Return the message that `thread` hangs under, as the post of that thread."""
    _, quoted = split_quotes(message.content)
    role = AuthorRole.MUNICIPALITY if staff else AuthorRole.RESIDENT
    return Message(
        ref=MessageRef(CHANNEL, str(thread.id), str(thread.id)),
        author=Author(str(message.author.id), message.author.display_name, role),
        text=own_words(message),
        sent_at=message.created_at,
        kind=MessageKind.POST,
        edited_at=message.edited_at,
        thread_id=str(thread.id),
        quoted=quoted,
        attachments=attachment_kinds(message),
        link=message.jump_url,
        chat_name=place_name(thread),
    )


def attachment_kinds(message: discord.Message) -> tuple[str, ...]:
    """Return what hangs under a message, in Dutch and without names or addresses."""
    kinds = [_MEDIA.get((item.content_type or "").partition("/")[0], "bestand") for item in message.attachments]
    kinds += ["sticker" for _ in message.stickers]
    if message.poll is not None:
        kinds.append("peiling")
    return tuple(kinds)


def place_name(channel: object) -> str:
    """Return a name for people: `#vragen`, or `#vragen › Fietspad` for a thread."""
    if isinstance(channel, discord.Thread):
        parent = f"#{channel.parent.name} › " if channel.parent else ""
        return f"{parent}{channel.name}"
    name = getattr(channel, "name", "")
    return f"#{name}" if name else ""


def is_watched(channel: object, watched: Iterable[str]) -> bool:
    """Tell whether `channel` is watched: by its own id, or as a thread of a watched channel or forum."""
    ids = {str(getattr(channel, "id", ""))}
    if isinstance(channel, discord.Thread):
        ids.add(str(channel.parent_id))
    return not ids.isdisjoint(watched)


def _opens(message: discord.Message) -> bool:
    if isinstance(message.channel, discord.Thread):
        return message.id == message.channel.id
    return message.type is discord.MessageType.default


def _role(kind: MessageKind, *, staff: bool) -> AuthorRole:
    if kind is MessageKind.POST:
        return AuthorRole.MUNICIPALITY
    return AuthorRole.STAFF if staff else AuthorRole.RESIDENT


def _reply_to(message: discord.Message) -> str | None:
    reference = message.reference
    if message.type is not discord.MessageType.reply or reference is None or reference.message_id is None:
        return None
    return str(reference.message_id)


def _poll(message: discord.Message) -> str:
    if message.poll is None:
        return ""
    return "\n".join([str(message.poll.question), *(answer.text for answer in message.poll.answers)])
