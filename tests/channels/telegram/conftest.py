"""Fixtures: the stand-in of Telegram, a town on it, and its team."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.builders import Services
from tests.channels.telegram.town import Team, Town
from tests.standins.botapi import BotApiServer


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server


@pytest.fixture
def town(api: BotApiServer, sqlite_services: Services) -> Town:
    return Town(api, sqlite_services)


@pytest.fixture
def team(town: Town) -> Team:
    return Team(town)
