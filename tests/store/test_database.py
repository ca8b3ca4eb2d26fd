"""What a transaction promises, proved by what happens."""

from __future__ import annotations

import asyncio
import contextlib
import sqlite3
import threading
import time
from collections.abc import AsyncIterator
from pathlib import Path
from urllib.parse import quote

import pytest
from sqlalchemy import func, insert, select, text, update
from sqlalchemy.exc import DBAPIError, IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.errors import StoreError
from bot.store.database import BUSY_TIMEOUT_MS, Database, sqlite_path
from bot.store.schema import cursors, messages, revisions
from tests.builders import NOON, message
from tests.conftest import POSTGRES
from tests.store.rows import store

HELD_SECONDS = 0.3


async def count(tx: AsyncConnection) -> int:
    return int((await tx.execute(select(func.count()).select_from(messages))).scalar_one())


async def counted(database: Database) -> int:
    async with database.read() as tx:
        return await count(tx)


# ── writing ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_written_is_there_for_others_at_the_end_and_not_before(
    database: Database, second: Database
) -> None:
    async with database.write() as tx:
        await store(tx, message())
        assert await count(tx) == 1
        assert await counted(second) == 0
    assert await counted(second) == 1


@pytest.mark.parametrize("error", [RuntimeError, KeyboardInterrupt, asyncio.CancelledError])
async def test_what_fails_halfway_did_not_happen(database: Database, error: type[BaseException]) -> None:
    async def fail() -> None:
        async with database.write() as tx:
            await store(tx, message())
            raise error

    with pytest.raises(error):
        await fail()
    assert await counted(database) == 0


async def test_a_cancelled_writer_lets_the_next_one_in(database: Database) -> None:
    inside = asyncio.Event()

    async def hang() -> None:
        async with database.write() as tx:
            await store(tx, message())
            inside.set()
            await asyncio.Event().wait()

    task = asyncio.create_task(hang())
    await inside.wait()
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task
    async with asyncio.timeout(5), database.write() as tx:
        await store(tx, message(id="102"))
    assert await counted(database) == 1


async def test_writers_read_and_write_one_after_the_other(database: Database, second: Database) -> None:
    """Without BEGIN IMMEDIATE or the lock both read the same number, or one of them fails."""
    key = (cursors.c.channel == "demo") & (cursors.c.name == "n")
    async with database.write() as tx:
        await tx.execute(insert(cursors).values(channel="demo", name="n", value="0", at=NOON))

    async def add_one(db: Database) -> None:
        async with db.write() as tx:
            number = int((await tx.execute(select(cursors.c.value).where(key))).scalar_one())
            await asyncio.sleep(0.001)
            await tx.execute(update(cursors).where(key).values(value=str(number + 1)))

    await asyncio.gather(*(add_one(db) for _ in range(15) for db in (database, second)))
    async with database.read() as tx:
        assert (await tx.execute(select(cursors.c.value).where(key))).scalar_one() == "30"


async def test_writers_that_meet_in_a_circle_both_finish(database: Database, second: Database) -> None:
    async with database.write() as tx:
        for number in ("1", "2"):
            await store(tx, message(id=number))

    async def delete(db: Database, *ids: str) -> None:
        async with db.write() as tx:
            for key in ids:
                await tx.execute(update(messages).where(messages.c.message_id == key).values(deleted_at=NOON))
                await asyncio.sleep(0.05)

    async with asyncio.timeout(20):
        await asyncio.gather(delete(database, "1", "2"), delete(second, "2", "1"))


async def test_a_writer_waits_for_one_in_another_process(database: Database, second: Database) -> None:
    started = time.monotonic()
    inside = asyncio.Event()

    async def hold() -> None:
        async with second.write() as tx:
            await store(tx, message())
            inside.set()
            await asyncio.sleep(HELD_SECONDS)

    holder = asyncio.create_task(hold())
    await inside.wait()
    async with database.write() as tx:
        assert await count(tx) == 1
    assert time.monotonic() - started >= HELD_SECONDS
    await holder


async def test_sqlite_waits_for_any_other_program(sqlite_database: Database) -> None:
    """A backup tool knows nothing of our queue: SQLite itself has to wait for it, and no longer than is said."""
    path = sqlite_path(str(sqlite_database.url))
    assert path is not None
    other = sqlite3.connect(path, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    asyncio.get_running_loop().call_later(HELD_SECONDS, other.execute, "COMMIT")
    async with sqlite_database.write() as tx:
        await store(tx, message())
        waits = (await tx.execute(text("PRAGMA busy_timeout"))).scalar_one()
    other.close()
    assert waits == BUSY_TIMEOUT_MS


@pytest.mark.parametrize(
    "row",
    [
        {"message_pk": 999, "number": 1, "state": "pending"},  # of no message
        {"message_pk": 1, "number": 2, "state": "misschien"},  # in no state
        {"message_pk": 1, "number": 1, "state": "pending"},  # a number that was given
    ],
    ids=["foreign key", "check", "unique"],
)
async def test_the_tables_hold_on_to_their_rules(database: Database, row: dict[str, object]) -> None:
    values = {
        **row, "text": "geheime woorden", "quoted": "", "forwarded": "", "attachments": [], "content_hash": "",
        "received_at": NOON,
    }  # fmt: skip
    async with database.write() as tx:
        await store(tx, message())
    with pytest.raises(IntegrityError) as caught:
        async with database.write() as tx:
            await tx.execute(insert(revisions).values(values))
    if "misschien" not in row.values():  # there PostgreSQL itself quotes the whole row
        assert "geheime woorden" not in str(caught.value), "an error ends up in a log"


# ── reading ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_reader_sees_one_state_from_beginning_to_end_and_holds_nobody_up(database: Database) -> None:
    async with database.read() as tx:
        assert await count(tx) == 0
        async with asyncio.timeout(5), database.write() as other:  # SQLite without WAL would wait for the reader
            await store(other, message())
        assert await count(tx) == 0
    assert await counted(database) == 1


async def test_nothing_is_kept_of_a_write_where_only_reading_was_asked(database: Database) -> None:
    with contextlib.suppress(DBAPIError):
        async with database.read() as tx:
            await store(tx, message())
    assert await counted(database) == 0


async def test_a_reader_leaves_the_connection_fit_for_a_writer(database: Database) -> None:
    for number in range(6):  # more than there are connections in the pool at first
        assert await counted(database) == number
        async with database.write() as tx:
            await store(tx, message(id=str(number)))


# ── checking and closing ──────────────────────────────────────────────────────────────────────────────────────────


async def test_a_good_database_passes_the_check(database: Database) -> None:
    async with database.write() as tx:
        await store(tx, message())
    await database.check()
    assert await counted(database) == 1


@contextlib.asynccontextmanager
async def no_thread_left() -> AsyncIterator[None]:
    """Wait until the threads that were started in the block are gone; they still need the loop to say goodbye."""
    before = set(threading.enumerate())
    yield
    async with asyncio.timeout(5):
        while set(threading.enumerate()) - before:
            await asyncio.sleep(0.01)


def broken_sqlite(kind: str, good: str, folder: Path) -> str:
    """Return the address of an SQLite database that is no good."""
    path = folder / "kapot.db"
    if kind == "read-only":  # the tests may run as root, who can write whatever the file says
        return good.replace("sqlite+aiosqlite:///", "sqlite+aiosqlite:///file:") + "?mode=ro&uri=true"
    if kind == "no database":
        path.write_bytes(b"dit is geen databank, maar een gewoon tekstbestand van genoeg letters " * 20)
    if kind == "cut short":
        source = sqlite_path(good)
        assert source is not None
        path.write_bytes(source.read_bytes()[:5000])
    if kind == "folder":
        path.mkdir()
    if kind == "no folder":
        path = folder / "weg" / "kapot.db"
    return f"sqlite+aiosqlite:///{path}"


@pytest.mark.parametrize("kind", ["read-only", "no database", "cut short", "folder", "no folder", "empty"])
async def test_an_sqlite_file_that_is_no_good_is_refused_with_what_to_do(
    kind: str, sqlite_url: str, tmp_path: Path
) -> None:
    async with no_thread_left():
        database = Database(broken_sqlite(kind, sqlite_url, tmp_path))
        with pytest.raises(StoreError) as caught:
            await database.check()
        await database.close()
    damaged = "malformed" in caught.value.message
    assert damaged == (kind == "cut short")
    assert ("reservekopie" if damaged else "VERBINDER_DATABASE__URL") in caught.value.remedy
    assert str(tmp_path) in caught.value.message
    assert len(caught.value.message.splitlines()) == 2, "the address and the cause"


@pytest.mark.parametrize(
    ("address", "options", "cause"),
    [
        ("postgresql://jan:geheim@127.0.0.1:1/postgres", "", "refused"),  # nobody listens
        (POSTGRES, "-cdefault_transaction_read_only=on", "read-only"),
        (POSTGRES, "-csearch_path=nergens", "messages"),  # never migrated
    ],
)
async def test_a_postgresql_server_that_is_no_good_is_refused_with_what_to_do(
    postgres_schema: str, address: str, options: str, cause: str
) -> None:
    url = address.replace("postgresql://", "postgresql+psycopg://")
    if "read_only" in options:
        url = postgres_schema + quote(f" {options}")
    elif options:
        url += "?options=" + quote(options)
    database = Database(url)
    with pytest.raises(StoreError) as caught:
        await database.check()
    await database.close()
    assert cause in caught.value.message
    assert "geheim" not in str(caught.value)
    assert "VERBINDER_DATABASE__URL" in caught.value.remedy


async def test_nothing_keeps_the_process_alive_after_closing(sqlite_url: str) -> None:
    before = threading.active_count()
    async with no_thread_left():
        database = Database(sqlite_url)
        await asyncio.gather(*(counted(database) for _ in range(8)))
        assert threading.active_count() > before
        await database.close()


@pytest.mark.parametrize(
    ("url", "path"),
    [
        ("sqlite+aiosqlite:////srv/verbinder.db", Path("/srv/verbinder.db")),
        ("sqlite+aiosqlite:///data/verbinder.db", Path("data/verbinder.db")),
        ("sqlite+aiosqlite://", None),
        ("sqlite+aiosqlite:///:memory:", None),
        ("postgresql+psycopg://jan@server/verbinder", None),
    ],
)
def test_the_file_behind_an_address_is_found(url: str, path: Path | None) -> None:
    assert sqlite_path(url) == path
