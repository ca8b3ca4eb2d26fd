"""Abandoned claims: whoever took a case up and forgot it gives it back to the queue by itself (trap 2)."""

from __future__ import annotations

from datetime import timedelta

from bot.core.audit import AuditEvent, AuditName
from bot.core.clock import Clock
from bot.jobs.job import JobKind, Needs
from bot.jobs.schedule import Every
from bot.review.bulletin import Bulletin, Topic
from bot.store import audit, casebook
from bot.store.database import Database

INTERVAL = timedelta(minutes=1)


class ReturnClaims:
    """Takes the claim off every case whose time has run out."""

    def __init__(self, database: Database, clock: Clock, bulletin: Bulletin) -> None:
        self._database = database
        self._clock = clock
        self._bulletin = bulletin

    async def __call__(self) -> None:
        now = self._clock()
        async with self._database.read() as tx:
            expired = await casebook.expired_claims(tx, now)
        if not expired:
            return
        async with self._database.write() as tx:
            for row in expired:
                current = await casebook.lock(tx, row.id)
                if current is None or current.claimed_until is None or current.claimed_until > now:
                    continue  # taken up again, or decided, between looking and locking
                await casebook.touch(tx, row.id, now, claimed_by=None, claimed_until=None)
                event = AuditEvent(AuditName.CLAIM_EXPIRED, case_id=row.id, data={"person": current.claimed_by})
                await audit.append(tx, now, event)
        self._bulletin.ring(Topic.CASES)


def _make(needs: Needs) -> ReturnClaims:
    return ReturnClaims(needs.database, needs.clock, needs.bulletin)


KIND = JobKind("claims teruggeven", lambda _settings: Every(INTERVAL), _make)
