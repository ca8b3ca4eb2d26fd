"""The service as it runs, with the real engine: what the laws are about."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bot.analysis import analyse
from bot.engine import Engine
from bot.review.triage import Triage
from tests.analysis.conftest import engine  # noqa: F401 - the engine that ships, as a fixture
from tests.builders import Services


def with_engine(services: Services, engine: Engine) -> Services:  # noqa: F811 - a fixture has its name
    """Let these services judge with `engine`."""
    services.triage = Triage(
        services.database,
        services.clock,
        services.bulletin,
        partial(analyse, engine=engine),
        raid_window=timedelta(hours=1),
    )
    return services


@pytest.fixture
def town(services: Services, engine: Engine) -> Services:  # noqa: F811
    return with_engine(services, engine)


@pytest.fixture
def sqlite_town(sqlite_services: Services, engine: Engine) -> Services:  # noqa: F811
    return with_engine(sqlite_services, engine)
