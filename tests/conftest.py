"""Fixtures that every room shares: a clock that stands still, a real database, the review services on top of it."""

from __future__ import annotations

import os
import shutil
import socket
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest
import pytest_socket
import structlog
from sqlalchemy import text

from bot.review.bulletin import Bulletin
from bot.store.database import Database
from bot.store.migrate import upgrade
from bot.store.schema import metadata
from tests.builders import FakeClock, Services

POSTGRES = os.environ.get("VERBINDER_TEST_POSTGRES", "postgresql://postgres@127.0.0.1:5432/postgres")

# These rooms are pure: a test that opens a socket there has found a mistake.
PURE_ROOMS = {"core", "text", "rules", "toxicity", "framing", "replies", "analysis", "evaluation"}


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--nothing-skipped", action="store_true", help="fail when a test was skipped, whatever the reason")


@pytest.hookimpl(tryfirst=True)
def pytest_sessionfinish(session: pytest.Session) -> None:
    """Fail a run that should have had everything at hand and skipped a test."""
    reporter = session.config.pluginmanager.get_plugin("terminalreporter")  # None in a worker of xdist
    if reporter is not None and session.config.getoption("--nothing-skipped") and reporter.stats.get("skipped"):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


@pytest.fixture(autouse=True)
def _no_outside_world(request: pytest.FixtureRequest) -> Iterator[None]:
    """Let no test leave this machine, and none of a pure room open a socket at all."""
    room = request.path.relative_to(Path(__file__).parent).parts[0]
    if room in PURE_ROOMS:
        pytest_socket.disable_socket(allow_unix_socket=True)
    else:
        pytest_socket.socket_allow_hosts(["127.0.0.1", "localhost", "::1"], allow_unix_socket=True)
    yield
    pytest_socket.enable_socket()
    pytest_socket._remove_restrictions()


@pytest.fixture(autouse=True)
def _log_as_it_was() -> Iterator[None]:
    """Let no command that a test ran in this process go on writing the log of the tests after it."""
    before = structlog.get_config()
    yield
    structlog.configure(**before)


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def bulletin() -> Bulletin:
    return Bulletin()


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Return an empty, migrated SQLite database, to copy."""
    path = tmp_path_factory.mktemp("template") / "template.db"
    upgrade(f"sqlite+aiosqlite:///{path}")
    return path


@pytest.fixture
def sqlite_url(sqlite_template: Path, tmp_path: Path) -> str:
    """Return the address of a fresh, migrated SQLite database."""
    path = tmp_path / "verbinder.db"
    shutil.copy(sqlite_template, path)
    return f"sqlite+aiosqlite:///{path}"


def postgres_listens() -> bool:
    """Tell whether a PostgreSQL server is there to test on."""
    info = psycopg.conninfo.conninfo_to_dict(POSTGRES)
    try:
        with socket.create_connection((str(info["host"]), int(info.get("port") or 5432)), timeout=1):
            return True
    except OSError:
        return False


@pytest.fixture(scope="session")
def postgres_schema(worker_id: str) -> Iterator[str]:
    """Make a schema of our own on the PostgreSQL server and migrate it; yield the address."""
    if not postgres_listens():
        pytest.skip(f"no PostgreSQL at {POSTGRES}: set VERBINDER_TEST_POSTGRES to test on one")
    name = f"verbinder_test_{worker_id}_{os.getpid()}"
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {name}")
    url = POSTGRES.replace("postgresql://", "postgresql+psycopg://") + "?options=" + quote(f"-csearch_path={name}")
    upgrade(url)
    yield url
    with psycopg.connect(POSTGRES, autocommit=True) as connection:
        connection.execute(f"DROP SCHEMA {name} CASCADE")


@pytest.fixture(scope="session")
def worker_id(request: pytest.FixtureRequest) -> str:
    """Return the name of the xdist worker, `main` without xdist."""
    return str(getattr(request.config, "workerinput", {}).get("workerid", "main"))


@pytest.fixture(params=["sqlite", "postgresql"])
async def database(request: pytest.FixtureRequest) -> AsyncIterator[Database]:
    """Yield an empty database; every test runs on both kinds."""
    if request.param == "sqlite":
        db = Database(request.getfixturevalue("sqlite_url"))
    else:
        db = Database(request.getfixturevalue("postgres_schema"))
        names = ", ".join(table.name for table in metadata.sorted_tables)
        async with db.write() as tx:
            await tx.execute(text(f"TRUNCATE {names} RESTART IDENTITY CASCADE"))
    yield db
    await db.close()


@pytest.fixture
async def sqlite_database(sqlite_url: str) -> AsyncIterator[Database]:
    """Yield an empty SQLite database, for tests that are about something else than the database."""
    db = Database(sqlite_url)
    yield db
    await db.close()


@pytest.fixture
def services(database: Database, clock: FakeClock, bulletin: Bulletin) -> Services:
    return Services(database, clock, bulletin)


@pytest.fixture
def sqlite_services(sqlite_database: Database, clock: FakeClock, bulletin: Bulletin) -> Services:
    return Services(sqlite_database, clock, bulletin)
