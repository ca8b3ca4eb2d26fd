"""Real discord.py objects, made by discord.py from payloads as Discord sends them; no connection is involved."""

from __future__ import annotations

from typing import Any

import discord

from tests.standins.discord import world
from tests.standins.discord.state import State
from tests.standins.discord.world import Channel, Json, Member, User, message_payload

BOT_ID = 900


class Offline:
    """A server with a channel, a forum with a post, and people, as discord.py sees them."""

    def __init__(self) -> None:
        state = State("token")
        self.guild = state.add_guild("Zonnedorp")
        self.client = discord.Client(intents=discord.Intents.none())
        self.connection = self.client._connection
        self.square = self._add(Channel(50, self.guild.id, "dorpsplein"))
        self.forum = self._add(Channel(60, self.guild.id, "vragen", world.FORUM))
        self.post = self._add(Channel(61, self.guild.id, "Fietspad", world.PUBLIC_THREAD, 60, 1))
        self.thread = self._add(Channel(70, self.guild.id, "Werken", world.PUBLIC_THREAD, 50, 1))
        self.marleen = User(1, "Marleen")
        self.robot = User(2, "Robot", bot=True)
        self.verbinder = User(BOT_ID, "Verbinder")
        for user in (self.marleen, self.robot, self.verbinder):
            self.guild.members[user.id] = Member(user)
        self.real_guild = discord.Guild(data=state.guild_event(self.guild), state=self.connection)  # type: ignore[arg-type]
        self.connection._add_guild(self.real_guild)

    def _add(self, channel: Channel) -> Channel:
        self.guild.channels[channel.id] = channel
        return channel

    def message(
        self, content: str = "Dag", *, channel: Channel | None = None, author: User | None = None, **extra: Any
    ) -> discord.Message:
        """Return a message; `extra` overrides fields of the payload, `id` included."""
        place, writer = channel or self.square, author or self.marleen
        data: Json = message_payload(int(extra.pop("id", 1_500_000_000_000_000_000)), place, writer, content, **extra)
        data["member"] = self.guild.members[writer.id].payload(with_user=False)
        real = self.real_guild.get_channel_or_thread(place.id)
        assert real is not None
        return discord.Message(state=self.connection, channel=real, data=data)  # type: ignore[arg-type]
