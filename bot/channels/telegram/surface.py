"""The staff group as a `StaffSurface`: one message a card, changed in place.

Decides nothing about when a card is shown (`bot.review.cardkeeper` does), only how.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from typing import Final, TypeVar

from telegram import LinkPreviewOptions, Message
from telegram.constants import MessageLimit

from bot.channels.telegram.cards import fitted, render
from bot.channels.telegram.chats import Chats
from bot.channels.telegram.client import Client
from bot.channels.telegram.errors import Moved, Unchanged, asking
from bot.channels.telegram.mapping import permalink
from bot.channels.telegram.plaintext import sendable, units
from bot.core.cases import Case
from bot.core.clock import Clock
from bot.core.errors import ConfigError, TargetGone
from bot.review.card import card_of
from bot.review.intake import Intake

T = TypeVar("T")

REMEMBERED: Final = 500
"""How many cards are linked to from /wachtrij; an older one is linked to in the console."""
NO_PREVIEW: Final = LinkPreviewOptions(is_disabled=True)


class TelegramSurface:
    """Cards in the staff group. A reference is `chat:message`."""

    def __init__(self, client: Client, chats: Chats, intake: Intake, *, clock: Clock, console_url: str) -> None:
        self._client = client
        self._chats = chats
        self._intake = intake
        self._clock = clock
        self._console_url = console_url
        self._links: dict[int, str] = {}

    def link_to(self, case_id: int) -> str | None:
        """Return the address of a case's card, where this process showed it and its group has addresses."""
        return self._links.get(case_id)

    async def post(self, case: Case) -> str:
        """Post a card and return its reference."""
        page = render(card_of(case, now=self._clock(), console_url=self._console_url))
        message = await self._in_staff_chat(
            lambda chat: self._client.send_message(
                chat,
                page.text,
                entities=page.entities,
                reply_markup=page.keyboard,
                link_preview_options=NO_PREVIEW,
            )
        )
        self._note(case.id, message)
        return reference(message.chat.id, message.message_id)

    async def edit(self, ref: str, case: Case) -> None:
        """Bring a card up to date; raise TargetGone when it is no longer there."""
        chat, message_id = place_of(ref)
        page = render(card_of(case, now=self._clock(), console_url=self._console_url))
        try:
            message = await asking(
                self._client.edit_message_text(
                    page.text,
                    chat_id=chat,
                    message_id=message_id,
                    entities=page.entities,
                    reply_markup=page.keyboard,
                    link_preview_options=NO_PREVIEW,
                )
            )
        except Unchanged:
            return
        except Moved:
            raise TargetGone("De kaart staat nog in de vroegere versie van de groep.") from None
        if isinstance(message, Message):
            self._note(case.id, message)

    async def say(self, text: str) -> None:
        """Post a plain notice, in as many messages as it takes."""
        for part in parted(sendable(text), MessageLimit.MAX_TEXT_LENGTH):
            await self._in_staff_chat(
                lambda chat, part=part: self._client.send_message(chat, part, link_preview_options=NO_PREVIEW)  # type: ignore[misc]
            )

    def _note(self, case_id: int, message: Message) -> None:
        link = permalink(message.chat, message.message_id)
        if link is None:
            return
        self._links[case_id] = link
        while len(self._links) > REMEMBERED:
            del self._links[next(iter(self._links))]

    async def _in_staff_chat(self, ask: Callable[[int], Awaitable[T]]) -> T:
        """Ask something of the staff group, and once more at its new number when Telegram moved it."""
        chat = self._chats.staff
        if chat is None:
            raise ConfigError("Er is geen teamgroep ingesteld.", remedy="Zet VERBINDER_TELEGRAM__STAFF_CHAT.")
        try:
            return await asking(ask(chat))
        except Moved as error:
            await self._chats.moved(chat, error.new_chat, self._intake)
            return await asking(ask(error.new_chat))


def reference(chat_id: int, message_id: int) -> str:
    """Return what a card is remembered by."""
    return f"{chat_id}:{message_id}"


def place_of(ref: str) -> tuple[int, int]:
    """Return (chat, message) of a reference."""
    chat, _, message = ref.partition(":")
    return int(chat), int(message)


def parted(text: str, limit: int) -> Iterator[str]:
    """Yield `text` in parts of at most `limit` UTF-16 units, cut between lines where that is possible."""
    while units(text) > limit:
        head = fitted(text, limit - 1).removesuffix("…")
        line, newline, _ = head.rpartition("\n")
        head = line if newline and len(line) > len(head) // 2 else head
        yield head.strip()
        text = text[len(head) :].lstrip()
    if text:
        yield text
