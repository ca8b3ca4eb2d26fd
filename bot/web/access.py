"""Who may open which page. Each page says so itself, in one line; `tests/web/test_access.py` holds the whole table."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import quote

from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from bot.core.people import Role
from bot.web.console import Console, Visit

OPEN: frozenset[Role] | None = None
EVERYONE = frozenset(Role)
DECIDERS = frozenset({Role.ADMINISTRATOR, Role.MODERATOR, Role.COMMUNITY_MANAGER})
OVERSEERS = frozenset({Role.ADMINISTRATOR, Role.AUDITOR})
ADMINISTRATORS = frozenset({Role.ADMINISTRATOR})

Endpoint = Callable[[Visit], Awaitable[Response]]


@dataclass(frozen=True, slots=True)
class Page:
    """A page or a command. `roles` None means that nobody has to sign in."""

    method: Literal["GET", "POST"]
    path: str
    endpoint: Endpoint
    roles: frozenset[Role] | None


def route(page: Page) -> Route:
    """Return the route of a page, with its guard in front."""

    async def guarded(request: Request) -> Response:
        visit = await _enter(request)
        if page.roles is not None:
            if visit.person is None:
                return _to_sign_in(request)
            if visit.person.roles.isdisjoint(page.roles):
                raise HTTPException(403)
        return await page.endpoint(visit)

    return Route(page.path, guarded, methods=[page.method])


async def _enter(request: Request) -> Visit:
    console: Console = request.app.state.console
    token = console.sessions.token_in(request.cookies)
    person = await console.sessions.find(token)
    return Visit(console, request, person, token, console.clock())


def _to_sign_in(request: Request) -> Response:
    # A command is not repeated after signing in; its page is opened instead.
    path = request.url.path if request.method in {"GET", "HEAD"} else "/"
    if request.url.query and path != "/":
        path += f"?{request.url.query}"
    where = "" if path == "/" else f"?naar={quote(path)}"
    return RedirectResponse(f"/aanmelden{where}", 303)
