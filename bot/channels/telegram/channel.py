"""Telegram as a channel: its parts put together."""

from __future__ import annotations

from datetime import timedelta

from bot.channels.telegram.chats import Chats
from bot.channels.telegram.client import connect
from bot.channels.telegram.gateway import LONG_POLL, Gateway
from bot.channels.telegram.mapping import CHANNEL
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.staff import StaffRoom
from bot.channels.telegram.surface import TelegramSurface
from bot.core.clock import Clock
from bot.review.desk import Desk
from bot.review.intake import Intake
from bot.review.ports import Channel, Sender, StaffSurface
from bot.settings import TelegramSettings


class TelegramChannel:
    """A connected Telegram bot. `surface` is None where no staff group is configured."""

    name: str = CHANNEL

    def __init__(self, gateway: Gateway, sender: Sender, surface: StaffSurface | None) -> None:
        self._gateway = gateway
        self.sender = sender
        self.surface = surface

    async def run(self) -> None:
        """Receive until cancelled; may be run again after it raised."""
        await self._gateway.run()


def build_telegram(
    settings: TelegramSettings,
    intake: Intake,
    desk: Desk,
    *,
    console_url: str,
    clock: Clock,
    long_poll: timedelta = LONG_POLL,
) -> Channel:
    """Return the channel for `settings`; make no request yet.

    Raises:
        ConfigError: the token or the number of a group is not one.
    """
    client = connect(settings)
    chats = Chats(settings)
    surface = TelegramSurface(client, chats, intake, clock=clock, console_url=console_url)
    staff = StaffRoom(client, desk, chats, surface, clock=clock, console_url=console_url)
    gateway = Gateway(client, intake, chats, staff, clock=clock, wait=long_poll)
    return TelegramChannel(gateway, TelegramSender(client), surface if chats.staff is not None else None)
