"""Receive from Discord: what is written, changed and deleted goes to the intake, in order, and is stored at once.

Everything that discord.py reports is put in one queue without waiting, and one worker empties it. A READY puts a mark
in that queue: the worker first catches up (`backfill`), so what came in before is never overtaken by what is new.
discord.py is not trusted to stay alive: whatever ends its client ends `run` with one of our errors, and the
supervisor starts a fresh client.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from traceback import extract_tb
from typing import Any

import discord
import structlog

from bot.channels.discord import mapping
from bot.channels.discord.backfill import Backfill
from bot.channels.discord.errors import PLATFORM_ERRORS, translate
from bot.channels.discord.link import Link, use_gateway
from bot.channels.discord.reading import Reader, deleted
from bot.core.clock import Clock
from bot.core.errors import ChannelError, Transient
from bot.core.messages import Incoming
from bot.review.intake import Intake

BEAT_SECONDS = 30.0
ANSWER_WITHIN_SECONDS = 1.0  # for decisions under way when the channel stops
CLOSE_WITHIN_SECONDS = 2.0
GUILDS_WITHIN_SECONDS = 60.0  # after a READY; discord.py always gets there, or something in it broke
LONGEST_WAIT = timedelta(seconds=30)  # for a rate limit inside discord.py; a longer one is ours to plan

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Patience:
    """How long discord.py waits, in seconds; its own defaults."""

    guilds: float = 2.0  # for the last GUILD_CREATE after a READY
    silence: float = 60.0  # without any word from the gateway before it is taken for dead


class _Ready:
    """The mark that a new session began."""


@dataclass(frozen=True, slots=True)
class _Gone:
    chat_id: int
    message_ids: tuple[int, ...] = ()  # none: the whole channel or thread


_Item = discord.Message | _Gone | _Ready


class VerbinderClient(discord.Client):
    """A client that asks for no more than it needs: guilds, their messages, and what those say."""

    def __init__(self, patience: Patience, on_login: Callable[[VerbinderClient], Awaitable[None]]) -> None:
        intents = discord.Intents.none()
        intents.guilds = True
        intents.guild_messages = True
        intents.message_content = True
        super().__init__(
            intents=intents,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            guild_ready_timeout=patience.guilds,
            heartbeat_timeout=patience.silence,
            max_ratelimit_timeout=LONGEST_WAIT.total_seconds(),
        )
        self.inbox: asyncio.Queue[_Item] = asyncio.Queue()
        self.guilds_known = asyncio.Event()
        self.caught_up = asyncio.Event()
        self.elsewhere: dict[int, object] = {}
        self.answering: set[asyncio.Task[Any]] = set()
        self._on_login = on_login
        self._answer: Callable[[discord.Interaction[Any]], Awaitable[None]] | None = None

    def answer_with(self, answer: Callable[[discord.Interaction[Any]], Awaitable[None]]) -> None:
        """Let `answer` handle every interaction of this client."""
        self._answer = answer

    async def setup_hook(self) -> None:
        _, url, _ = await self.http.get_bot_gateway()
        use_gateway(url)
        await self._on_login(self)

    def dispatch(self, event: str, /, *args: Any, **kwargs: Any) -> None:
        if not self.is_closed():  # a task of discord.py's own may outlive its client by a moment
            super().dispatch(event, *args, **kwargs)

    # Each handler only queues and never waits, so that the order is the gateway's.

    async def on_socket_event_type(self, event_type: str) -> None:
        if event_type == "READY":
            self.guilds_known.clear()
            self.caught_up.clear()
            self.inbox.put_nowait(_Ready())

    async def on_ready(self) -> None:
        self.guilds_known.set()

    async def on_message(self, message: discord.Message) -> None:
        self.inbox.put_nowait(message)

    async def on_raw_message_edit(self, payload: discord.RawMessageUpdateEvent) -> None:
        if payload.message.edited_at is not None:  # else an embed or a pin: nobody changed a word
            self.inbox.put_nowait(payload.message)

    async def on_raw_message_delete(self, payload: discord.RawMessageDeleteEvent) -> None:
        self.inbox.put_nowait(_Gone(payload.channel_id, (payload.message_id,)))

    async def on_raw_bulk_message_delete(self, payload: discord.RawBulkMessageDeleteEvent) -> None:
        self.inbox.put_nowait(_Gone(payload.channel_id, tuple(payload.message_ids)))

    async def on_raw_thread_delete(self, payload: discord.RawThreadDeleteEvent) -> None:
        self.inbox.put_nowait(_Gone(payload.thread_id))

    async def on_guild_available(self, guild: discord.Guild) -> None:  # noqa: ARG002 - discord.py gives it
        self._began_late()

    async def on_guild_join(self, guild: discord.Guild) -> None:  # noqa: ARG002 - discord.py gives it
        self._began_late()

    def _began_late(self) -> None:
        if self.caught_up.is_set():  # a server that comes back, or invites us, long after READY
            self.inbox.put_nowait(_Ready())

    async def on_guild_channel_delete(self, channel: discord.abc.GuildChannel) -> None:
        self.inbox.put_nowait(_Gone(channel.id))

    async def on_interaction(self, interaction: discord.Interaction[Any]) -> None:
        if self._answer is None:
            return
        task = asyncio.current_task()
        assert task is not None
        self.answering.add(task)
        try:
            await self._answer(interaction)
        finally:
            self.answering.discard(task)

    def is_listening(self) -> bool:
        """Tell whether the gateway is connected and nothing from before is missing."""
        return self.caught_up.is_set() and self.ws.open


class Gateway:
    """One run after another on a fresh client each. `on_login` prepares the staff surface on each of them."""

    def __init__(
        self,
        token: str,
        watched: Sequence[str],
        intake: Intake,
        link: Link,
        clock: Clock,
        *,
        on_login: Callable[[VerbinderClient], Awaitable[None]],
        patience: Patience | None = None,
    ) -> None:
        self._token = token
        self._watched = tuple(watched)
        self._intake = intake
        self._link = link
        self._clock = clock
        self._on_login = on_login
        self._patience = patience or Patience()

    async def run(self) -> None:
        """Receive until cancelled.

        Raises:
            ChannelError: the client ended, for whatever reason; the next run begins with what was missed.
        """
        client = VerbinderClient(self._patience, self._logged_in)
        # No reconnecting by discord.py itself beyond a RESUME: its own backoff grows to a quarter of an hour.
        tasks = [
            asyncio.create_task(client.start(self._token, reconnect=False), name="discord-client"),
            asyncio.create_task(self._work(client), name="discord-intake"),
            asyncio.create_task(self._beat(client), name="discord-beat"),
        ]
        try:
            await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
            ended = next(task for task in tasks if task.done())
            error = ended.exception() or Transient("Discord sloot de verbinding.")
            raise _reported(error) from error
        finally:
            self._link.detach()
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
            if client.answering:
                await asyncio.wait(client.answering, timeout=ANSWER_WITHIN_SECONDS)
            await _close(client)

    async def _logged_in(self, client: VerbinderClient) -> None:
        self._link.attach(client)
        await self._on_login(client)

    async def _work(self, client: VerbinderClient) -> None:
        reader: Reader | None = None
        while True:
            item = await client.inbox.get()
            if isinstance(item, _Ready):
                await asyncio.wait_for(client.guilds_known.wait(), GUILDS_WITHIN_SECONDS)
                assert client.user is not None
                reader = Reader(client.user.id)
                await Backfill(client, self._intake, reader, self._clock).run(self._watched)
                client.caught_up.set()
                _log.info("discord listens", channels=len(self._watched))
            elif reader is not None:
                items = await self._incoming(client, reader, item)
                if items:
                    await self._intake.receive_all(items)

    async def _incoming(
        self, client: VerbinderClient, reader: Reader, item: discord.Message | _Gone
    ) -> Sequence[Incoming]:
        if isinstance(item, discord.Message):
            await self._locate(client, item)
            return await reader.read(item) if mapping.is_watched(item.channel, self._watched) else ()
        channel = client.get_channel(item.chat_id)
        if channel is not None and not mapping.is_watched(channel, self._watched):
            return ()
        ids: Sequence[int | str] = item.message_ids or sorted(
            await self._intake.stored_since(mapping.CHANNEL, str(item.chat_id), "0"), key=int
        )
        return [gone for message_id in ids for gone in deleted(item.chat_id, message_id, self._clock())]

    @staticmethod
    async def _locate(client: VerbinderClient, message: discord.Message) -> None:
        """Ask which thread a message stands in, where discord.py does not know it (one that was archived)."""
        channel = message.channel
        if not isinstance(channel, discord.PartialMessageable) or message.guild is None:
            return
        try:
            found = client.elsewhere.get(channel.id) or await client.fetch_channel(channel.id)
        except (discord.Forbidden, discord.NotFound, discord.InvalidData):
            return
        client.elsewhere[channel.id] = found
        if isinstance(found, discord.Thread):
            message.channel = found

    async def _beat(self, client: VerbinderClient) -> None:
        while True:
            await client.caught_up.wait()
            if client.is_listening():
                await self._intake.seen(mapping.CHANNEL)
            await asyncio.sleep(BEAT_SECONDS)


def _reported(error: BaseException) -> ChannelError:
    """Return what `error` means. What nobody foresaw is logged by its place, never with what it was about."""
    meaning = translate(error)
    if not isinstance(error, (ChannelError, *PLATFORM_ERRORS)):
        frame = extract_tb(error.__traceback__)[-1]
        _log.error("discord stopped unexpectedly", kind=type(error).__name__, at=f"{frame.filename}:{frame.lineno}")
    return meaning


async def _close(client: VerbinderClient) -> None:
    """Close `client`, also when the other side no longer answers."""
    with contextlib.suppress(*PLATFORM_ERRORS):
        await asyncio.wait_for(client.close(), CLOSE_WITHIN_SECONDS)
    await client.http.close()
