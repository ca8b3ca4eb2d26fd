"""Catch up after every READY: what was written, changed and deleted while nobody listened (trap 27).

For each watched channel, thread and forum post: everything after the newest stored message, oldest first; and the
last stored window is fetched again, so that edits are seen and stored messages that are no longer there count as
deleted. A channel that was never watched before begins now: its last posts of the municipality are kept as context,
and no reaction from before raises a case.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Iterable, Sequence
from datetime import datetime
from typing import Any

import discord
import structlog

from bot.channels.discord import mapping
from bot.channels.discord.errors import Permission, asking, missing
from bot.channels.discord.link import Home, Place, own_permissions
from bot.channels.discord.reading import Reader, deleted, unreadable
from bot.core.clock import Clock
from bot.core.errors import ChannelError, MissingPermission, Rejected, TargetGone
from bot.core.messages import Gap, Incoming, Message, MessageKind
from bot.review.intake import Intake

_log = structlog.get_logger(__name__)

PAGE = 100  # messages: what one request to a channel's history gives at most


class Backfill:
    """Brings every watched place up to date, once for each READY."""

    def __init__(self, client: discord.Client, intake: Intake, reader: Reader, clock: Clock) -> None:
        self._client = client
        self._intake = intake
        self._reader = reader
        self._clock = clock

    async def run(self, watched: Iterable[str]) -> None:
        """Catch up with every channel; one that cannot be read is reported and does not hold up the others.

        Raises:
            ChannelError: Discord cannot be reached; the run ends and begins anew.
        """
        since = await self._intake.last_seen(mapping.CHANNEL)
        for channel_id in watched:
            key = f"discord:kanaal:{channel_id}"
            try:
                await self._channel(channel_id, since)
            except (MissingPermission, TargetGone, Rejected) as error:
                await self._unheard(channel_id, key, error, since)
            else:
                await self._intake.settle(key)

    async def _unheard(self, channel_id: str, key: str, error: ChannelError, since: datetime | None) -> None:
        text = f"Verbinder kan Discord-kanaal {channel_id} niet volgen. {error}"
        await self._intake.notice(key, text, level="fout")
        if since is not None:
            gap = Gap(mapping.CHANNEL, since, self._clock(), error.message, chat_id=channel_id)
            await self._intake.receive(gap)

    async def _channel(self, channel_id: str, since: datetime | None) -> None:
        home = await self._find(channel_id)
        begin = await self._begin(home)
        if isinstance(home, discord.ForumChannel):
            threads = await self._threads(home, since)
        elif isinstance(home, discord.TextChannel):
            await self._place(home, begin)
            threads = await self._threads(home, since)
        else:
            threads = [home]
        for thread in threads:
            try:
                await self._thread(thread, begin)
            except (MissingPermission, TargetGone, Rejected) as error:
                # A thread may be deleted or closed to us at any moment; its channel goes on.
                _log.warning("discord thread not read", thread=thread.id, why=error.message)

    async def _find(self, channel_id: str) -> Home | discord.Thread:
        if not channel_id.isascii() or not channel_id.isdigit():
            raise Rejected(f"{channel_id!r} is geen Discord-kanaal: een id bestaat uit cijfers.")
        channel = self._client.get_channel(int(channel_id))
        if channel is None:
            with asking(where=channel_id):
                channel = await self._client.fetch_channel(int(channel_id))
        if not isinstance(channel, (discord.TextChannel, discord.ForumChannel, discord.Thread)):
            raise Rejected("Dit is geen tekstkanaal, forum of thread.")
        allowed = own_permissions(channel)
        # Without this right Discord gives an empty history, which would look as if all was deleted.
        for permission, has in (
            (Permission.VIEW, allowed.view_channel),
            (Permission.READ_HISTORY, allowed.read_message_history),
        ):
            if not has:
                raise missing(permission, where=mapping.place_name(channel))
        return channel

    async def _begin(self, home: Home | discord.Thread) -> int:
        """Return the message id from which this channel counts; set it the first time, with the context it had."""
        name = f"begin:{home.id}"
        known = await self._intake.cursor(mapping.CHANNEL, name)
        if known is not None:
            return int(known)
        begin = discord.utils.time_snowflake(self._clock())
        context: list[Incoming] = []
        if not isinstance(home, discord.ForumChannel):
            page = await self._page(home)
            begin = max((int(raw["id"]) for raw in page), default=begin)
            read = await self._read(home, reversed(page))
            context = [item for item in read if isinstance(item, Message) and item.kind is MessageKind.POST]
        cursor = (mapping.CHANNEL, name, str(begin))
        await self._intake.receive_all(context, cursor=cursor, history=True)
        return begin

    async def _threads(self, home: Home, since: datetime | None) -> list[discord.Thread]:
        """Return the open threads, and those that were archived while nobody listened."""
        found = list(home.threads)
        if since is not None:
            with asking(needs=Permission.READ_HISTORY, where=mapping.place_name(home)):
                async for thread in home.archived_threads(limit=None):
                    if thread.archive_timestamp < since:
                        break
                    found.append(thread)
        return sorted(found, key=lambda thread: thread.id)

    async def _thread(self, thread: discord.Thread, begin: int) -> None:
        if await self._intake.newest(mapping.CHANNEL, str(thread.id)) is None and thread.id <= begin:
            with asking(needs=Permission.READ_HISTORY, where=mapping.place_name(thread)):
                starter = await self._reader.starter_of(thread)
            await self._intake.receive_all(starter, history=True)
        await self._place(thread, begin)

    async def _place(self, place: Place, begin: int) -> None:
        chat = str(place.id)
        newest = await self._intake.newest(mapping.CHANNEL, chat)
        after = max(begin, int(newest or 0))
        # Taken before anything is fetched: what is stored here and not fetched below was deleted.
        stored = await self._intake.stored_since(mapping.CHANNEL, chat, "0")
        page = await self._page(place)
        if len(page) == PAGE and int(page[-1]["id"]) > after:
            window = await self._page(place, before=after + 1)
            oldest = int(window[-1]["id"]) if len(window) == PAGE else 0
            await self._compare(place, window, stored, oldest)
            async for batch in self._forward(place, after):
                await self._receive(place, batch)
            return
        oldest = int(page[-1]["id"]) if len(page) == PAGE else 0
        await self._compare(place, [raw for raw in page if int(raw["id"]) <= after], stored, oldest)
        await self._receive(place, [raw for raw in reversed(page) if int(raw["id"]) > after])

    async def _compare(self, place: Place, window: Sequence[Any], stored: frozenset[str], oldest: int) -> None:
        """Receive the stored messages of `window` again; those from `oldest` on that are not in it were deleted."""
        fetched = {raw["id"] for raw in window}
        # The context of a thread has the thread's own id and stands in its parent, not here.
        gone = [i for i in stored - fetched if int(i) >= oldest and not (int(i) == place.id and not _in_forum(place))]
        if gone and not window and not await self._really_empty(place, gone[0]):
            return
        at = self._clock()
        items = [item for i in sorted(gone, key=int) for item in deleted(place.id, i, at)]
        known = [raw for raw in reversed(window) if raw["id"] in stored]
        await self._intake.receive_all([*items, *await self._read(place, known)])

    async def _really_empty(self, place: Place, message_id: str) -> bool:
        """Ask for one message before believing that a whole channel was emptied."""
        with asking(needs=Permission.READ_HISTORY, where=mapping.place_name(place)):
            try:
                await place.fetch_message(int(message_id))
            except discord.NotFound:
                return True
        return False

    async def _forward(self, place: Place, after: int) -> AsyncIterator[Sequence[Any]]:
        while True:
            page = await self._page(place, after=after)
            if page:
                yield list(reversed(page))
                after = int(page[0]["id"])
            if len(page) < PAGE:
                return

    async def _page(self, place: Place, *, before: int | None = None, after: int | None = None) -> Sequence[Any]:
        """Return a page of raw messages, newest first. Raw: one that discord.py cannot read must not cost the page."""
        with asking(needs=Permission.READ_HISTORY, where=mapping.place_name(place)):
            return await self._client.http.logs_from(place.id, PAGE, before=before, after=after)

    async def _receive(self, place: Place, raws: Iterable[Any]) -> None:
        items = await self._read(place, raws)
        if items:
            await self._intake.receive_all(items)

    async def _read(self, place: Place, raws: Iterable[Any]) -> list[Incoming]:
        items: list[Incoming] = []
        for raw in raws:
            try:
                # What `history()` does for each message; it would let one odd message end the whole page.
                message = discord.Message(state=self._client._connection, channel=place, data=raw)  # noqa: SLF001
            except Exception as error:  # noqa: BLE001 - kept raw and reported
                items.append(unreadable(json.dumps(raw), error))
            else:
                items += await self._reader.read(message)
        return items


def _in_forum(place: Place) -> bool:
    return isinstance(place, discord.Thread) and isinstance(place.parent, discord.ForumChannel)
