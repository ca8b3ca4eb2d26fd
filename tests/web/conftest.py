"""Fixtures of the console: an application on a real database, and browsers for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from starlette.applications import Starlette

from bot.core.people import Role
from tests.builders import Services
from tests.web.visitor import Visitor, console_on

Enter = Callable[..., Awaitable[Visitor]]


@pytest.fixture
def app(sqlite_services: Services) -> Starlette:
    return console_on(sqlite_services)


@pytest.fixture
async def enter(app: Starlette, sqlite_services: Services) -> AsyncIterator[Enter]:
    """Return a function that lets a new colleague with these roles in; without roles nobody is signed in."""
    opened: list[Visitor] = []

    async def _enter(*roles: Role, name: str = "") -> Visitor:
        visitor = Visitor(app)
        opened.append(visitor)
        if roles:
            person = await sqlite_services.person(name or f"Collega {len(opened)}", *roles)
            await visitor.sign_in(person)
        return visitor

    yield _enter
    for visitor in opened:
        await visitor.client.aclose()
