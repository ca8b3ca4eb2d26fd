"""Whether a member of a Discord server speaks for the municipality: they may manage messages where they wrote.

A live message tells its author's roles; one from the history does not, so the member is asked for, once a run.
"""

from __future__ import annotations

import discord

from bot.channels.discord.errors import asking


class Standing:
    """Answers for one run of the client; what it learned is not kept beyond it."""

    def __init__(self) -> None:
        self._members: dict[tuple[int, int], discord.Member | None] = {}

    async def is_staff(self, message: discord.Message) -> bool:
        """Tell whether the author of `message` may manage messages in its channel; someone who left may not."""
        author = message.author
        member = author if isinstance(author, discord.Member) else await self._member(message)
        if member is None:
            return False
        channel = message.channel
        if isinstance(channel, discord.Thread):
            parent = channel.parent
            return (parent.permissions_for(member) if parent else member.guild_permissions).manage_messages
        if isinstance(channel, discord.abc.GuildChannel):
            return channel.permissions_for(member).manage_messages
        return member.guild_permissions.manage_messages

    async def _member(self, message: discord.Message) -> discord.Member | None:
        guild = message.guild
        if guild is None:
            return None
        key = (guild.id, message.author.id)
        if key not in self._members:
            with asking():
                try:
                    self._members[key] = await guild.fetch_member(message.author.id)
                except discord.NotFound:
                    self._members[key] = None
        return self._members[key]
