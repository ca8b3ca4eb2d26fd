"""What review asks of a channel: carry an effect out, and show cards to staff.

Every method raises the errors of `bot.core.errors` (`ChannelError` and below) and nothing of an SDK.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from bot.core.cases import Case
from bot.core.messages import MessageRef


@dataclass(frozen=True, slots=True)
class ReplyEffect:
    """Place `text` as an answer to `target`, in the municipality's name.

    `key` is unique to this effect and the same on every try (at most 25 characters, so that it serves as a
    Discord nonce).
    """

    key: str
    target: MessageRef
    text: str
    thread_id: str | None = None


@dataclass(frozen=True, slots=True)
class RemoveEffect:
    """Remove `target`, provided that it is still the message that was judged (trap 7).

    `text` is the judged text and `author_key` the pseudonym of its writer; a channel that can read the message back
    compares both and raises `TargetChanged` when they differ.
    """

    key: str
    target: MessageRef
    text: str
    author_key: str


@dataclass(frozen=True, slots=True)
class Sent:
    """Where an effect ended up on the platform."""

    message_id: str
    link: str | None = None


class Sender(Protocol):
    """Carries effects out on one channel."""

    async def reply(self, effect: ReplyEffect) -> Sent:
        """Place the reply. Raise `TargetGone` rather than post into the void (trap 25)."""

    async def remove(self, effect: RemoveEffect) -> None:
        """Remove the message. Removing what is already gone raises `TargetGone`."""

    async def find(self, effect: ReplyEffect) -> Sent | None:
        """Look whether this reply was placed by an earlier try that did not live to tell.

        Return where it stands, or None when it certainly was not placed. Raise `Transient(sent=True)` when the
        platform cannot tell: the reply then goes back to its author (trap 28).
        """


class StaffSurface(Protocol):
    """A staff channel: one card per case, that changes instead of new messages."""

    async def post(self, case: Case) -> str:
        """Post a card for `case` and return a reference to it (at most 120 characters)."""

    async def edit(self, ref: str, case: Case) -> None:
        """Bring the card at `ref` up to date. Raise `TargetGone` when it was deleted: a new one is posted."""

    async def say(self, text: str) -> None:
        """Post a plain notice (digest, reminder, report). `text` is ours; it holds no words of residents."""


class Channel(Protocol):
    """A connected platform. `run` lasts until it is cancelled or raises a `ChannelError`."""

    @property
    def name(self) -> str: ...

    @property
    def sender(self) -> Sender: ...

    @property
    def surface(self) -> StaffSurface | None: ...

    async def run(self) -> None:
        """Receive until cancelled. The supervisor restarts it with backoff when it raises."""
