"""Keep the cards of one staff face equal to the cases: post what is missing, edit what is out of date.

Cards are reconciled with the store, never pushed: a decision made on another face, a restart or a failed try all end in
the same loop. A card is posted once a case; when staff deleted it, a case that is still active gets a new one.
"""

from __future__ import annotations

import asyncio
from datetime import datetime, timedelta

import structlog

from bot.core.cases import Case, CaseState
from bot.core.clock import Clock
from bot.core.errors import ChannelError, MissingPermission, RateLimited, Rejected, Revoked, TargetGone
from bot.core.people import Face
from bot.review.bulletin import Bulletin, Topic
from bot.review.notices import WRONG, tell_administrators
from bot.review.ports import StaffSurface
from bot.store import journal, views
from bot.store.cards import remember_card
from bot.store.database import Database

POLL_SECONDS = 1.0
BATCH = 20
PAUSE_AFTER_FAILURE = timedelta(seconds=5)
PAUSE_FOR_PEOPLE = timedelta(minutes=1)  # a token or a right: waiting does not help, somebody has to do something
PAUSE_AFTER_REFUSAL = timedelta(minutes=10)  # for that one card

_FOR_PEOPLE = (MissingPermission, Revoked, TargetGone, Rejected)

_log = structlog.get_logger(__name__)


class CardKeeper:
    """One for each staff surface."""

    def __init__(self, database: Database, clock: Clock, bulletin: Bulletin, face: Face, surface: StaffSurface) -> None:
        self._database = database
        self._clock = clock
        self._bulletin = bulletin
        self._face = face
        self._surface = surface
        self._refused: dict[int, datetime] = {}  # cases of which the platform takes no card, and until when to wait
        self._told = True  # of trouble, perhaps by an earlier process

    async def run(self) -> None:
        """Keep the cards for as long as the service runs."""
        async with self._bulletin.listen(Topic.CASES) as bell:
            while True:
                try:
                    busy = await self.run_once()
                except RateLimited as error:
                    await asyncio.sleep(error.retry_after.total_seconds())
                except ChannelError as error:
                    await self._report(error)
                    pause = PAUSE_FOR_PEOPLE if isinstance(error, _FOR_PEOPLE) else PAUSE_AFTER_FAILURE
                    await asyncio.sleep(pause.total_seconds())
                else:
                    await self._recovered()
                    if not busy:
                        await bell.wait(POLL_SECONDS)

    async def run_once(self) -> int:
        """Bring a batch of cards up to date; return how many were looked at."""
        now = self._clock()
        self._refused = {case_id: until for case_id, until in self._refused.items() if until > now}
        async with self._database.read() as tx:
            rows = await views.stale_cards(tx, self._face, BATCH + len(self._refused))
            stale = [row for row in rows if row.case_id not in self._refused]
            found = {case.id: case for case in await views.load_cases(tx, [row.case_id for row in stale])}
        for row in stale:
            await self._keep(found[row.case_id], row.card_version, row.ref)
        return len(stale)

    async def _keep(self, case: Case, version: int, ref: str | None) -> None:
        try:
            ref = await self._show(case, ref)
        except Rejected as error:  # a card the platform will not take must not hold up the others
            self._refused[case.id] = self._clock() + PAUSE_AFTER_REFUSAL
            await self._report(error)
            return
        async with self._database.write() as tx:
            await remember_card(tx, self._face, case.id, ref, version)

    async def _show(self, case: Case, ref: str | None) -> str:
        """Return where the card now stands; raise what the platform says of a card that cannot be posted."""
        if ref is not None:
            try:
                await self._surface.edit(ref, case)
            except TargetGone:
                if not _active(case):
                    return ref
            except Rejected as error:  # nor must one that it will not change
                _log.warning("card not changed", case=case.id, face=self._face, error=error.message)
                return ref
            else:
                return ref
        return await self._surface.post(case)

    async def _report(self, error: ChannelError) -> None:
        _log.warning("cards not up to date", face=self._face, error=error.message)
        if isinstance(error, _FOR_PEOPLE):
            text = f"De kaarten in het teamkanaal ({self._face}) kunnen niet bijgewerkt worden. {error}"
            async with self._database.write() as tx:
                await tell_administrators(tx, self._clock(), self._notice, text, level=WRONG)
            self._told = True

    async def _recovered(self) -> None:
        if self._told and not self._refused:
            async with self._database.write() as tx:
                await journal.settle_notice(tx, self._notice, self._clock())
            self._told = False

    @property
    def _notice(self) -> str:
        return f"cards:{self._face}"


def _active(case: Case) -> bool:
    return case.state in {CaseState.OPEN, CaseState.RETURNED}
