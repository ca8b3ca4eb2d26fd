"""Settings of a town of its own for each test, a PostgreSQL database of its own, and logging as it was afterwards."""

from __future__ import annotations

import logging
import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from sqlalchemy import create_engine, text

import bot.app
from bot.app import Ground, build_engine
from bot.engine import Engine
from bot.logs import _Handler
from bot.rules.files import RuleFiles
from bot.settings import Settings, load_settings
from bot.store.schema import metadata

SettingsOf = Callable[..., Settings]


@pytest.fixture
def settings_of(tmp_path: Path) -> SettingsOf:
    """Return a function that reads settings of a fresh folder: `settings_of(DEMO__ENABLED="off")`."""

    def read(**changes: str) -> Settings:
        values = {
            "DATA_DIR": str(tmp_path / "data"),
            "DATABASE__URL": f"sqlite:///{tmp_path / 'data' / 'verbinder.db'}",
            "CONSOLE__PORT": "0",
            "DEMO__PACE": "0.05",
            **changes,
        }
        environ = {f"VERBINDER_{name}": value for name, value in values.items()}
        return load_settings(tmp_path / "no.env", environ)

    return read


@pytest.fixture
def settings(settings_of: SettingsOf) -> Settings:
    return settings_of()


@pytest.fixture
def empty_postgres(postgres_schema: str) -> str:
    """Return the address of our schema on the PostgreSQL server, with nothing in its tables."""
    engine = create_engine(postgres_schema)
    with engine.begin() as connection:
        names = ", ".join(table.name for table in metadata.sorted_tables)
        connection.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    engine.dispose()
    return postgres_schema


@pytest.fixture(params=["sqlite", "postgresql"])
def database_url(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the address of an empty database: every test runs on both kinds."""
    if request.param == "sqlite":
        return f"sqlite:///{tmp_path / 'data' / 'verbinder.db'}"
    url: str = request.getfixturevalue("empty_postgres")
    return url


@pytest.fixture(scope="session")
def engine() -> Engine:
    return build_engine(Settings())


@pytest.fixture
def one_engine(engine: Engine, monkeypatch: pytest.MonkeyPatch) -> None:
    """Build the engine of the standard rules once for all tests that are about something else."""
    standard, build = Settings(), bot.app._engine

    def built(given: Settings, ground: Ground, files: RuleFiles) -> Engine:
        usual = given.rules == standard.rules and given.thresholds == standard.thresholds
        return engine if usual else build(given, ground, files)

    monkeypatch.setattr(bot.app, "_engine", built)


@pytest.fixture(autouse=True)
def _logging_as_it_was() -> Iterator[None]:
    root = logging.getLogger()
    level = root.level
    levels = {name: logger.level for name, logger in _loggers()}
    yield
    root.handlers[:] = [handler for handler in root.handlers if not isinstance(handler, _Handler)]
    root.setLevel(level)
    for name, logger in _loggers():
        logger.setLevel(levels.get(name, logging.NOTSET))


def _loggers() -> Iterator[tuple[str, logging.Logger]]:
    for name, logger in list(logging.Logger.manager.loggerDict.items()):
        if isinstance(logger, logging.Logger):
            yield name, logger


def other_threads() -> set[threading.Thread]:
    """Return the threads that should have ended by now: those of databases, and of the scorer."""
    return {thread for thread in threading.enumerate() if thread.name.endswith("(_connection_worker_thread)")}
