"""The database: engine, transactions and the check that the tables are the ones this program expects.

One transaction writes at a time, on SQLite (BEGIN IMMEDIATE) and on PostgreSQL (an advisory lock) alike: what two
people do at once happens one after the other, and nothing waits in a circle. Writers of one process queue in asyncio.
A read sees one state from its first query to its last. Time-outs and pragmas are set on every connection.
"""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
from collections.abc import AsyncIterator, Callable
from pathlib import Path
from typing import Any

import aiosqlite
from sqlalchemy import event, text
from sqlalchemy.engine import make_url
from sqlalchemy.exc import DBAPIError, SQLAlchemyError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine

from bot.core.errors import StoreError

BUSY_TIMEOUT_MS = 10_000
WRITER_LOCK = 7_260_042  # any number that nobody else in this database uses for an advisory lock
IN_USE_SECONDS = 2.0  # what a transaction may take that is under way when the database closes
THREAD_SECONDS = 5.0  # what a thread may take to finish what it was doing
_LOOK_SECONDS = 0.005
_WRITE = "verbinder_write"

_CHECK_ADDRESS = "Kijk VERBINDER_DATABASE__URL na: bestaat de map of draait de server, en mag u er schrijven?"
_NOT_OURS = "Dit is geen databank van Verbinder. Kies een andere plaats met VERBINDER_DATABASE__URL."
_REMEDIES = {  # by what the database itself says
    "not a database": _NOT_OURS,
    "already exists": _NOT_OURS,
    "malformed": "De databank is beschadigd. Stop Verbinder en zet een reservekopie terug.",
}


class Database:
    """One engine. Use `write()` for a transaction that changes something and `read()` for one that does not."""

    def __init__(self, url: str) -> None:
        self.url = make_url(url)
        self.is_sqlite = self.url.get_backend_name() == "sqlite"
        self.engine: AsyncEngine = create_async_engine(
            self.url,
            pool_pre_ping=not self.is_sqlite,
            hide_parameters=True,  # an error must not carry the words of residents into a log
            connect_args={"factory": _RollsBack} if self.is_sqlite else {},
        )
        self._writing = asyncio.Lock()
        self._in_use = 0
        self._closed = False
        self._closing: set[asyncio.Task[None]] = set()
        self._threads: list[threading.Thread] = []
        if self.is_sqlite:
            _prepare_sqlite(self.engine)
            _keep_threads(self.engine, self._threads)

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
        """Close every connection and wait until their threads are gone: one that is left would find no event loop.

        A transaction that is under way has a moment to end. What comes back later is closed as it comes.
        """
        self._closed = True
        await _until(lambda: not self._in_use, IN_USE_SECONDS)
        await self.engine.dispose()
        await _until(lambda: not any(thread.is_alive() for thread in self._threads), THREAD_SECONDS)

    @contextlib.asynccontextmanager
    async def _connection(self) -> AsyncIterator[AsyncConnection]:
        """Open a connection for the block. Who is cancelled while it closes does not wait for that; `close` does."""
        self._in_use += 1
        try:
            connection = await self.engine.connect()
        except BaseException:
            self._in_use -= 1
            raise
        try:
            yield connection
        finally:
            closing = asyncio.create_task(self._give_back(connection))
            self._closing.add(closing)
            closing.add_done_callback(self._let_go)
            await asyncio.shield(closing)

    async def _give_back(self, connection: AsyncConnection) -> None:
        if self._closed:
            await connection.invalidate()  # else it would go to a pool that is gone
        await connection.close()

    def _let_go(self, closing: asyncio.Task[None]) -> None:
        self._closing.discard(closing)
        self._in_use -= 1


def unusable(address: str, error: BaseException) -> StoreError:
    """Return the StoreError that explains why the database at `address` cannot be used."""
    cause = str(error.orig) if isinstance(error, DBAPIError) and error.orig is not None else str(error)
    cause = cause.strip().splitlines()[0] if cause.strip() else type(error).__name__
    remedy = next((remedy for sign, remedy in _REMEDIES.items() if sign in cause), _CHECK_ADDRESS)
    return StoreError(f"De databank kan niet gebruikt worden (database): {address}\n  {cause}", remedy=remedy)


def sqlite_path(url: str) -> Path | None:
    """Return the file behind an SQLite address, None for memory or another backend."""
    parsed = make_url(url)
    if parsed.get_backend_name() != "sqlite" or not parsed.database or parsed.database == ":memory:":
        return None
    return Path(parsed.database)


class _RollsBack(sqlite3.Connection):
    """A connection that lets go of its locks when it is closed.

    Of a task that is cancelled in a query a cursor stays behind until Python next collects garbage. As long as it
    lives SQLite only marks the connection as closed (sqlite3_close_v2), and its transaction keeps the write lock.
    """

    def close(self) -> None:
        with contextlib.suppress(sqlite3.Error):  # a closed one, or a failing disk: then closing is what is left
            self.rollback()
        super().close()


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


def _keep_threads(engine: AsyncEngine, threads: list[threading.Thread]) -> None:
    """Note the thread of every connection: one that was cancelled while it opened is known to nobody else."""

    def connect(*args: Any, **options: Any) -> aiosqlite.Connection:
        connection = _stopped_once(aiosqlite.connect(*args, **options))
        connection._thread.daemon = True  # noqa: SLF001 - as SQLAlchemy does
        threads[:] = [*(thread for thread in threads if thread.is_alive()), connection._thread]  # noqa: SLF001
        return connection

    @event.listens_for(engine.sync_engine, "do_connect")
    def _on_do_connect(_dialect: Any, _record: Any, _args: Any, options: dict[str, Any]) -> None:
        options["async_creator_fn"] = connect


def _stopped_once(connection: aiosqlite.Connection) -> aiosqlite.Connection:
    """Let `connection` be stopped once only: a second stop is put to a thread that has ended, and waits for ever.

    Of a task that is cancelled twice in a query, SQLAlchemy both closes the connection and stops it.
    """
    stop = connection.stop
    stopped = False

    def once() -> asyncio.Future[Any] | None:
        nonlocal stopped
        if stopped:
            return None
        stopped = True
        return stop()

    connection.stop = once  # type: ignore[method-assign]
    return connection


async def _until(so: Callable[[], bool], seconds: float) -> None:
    """Wait until something is so, `seconds` at most, without one more thread to wait in."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(seconds):
            while not so():  # noqa: ASYNC110 - a thread rings no bell
                await asyncio.sleep(_LOOK_SECONDS)
