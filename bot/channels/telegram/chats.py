"""Which groups are watched, which one is the staff's, and what is known about them.

A basic group that becomes a supergroup gets a new number from Telegram. That is remembered, so that nothing is missed
until an administrator has put the new number in the settings.
"""

from __future__ import annotations

import structlog

from bot.channels.telegram.client import Client
from bot.channels.telegram.errors import asking
from bot.channels.telegram.mapping import CHANNEL
from bot.core.errors import ConfigError, MissingPermission, Rejected
from bot.review.intake import Intake
from bot.settings import TelegramSettings

_log = structlog.get_logger(__name__)


class Chats:
    """The groups of this channel. `linked` are the channels whose posts appear in a watched discussion group."""

    def __init__(self, settings: TelegramSettings) -> None:
        self._configured = tuple(_number(chat, "VERBINDER_TELEGRAM__CHATS") for chat in settings.chats)
        self.watched: set[int] = set(self._configured)
        self.staff: int | None = None
        if settings.staff_chat is not None:
            self.staff = _number(settings.staff_chat, "VERBINDER_TELEGRAM__STAFF_CHAT")
        self.linked: set[int] = set()
        self._first_staff = self.staff

    def concerns(self, chat_id: int) -> bool:
        """Tell whether a chat is ours to look at."""
        return chat_id in self.watched or chat_id == self.staff

    async def remember(self, intake: Intake) -> None:
        """Take up the moves that were noted before a restart."""
        for old in (*self._configured, *([self._first_staff] if self._first_staff is not None else [])):
            new = await intake.cursor(CHANNEL, _moved(old))
            if new is not None:
                self.follow(old, int(new))

    def follow(self, old: int, new: int) -> None:
        """Look at `new` wherever `old` was looked at."""
        if old in self.watched:
            self.watched.add(new)
        if old == self.staff:
            self.staff = new

    async def moved(self, old: int, new: int, intake: Intake) -> None:
        """Note that Telegram gave a group a new number, for now and for after a restart; tell administrators."""
        if not self.concerns(old):
            return
        await intake.receive_all([], cursor=(CHANNEL, _moved(old), str(new)))
        await intake.notice(
            f"telegram:moved:{old}",
            f"De Telegramgroep {old} kreeg van Telegram een nieuw nummer: {new}. Verbinder volgt de groep. "
            "Zet het nieuwe nummer ook in de instellingen, op de plaats van het oude.",
        )
        self.follow(old, new)

    async def look_around(self, client: Client) -> None:
        """Ask of each watched group which channel it is linked to. A group that cannot be seen is doctor's business."""
        for chat_id in sorted(self.watched):
            try:
                chat = await asking(client.get_chat(chat_id))
            except (MissingPermission, Rejected) as error:
                _log.warning("watched group cannot be seen", error=error.message)
            else:
                self.linked |= {chat.linked_chat_id} if chat.linked_chat_id else set()


def _moved(old: int) -> str:
    return f"moved:{old}"


def _number(text: str, setting: str) -> int:
    try:
        return int(text)
    except ValueError:
        raise ConfigError(
            f"{setting}: «{text}» is geen nummer van een groep.",
            remedy="Het nummer van een groep begint met een min, zoals -1001234567890.",
        ) from None
