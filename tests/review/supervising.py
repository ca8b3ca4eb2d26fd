"""What tests of the supervisor work with: a channel with a script, a sleep without waiting, a disk that is full."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import timedelta

from sqlalchemy.exc import OperationalError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditName
from bot.core.errors import Transient
from bot.review.ports import Sender, StaffSurface
from bot.review.supervise import LOOK_AGAIN_SECONDS, LOOK_SECONDS, Supervisor
from bot.store import audit, journal
from bot.store.database import Database
from tests.builders import MemorySender, Services

PATIENCE_SECONDS = 10.0
STORM = Transient("Het stormt.")

Act = Exception | Callable[[], Awaitable[None]]


@dataclass
class Naps:
    """A sleep that takes no time: it moves the clock, and remembers what was asked. Looking around is left out."""

    services: Services
    taken: list[float] = field(default_factory=list)
    looks: int = 0

    async def __call__(self, seconds: float) -> None:
        if seconds in {LOOK_SECONDS, LOOK_AGAIN_SECONDS}:
            self.looks += 1
            await asyncio.sleep(0.001)
            return
        self.taken.append(seconds)
        self.services.clock.advance(timedelta(seconds=seconds))
        await asyncio.sleep(0)


@dataclass
class ScriptedChannel:
    """A platform in memory: each run does the next act of its script; after the last it stays connected."""

    script: list[Act]
    name: str = "demo"
    sender: Sender = field(default_factory=MemorySender)
    surface: StaffSurface | None = None
    runs: int = 0
    staying: asyncio.Event = field(default_factory=asyncio.Event)

    async def run(self) -> None:
        self.runs += 1
        if not self.script:
            self.staying.set()
            await asyncio.Event().wait()
        act = self.script.pop(0)
        if isinstance(act, Exception):
            raise act
        await act()


def supervisor_of(services: Services, naps: Naps) -> Supervisor:
    return Supervisor(services.database, services.clock, services.bulletin, services.intake, sleep=naps)


@contextlib.asynccontextmanager
async def kept(work: Awaitable[None]) -> AsyncIterator[asyncio.Task[None]]:
    """Run `work` for the length of the block."""
    task = asyncio.ensure_future(work)
    assert isinstance(task, asyncio.Task)
    try:
        yield task
    finally:
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await task


async def until(look: Callable[[], Awaitable[object]]) -> None:
    deadline = time.monotonic() + PATIENCE_SECONDS
    while not await look():
        assert time.monotonic() < deadline, "in vain"
        await asyncio.sleep(0.005)


async def stays(channel: ScriptedChannel) -> None:
    """Wait until a channel's script is over."""
    await asyncio.wait_for(channel.staying.wait(), PATIENCE_SECONDS)


async def told(services: Services) -> dict[str, str]:
    """Return what administrators are told and is not settled."""
    async with services.database.read() as tx:
        return {row.key: row.text for row in await journal.open_notices(tx)}


async def noted(services: Services, name: AuditName) -> list[tuple[str, dict[str, object]]]:
    """Return (actor, data) of every line of the audit log with this name."""
    async with services.database.read() as tx:
        lines = await audit.recent(tx)
    return [(line.event.actor, dict(line.event.data)) for line in reversed(lines) if line.event.name == name]


class FullDisk(Database):
    """A database that can be broken; it mends by itself after it refused `refusals` times."""

    refusals = 0
    refused = 0

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        self._refuse()
        async with super().write() as connection:
            yield connection

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        self._refuse()
        async with super().read() as connection:
            yield connection

    def _refuse(self) -> None:
        if self.refusals > 0:
            self.refusals -= 1
            self.refused += 1
            raise OperationalError("INSERT", None, Exception("database or disk is full"))
