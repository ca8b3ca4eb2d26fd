"""Bring the database to the version of this program, or say why that cannot be done.

Migrations run on a plain (not async) connection of the same driver, so Alembic needs no event loop. All of them run
in one transaction that no other process can be in: killed at any line, the database is as it was.
"""

from __future__ import annotations

from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from alembic.util.exc import CommandError
from sqlalchemy import Connection, Engine, create_engine, event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError

from bot.core.errors import StoreError
from bot.store.database import WRITER_LOCK, sqlite_path, unusable

MIGRATIONS = Path(__file__).resolve().parent.parent.parent / "migrations"


def alembic_config(connection: Connection | None = None) -> Config:
    """Return Alembic's configuration without an ini file; `connection` is the one that env.py uses."""
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    config.attributes["connection"] = connection
    return config


def sync_url(url: str) -> str:
    """Return the address for a plain connection to the same database."""
    return make_url(url.replace("sqlite+aiosqlite://", "sqlite://", 1)).render_as_string(hide_password=False)


def upgrade(url: str, revision: str = "head") -> None:
    """Migrate the database at `url`, making it where it does not exist.

    Raises:
        StoreError: the database cannot be opened, or was made by a newer version of Verbinder.
    """
    address = make_url(url).render_as_string(hide_password=True)
    path = sqlite_path(url)
    try:
        if path is not None:
            path.parent.mkdir(parents=True, exist_ok=True)
        engine = create_engine(sync_url(url))
        if engine.dialect.name == "sqlite":
            _begin_immediate(engine)
        try:
            with engine.begin() as connection:
                if connection.dialect.name == "postgresql":
                    connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})
                _refuse_newer(connection, address)
                command.upgrade(alembic_config(connection), revision)
        finally:
            engine.dispose()
    except (DBAPIError, CommandError, OSError) as error:
        raise unusable(address, error) from error


def _begin_immediate(engine: Engine) -> None:
    """Take transactions over from the driver: it would commit each CREATE TABLE by itself.

    The write-ahead log is switched on here, where there is one connection: two that switch at once fail, unwaited.
    """

    @event.listens_for(engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        connection.execute("PRAGMA journal_mode=WAL").close()

    @event.listens_for(engine, "begin")
    def _on_begin(connection: Connection) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE")


def _refuse_newer(connection: Connection, address: str) -> None:
    current = MigrationContext.configure(connection).get_current_revision()
    known = {script.revision for script in ScriptDirectory.from_config(alembic_config()).walk_revisions()}
    if current is not None and current not in known:
        raise StoreError(
            f"De databank is nieuwer dan dit programma (database is newer): {address}\n  versie {current}",
            remedy="Start de nieuwste versie van Verbinder, of zet een reservekopie van de databank terug.",
        )
