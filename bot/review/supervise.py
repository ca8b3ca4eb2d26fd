"""Keep what never ends running: a channel or a worker that fails is reported, waited for and started again.

One that fails never takes another down. Administrators hear of it once, and again when it is over. A channel whose
token is refused is not tried again: asking with a wrong token is how a bot gets banned.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditEvent, AuditName
from bot.core.clock import Clock
from bot.core.errors import ChannelError, MissingPermission, RateLimited, Rejected, Revoked
from bot.review.bulletin import Bulletin, Topic
from bot.review.intake import Intake
from bot.review.notices import WRONG, tell_administrators
from bot.review.ports import Channel
from bot.store import audit, journal
from bot.store.database import Database

FIRST_PAUSE = timedelta(seconds=1)
LONGEST_PAUSE = timedelta(minutes=1)
STEADY = timedelta(minutes=2)  # whoever ran this long starts with a short pause again
LOOK_SECONDS = 0.5
LOOK_AGAIN_SECONDS = 5.0  # when looking itself failed

Sleep = Callable[[float], Awaitable[None]]
Work = Callable[[], Awaitable[None]]

_ENDED = "De verbinding eindigde zonder reden."
_FOR_PEOPLE = (Revoked, MissingPermission, Rejected)  # waiting does not help: somebody has to do something

_log = structlog.get_logger(__name__)


def pause_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: 1, 2, 4 … seconds, a minute at most."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(failures - 1, 10)
    return min(doubled, LONGEST_PAUSE)


@dataclass(frozen=True, slots=True)
class Supervisor:
    """Runs channels and workers until it is cancelled."""

    database: Database
    clock: Clock
    bulletin: Bulletin
    intake: Intake
    sleep: Sleep = asyncio.sleep

    async def channel(self, channel: Channel) -> None:
        """Run `channel`, again and again; return only when its token is refused."""
        failures = 0
        while True:
            started = self.clock()
            error = await _end_of(lambda: self._watched(channel))
            failures = 1 if self.clock() - started > STEADY else failures + 1
            await self._report_channel(channel.name, error, failures)
            if isinstance(error, Revoked):
                return
            pause = error.retry_after if isinstance(error, RateLimited) else pause_after(failures)
            await self.sleep(pause.total_seconds())

    async def worker(self, name: str, work: Work) -> None:
        """Run `work`, again and again. `name` is what administrators read when it keeps failing."""
        failures = 0
        while True:
            started = self.clock()
            error = await _end_of(work)  # a full disk or a restarted database must not end the service
            failures = 1 if self.clock() - started > STEADY else failures + 1
            _log.error("worker failed", worker=name, failures=failures, exc_info=error)
            await self._tell(
                f"worker:{name}",
                f"Het onderdeel “{name}” liep vast ({type(error).__name__}) en is opnieuw gestart. Er gaat niets "
                "verloren. Blijft dit bericht terugkomen, kijk dan in het logboek van het programma.",
            )
            await self.sleep(pause_after(failures).total_seconds())

    async def _watched(self, channel: Channel) -> None:
        """Run `channel` once, and write down when it says that it listens."""
        before = await self.intake.last_seen(channel.name)
        watch = asyncio.create_task(self._note_connected(channel.name, before))
        try:
            await channel.run()
        finally:
            watch.cancel()
            await asyncio.gather(watch, return_exceptions=True)

    async def _note_connected(self, name: str, before: object) -> None:
        """Wait until the channel says that it listens; write that down and settle what was wrong before."""
        while True:
            try:
                if await self.intake.last_seen(name) != before:
                    async with self.database.write() as tx:
                        await audit.append(tx, self.clock(), AuditEvent(AuditName.CHANNEL_CONNECTED, name))
                        await journal.settle_notice(tx, _key(name), self.clock())
                    break
            except Exception:  # noqa: BLE001 - the channel may well be fine
                _log.exception("connection could not be noted", channel=name)
                await self.sleep(LOOK_AGAIN_SECONDS)
            else:
                await self.sleep(LOOK_SECONDS)
        self.bulletin.ring(Topic.CASES)
        _log.info("channel connected", channel=name)

    async def _report_channel(self, name: str, error: Exception, failures: int) -> None:
        if isinstance(error, ChannelError):
            _log.warning("channel failed", channel=name, error=error.message, failures=failures)
            what, remedy = error.message, error.remedy
        else:
            _log.error("channel failed", channel=name, exc_info=error, failures=failures)
            what, remedy = f"Onverwachte fout ({type(error).__name__}).", "Kijk in het logboek van het programma."
        onward = (
            "Verbinder probeert het niet meer; herstel dit en start Verbinder opnieuw."
            if isinstance(error, Revoked)
            else "Verbinder blijft proberen; de andere kanalen werken gewoon door."
        )
        text = " ".join(part for part in (f"Het kanaal {name} is niet verbonden. {what}", remedy, onward) if part)
        event = AuditEvent(AuditName.CHANNEL_FAILED, name, data={"why": type(error).__name__})
        await self._tell(_key(name), text, event, afresh=isinstance(error, _FOR_PEOPLE))

    async def _tell(self, key: str, text: str, event: AuditEvent | None = None, *, afresh: bool = False) -> None:
        """Tell administrators, once until it is settled; `event` goes with what is news.

        With `afresh` a notice that says something else is replaced: first a storm, then a token that was refused.
        """
        now = self.clock()
        try:
            async with self.database.write() as tx:
                if afresh:
                    await _settle_other(tx, key, text, self.clock)
                if await tell_administrators(tx, now, key, text, level=WRONG) and event is not None:
                    await audit.append(tx, now, event)
        except Exception:  # noqa: BLE001 - the database itself may be what failed; the log has it already
            _log.exception("failure could not be noted", key=key)
        self.bulletin.ring(Topic.CASES)


async def _end_of(work: Work) -> Exception:
    """Run `work` and return what ended it. Only a cancellation of this very task goes on outwards."""
    try:
        await work()
    except asyncio.CancelledError:
        task = asyncio.current_task()
        if task is None or task.cancelling():
            raise
        return ChannelError(_ENDED)  # something inside cancelled itself
    except Exception as error:  # noqa: BLE001 - whatever ended it, the others go on
        return error
    return ChannelError(_ENDED)


async def _settle_other(tx: AsyncConnection, key: str, text: str, clock: Clock) -> None:
    if any(notice.key == key and notice.text != text for notice in await journal.open_notices(tx)):
        await journal.settle_notice(tx, key, clock())


def _key(channel: str) -> str:
    return f"channel:{channel}"
