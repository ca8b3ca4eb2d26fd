"""Retention: every night, whatever was kept as long as the town agreed is erased. What and how stands in the store."""

from __future__ import annotations

import asyncio
from datetime import time, timedelta

import structlog

from bot.core.audit import AuditData, AuditEvent, AuditName
from bot.core.clock import Clock
from bot.jobs.hours import zone_of
from bot.jobs.job import JobKind, Needs
from bot.jobs.schedule import Daily
from bot.settings import Settings
from bot.store import audit, retention
from bot.store.database import Database
from bot.store.retention import Periods

AT = time(3, 30)
CATCH_UP = timedelta(hours=20)  # a machine that is off at night erases in the morning

_log = structlog.get_logger(__name__)


class Retention:
    """Erases in batches, each in its own transaction, so that nobody has to wait long for the database."""

    def __init__(self, database: Database, clock: Clock, periods: Periods) -> None:
        self._database = database
        self._clock = clock
        self._periods = periods

    async def __call__(self) -> None:
        now = self._clock()
        erased = 0
        while True:
            async with self._database.write() as tx:
                batch = await retention.purge(tx, now, self._periods)
            if not batch:
                break
            erased += batch
            await asyncio.sleep(0)
        async with self._database.write() as tx:
            leftovers = await retention.tidy(tx, now, self._periods)
            data: AuditData = {"messages": erased, "other_rows": leftovers}
            await audit.append(tx, now, AuditEvent(AuditName.RETENTION_RAN, data=data))
        if erased or leftovers:
            await retention.overwrite(self._database)
        _log.info("retention ran", messages=erased, other_rows=leftovers)


def _make(needs: Needs) -> Retention:
    review = needs.settings.review
    periods = Periods(timedelta(days=review.retention_days), timedelta(days=review.case_retention_days))
    return Retention(needs.database, needs.clock, periods)


def _schedule(settings: Settings) -> Daily:
    return Daily(AT, zone_of(settings.timezone), CATCH_UP)


KIND = JobKind("bewaartermijnen", _schedule, _make)
