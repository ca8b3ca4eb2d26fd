"""The one live connection: who holds it, and the address it goes to.

discord.py keeps the addresses of Discord on its classes, so they are set for the whole process, here and nowhere
else. A closed client cannot be used again: every run makes a fresh one and hands it to this link.
"""

from __future__ import annotations

import logging

import discord
from discord.gateway import DiscordWebSocket
from discord.http import Route

from bot.channels.discord.errors import asking
from bot.core.errors import Rejected, Transient

Home = discord.TextChannel | discord.ForumChannel
Place = discord.TextChannel | discord.Thread

# At DEBUG it prints residents' texts and the tokens of interactions.
_LIBRARY = "discord"


def use_api(api_base: str) -> None:
    """Point every discord.py client of this process at `api_base` (`…/api/v10`)."""
    Route.BASE = api_base.rstrip("/")


def use_gateway(url: str) -> None:
    """Point every discord.py client of this process at the gateway that the API named."""
    DiscordWebSocket.DEFAULT_GATEWAY = type(DiscordWebSocket.DEFAULT_GATEWAY)(url)


def hush_library() -> None:
    """Let discord.py log warnings and worse only, whatever level the service logs at (trap 20)."""
    logger = logging.getLogger(_LIBRARY)
    logger.setLevel(max(logger.level, logging.WARNING))
    # Nothing of voice is used, so that it is not installed is nobody's concern.
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False


def own_permissions(place: Home | discord.Thread) -> discord.Permissions:
    """Return what the bot may do in `place`; raise Transient while its server or parent is not known yet."""
    me = place.guild.me
    home = place.parent if isinstance(place, discord.Thread) else place
    # discord.py types `me` as always there; it is not while a server is unavailable.
    if home is None or not isinstance(me, discord.Member):
        raise Transient("De Discord-server is nu niet beschikbaar; het wordt opnieuw geprobeerd.")
    return place.permissions_for(me)


class Link:
    """Holds the client of the current run, None between two runs."""

    def __init__(self) -> None:
        self._client: discord.Client | None = None

    def attach(self, client: discord.Client) -> None:
        self._client = client

    def detach(self) -> None:
        self._client = None

    @property
    def client(self) -> discord.Client:
        """Return the logged-in client; raise Transient while there is none."""
        if self._client is None:
            raise Transient("Discord is nu niet verbonden; het wordt opnieuw geprobeerd.")
        return self._client

    async def place(self, channel_id: str) -> Place:
        """Return the channel or thread with this id, asked of Discord where it is not known yet.

        Raises:
            ChannelError: it is gone, hidden from the bot, or no place for messages.
        """
        client = self.client
        if not channel_id.isascii() or not channel_id.isdigit():
            raise Rejected(f"{channel_id!r} is geen Discord-kanaal: een id bestaat uit cijfers.")
        channel = client.get_channel(int(channel_id))
        if channel is None:
            with asking(where=channel_id):
                channel = await client.fetch_channel(int(channel_id))
        if not isinstance(channel, (discord.TextChannel, discord.Thread)):
            raise Rejected(f"In Discord-kanaal {channel_id} kan Verbinder geen berichten plaatsen.")
        return channel
