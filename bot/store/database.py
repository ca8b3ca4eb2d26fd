"""The database: engine, transactions and the check that the tables are the ones this program expects.

One transaction writes at a time, on SQLite (BEGIN IMMEDIATE) and on PostgreSQL (an advisory lock) alike: what two
people do at once happens one after the other, and nothing waits in a circle. Writers of one process queue in asyncio.
A read sees one state from its first query to its last. Time-outs and pragmas are set on every connection.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from typing import Any, TypeVar

from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.core.errors import StoreError

BUSY_TIMEOUT_MS = 10_000
WRITER_LOCK = 7_260_042  # any number that nobody else in this database uses for an advisory lock
_WRITE = "verbinder_write"

_T = TypeVar("_T")


class Database:
    """One engine. Use `write()` for a transaction that changes something and `read()` for one that does not."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            pool_pre_ping=not self.is_sqlite,
            hide_parameters=True,  # an error must not carry the words of residents into a log
        )
        self._writing = asyncio.Lock()
        self._under_way: set[asyncio.Task[Any]] = set()
        if self.is_sqlite:
            _prepare_sqlite(self.engine)

    @contextlib.asynccontextmanager
    async def write(self) -> AsyncIterator[AsyncConnection]:
        """Open a transaction that commits at the end of the block, or rolls back when it raises."""
        async with self._writing, self._connection() as connection:
            await connection.execution_options(**{_WRITE: True})
            async with connection.begin():
                if not self.is_sqlite:
                    await connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})
                yield connection

    @contextlib.asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """Open a read transaction: everything in the block sees the same state."""
        async with self._connection() as connection:
            if not self.is_sqlite:
                await connection.execution_options(isolation_level="REPEATABLE READ", postgresql_readonly=True)
            yield connection

    async def check(self) -> None:
        """Raise StoreError, with what to do, when the database cannot be read and written."""
        try:
            async with self.write() as tx:
                await tx.execute(text("UPDATE messages SET revision = revision WHERE 1 = 0"))
        except (SQLAlchemyError, OSError) as error:
            raise unusable(self.url.render_as_string(hide_password=True), error) from error

    async def close(self) -> None:
        """Wait for connections that are opening or closing and dispose of the pool, so that no thread is left."""
        while self._under_way:
            await asyncio.wait(self._under_way)
        await self.engine.dispose()

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection in a task of its own: who is cancelled meanwhile leaves none behind half open."""
        opening = self._start(self._open())
        try:
            connection = await asyncio.shield(opening)
        except asyncio.CancelledError:
            self._start(_close_once_open(opening))
            raise
        try:
            yield connection
        finally:
            await asyncio.shield(self._start(connection.close()))

    async def _open(self) -> AsyncConnection:
        return await self.engine.connect()

    def _start(self, work: Coroutine[Any, Any, _T]) -> asyncio.Task[_T]:
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)
        return task


async def _close_once_open(opening: asyncio.Task[AsyncConnection]) -> None:
    with contextlib.suppress(Exception):  # whoever waited for it is gone
        await (await opening).close()


def unusable(address: str, error: BaseException) -> StoreError:
    """Return the StoreError that explains why the database at `address` cannot be used."""
    cause = str(error.orig) if isinstance(error, DBAPIError) and error.orig is not None else str(error)
    cause = cause.strip().splitlines()[0] if cause.strip() else type(error).__name__
    return StoreError(
        f"De databank kan niet gebruikt worden (database): {address}\n  {cause}",
        remedy="Kijk VERBINDER_DATABASE__URL na: bestaat de map of draait de server, en mag u er schrijven?",
    )


def sqlite_path(url: str) -> Path | None:
    """Return the file behind an SQLite address, None for memory or another backend."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)


def _prepare_sqlite(engine: AsyncEngine) -> None:
    @event.listens_for(engine.sync_engine, "connect")
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None  # we say BEGIN ourselves
        cursor = connection.cursor()
        for pragma in (
            f"busy_timeout={BUSY_TIMEOUT_MS}",
            "journal_mode=WAL",
            "synchronous=FULL",  # a commit survives a power cut, not only a crash
            "foreign_keys=ON",
            "secure_delete=ON",  # an erasure really erases
        ):
            cursor.execute(f"PRAGMA {pragma}")
        cursor.close()

    @event.listens_for(engine.sync_engine, "begin")
    def _on_begin(connection: Any) -> None:
        write = connection.get_execution_options().get(_WRITE)
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
