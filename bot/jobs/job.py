"""One job: look whether a slot is due, take it, do the work, and report a failure without stopping anything.

A failing job is logged and raises a notice for administrators; the next time that it succeeds settles the notice.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import structlog

from bot.core.clock import Clock
from bot.core.people import Face
from bot.jobs.schedule import Schedule
from bot.review.bulletin import Bulletin, Topic
from bot.review.notices import tell_administrators
from bot.review.ports import StaffSurface
from bot.settings import Settings
from bot.store import journal
from bot.store.database import Database

Work = Callable[[], Awaitable[None]]

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Needs:
    """What jobs are built from. `surfaces` are the staff channels that are connected."""

    database: Database
    clock: Clock
    bulletin: Bulletin
    surfaces: Mapping[Face, StaffSurface]
    settings: Settings


@dataclass(frozen=True, slots=True)
class JobKind:
    """An entry of the registry: what a job is called (in Dutch, as people read it), when it is due, how it is made."""

    name: str
    schedule: Callable[[Settings], Schedule]
    make: Callable[[Needs], Work]


class Job:
    """A job of one running service. `tick` may be called as often as one likes."""

    def __init__(self, name: str, schedule: Schedule, work: Work, needs: Needs) -> None:
        self.name = name
        self._schedule = schedule
        self._work = work
        self._database = needs.database
        self._clock = needs.clock
        self._bulletin = needs.bulletin
        self._last: str | None = None
        self._running = asyncio.Lock()

    async def tick(self) -> bool:
        """Run when a slot is due that nobody took; tell whether the work was tried. Raises nothing but cancellation."""
        async with self._running:
            return await self._tick()

    async def idle(self) -> None:
        """Wait until no run is under way."""
        async with self._running:
            pass

    async def _tick(self) -> bool:
        try:
            if not await self._take():
                return False
        except Exception:  # noqa: BLE001 - an unreachable database must not end the schedule
            _log.exception("job could not take its slot", job=self.name)
            return False
        try:
            await self._work()
        except Exception as error:  # noqa: BLE001 - whatever a job does wrong, the service goes on
            _log.exception("job failed", job=self.name)
            await self._report(error)
        else:
            await self._settle()
        return True

    async def _take(self) -> bool:
        now = self._clock()
        slot = self._schedule.slot(now)
        if slot is None or slot == self._last:
            return False
        async with self._database.write() as tx:
            taken = await journal.take_slot(tx, self.name, slot, now)
        self._last = slot
        return taken

    async def _report(self, error: Exception) -> None:
        text = (
            f"De geplande taak “{self.name}” is niet gelukt ({type(error).__name__}). De rest van Verbinder werkt "
            "gewoon door. De taak wordt de volgende keer opnieuw geprobeerd; in het logboek staat wat er misging."
        )
        try:
            async with self._database.write() as tx:
                await tell_administrators(tx, self._clock(), f"job:{self.name}", text, level="fout")
        except Exception:  # noqa: BLE001 - the log has it already
            _log.exception("job failure could not be noted", job=self.name)
        self._bulletin.ring(Topic.CASES)

    async def _settle(self) -> None:
        try:
            async with self._database.write() as tx:
                await journal.settle_notice(tx, f"job:{self.name}", self._clock())
        except Exception:  # noqa: BLE001 - the work itself was done
            _log.exception("job success could not be noted", job=self.name)
