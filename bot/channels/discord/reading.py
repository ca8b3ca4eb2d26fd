"""From what discord.py hands over to what the intake stores, one message at a time.

A message that cannot be read is kept raw, reported and stepped over: it must not hold up the others.
"""

from __future__ import annotations

from datetime import datetime

import discord

from bot.channels.discord import mapping
from bot.channels.discord.standing import Standing
from bot.core.errors import ChannelError
from bot.core.messages import Deleted, Incoming, MessageRef, Unreadable


class Reader:
    """Reads for one run, as the bot with this id."""

    def __init__(self, own_id: int) -> None:
        self.own_id = own_id
        self._standing = Standing()

    async def read(self, message: discord.Message) -> tuple[Incoming, ...]:
        """Return what `message` brings: nothing, itself, or the context of a thread as well."""
        try:
            return await self._read(message)
        except ChannelError:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it holds, one message may not stop the channel
            return (unreadable(f"{message.channel.id}/{message.id}: {message.content}", error),)

    async def _read(self, message: discord.Message) -> tuple[Incoming, ...]:
        thread = message.channel
        if message.type is discord.MessageType.thread_starter_message and isinstance(thread, discord.Thread):
            starter = message.reference.resolved if message.reference else None
            if isinstance(starter, discord.Message) and mapping.is_written(starter, self.own_id):
                return (mapping.to_context(starter, thread, staff=await self._standing.is_staff(starter)),)
            return ()
        if not mapping.is_written(message, self.own_id):
            return ()
        staff = await self._standing.is_staff(message)
        found = mapping.to_message(message, staff=staff, own_id=self.own_id)
        items: list[Incoming] = [found] if found is not None else []
        under = message.guild.get_thread(message.id) if message.guild else None
        if under is not None and under.id != message.channel.id:
            items.append(mapping.to_context(message, under, staff=staff))
        return tuple(items)

    async def starter_of(self, thread: discord.Thread) -> tuple[Incoming, ...]:
        """Return the message that a thread or forum post began with, as context; nothing when it is gone."""
        parent = thread.parent
        if parent is None:
            return ()
        try:
            if isinstance(parent, discord.ForumChannel):
                return await self.read(await thread.fetch_message(thread.id))
            starter = await parent.fetch_message(thread.id)
        except discord.NotFound:
            return ()
        if not mapping.is_written(starter, self.own_id):
            return ()
        return (mapping.to_context(starter, thread, staff=await self._standing.is_staff(starter)),)


def deleted(channel_id: int | str, message_id: int | str, at: datetime) -> tuple[Deleted, ...]:
    """Return the deletion of a message, and of its copy as the context of a thread under it."""
    here = Deleted(MessageRef(mapping.CHANNEL, str(channel_id), str(message_id)), at)
    if str(channel_id) == str(message_id):
        return (here,)
    return here, Deleted(MessageRef(mapping.CHANNEL, str(message_id), str(message_id)), at)


def unreadable(payload: str, error: Exception) -> Unreadable:
    return Unreadable(mapping.CHANNEL, payload, f"{type(error).__name__}: {error}")
