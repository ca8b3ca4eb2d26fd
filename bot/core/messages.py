"""What a channel hands over: a message as its author wrote it, an edit, a delete, or a gap.

Authored text, quoted text, forwarded text and the display name are separate fields, so that nobody is judged by
words that are not theirs (trap 14). Times are aware datetimes in UTC. Ids are the platform's own, as strings.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum


class MessageKind(StrEnum):
    """What a message is in its thread."""

    POST = "post"  # the municipality's own post, or the channel's post in a discussion group: context
    REACTION = "reaction"  # a resident's words: judged
    OWN = "own"  # a reply that Verbinder placed in the municipality's name


class AuthorRole(StrEnum):
    """Who wrote it, as far as the channel can tell."""

    RESIDENT = "bewoner"
    STAFF = "medewerker"
    MUNICIPALITY = "gemeente"


@dataclass(frozen=True, slots=True)
class Author:
    """The writer, as the platform names them. Only a pseudonym of `id` is ever stored."""

    id: str
    name: str = ""
    role: AuthorRole = AuthorRole.RESIDENT


@dataclass(frozen=True, slots=True)
class MessageRef:
    """The address of a message: (channel, chat, message)."""

    channel: str
    chat_id: str
    message_id: str


SAME_AUTHOR = ""
"""The author key in `Recent.alike` of whoever wrote the message itself."""


@dataclass(frozen=True, slots=True)
class Recent:
    """What was written shortly before a message, in the same chat, at most a day back. Ages are before that message.

    `own` are the ages of its author's earlier messages, whatever their words. `alike` are (author key, age) of the
    messages with like words, those of the same author under `SAME_AUTHOR`. `first` tells whether its author never
    wrote here before; None where nobody knows.
    """

    own: tuple[timedelta, ...] = ()
    alike: tuple[tuple[str, timedelta], ...] = ()
    first: bool | None = None


NOTHING_RECENT = Recent()


@dataclass(frozen=True, slots=True)
class Message:
    """One revision of one message, as received.

    `reply_to` is the message it answers, in the same chat; `thread_id` the topic, thread or forum post it stands in;
    `post_id` the post it reacts to where the channel knows that directly (else the store follows `reply_to`).
    `post_text` is the context to judge it in, `recent` what was written just before: both are filled in from the
    store, or by the caller of `analyse`.
    """

    ref: MessageRef
    author: Author
    text: str
    sent_at: datetime
    kind: MessageKind = MessageKind.REACTION
    edited_at: datetime | None = None
    thread_id: str | None = None
    post_id: str | None = None
    reply_to: str | None = None
    quoted: str = ""
    forwarded: str = ""
    attachments: tuple[str, ...] = ()
    link: str | None = None
    chat_name: str = ""
    post_text: str = ""
    recent: Recent = NOTHING_RECENT

    @property
    def written_at(self) -> datetime:
        """Return when these words were written: at the last edit, or when the message was sent."""
        return self.edited_at or self.sent_at


@dataclass(frozen=True, slots=True)
class Deleted:
    """A message was deleted on the platform. Only its address is known."""

    ref: MessageRef
    at: datetime


@dataclass(frozen=True, slots=True)
class Gap:
    """A stretch of time from which messages may be missing (trap 22)."""

    channel: str
    since: datetime
    until: datetime
    reason: str
    chat_id: str | None = None


@dataclass(frozen=True, slots=True)
class Unreadable:
    """An update that could not be parsed: stored raw, reported and stepped over (trap 26)."""

    channel: str
    payload: str
    error: str


Incoming = Message | Deleted | Gap | Unreadable
