"""Reminders: a case that waits longer than agreed, counted in working hours, is brought up again in the staff channels.

One message names how many cases wait and since when; every case is reminded of once in each period. Without a staff
channel the reminder is a notice in the console.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditEvent, AuditName
from bot.core.cases import Case
from bot.core.clock import Clock
from bot.core.people import Face
from bot.jobs.hours import WorkingHours, working_hours
from bot.jobs.job import JobKind, Needs
from bot.jobs.phrasing import at, cases_in_words
from bot.jobs.schedule import Every
from bot.jobs.telling import say_everywhere
from bot.review.notices import tell_administrators
from bot.review.ports import StaffSurface
from bot.store import audit, casebook, journal, views
from bot.store.database import Database
from bot.store.schema import cases

INTERVAL = timedelta(minutes=5)
NOTICE = "reminder"


class Remind:
    """Reminds of every case left alone for `after` of working time."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        surfaces: Mapping[Face, StaffSurface],
        *,
        hours: WorkingHours,
        after: timedelta,
        console_url: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._surfaces = surfaces
        self._hours = hours
        self._after = after
        self._console_url = console_url

    async def __call__(self) -> None:
        now = self._clock()
        if not self._hours.is_open(now):
            return
        since = self._hours.before(now, self._after)
        async with self._database.read() as tx:
            waiting = await _left_alone(tx, since, now)
        if not waiting:
            return
        text = self._text(waiting)
        faces = await say_everywhere(self._surfaces, text)
        async with self._database.write() as tx:
            if not self._surfaces:
                await journal.settle_notice(tx, NOTICE, now)
                await tell_administrators(tx, now, NOTICE, text)
            await _remember(tx, [case.id for case in waiting], faces, now)

    def _text(self, waiting: Sequence[Case]) -> str:
        counts = cases_in_words(Counter(case.kind for case in waiting))
        verb = "wacht" if len(waiting) == 1 else "wachten"
        oldest = at(min(case.opened_at for case in waiting), self._hours.zone)
        most_urgent = max(waiting, key=lambda case: (case.severity or 0, -case.opened_at.timestamp()))
        where = f"{self._console_url}/zaken/{most_urgent.id}" if len(waiting) == 1 else self._console_url
        return (
            f"Herinnering: {counts} {verb} al langer dan {_hours(self._after)} op een beslissing, "
            f"de oudste sinds {oldest}. Bekijk de wachtrij: {where}"
        )


async def _left_alone(tx: AsyncConnection, since: datetime, now: datetime) -> tuple[Case, ...]:
    """Return the cases opened and last reminded of at `since` or before, that nobody is working on now."""
    rows = await casebook.left_alone(tx, since)
    found = await views.load_cases(tx, [row.id for row in rows if row.opened_at <= since])
    return tuple(case for case in found if case.claimed_until is None or case.claimed_until <= now)


async def _remember(tx: AsyncConnection, ids: Sequence[int], faces: Sequence[Face], now: datetime) -> None:
    # Not through `casebook.touch`: a reminder changes nothing on a card and does not keep a cluster open longer.
    await tx.execute(update(cases).where(cases.c.id.in_(ids)).values(reminded_at=now))
    told = ",".join(faces) or "console"
    events = (AuditEvent(AuditName.REMINDER_SENT, case_id=case_id, data={"faces": told}) for case_id in ids)
    await audit.append(tx, now, *events)


def _hours(amount: timedelta) -> str:
    number = f"{amount / timedelta(hours=1):.3g}".replace(".", ",")
    return "1 werkuur" if number == "1" else f"{number} werkuren"


def _make(needs: Needs) -> Remind:
    settings = needs.settings
    return Remind(
        needs.database,
        needs.clock,
        needs.surfaces,
        hours=working_hours(settings.review, settings.timezone),
        after=timedelta(hours=settings.review.remind_after_hours),
        console_url=settings.console_url,
    )


KIND = JobKind("herinneringen", lambda _settings: Every(INTERVAL), _make)
