"""One message of a DiscordChatExporter JSON export → one core `Message`, or the reason to leave it out.

The result is what the live channel makes of the same message (`bot/channels/discord/mapping.py`), so that both are
one message in the store. A thread or forum post is exported as a channel whose "category" is the channel it stands
in. Direct messages are never read. Field names follow `JsonMessageWriter.cs` of DiscordChatExporter.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from mimetypes import guess_type
from typing import Any

from bot.core.messages import Author, AuthorRole, Message, MessageKind, MessageRef
from bot.importing.skipping import Reason, Skipped
from bot.importing.values import as_id, as_iso_time, as_list, as_object, as_text
from bot.text.quotes import split_quotes

CHANNEL = "discord"

_THREADS = frozenset({"GuildNewsThread", "GuildPublicThread", "GuildPrivateThread"})
_DIRECT = frozenset({"DirectTextChat", "DirectGroupTextChat"})
_WRITTEN = frozenset({"Default", "Reply"})
"""Every other type is Discord's own notice; types that the exporter has no name for are written as a number."""

_MEDIA = {"image": "foto", "video": "video", "audio": "audio"}


@dataclass(frozen=True, slots=True)
class DiscordChat:
    """The head of an export: the server and the channel, or the thread and the channel it stands in."""

    guild_id: int | None
    channel_id: int
    type: str
    parent_id: int | None = None
    name: str = ""
    parent_name: str = ""

    @property
    def id(self) -> str:
        """The channel or thread in which a message can be fetched."""
        return str(self.channel_id)

    @property
    def watched_as(self) -> frozenset[str]:
        """The ids under which somebody may have named this place: its own, and of a thread the channel it is in."""
        return frozenset({self.id, str(self.parent_id)} if self.is_thread else {self.id})

    @property
    def title(self) -> str:
        """A name for people: `#vragen`, or `#vragen › Fietspad` for a thread."""
        if not self.is_thread:
            return f"#{self.name}" if self.name else ""
        return f"#{self.parent_name} › {self.name}" if self.parent_name else self.name

    @property
    def is_thread(self) -> bool:
        return self.type in _THREADS

    @property
    def readable(self) -> bool:
        return self.type not in _DIRECT

    def link(self, message_id: int) -> str | None:
        if not self.guild_id:
            return None
        return f"https://discord.com/channels/{self.guild_id}/{self.channel_id}/{message_id}"


def parse(value: Any, chat: DiscordChat, *, own: frozenset[str]) -> Message | Skipped:
    """Return the message that `value` stands for, or why it is left out. Any JSON value is fine; nothing raises.

    `own` holds ids or names of authors (bots and webhooks too) who write for the municipality.
    """
    if not chat.readable:
        return Skipped(Reason.PRIVATE)
    if not isinstance(value, dict) or "author" not in value:
        return Skipped(Reason.NOT_A_MESSAGE)
    message_id = as_id(value.get("id"))
    if message_id is None or message_id <= 0:
        return Skipped(Reason.NO_ID)
    if as_text(value.get("type")) not in _WRITTEN:
        return Skipped(Reason.SERVICE)
    sent_at = as_iso_time(value.get("timestamp"))
    if sent_at is None:
        return Skipped(Reason.NO_TIME)
    author = as_object(value.get("author"))
    ours = _is_own(author, own)
    if author.get("isBot") is True and not ours:
        return Skipped(Reason.BOT)
    return _message(value, message_id, chat, own=own, ours=ours, sent_at=sent_at)


def _message(
    value: Mapping[str, Any], message_id: int, chat: DiscordChat, *, own: frozenset[str], ours: bool, sent_at: datetime
) -> Message | Skipped:
    author = as_object(value.get("author"))
    author_id = as_id(author.get("id"))
    starts_thread = chat.is_thread and message_id == chat.channel_id
    text, quoted = split_quotes(as_text(value.get("content")))
    forwarded = as_text(as_object(value.get("forwardedMessage")).get("content"))
    attachments = _attachments(value)
    if not (text or quoted or forwarded or attachments):
        return Skipped(Reason.EMPTY)
    return Message(
        ref=MessageRef(CHANNEL, chat.id, str(message_id)),
        author=Author(
            f"onbekend:{chat.id}:{message_id}" if author_id is None else str(author_id),
            name=as_text(author.get("nickname")) or as_text(author.get("name")),
            role=AuthorRole.MUNICIPALITY if ours else AuthorRole.RESIDENT,
        ),
        text=text,
        sent_at=sent_at,
        kind=_kind(value, chat, own=own, ours=ours, starts_thread=starts_thread),
        edited_at=as_iso_time(value.get("timestampEdited")),
        thread_id=chat.id if chat.is_thread else None,
        # A thread has the number of the message that it was started from; a forum post that of its first message.
        post_id=chat.id if chat.is_thread and not starts_thread else None,
        reply_to=_reply_target(value, chat),
        quoted=quoted,
        forwarded=forwarded,
        attachments=attachments,
        link=chat.link(message_id),
        chat_name=chat.title,
    )


def _is_own(author: Mapping[str, Any], own: frozenset[str]) -> bool:
    names = {as_text(author.get(field)) for field in ("name", "nickname")}
    author_id = as_id(author.get("id"))
    if author_id is not None:
        names.add(str(author_id))
    return not own.isdisjoint(names - {""})


def _kind(
    value: Mapping[str, Any], chat: DiscordChat, *, own: frozenset[str], ours: bool, starts_thread: bool
) -> MessageKind:
    """Tell posts of the municipality from what is said under them.

    Where nobody said who writes for the municipality, the message that starts a thread is taken as its post. Where
    somebody did, a thread started by a resident is a resident's words, and judged.
    """
    if starts_thread:
        return MessageKind.POST if ours or not own else MessageKind.REACTION
    opens = ours and not chat.is_thread and value.get("type") == "Default"
    return MessageKind.POST if opens else MessageKind.REACTION


def _reply_target(value: Mapping[str, Any], chat: DiscordChat) -> str | None:
    """Return the message that is answered. The target of a forward or of another channel is no answer of ours."""
    reference = as_object(value.get("reference"))
    if value.get("type") != "Reply" or reference.get("type") == "Forward":
        return None
    if as_id(reference.get("channelId")) not in {None, chat.channel_id}:
        return None
    target = as_id(reference.get("messageId"))
    return str(target) if target else None


def _attachments(value: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what hangs under a message, without names or addresses; its sort follows from the file's extension."""
    names = [as_text(as_object(item).get("fileName")) for item in as_list(value.get("attachments"))]
    sorts = [(guess_type(f"/{name}")[0] or "").partition("/")[0] for name in names]
    return (*(_MEDIA.get(sort, "bestand") for sort in sorts), *("sticker" for _ in as_list(value.get("stickers"))))
