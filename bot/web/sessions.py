"""Who is signed in. Sessions live in the database, so that they can be revoked; the cookie is a random token only."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from datetime import datetime, timedelta

from starlette.responses import Response

from bot.core.clock import Clock
from bot.core.people import Person
from bot.store import people
from bot.store.database import Database

IDLE = timedelta(hours=8)
ABSOLUTE = timedelta(days=7)
FRESH = timedelta(minutes=15)
_TOUCH_EVERY = timedelta(minutes=1)
_TOKEN_BYTES = 32
_TOKEN_LONGEST = 100


class Sessions:
    """Starts, finds and ends sessions."""

    def __init__(self, database: Database, clock: Clock, *, secure: bool) -> None:
        self._database = database
        self._clock = clock
        self._secure = secure
        self._touched: dict[str, datetime] = {}
        self._by_link: dict[str, datetime] = {}
        # The prefix makes browsers refuse a cookie of this name that is not Secure, or was set by another host.
        self.cookie = "__Host-verbinder" if secure else "verbinder"

    async def find(self, token: str, *, touch: bool = True) -> Person | None:
        """Return who holds `token`, None when it is not or no longer valid. With `touch` the idle time starts anew."""
        if not token or len(token) > _TOKEN_LONGEST:
            return None
        now = self._clock()
        async with self._database.read() as tx:
            person = await people.by_session(tx, token, now, idle_since=now - IDLE)
        if person is not None and touch:
            await self._touch(token, now)
        return person

    async def start(self, person: Person, *, by_link: bool = False) -> str:
        """Start a session and return its token."""
        token, now = secrets.token_urlsafe(_TOKEN_BYTES), self._clock()
        async with self._database.write() as tx:
            await people.start_session(tx, person.id, token, now, now + ABSOLUTE)
        if by_link:
            self._by_link = {key: at for key, at in self._by_link.items() if at > now - FRESH}
            self._by_link[people.token_hash(token)] = now
        return token

    def fresh_by_link(self, token: str) -> bool:
        """Tell whether this session began with a one-time link just now: it may choose a password without the old."""
        at = self._by_link.get(people.token_hash(token))
        return at is not None and self._clock() - at < FRESH

    async def end(self, token: str) -> None:
        async with self._database.write() as tx:
            await people.end_session(tx, token, self._clock())
        self._touched.pop(people.token_hash(token), None)

    def token_in(self, cookies: Mapping[str, str]) -> str:
        return cookies.get(self.cookie, "")

    def give(self, response: Response, token: str) -> None:
        """Put the token in a cookie that scripts cannot read and other sites cannot send along with a form."""
        response.set_cookie(
            self.cookie,
            token,
            max_age=int(ABSOLUTE.total_seconds()),
            path="/",
            secure=self._secure,
            httponly=True,
            samesite="lax",
        )

    def take(self, response: Response) -> None:
        """Take the cookie away."""
        response.delete_cookie(self.cookie, path="/", secure=self._secure, httponly=True, samesite="lax")

    async def _touch(self, token: str, now: datetime) -> None:
        key = people.token_hash(token)
        if now - self._touched.get(key, now - IDLE) < _TOUCH_EVERY:
            return
        self._touched = {old: at for old, at in self._touched.items() if now - at < _TOUCH_EVERY}
        self._touched[key] = now
        async with self._database.write() as tx:
            await people.touch_session(tx, token, now)
