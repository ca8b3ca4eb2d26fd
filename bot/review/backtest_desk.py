"""One backtest at a time, for everybody: it belongs to the service, not to the page that asked for it.

It goes on when the page is left, and its last report stays until the next one is done or the service stops. Rights are
for the caller. Nothing is written: whoever stops the service loses a report and nothing else.
"""

from __future__ import annotations

import asyncio
import time
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

import structlog

from bot.core.clock import Clock
from bot.core.errors import Refused, RuleFileError, VerbinderError
from bot.review.backtest_words import NO_HISTORY
from bot.review.backtesting import backtest_history
from bot.review.bulletin import Bulletin, Topic
from bot.rules import RuleSet
from bot.rules.backtest import BacktestReport
from bot.store import replay
from bot.store.database import Database

RING_SECONDS = 0.4  # how often an open page is told that there is progress
FAILED = "De terugblik is mislukt."

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Question:
    """What to replay: the candidate, what people call it, and the rules in force where there are others.

    `limit` is how many of the newest reactions to replay, None for all; `by` is who asked.
    """

    candidate: RuleSet
    live: RuleSet | None
    what: str
    by: str
    limit: int | None = None


@dataclass(frozen=True, slots=True)
class Running:
    """A backtest under way: `done` of `total` reactions, `seconds` after it began."""

    question: Question
    began: datetime
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    stopping: bool = False

    @property
    def seconds_left(self) -> int | None:
        """Return about how long it will still take, None as long as nothing can be said about that."""
        if not 0 < self.done < self.total:
            return None
        return round(self.seconds / self.done * (self.total - self.done))


@dataclass(frozen=True, slots=True)
class Finished:
    """A backtest that ended: with a report, or with the reason why there is none. `total` could have been replayed."""

    question: Question
    began: datetime
    ended: datetime
    total: int
    report: BacktestReport | None
    failure: str = ""


class BacktestDesk:
    """Takes one question at a time. `run` answers them for as long as the service runs."""

    def __init__(self, database: Database, clock: Clock, bulletin: Bulletin, *, zone: tzinfo) -> None:
        self._database = database
        self._clock = clock
        self._bulletin = bulletin
        self._zone = zone
        self._running: Running | None = None
        self._finished: Finished | None = None
        self._asked = asyncio.Event()
        self._changes = 0
        self._rang = 0.0

    @property
    def running(self) -> Running | None:
        """Return the backtest that is under way."""
        return self._running

    @property
    def finished(self) -> Finished | None:
        """Return the one that ended last since the service started."""
        return self._finished

    @property
    def stamp(self) -> str:
        """Return a text that differs when there is something else to see."""
        return str(self._changes)

    async def start(self, question: Question) -> None:
        """Begin to answer `question`.

        Raises:
            Refused: another one is under way, or there is nothing to replay.
        """
        total = await replay.count(self._database, limit=question.limit)
        self.refuse_a_second()
        if not total:
            raise Refused(NO_HISTORY)
        self._running = Running(question, self._clock(), total=total)
        self._asked.set()
        self._tell()

    def refuse_a_second(self) -> None:
        """Raise Refused while one is under way, saying whose it is and since when."""
        if self._running is not None:
            by, since = self._running.question.by, self._running.began.astimezone(self._zone)
            raise Refused(
                f"Er loopt al een terugblik, van {by}, sinds {since.hour}:{since.minute:02}. Wacht tot die klaar is, of"
                " stop hem."
            )

    def stop(self) -> bool:
        """Ask the one under way to stop; its report is of what was done until then. Tell whether there was one."""
        if self._running is None:
            return False
        self._running = replace(self._running, stopping=True)
        self._tell()
        return True

    async def run(self) -> None:
        """Answer questions until cancelled; what is under way then is given up, with its processes."""
        while True:
            await self._asked.wait()
            self._asked.clear()
            try:
                await self._answer()
            finally:
                self._running = None
                self._tell()

    async def _answer(self) -> None:
        running = self._running
        if running is None:
            return
        began, failure = time.monotonic(), ""
        report: BacktestReport | None = None

        def on_progress(done: int, total: int) -> None:
            if self._running is None:
                return
            now = time.monotonic()
            self._running = replace(self._running, done=done, total=total, seconds=now - began)
            if now - self._rang >= RING_SECONDS:
                self._rang = now
                self._tell()

        try:
            report = await backtest_history(
                self._database,
                running.question.live,
                running.question.candidate,
                zone=self._zone,
                on_progress=on_progress,
                stop=lambda: self._running is None or self._running.stopping,
                limit=running.question.limit,
            )
        except RuleFileError as error:
            failure = error.message
        except VerbinderError as error:
            failure = str(error)
        except Exception:  # noqa: BLE001 - the worker goes on; whoever asked reads that it failed
            _log.exception("backtest failed")
            failure = f"{FAILED} Probeer het opnieuw; in het logboek van Verbinder staat wat er gebeurde."
        latest = self._running or running
        self._finished = Finished(running.question, running.began, self._clock(), latest.total, report, failure)
        _log.info("backtest ended", reactions=latest.done, seconds=round(time.monotonic() - began, 1))

    def _tell(self) -> None:
        self._changes += 1
        self._bulletin.ring(Topic.BACKTEST)
