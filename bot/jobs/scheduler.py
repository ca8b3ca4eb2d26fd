"""APScheduler's part: a tick for every job, again and again. Nothing is persisted and nothing is decided here.

Each job looks at its own schedule on every tick (`bot.jobs.schedule`), so a tick too many or too few costs nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Sequence
from datetime import datetime, timedelta

from apscheduler.schedulers.asyncio import AsyncIOScheduler
from apscheduler.triggers.interval import IntervalTrigger

from bot.jobs.hours import zone_of
from bot.jobs.job import Job
from bot.settings import Settings

TICK = timedelta(seconds=30)
FIRST_TICK = timedelta(seconds=15)  # the staff channels connect first
MISFIRE_GRACE_SECONDS = 60
STOP_SECONDS = 2.0


def start_scheduler(jobs: Sequence[Job], settings: Settings) -> AsyncIOScheduler:
    """Start ticking on the running loop. Only `bot.app` calls this; stop it with `stop_scheduler`."""
    zone = zone_of(settings.timezone)
    scheduler = AsyncIOScheduler(
        timezone=zone,
        job_defaults={"coalesce": True, "max_instances": 1, "misfire_grace_time": MISFIRE_GRACE_SECONDS},
    )
    for job in jobs:
        scheduler.add_job(
            job.tick,
            IntervalTrigger(seconds=int(TICK.total_seconds()), timezone=zone),
            id=job.name,
            name=job.name,
            next_run_time=datetime.now(zone) + FIRST_TICK,
        )
    scheduler.start()
    return scheduler


async def stop_scheduler(scheduler: AsyncIOScheduler, jobs: Sequence[Job]) -> None:
    """Start no more ticks, give those under way a moment to finish, and stop."""
    scheduler.pause()
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(STOP_SECONDS):
            for job in jobs:
                await job.idle()
    scheduler.shutdown(wait=False)
    await asyncio.sleep(0)  # APScheduler stops on the loop's next turn
