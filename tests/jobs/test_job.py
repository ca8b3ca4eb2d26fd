from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.errors import StoreError
from bot.jobs.job import Job, Needs
from bot.jobs.schedule import Daily, Every, Schedule
from bot.review.bulletin import Bulletin
from bot.settings import Settings
from bot.store import audit, journal
from bot.store.database import Database
from tests.builders import FakeClock

HOUR = timedelta(hours=1)


class Counted:
    """Work that counts its runs, and fails while `broken`."""

    def __init__(self) -> None:
        self.runs = 0
        self.broken: Exception | None = None

    async def __call__(self) -> None:
        self.runs += 1
        if self.broken is not None:
            raise self.broken


@pytest.fixture
def work() -> Counted:
    return Counted()


@pytest.fixture
def make(database: Database, clock: FakeClock, bulletin: Bulletin, work: Counted) -> Callable[[Schedule], Job]:
    needs = Needs(database, clock, bulletin, {}, Settings())
    return lambda schedule: Job("proef", schedule, work, needs)


Make = Callable[[Schedule], Job]
EVERY_HOUR = Every(HOUR)


async def test_a_job_runs_once_in_each_slot(make: Make, clock: FakeClock, work: Counted) -> None:
    job = make(EVERY_HOUR)
    assert [await job.tick() for _ in range(3)] == [True, False, False]
    clock.advance(HOUR)
    assert await job.tick()
    assert work.runs == 2


async def test_a_clock_that_jumps_back_does_not_run_a_job_twice(make: Make, clock: FakeClock, work: Counted) -> None:
    job = make(EVERY_HOUR)
    for _ in range(3):
        await job.tick()
        clock.advance(HOUR)
    clock.advance(-3 * HOUR)
    for _ in range(3):
        await job.tick()
        clock.advance(HOUR)
    assert work.runs == 3


async def test_a_clock_that_stands_still_does_not_run_a_job_twice(make: Make, work: Counted) -> None:
    job = make(EVERY_HOUR)
    for _ in range(10):
        await job.tick()
    assert work.runs == 1


async def test_a_second_process_does_not_run_it_again(make: Make, work: Counted) -> None:
    first, second = make(EVERY_HOUR), make(EVERY_HOUR)
    ran = await asyncio.gather(first.tick(), second.tick())
    assert sorted(ran) == [False, True]
    assert work.runs == 1


async def test_a_restart_does_not_run_it_again(make: Make, work: Counted) -> None:
    await make(EVERY_HOUR).tick()
    await make(EVERY_HOUR).tick()
    assert work.runs == 1


@pytest.mark.parametrize(
    "start", [datetime(2027, 3, 28, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)], ids=["spring", "autumn"]
)
async def test_a_daily_job_runs_once_in_the_night_the_clock_changes(
    make: Make, clock: FakeClock, work: Counted, start: datetime
) -> None:
    job = make(Daily(time(2, 30), ZoneInfo("Europe/Brussels"), 4 * HOUR))
    clock.now = start
    for _ in range(60):
        await job.tick()
        clock.advance(timedelta(minutes=5))
    assert work.runs == 1


async def test_a_failing_job_raises_a_notice_and_nothing_else(make: Make, database: Database, work: Counted) -> None:
    work.broken = RuntimeError("secret-token-123")
    assert await make(EVERY_HOUR).tick()
    async with database.read() as tx:
        (notice,) = await journal.open_notices(tx)
        (line,) = await audit.recent(tx)
    assert notice.key == "job:proef"
    assert notice.level == "fout"
    assert "RuntimeError" in notice.text
    assert "secret-token-123" not in notice.text, "a message of an error may hold anything"
    assert line.event.name == "system:notice:raised"


async def test_the_next_success_settles_the_notice(
    make: Make, database: Database, clock: FakeClock, work: Counted
) -> None:
    job = make(EVERY_HOUR)
    work.broken = RuntimeError("once")
    await job.tick()
    work.broken = None
    clock.advance(HOUR)
    await job.tick()
    async with database.read() as tx:
        assert await journal.open_notices(tx) == []


async def test_an_unreachable_database_does_not_end_the_schedule(
    clock: FakeClock, bulletin: Bulletin, work: Counted, tmp_path: object
) -> None:
    nowhere = Database(f"sqlite+aiosqlite:///{tmp_path}/no/such/folder/x.db")
    job = Job("proef", EVERY_HOUR, work, Needs(nowhere, clock, bulletin, {}, Settings()))
    assert not await job.tick()
    assert work.runs == 0
    await nowhere.close()


async def test_a_slot_that_could_not_be_taken_is_tried_again(
    make: Make, work: Counted, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = make(EVERY_HOUR)

    async def unreachable(*_args: object) -> bool:
        raise StoreError("weg")

    with monkeypatch.context() as broken:
        broken.setattr(journal, "take_slot", unreachable)
        assert not await job.tick()
    assert await job.tick()
    assert work.runs == 1


async def test_a_job_that_is_stopped_does_not_swallow_it(make: Make, work: Counted) -> None:
    work.broken = asyncio.CancelledError()  # type: ignore[assignment]
    with pytest.raises(asyncio.CancelledError):
        await make(EVERY_HOUR).tick()
