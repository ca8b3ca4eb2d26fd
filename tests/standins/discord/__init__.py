"""A strict stand-in of Discord on the loopback: gateway and REST v10, for tests with the real discord.py."""

from tests.standins.discord.interactions import Interaction
from tests.standins.discord.standin import TOKEN, DiscordStandIn, buttons
from tests.standins.discord.world import Channel, Guild, Json, User

__all__ = ["TOKEN", "Channel", "DiscordStandIn", "Guild", "Interaction", "Json", "User", "buttons"]
