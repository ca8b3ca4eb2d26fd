"""Put the Discord channel together: receive, send and show cards over one connection."""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.discord import mapping
from bot.channels.discord.commands import register
from bot.channels.discord.controls import Controls
from bot.channels.discord.gateway import Gateway, Patience, VerbinderClient
from bot.channels.discord.link import Link, hush_library, use_api
from bot.channels.discord.sender import DiscordSender
from bot.channels.discord.staff import DiscordSurface
from bot.core.clock import Clock
from bot.core.errors import ConfigError
from bot.review.desk import Desk
from bot.review.intake import Intake
from bot.review.ports import Sender, StaffSurface
from bot.settings import DiscordSettings


@dataclass(frozen=True, slots=True)
class DiscordChannel:
    """Implements `bot.review.ports.Channel`."""

    name: str
    sender: Sender
    surface: StaffSurface | None
    gateway: Gateway

    async def run(self) -> None:
        """Receive until cancelled; raise a ChannelError when the connection ends."""
        await self.gateway.run()


def build_discord(
    settings: DiscordSettings,
    intake: Intake,
    desk: Desk,
    *,
    console_url: str,
    clock: Clock,
    patience: Patience | None = None,
) -> DiscordChannel:
    """Return the channel for these settings; raise ConfigError where the token is missing."""
    if settings.token is None:
        raise ConfigError(
            "Er is geen token voor Discord.", remedy="Zet VERBINDER_DISCORD__TOKEN in .env, of laat Discord weg."
        )
    use_api(settings.api_base)
    hush_library()
    link = Link()
    controls = Controls(desk, clock, console_url=console_url)
    staff_channel = settings.staff_channel

    async def prepare(client: VerbinderClient) -> None:
        client.answer_with(controls.handle)
        if staff_channel is not None:
            await register(client, staff_channel, controls, intake)

    gateway = Gateway(
        settings.token.get_secret_value(), settings.channels, intake, link, clock, on_login=prepare, patience=patience
    )
    surface = DiscordSurface(link, staff_channel, clock, console_url=console_url) if staff_channel else None
    return DiscordChannel(mapping.CHANNEL, DiscordSender(link, intake), surface, gateway)
