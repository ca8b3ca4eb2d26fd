"""Fixtures of the console: an application on a real database, and browsers for it."""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable

import pytest
from starlette.applications import Starlette

from bot.core.people import Role
from tests.builders import Services
from tests.web.scene import with_evidence
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


@pytest.fixture
async def an(services: Services) -> AsyncIterator[Visitor]:
    """Yield the browser of an administrator, on both kinds of database, with verdicts that carry evidence."""
    person = await services.person("An", Role.ADMINISTRATOR)
    visitor = await Visitor(console_on(with_evidence(services))).sign_in(person)
    yield visitor
    await visitor.client.aclose()
