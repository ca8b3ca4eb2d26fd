"""One message of a Telegram Desktop export (`result.json`) → one core `Message`, or the reason to leave it out.

The result is what the live channel makes of the same message (`bot/channels/telegram/mapping.py`), so that both are
one message in the store. Ids become those of the Bot API: supergroup and channel 123 are chat -100…123
(-(10^12 + 123)), basic group 123 is chat -123, and `user5` is author 5. Private conversations are never read. Field
names follow `export_output_json.cpp` of Telegram Desktop.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from bot.core.messages import Author, AuthorRole, Message, MessageKind, MessageRef
from bot.importing.chat_memory import ChatMemory
from bot.importing.skipping import Reason, Skipped
from bot.importing.telegram_text import hidden_links, poll_text, text_and_quote, whole_text
from bot.importing.values import as_id, as_iso_time, as_text, as_unix_time

CHANNEL = "telegram"

_GROUPS = frozenset({"private_group"})
_SUPERGROUPS = frozenset({"private_supergroup", "public_supergroup"})
_CHANNELS = frozenset({"private_channel", "public_channel"})
_BOT_API_SHIFT = 10**12
_PEER = re.compile(r"(user|chat|channel)(\d{1,19})", re.ASCII)
_MEDIA_TYPES = {
    "video_file": "video",
    "animation": "animatie",
    "video_message": "videoboodschap",
    "voice_message": "spraakbericht",
    "audio_file": "geluidsbestand",
}
_MEDIA_FIELDS = {
    "photo": "foto",
    "file": "bestand",
    "poll": "peiling",
    "place_name": "locatie",
    "location_information": "locatie",
    "contact_information": "contact",
    "game_title": "spel",
    "invoice_information": "factuur",
}
"""What the live channel calls the same attachments."""


@dataclass(frozen=True, slots=True)
class TelegramChat:
    """The head of one exported chat: its bare id, its type as exported and its name."""

    bare_id: int
    type: str
    name: str = ""

    @property
    def id(self) -> str:
        """The chat id as the Bot API gives it."""
        return bot_api_id("chat" if self.type in _GROUPS else "channel", self.bare_id)

    @property
    def watched_as(self) -> frozenset[str]:
        """The ids under which somebody may have named this chat."""
        return frozenset({self.id})

    @property
    def readable(self) -> bool:
        """Whether this is a group or a channel: everything else is private."""
        return self.type in _GROUPS | _SUPERGROUPS | _CHANNELS

    @property
    def broadcast(self) -> bool:
        return self.type in _CHANNELS

    def link(self, message_id: int, topic: int | None = None) -> str | None:
        """Return the address of a message; basic groups and messages from before a migration have none."""
        if self.type in _GROUPS or message_id <= 0:
            return None
        return "/".join(f"{part}" for part in ("https://t.me/c", self.bare_id, topic, message_id) if part is not None)


def bot_api_id(kind: str, bare_id: int) -> str:
    """Return the id that the Bot API gives to a user, chat (basic group) or channel (supergroups too)."""
    if kind == "channel":
        return str(-(_BOT_API_SHIFT + bare_id))
    return str(-bare_id) if kind == "chat" else str(bare_id)


def parse(value: Any, chat: TelegramChat, *, own: frozenset[str], memory: ChatMemory) -> Message | Skipped:
    """Return the message that `value` stands for, or why it is left out. Any JSON value is fine; nothing raises.

    `own` holds ids or names of authors who write for the municipality. `memory` belongs to this chat and is given
    its messages in the order of the file.
    """
    if not chat.readable:
        return Skipped(Reason.PRIVATE)
    if not isinstance(value, dict):
        return Skipped(Reason.NOT_A_MESSAGE)
    message_id = as_id(value.get("id"))
    if not message_id:
        return Skipped(Reason.NO_ID)
    if value.get("type") != "message":
        return _not_written_by_anyone(value, message_id, memory)
    sent_at = as_unix_time(value.get("date_unixtime")) or as_iso_time(value.get("date"))
    if sent_at is None:
        return Skipped(Reason.NO_TIME)
    return _message(value, message_id, chat, own, memory, sent_at)


def _not_written_by_anyone(value: Mapping[str, Any], message_id: int, memory: ChatMemory) -> Skipped:
    if value.get("type") == "service":
        if value.get("action") == "topic_created":
            memory.note_topic(message_id)
        return Skipped(Reason.SERVICE)
    return Skipped(Reason.UNSUPPORTED if value.get("type") == "unsupported" else Reason.NOT_A_MESSAGE)


def _message(
    value: Mapping[str, Any],
    message_id: int,
    chat: TelegramChat,
    own: frozenset[str],
    memory: ChatMemory,
    sent_at: datetime,
) -> Message | Skipped:
    answered = _reply_target(value, chat)
    topic = memory.topic(message_id, answered)
    reply_to = None if memory.is_topic(answered) else answered
    author_id = _author_id(value, chat, message_id)
    automatic = _is_automatic_forward(value)
    if automatic:
        memory.note_channel(author_id)
    ours = automatic or chat.broadcast or _is_own(value, author_id, chat, own, memory)
    posted = automatic or chat.broadcast or (ours and reply_to is None)
    text, quoted = text_and_quote(value)
    written = whole_text(value) or poll_text(value)
    attachments = _attachments(value)
    if not (written or attachments):
        return Skipped(Reason.EMPTY)
    forwarded = "forwarded_from" in value and not automatic and not chat.broadcast
    return Message(
        ref=MessageRef(CHANNEL, chat.id, str(message_id)),
        author=Author(
            author_id,
            name=as_text(value.get("from")),
            role=AuthorRole.MUNICIPALITY if ours else AuthorRole.RESIDENT,
        ),
        text="" if forwarded else text or written,
        sent_at=sent_at,
        kind=MessageKind.POST if posted else MessageKind.REACTION,
        edited_at=as_unix_time(value.get("edited_unixtime")) or as_iso_time(value.get("edited")),
        thread_id=None if topic is None else str(topic),
        reply_to=None if reply_to is None else str(reply_to),
        quoted="" if forwarded else quoted,
        forwarded=written if forwarded else "",
        attachments=attachments,
        link=chat.link(message_id, topic),
        chat_name=chat.name,
    )


def _reply_target(value: Mapping[str, Any], chat: TelegramChat) -> int | None:
    """Return the message of this chat that is answered. An answer to another chat's message is none of ours."""
    peer = value.get("reply_to_peer_id")
    if peer is not None and _peer_id(peer) != chat.id:
        return None
    return as_id(value.get("reply_to_message_id")) or None


def _peer_id(value: Any) -> str | None:
    if isinstance(value, str) and (match := _PEER.fullmatch(value)):
        return bot_api_id(match[1], int(match[2]))
    number = as_id(value)  # versions before 2021 wrote the bare number of a user
    return None if number is None else str(number)


def _author_id(value: Mapping[str, Any], chat: TelegramChat, message_id: int) -> str:
    """Return the author; one who is not named at all is somebody of their own, not the same nobody each time."""
    known = _peer_id(value.get("from_id"))
    if known is not None:
        return known
    return chat.id if chat.broadcast else f"onbekend:{chat.id}:{message_id}"


def _is_automatic_forward(value: Mapping[str, Any]) -> bool:
    """Tell whether Telegram itself forwarded this from the channel that the group belongs to.

    Only those carry `saved_from`. A resident can also write in the name of a channel of their own: a reaction.
    """
    from_channel = as_text(value.get("from_id")).startswith("channel")
    return from_channel and value.get("saved_from") is not None and "forwarded_from" in value


def _is_own(
    value: Mapping[str, Any], author_id: str, chat: TelegramChat, own: frozenset[str], memory: ChatMemory
) -> bool:
    """Tell whether this was written for the municipality.

    A group that writes as itself is an anonymous administrator.
    """
    if author_id == chat.id or memory.is_linked_channel(author_id):
        return True
    names = {author_id, as_text(value.get("from_id")), as_text(value.get("from"))} - {""}
    return not own.isdisjoint(names)


def _attachments(value: Mapping[str, Any]) -> tuple[str, ...]:
    """Return what hangs under a message, in Dutch and without names, and where hidden links lead."""
    media_type = as_text(value.get("media_type"))
    if media_type == "sticker":
        found = [f"sticker {as_text(value.get('sticker_emoji'))}".strip()]
    elif media_type in _MEDIA_TYPES:
        found = [_MEDIA_TYPES[media_type]]
    else:
        found = list(dict.fromkeys(word for field, word in _MEDIA_FIELDS.items() if field in value))
    return (*found, *(f"verborgen link: {link}" for link in hidden_links(value)))
