from __future__ import annotations

import asyncio
import contextlib
from datetime import timedelta

import pytest

from bot.jobs import scheduler as module
from bot.jobs import start_scheduler, stop_scheduler
from bot.jobs.job import Job, Needs
from bot.jobs.schedule import Every
from bot.review.bulletin import Bulletin
from bot.settings import Settings
from bot.store.database import Database
from tests.builders import FakeClock


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "FIRST_TICK", timedelta(0))


def job(database: Database, clock: FakeClock, work: object) -> Job:
    return Job("proef", Every(timedelta(minutes=1)), work, Needs(database, clock, Bulletin(), {}, Settings()))  # type: ignore[arg-type]


async def test_the_scheduler_ticks_every_job(sqlite_database: Database, clock: FakeClock) -> None:
    ran = asyncio.Event()

    async def work() -> None:
        ran.set()

    jobs = [job(sqlite_database, clock, work)]
    scheduler = start_scheduler(jobs, Settings())
    async with asyncio.timeout(5):
        await ran.wait()
    (entry,) = scheduler.get_jobs()
    assert (entry.coalesce, entry.max_instances, entry.misfire_grace_time) == (True, 1, 60)
    assert str(scheduler.timezone) == "Europe/Brussels"
    await stop_scheduler(scheduler, jobs)
    assert not scheduler.running


async def test_stopping_lets_work_under_way_finish(sqlite_database: Database, clock: FakeClock) -> None:
    started, finished = asyncio.Event(), asyncio.Event()

    async def work() -> None:
        started.set()
        await asyncio.sleep(0.2)
        finished.set()

    jobs = [job(sqlite_database, clock, work)]
    scheduler = start_scheduler(jobs, Settings())
    async with asyncio.timeout(5):
        await started.wait()
        await stop_scheduler(scheduler, jobs)
    assert finished.is_set()


async def test_stopping_does_not_wait_for_ever(
    sqlite_database: Database, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(module, "STOP_SECONDS", 0.1)
    started = asyncio.Event()
    cancelled = asyncio.Event()

    async def work() -> None:
        started.set()
        try:
            await asyncio.sleep(3600)
        except asyncio.CancelledError:
            cancelled.set()
            raise

    jobs = [job(sqlite_database, clock, work)]
    scheduler = start_scheduler(jobs, Settings())
    async with asyncio.timeout(5):
        await started.wait()
        await stop_scheduler(scheduler, jobs)
        with contextlib.suppress(TimeoutError):
            await cancelled.wait()
    assert cancelled.is_set()
