"""The thresholds of a town in force: taken in from their file when it changes, refused as a whole when it is wrong.

The file on the disk is the truth, as with the house rules. A changed file is checked as a whole and then judges in one
step; one with errors changes nothing, and administrators are told once, with line and column (law 7). The last file
that was good is kept, so that a start with a wrong one goes on where it was. Nobody's file is ever written here.
"""

from __future__ import annotations

import asyncio
import time
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path

import structlog

from bot.core.audit import AuditData, AuditEvent, AuditName
from bot.core.clock import Clock
from bot.core.errors import Refused, RuleFileError
from bot.engine import Engine
from bot.review.bulletin import Bulletin, Topic
from bot.review.notices import WRONG, tell_administrators
from bot.review.rule_folder import Watch, write_whole
from bot.store import audit, journal
from bot.store.database import Database
from bot.thresholds.measures import Measures
from bot.thresholds.values import SHIPPED, TownThresholds

LOOK_SECONDS = 0.5
KEY = "thresholds:refused"
KEPT = "drempels.laatst.yaml"

Exchange = Callable[[Callable[[Engine], Engine]], Awaitable[None]]
"""Lets another engine judge, made from the one that judges now."""

_log = structlog.get_logger(__name__)


def at_start(measures: Measures, path: Path, kept: Path) -> tuple[TownThresholds, RuleFileError | None]:
    """Return the thresholds to start with, and why the file at `path` is not used where it is not.

    Raises:
        RuleFileError: the file has errors, and no good one was ever kept.
    """
    try:
        return measures.load(path), None
    except RuleFileError as error:
        if not kept.exists():
            raise
        return measures.parse(path, kept.read_bytes()), error


class ThresholdKeeper:
    """Watches the file at `path`; `kept` is where the last good one is kept, and `refused` why a start went without."""

    def __init__(
        self,
        database: Database,
        clock: Clock,
        bulletin: Bulletin,
        measures: Measures,
        exchange: Exchange,
        *,
        path: Path,
        kept: Path,
        in_force: TownThresholds = SHIPPED,
        refused: RuleFileError | None = None,
    ) -> None:
        self._database = database
        self._clock = clock
        self._bulletin = bulletin
        self._measures = measures
        self._exchange = exchange
        self._path = path
        self._kept = kept
        self._watch = Watch(path)
        self._in_force = in_force
        self._refused = refused

    @property
    def in_force(self) -> TownThresholds:
        """Return the thresholds that judge now."""
        return self._in_force

    async def run(self) -> None:
        """Look at the file for as long as the service runs."""
        while True:
            await self.look(time.monotonic())
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, moment: float) -> None:
        """Take in what changed. `moment` is a time in seconds that never goes back."""
        if not await asyncio.to_thread(self._watch.changed, (), moment):
            return
        try:
            own = await asyncio.to_thread(self._measures.load, self._path)
            if not await asyncio.to_thread(self._watch.still, ()):
                return  # somebody is writing again; it will be quiet later
            await self._accept(own)
        except RuleFileError as error:
            await self._refuse(error)
        except BaseException:
            self._watch.forget()
            raise

    async def _accept(self, own: TownThresholds) -> None:
        now = self._clock()
        await asyncio.to_thread(self._keep)
        changed = own != self._in_force
        if changed:
            scorer, detector = await asyncio.to_thread(
                lambda: (self._measures.scorer(own), self._measures.detector(own))
            )
            await self._exchange(lambda engine: replace(engine, scorer=scorer, detector=detector, thresholds=own))
            self._in_force = own
        async with self._database.write() as tx:
            await journal.settle_notice(tx, KEY, now)
            if changed:
                data: AuditData = {"thresholds": own.version, "count": own.count}
                await audit.append(tx, now, AuditEvent(AuditName.THRESHOLDS_APPLIED, data=data))
        if changed or self._refused is not None:
            _log.info("thresholds applied", thresholds=own.version, count=own.count)
            self._bulletin.ring(Topic.CASES)
        self._refused = None

    async def _refuse(self, error: RuleFileError) -> None:
        now = self._clock()
        text = (
            "Het bestand met drempels kan niet gebruikt worden. Verbinder werkt verder met de vorige drempels.\n\n"
            f"{error.message}"
        )
        async with self._database.write() as tx:
            if any(notice.key == KEY and notice.text != text for notice in await journal.open_notices(tx)):
                await journal.settle_notice(tx, KEY, now)
            if await tell_administrators(tx, now, KEY, text, level=WRONG):
                data: AuditData = {"thresholds": self._in_force.version}
                await audit.append(tx, now, AuditEvent(AuditName.THRESHOLDS_REFUSED, data=data))
                _log.warning("threshold file refused", thresholds=self._in_force.version)
                self._bulletin.ring(Topic.CASES)
        self._refused = error

    def _keep(self) -> None:
        """Keep the file that is good now. Where that cannot be done, the next start simply needs a good file."""
        try:
            raw = self._path.read_bytes()
        except OSError:
            self._kept.unlink(missing_ok=True)
            return
        if not self._kept.exists() or self._kept.read_bytes() != raw:
            try:
                write_whole({self._kept: raw})
            except Refused as error:
                _log.warning("thresholds not kept", error=error.message)
