"""What every page is given: the services behind the console, and the visit of one person."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from zoneinfo import ZoneInfo

from starlette.datastructures import FormData
from starlette.requests import Request

from bot.core.cases import Case
from bot.core.clock import Clock
from bot.core.health import Check
from bot.core.people import Person, Role
from bot.review.backtest_desk import BacktestDesk
from bot.review.bulletin import Bulletin, Topic
from bot.review.desk import Desk
from bot.review.rulebook import Rulebook
from bot.review.thresholds import Thresholds
from bot.settings import Settings
from bot.store.database import Database
from bot.store.types import storable
from bot.web.flashes import Flash, Flashes
from bot.web.passwords import Passwords
from bot.web.sessions import Sessions
from bot.web.shield import LARGEST_RULES
from bot.web.throttle import Throttle

_UNTYPED = re.compile(r"[\x00-\x08\x0b-\x1f\x7f-\x9f]")  # no key types these; pasted, they only do harm

Health = Callable[[], Awaitable[Sequence[Check]]]
CheckDraft = Callable[[str, Case], Sequence[str]]


@dataclass
class Console:
    """The services. `closing` tells the event streams to end."""

    database: Database
    desk: Desk
    rulebook: Rulebook
    backtests: BacktestDesk
    thresholds: Thresholds
    bulletin: Bulletin
    clock: Clock
    settings: Settings
    health: Health
    check_draft: CheckDraft | None
    sessions: Sessions
    passwords: Passwords = field(default_factory=Passwords)
    throttle: Throttle = field(default_factory=Throttle)
    flashes: Flashes = field(default_factory=Flashes)
    closing: bool = False
    streams: int = 0

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.settings.timezone)

    def close(self) -> None:
        """Let the open event streams end."""
        self.closing = True
        self.bulletin.ring(Topic.CASES, Topic.BACKTEST)


@dataclass(frozen=True)
class Visit:
    """One request of one person, or of someone who is not signed in."""

    console: Console
    request: Request
    person: Person | None
    token: str
    now: datetime

    @property
    def who(self) -> Person:
        """Return the person who is signed in; only for pages that nobody else reaches."""
        assert self.person is not None
        return self.person

    @property
    def address(self) -> str:
        """Return where colleagues find the console: as the settings say, else as this person found it."""
        settings = self.console.settings
        if settings.console.url:
            return settings.console_url
        return f"{self.request.url.scheme}://{self.request.headers['host']}"

    def has(self, *roles: Role) -> bool:
        return self.person is not None and not self.person.roles.isdisjoint(roles)

    def path_number(self, name: str) -> int:
        value: int = self.request.path_params[name]
        return value

    def query(self, name: str) -> str:
        return self.request.query_params.get(name, "")

    def number(self, name: str) -> int | None:
        """Return a positive number from the query, None when there is none or it is nonsense."""
        value = self.query(name)
        return int(value) if value.isascii() and value.isdigit() and 0 < len(value) < 10 else None

    def say(self, flash: Flash) -> None:
        """Show `flash` on the next page that this person opens."""
        self.console.flashes.put(self.token, flash)

    async def form(self) -> Form:
        # The shield has limited the whole already.
        return Form(await self.request.form(max_files=0, max_part_size=LARGEST_RULES))


@dataclass(frozen=True)
class Form:
    """What was filled in, as clean text: line ends of one kind, nothing that a database cannot hold."""

    data: FormData

    def text(self, name: str) -> str:
        value = self.data.get(name, "")
        return _clean(value) if isinstance(value, str) else ""

    def texts(self, name: str) -> tuple[str, ...]:
        return tuple(_clean(value) for value in self.data.getlist(name) if isinstance(value, str))

    def number(self, name: str) -> int:
        """Return a whole number; zero, which is never a version or a key, where it is nonsense."""
        value = self.text(name).strip()
        return int(value) if value.isascii() and value.isdigit() and len(value) < 10 else 0


def _clean(value: str) -> str:
    return storable(_UNTYPED.sub("", value.replace("\r\n", "\n").replace("\r", "\n")))
