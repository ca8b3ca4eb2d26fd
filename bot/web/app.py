"""Build the console: the pages there are, in one list, behind the shield."""

from __future__ import annotations

from pathlib import Path
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Mount
from starlette.staticfiles import StaticFiles

from bot.core.clock import Clock
from bot.review.backtest_desk import BacktestDesk
from bot.review.bulletin import Bulletin
from bot.review.desk import Desk
from bot.review.rulebook import Rulebook
from bot.review.thresholds import Thresholds
from bot.settings import Settings
from bot.store.database import Database
from bot.web import live
from bot.web.access import Page, route
from bot.web.console import CheckDraft, Console, Health
from bot.web.origin import allowed_hosts
from bot.web.pages import (
    backtest,
    channels,
    deciding,
    guide,
    health,
    history,
    log,
    password,
    people,
    queue,
    rule_editor,
    rule_versions,
    rules,
    signing_in,
)
from bot.web.pages import case as case_page
from bot.web.rendering import error_page
from bot.web.sessions import Sessions
from bot.web.shield import STATIC_PREFIX, Shield

PAGES: tuple[Page, ...] = (
    *signing_in.PAGES,
    *password.PAGES,
    *queue.PAGES,
    *case_page.PAGES,
    *deciding.PAGES,
    *channels.PAGES,
    *history.PAGES,
    *rules.PAGES,
    *rule_editor.PAGES,
    *rule_versions.PAGES,
    *backtest.PAGES,
    *log.PAGES,
    *people.PAGES,
    *health.PAGES,
    *guide.PAGES,
    *live.PAGES,
)


def build_console(
    database: Database,
    desk: Desk,
    rulebook: Rulebook,
    backtests: BacktestDesk,
    bulletin: Bulletin,
    clock: Clock,
    settings: Settings,
    *,
    health: Health,
    check_draft: CheckDraft | None = None,
    secure: bool | None = None,
) -> Starlette:
    """Return the console as an ASGI application.

    `health` looks at everything that can be wrong; `check_draft` returns Dutch remarks on a reply, none when it is
    fine. `secure` says whether people open it over https (default: as the address in the settings says).
    """
    if secure is None:
        secure = settings.console_url.startswith("https://")
    origin = urlsplit(settings.console_url)
    app = Starlette(
        routes=[
            *(route(page) for page in PAGES),
            Mount(STATIC_PREFIX.rstrip("/"), StaticFiles(directory=Path(__file__).parent / "static")),
        ],
        middleware=[
            Middleware(
                Shield,
                hosts=allowed_hosts(settings),
                origins=frozenset({f"{origin.scheme}://{origin.netloc}"}),
                error_page=error_page,
            )
        ],
        exception_handlers={HTTPException: _explain},
    )
    app.state.console = Console(
        database=database,
        desk=desk,
        rulebook=rulebook,
        backtests=backtests,
        thresholds=Thresholds(database, backtests, zone=ZoneInfo(settings.timezone)),
        bulletin=bulletin,
        clock=clock,
        settings=settings,
        health=health,
        check_draft=check_draft,
        sessions=Sessions(database, clock, secure=secure),
    )
    return app


def _explain(_request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    response = error_page(error.status_code)
    response.headers.update(error.headers or {})
    return response
