"""A browser without a screen: it signs in, follows redirects, sends forms as a browser does, and reads pages."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import httpx
from starlette.applications import Starlette

from bot.core.health import Check, Verdict
from bot.core.people import Person
from bot.review.backtest_desk import BacktestDesk
from bot.review.rulebook import Rulebook
from bot.settings import Settings
from bot.web.app import build_console
from bot.web.console import CheckDraft, Console
from tests.builders import Services
from tests.review.rule_town import shipped_engine

BRUSSELS = ZoneInfo("Europe/Brussels")
BASE = "http://127.0.0.1:8642"


async def healthy() -> Sequence[Check]:
    return (
        Check("Databank", Verdict.GOOD, "bereikbaar"),
        Check("Telegram", Verdict.BAD, "geen recht om te verwijderen", "Maak de bot beheerder."),
    )


def console_on(
    services: Services,
    *,
    rulebook: Rulebook | None = None,
    backtests: BacktestDesk | None = None,
    settings: Settings | None = None,
    check_draft: CheckDraft | None = None,
    secure: bool | None = None,
) -> Starlette:
    """Return the console on real services, with the house rules that Verbinder ships unless others are given."""
    return build_console(
        services.database,
        services.desk,
        rulebook or Rulebook(services.database, services.clock, services.bulletin, shipped_engine()),
        backtests or BacktestDesk(services.database, services.clock, services.bulletin, zone=BRUSSELS),
        services.bulletin,
        services.clock,
        settings or Settings(town="Dorpbeke"),
        health=healthy,
        check_draft=check_draft,
        secure=secure,
    )


class Visitor:
    """One browser with its own cookies."""

    def __init__(self, app: Starlette, *, base: str = BASE) -> None:
        self.app = app
        self.console: Console = app.state.console
        self.base = base
        self.client = httpx.AsyncClient(
            transport=httpx.ASGITransport(app), base_url=base, headers={"sec-fetch-site": "same-origin", "origin": base}
        )

    async def sign_in(self, person: Person) -> Visitor:
        """Start a session as the sign-in pages do; those have tests of their own."""
        sessions = self.console.sessions
        self.client.cookies.set(sessions.cookie, await sessions.start(person), domain=httpx.URL(self.base).host)
        return self

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(path)

    async def post(self, path: str, data: Mapping[str, str | Sequence[str]] | None = None) -> httpx.Response:
        return await self.client.post(path, data=dict(data or {}))

    async def follow(self, response: httpx.Response) -> httpx.Response:
        """Open the page that a redirect points to."""
        assert response.status_code == 303, response.text
        return await self.get(response.headers["location"])


INLINE = {"a", "bdi", "kbd", "mark", "span", "strong", "time"}


class _Text(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.tags: list[tuple[str, dict[str, str | None]]] = []
        self.text: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, dict(attrs)))
        if tag not in INLINE:
            self.text.append(" ")

    def handle_endtag(self, tag: str) -> None:
        if tag not in INLINE:
            self.text.append(" ")

    def handle_data(self, data: str) -> None:
        self.text.append(data)


@dataclass(frozen=True)
class Parsed:
    """A page as its parts."""

    text: str
    tags: tuple[tuple[str, dict[str, str | None]], ...]

    def actions(self) -> set[str]:
        """Return where the forms and buttons of the page send to."""
        return {value for tag, attrs in self.tags for value in (attrs.get("action"), attrs.get("formaction")) if value}

    def links(self) -> list[str]:
        return [attrs["href"] or "" for tag, attrs in self.tags if tag == "a" and "href" in attrs]


def parse(html: str) -> Parsed:
    """Return the visible text (spaces squeezed) and the tags of a page."""
    parser = _Text()
    parser.feed(html)
    return Parsed(re.sub(r"\s+", " ", "".join(parser.text)).strip(), tuple(parser.tags))


async def text_of(visitor: Visitor, path: str) -> str:
    """Return the visible text of a page that is there."""
    response = await visitor.get(path)
    assert response.status_code == 200, response.text
    return parse(response.text).text
