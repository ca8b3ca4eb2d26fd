"""The health report: does the inbox move, do effects leave, do the channels listen, and does anybody know it when not.

Each finding is a notice that settles itself once it is over. Notices of level `fout` are also said once in the staff
channels, because an administrator may not be looking at the console.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

import structlog
from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.cases import EffectState
from bot.core.clock import Clock
from bot.core.people import Face
from bot.jobs.job import JobKind, Needs
from bot.jobs.phrasing import channel_name, number_of
from bot.jobs.schedule import Every
from bot.jobs.telling import say_everywhere
from bot.review.notices import tell_administrators
from bot.review.ports import StaffSurface
from bot.settings import Settings
from bot.store import inbox, journal
from bot.store.database import Database
from bot.store.schema import effects, revisions
from bot.store.types import AnyRow

INTERVAL = timedelta(minutes=5)
TOO_LONG_IN_INBOX = timedelta(minutes=10)
TOO_LONG_IN_OUTBOX = timedelta(minutes=30)  # trying again by itself takes about 25 minutes
TOO_LONG_SILENT = timedelta(minutes=15)

_SEEN = "seen"  # the cursor that `bot.review.intake` keeps per channel
_TOLD = "mededeling gemeld"

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Report:
    """What was found. `silent` are channels that should listen and do not; times are ages."""

    pending: int
    oldest_pending: timedelta
    overdue_effects: int
    silent: tuple[str, ...]


class Health:
    """Looks, tells and settles."""

    def __init__(
        self, database: Database, clock: Clock, surfaces: Mapping[Face, StaffSurface], *, channels: Sequence[str]
    ) -> None:
        self._database = database
        self._clock = clock
        self._surfaces = surfaces
        self._channels = channels
        self._started = clock()

    async def __call__(self) -> None:
        now = self._clock()
        async with self._database.read() as tx:
            report = await self._look(tx, now)
        _log.info(
            "health",
            pending=report.pending,
            oldest_pending_seconds=round(report.oldest_pending.total_seconds()),
            overdue_effects=report.overdue_effects,
            silent=",".join(report.silent),
        )
        async with self._database.write() as tx:
            for key, text in self._findings(report).items():
                if text is None:
                    await journal.settle_notice(tx, key, now)
                else:
                    await tell_administrators(tx, now, key, text, level="fout")
        await self._say_what_is_new(now)

    async def _look(self, tx: AsyncConnection, now: datetime) -> Report:
        oldest = select(func.min(revisions.c.received_at)).where(revisions.c.state == "pending")
        since: datetime | None = (await tx.execute(oldest)).scalar_one()
        overdue = select(func.count()).where(
            effects.c.state.in_((EffectState.WAITING, EffectState.SENDING)),
            effects.c.not_before < now - TOO_LONG_IN_OUTBOX,
        )
        return Report(
            pending=await inbox.count_pending(tx),
            oldest_pending=timedelta() if since is None else max(now - since, timedelta()),
            overdue_effects=(await tx.execute(overdue)).scalar_one(),
            silent=tuple([name for name in self._channels if await self._is_silent(tx, name, now)]),
        )

    async def _is_silent(self, tx: AsyncConnection, channel: str, now: datetime) -> bool:
        found = await inbox.cursor(tx, channel, _SEEN)
        # What a channel did before this service started says nothing about it now.
        last = self._started if found is None else max(found[1], self._started)
        return now - last > TOO_LONG_SILENT

    def _findings(self, report: Report) -> dict[str, str | None]:
        """Return every notice that this job keeps, with its text, or None where nothing is wrong."""
        found: dict[str, str | None] = {"health:inbox": None, "health:outbox": None}
        if report.oldest_pending > TOO_LONG_IN_INBOX:
            waiting = number_of(report.pending, "reactie wacht", "reacties wachten")
            found["health:inbox"] = (
                f"{waiting} al langer dan {_minutes(TOO_LONG_IN_INBOX)} op beoordeling. "
                "Er gaat niets verloren. Kijk in het logboek waarom het niet vooruitgaat."
            )
        if report.overdue_effects:
            late = number_of(report.overdue_effects, "beslissing wacht", "beslissingen wachten")
            found["health:outbox"] = (
                f"{late} al langer dan {_minutes(TOO_LONG_IN_OUTBOX)} op uitvoering. Kijk of het kanaal verbonden is."
            )
        for channel in self._channels:
            silent = (
                f"Het kanaal {channel_name(channel)} luistert al langer dan {_minutes(TOO_LONG_SILENT)} niet. Nieuwe "
                "reacties komen dan niet binnen. Voer “verbinder doctor” uit om te zien wat eraan scheelt."
            )
            found[f"health:silent:{channel}"] = silent if channel in report.silent else None
        return found

    async def _say_what_is_new(self, now: datetime) -> None:
        if not self._surfaces:
            return
        async with self._database.write() as tx:
            wrong = [notice for notice in await journal.open_notices(tx) if notice.level == "fout"]
            new = [notice for notice in wrong if await journal.take_slot(tx, _TOLD, _slot(notice), now)]
        if new:
            lines = "\n".join(f"- {notice.text}" for notice in reversed(new))
            await say_everywhere(self._surfaces, f"Voor de beheerders van Verbinder:\n{lines}")


def _slot(notice: AnyRow) -> str:
    return f"{notice.id}@{notice.at:%Y-%m-%dT%H:%M:%S.%f}"


def _minutes(amount: timedelta) -> str:
    return f"{amount // timedelta(minutes=1)} minuten"


def _channels(settings: Settings) -> list[str]:
    found = [name for name, on in (("telegram", settings.telegram.token), ("discord", settings.discord.token)) if on]
    return [*found, *(["demo"] if settings.demo_plays else [])]


def _make(needs: Needs) -> Health:
    return Health(needs.database, needs.clock, needs.surfaces, channels=_channels(needs.settings))


KIND = JobKind("gezondheid", lambda _settings: Every(INTERVAL), _make)
