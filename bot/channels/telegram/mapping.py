"""Telegram's objects as ours, and ours as Telegram's. Pure: no request, no clock.

Decides whose words are whose: what somebody wrote, what they quoted (a quote of a message, or a passage marked as a
quotation) and what they merely forwarded are three separate fields (trap 14). Must not judge, shorten or clean a
resident's text: it is kept as it came, with markup, NUL bytes and lone surrogates and all.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence

import telegram
from telegram.constants import ChatType, MessageEntityType

from bot.core.messages import Author, AuthorRole, Message, MessageKind, MessageRef

CHANNEL = "telegram"

_QUOTATIONS = frozenset({MessageEntityType.BLOCKQUOTE, MessageEntityType.EXPANDABLE_BLOCKQUOTE})
_PRIVATE_LINK_PREFIX = "-100"  # a supergroup's id without this is its number in t.me/c/…

_ATTACHMENTS = (
    ("photo", "foto"),
    ("live_photo", "foto"),
    ("video", "video"),
    ("animation", "animatie"),
    ("video_note", "videoboodschap"),
    ("voice", "spraakbericht"),
    ("audio", "geluidsbestand"),
    ("document", "bestand"),
    ("sticker", "sticker"),
    ("poll", "peiling"),
    ("venue", "locatie"),
    ("location", "locatie"),
    ("contact", "contact"),
    ("dice", "dobbelsteen"),
    ("game", "spel"),
    ("story", "verhaal"),
    ("paid_media", "betaalde media"),
    ("checklist", "afvinklijst"),
    ("giveaway", "winactie"),
    ("invoice", "factuur"),
)


def message_of(message: telegram.Message, *, own_chats: Collection[int] = ()) -> Message | None:
    """Return `message` as ours, or None where there is nothing to judge: a bot's, or a service message.

    `own_chats` are the channels that speak for the municipality (those linked to a watched group).
    """
    author = _author(message, own_chats)
    attachments = tuple(_attachments(message))
    written = _written(message)
    if author is None or not (written or attachments):
        return None
    own, quoted = own_words(written, message.entities or message.caption_entities)
    forwarded = message.forward_origin is not None and not message.is_automatic_forward
    if message.quote is not None:
        quoted = f"{message.quote.text}\n{quoted}" if quoted else message.quote.text
    topic = message.message_thread_id if message.is_topic_message else None
    return Message(
        ref=MessageRef(CHANNEL, str(message.chat.id), str(message.message_id)),
        author=author,
        text="" if forwarded else own,
        sent_at=message.date,
        kind=MessageKind.POST if author.role is AuthorRole.MUNICIPALITY else MessageKind.REACTION,
        edited_at=message.edit_date,
        thread_id=_id(topic),
        post_id=_id(_root(message)),
        reply_to=_id(_answered(message)),
        quoted="" if forwarded else quoted,
        forwarded=written if forwarded else "",
        attachments=attachments,
        link=permalink(message.chat, message.message_id, topic),
        chat_name=message.chat.title or "",
    )


def permalink(chat: telegram.Chat, message_id: int, topic: int | None = None) -> str | None:
    """Return the address of a message, None in a basic group, where messages have none."""
    if chat.type not in {ChatType.SUPERGROUP, ChatType.CHANNEL}:
        return None
    place = chat.username or f"c/{str(chat.id).removeprefix(_PRIVATE_LINK_PREFIX)}"
    return "/".join(["https://t.me", place, *([str(topic)] if topic is not None else []), str(message_id)])


def own_words(text: str, entities: Sequence[telegram.MessageEntity]) -> tuple[str, str]:
    """Split `text` into (the author's own words, the passages marked as a quotation).

    A text that is a quotation from end to end counts as the author's own: nobody else is quoted by it, and marking
    an insult as a quotation must not hide it.
    """
    spans = sorted((e.offset, e.offset + e.length) for e in entities if e.type in _QUOTATIONS)
    if not spans:
        return text, ""
    wide = text.encode("utf-16-le", "surrogatepass")  # offsets of entities count UTF-16 code units
    own, quoted, position = b"", [], 0
    for start, end in spans:
        own += wide[2 * position : 2 * max(start, position)]
        quoted.append(_narrow(wide[2 * start : 2 * end]).strip())
        position = max(position, end)
    remaining = _narrow(own + wide[2 * position :]).strip()
    return (remaining, "\n".join(quoted)) if remaining else (text, "")


def _narrow(wide: bytes) -> str:
    return wide.decode("utf-16-le", "surrogatepass")


def _written(message: telegram.Message) -> str:
    if message.poll is not None:
        return "\n".join([message.poll.question, *(f"- {option.text}" for option in message.poll.options)])
    return message.text or message.caption or ""


def _author(message: telegram.Message, own_chats: Collection[int]) -> Author | None:
    """Return who wrote it, None for a bot. Who writes as a chat (anonymous administrator, channel) is that chat."""
    chat = message.sender_chat
    if chat is not None:
        ours = bool(message.is_automatic_forward) or chat.id == message.chat.id or chat.id in own_chats
        role = AuthorRole.MUNICIPALITY if ours else AuthorRole.RESIDENT
        return Author(str(chat.id), chat.title or "", role)
    user = message.from_user
    if user is None or user.is_bot:
        return None
    return Author(str(user.id), user.full_name)


def _root(message: telegram.Message) -> int | None:
    """Return the message that the thread hangs on: in a discussion group, the copy of the channel's post."""
    root = message.message_thread_id
    return None if message.is_topic_message or root == message.message_id else root


def _answered(message: telegram.Message) -> int | None:
    """Return the message that is answered here, in the same chat."""
    target = message.reply_to_message
    if target is None or target.chat.id != message.chat.id:
        return None
    # Every message of a forum topic "answers" the service message that opened the topic.
    opening = message.is_topic_message and target.message_id == message.message_thread_id
    return None if opening or target.forum_topic_created is not None else target.message_id


def _attachments(message: telegram.Message) -> Iterator[str]:
    seen: set[str] = set()
    for attribute, word in _ATTACHMENTS:
        # An animation comes with a document, a venue with a location: the same thing twice.
        twice = (attribute == "document" and message.animation) or word in seen
        if getattr(message, attribute, None) and not twice:
            seen.add(word)
            yield f"sticker {message.sticker.emoji}" if message.sticker and message.sticker.emoji else word
    for entity in message.entities or message.caption_entities:
        if entity.type == MessageEntityType.TEXT_LINK and entity.url:
            yield f"verborgen link: {entity.url}"  # the text does not show where it leads


def _id(number: int | None) -> str | None:
    return None if number is None else str(number)
