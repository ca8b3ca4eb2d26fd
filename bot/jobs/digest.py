"""The daily digest: what yesterday brought and what waits now, in numbers only.

It holds no words of residents, no names and no pseudonyms: a staff channel may have more readers than the console.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditData, AuditEvent, AuditName
from bot.core.cases import CaseKind
from bot.core.clock import Clock
from bot.core.people import Face
from bot.jobs.hours import time_of, zone_of
from bot.jobs.job import JobKind, Needs
from bot.jobs.phrasing import cases_in_words, channel_name, day, listed, number_of
from bot.jobs.schedule import Daily
from bot.jobs.telling import say_everywhere
from bot.review.ports import StaffSurface
from bot.settings import Settings
from bot.store import audit, journal, views
from bot.store.database import Database
from bot.store.schema import decisions

CATCH_UP = timedelta(hours=4)  # a service that starts in the afternoon says nothing about this morning any more


@dataclass(frozen=True, slots=True)
class Numbers:
    """What a digest says of `day`. `received` counts reactions per channel; `waiting` open cases per desk now."""

    day: date
    received: Mapping[str, int] = field(default_factory=dict)
    alerts: int = 0
    suggestions: int = 0
    decided: int = 0
    waiting: Mapping[CaseKind, int] = field(default_factory=dict)
    notices: int = 0


class Digest:
    """Says the digest of yesterday in every staff channel."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        surfaces: Mapping[Face, StaffSurface],
        *,
        zone: ZoneInfo,
        console_url: str,
    ) -> None:
        self._database = database
        self._clock = clock
        self._surfaces = surfaces
        self._zone = zone
        self._console_url = console_url

    async def __call__(self) -> None:
        if not self._surfaces:
            return
        now = self._clock()
        yesterday = now.astimezone(self._zone).date() - timedelta(days=1)
        async with self._database.read() as tx:
            numbers = await count(tx, yesterday, self._zone)
        faces = await say_everywhere(self._surfaces, in_words(numbers, self._console_url))
        waiting = sum(numbers.waiting.values())
        data: AuditData = {"day": yesterday.isoformat(), "waiting": waiting, "faces": ",".join(faces)}
        async with self._database.write() as tx:
            await audit.append(tx, now, AuditEvent(AuditName.DIGEST_SENT, data=data))


async def count(tx: AsyncConnection, of: date, zone: ZoneInfo) -> Numbers:
    """Return the numbers of one day on the town's clock (counters are kept per UTC day: at night they differ a bit)."""
    start = datetime.combine(of, time.min, zone).astimezone(UTC)
    end = datetime.combine(of + timedelta(days=1), time.min, zone).astimezone(UTC)
    counted = [row for row in await journal.counts(tx, of.isoformat()) if row.day == of.isoformat()]
    decided = select(func.count()).where(decisions.c.at >= start, decisions.c.at < end, decisions.c.undone_at.is_(None))
    return Numbers(
        day=of,
        received={row.channel: row.value for row in counted if row.name == "received"},
        alerts=sum(row.value for row in counted if row.name == "judged_alert"),
        suggestions=sum(row.value for row in counted if row.name == "judged_suggestion"),
        decided=(await tx.execute(decided)).scalar_one(),
        waiting=await views.queue_counts(tx),
        notices=len(await journal.open_notices(tx)),
    )


def in_words(numbers: Numbers, console_url: str) -> str:
    """Return the digest in Dutch. Pure."""
    lines = [f"Goedemorgen. Dit was {day(numbers.day)}:", f"- {_received(numbers)}"]
    if sum(numbers.received.values()):
        lines.append(f"- {_judged(numbers)}")
    lines.append(f"- Het team nam {number_of(numbers.decided, 'beslissing', 'beslissingen')}.")
    waiting = cases_in_words(numbers.waiting)
    lines.append(f"Nu wachten nog: {waiting}." if waiting else "Er wacht nu niets op een beslissing.")
    if numbers.notices:
        notices = number_of(numbers.notices, "mededeling", "mededelingen")
        lines.append(f"Voor beheerders: {notices} in de console.")
    return "\n".join([*lines, console_url])


def _received(numbers: Numbers) -> str:
    if not sum(numbers.received.values()):
        return "Er kwamen geen nieuwe reacties binnen."
    parts = [
        f"{number_of(amount, 'reactie', 'reacties')} via {channel_name(channel)}"
        for channel, amount in sorted(numbers.received.items())
        if amount
    ]
    return f"Nieuw: {listed(parts)}."


def _judged(numbers: Numbers) -> str:
    if not numbers.alerts and not numbers.suggestions:
        return "Geen daarvan vroeg iets van het team."
    found = {CaseKind.ALERT: numbers.alerts, CaseKind.REPLY: numbers.suggestions}
    return f"Verbinder legde voor: {cases_in_words(found)}."


def _make(needs: Needs) -> Digest:
    settings = needs.settings
    zone = zone_of(settings.timezone)
    return Digest(needs.database, needs.clock, needs.surfaces, zone=zone, console_url=settings.console_url)


def _schedule(settings: Settings) -> Daily:
    at = time_of("VERBINDER_REVIEW__DIGEST_AT", settings.review.digest_at)
    return Daily(at, zone_of(settings.timezone), CATCH_UP)


KIND = JobKind("dagoverzicht", _schedule, _make)
