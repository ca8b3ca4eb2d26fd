"""A town on a stand-in of Discord, and the Discord channel of Verbinder listening to it over a real socket."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime

import pytest
from pydantic import SecretStr
from sqlalchemy import text

from bot.channels.discord.channel import DiscordChannel, build_discord
from bot.channels.discord.gateway import Patience
from bot.review.bulletin import Bulletin
from bot.settings import DiscordSettings
from bot.store.database import Database
from tests.builders import FakeClock, Services
from tests.standins.discord import Channel, DiscordStandIn, Guild, User
from tests.standins.discord.world import BOT_PERMISSIONS, FORUM, RESIDENT_PERMISSIONS

CONSOLE = "http://127.0.0.1:8642"
PATIENCE = Patience(guilds=0.1)


class WallClock(FakeClock):
    """The real time: ids of Discord hold it, so a clock that stands still would contradict them."""

    def __call__(self) -> datetime:
        return datetime.now(UTC)


async def eventually(condition: Callable[[], object], *, within: float = 8.0, why: str = "") -> None:
    """Wait until `condition` holds; fail after `within` seconds."""
    deadline = time.monotonic() + within
    while not condition():
        assert time.monotonic() < deadline, why or "it never happened"
        await asyncio.sleep(0.02)


@dataclass
class Town:
    """The stand-in with a server in it: two watched channels, a staff channel, and people."""

    discord: DiscordStandIn
    guild: Guild
    square: Channel
    forum: Channel
    staff: Channel
    clerk: User
    marleen: User
    karim: User

    def settings(self, **changes: object) -> DiscordSettings:
        values: dict[str, object] = {
            "token": SecretStr(self.discord.token),
            "api_base": self.discord.api_base,
            "channels": (str(self.square.id), str(self.forum.id)),
            "staff_channel": str(self.staff.id),
        }
        return DiscordSettings.model_validate(values | changes)


@pytest.fixture
def town() -> Iterator[Town]:
    with DiscordStandIn() as discord:
        guild = discord.add_guild()
        yield Town(
            discord,
            guild,
            discord.add_channel(guild, "dorpsplein"),
            discord.add_channel(guild, "vragen", kind=FORUM),
            discord.add_channel(guild, "team"),
            clerk=discord.add_user("Gemeente Zonnedorp", permissions=BOT_PERMISSIONS | RESIDENT_PERMISSIONS),
            marleen=discord.add_user("Marleen"),
            karim=discord.add_user("Karim"),
        )
        assert discord.state.violations == []


@pytest.fixture
def desk_services(sqlite_database: Database, bulletin: Bulletin) -> Services:
    """Return the real review services, in real time."""
    return Services(sqlite_database, WallClock(), bulletin)


@dataclass
class Bot:
    """Starts and stops the channel; `ended` holds what a run ended with."""

    town: Town
    services: Services
    channel: DiscordChannel
    task: asyncio.Task[None] | None = None

    async def start(self) -> Bot:
        self.task = asyncio.create_task(self.channel.run())
        began = self.town.discord.state.gateway.counts["identify"]
        await eventually(lambda: self._listening(began), why="the channel never listened")
        return self

    def _listening(self, began: int) -> bool:
        assert self.task is not None
        if self.task.done():
            self.task.result()
        client = self.channel.sender._link._client  # type: ignore[attr-defined]
        return client is not None and client.caught_up.is_set()

    async def stop(self) -> None:
        if self.task is not None:
            self.task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await self.task
            self.task = None

    async def ends(self) -> BaseException:
        """Wait until the run ends by itself and return what it raised."""
        assert self.task is not None
        await asyncio.wait([self.task], timeout=15)
        assert self.task.done(), "the run went on"
        error = self.task.exception()
        self.task = None
        assert error is not None
        return error

    async def texts(self) -> list[str]:
        """Return the texts that are stored and not deleted, oldest first."""
        return [row.text for row in await self.rows() if row.deleted_at is None]

    async def rows(self) -> list[Row]:
        query = (
            "SELECT m.message_id, m.chat_id, m.kind, m.author_role, m.post_id, m.thread_id, m.reply_to, m.deleted_at,"
            " m.history, r.text, r.quoted, r.forwarded, r.state FROM messages m JOIN revisions r ON r.message_pk = m.id"
            " AND r.number = m.revision ORDER BY length(m.message_id), m.message_id, m.id"
        )
        async with self.services.database.read() as tx:
            return [Row(**row) for row in (await tx.execute(text(query))).mappings()]

    async def notices(self) -> list[str]:
        """Return what administrators are told and is not settled."""
        async with self.services.database.read() as tx:
            rows = await tx.execute(text("SELECT text FROM notices WHERE settled_at IS NULL"))
            return [str(found) for found in rows.scalars()]

    async def unreadable(self) -> list[str]:
        """Return the raw messages that were stepped over."""
        async with self.services.database.read() as tx:
            return [str(found) for found in (await tx.execute(text("SELECT payload FROM unreadable"))).scalars()]

    async def seen(self) -> None:
        """Wait until the channel has noted that it listens."""
        while await self.services.intake.last_seen("discord") is None:
            await asyncio.sleep(0.02)

    async def stored(self, *texts: str) -> None:
        """Wait until exactly these texts are stored and not deleted."""
        deadline = time.monotonic() + 8
        while (found := await self.texts()) != list(texts):
            assert time.monotonic() < deadline, found
            await asyncio.sleep(0.02)


@dataclass(frozen=True)
class Row:
    message_id: str
    chat_id: str
    kind: str
    author_role: str
    post_id: str | None
    thread_id: str | None
    reply_to: str | None
    deleted_at: str | None
    history: bool
    text: str
    quoted: str
    forwarded: str
    state: str


MakeBot = Callable[..., Bot]


@pytest.fixture
async def make_bot(town: Town, desk_services: Services) -> AsyncIterator[MakeBot]:
    made: list[Bot] = []

    def make(*, patience: Patience = PATIENCE, **settings: object) -> Bot:
        channel = build_discord(
            town.settings(**settings),
            desk_services.intake,
            desk_services.desk,
            console_url=CONSOLE,
            clock=desk_services.clock,
            patience=patience,
        )
        made.append(Bot(town, desk_services, channel))
        return made[-1]

    yield make
    for bot in made:
        await bot.stop()


@pytest.fixture
async def bot(make_bot: MakeBot) -> Bot:
    """Return a bot that listens."""
    return await make_bot().start()
