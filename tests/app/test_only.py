"""One service at a time on one database, however the one before it ended."""

from __future__ import annotations

import asyncio
import signal
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy import text

from bot.core.errors import StoreError
from bot.store.database import Database
from bot.store.only import only_service

HOLDER = """
import asyncio, sys
from bot.store.database import Database
from bot.store.only import only_service
async def main():
    async with only_service(Database(sys.argv[1])):
        print("held", flush=True)
        await asyncio.Event().wait()
asyncio.run(main())
"""


@pytest.fixture
def url(database_url: str, tmp_path: Path) -> str:
    (tmp_path / "data").mkdir()
    return database_url.replace("sqlite:", "sqlite+aiosqlite:")


async def take(url: str) -> None:
    """Become the one service for a moment; raise StoreError where another is."""
    database = Database(url)
    try:
        async with only_service(database):
            pass
    finally:
        await database.close()


async def test_a_second_one_is_refused_until_the_first_is_done(url: str) -> None:
    database = Database(url)
    async with only_service(database):
        with pytest.raises(StoreError, match="draait al") as caught:
            await take(url)
        assert "VERBINDER_DATABASE__URL" in caught.value.remedy
        with pytest.raises(StoreError):
            await take(url)  # nor does a refused try let go of it
    await take(url)
    await database.close()


async def test_it_is_let_go_of_when_the_block_fails(url: str) -> None:
    database = Database(url)

    async def fail_inside() -> None:
        async with only_service(database):
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await fail_inside()
    await take(url)
    await database.close()


async def test_the_database_works_while_it_is_held(url: str) -> None:
    database = Database(url)
    async with only_service(database), database.write() as tx:
        assert (await tx.execute(text("SELECT 1"))).scalar_one() == 1
    await database.close()


async def test_a_kill_lets_go_of_it(url: str) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, url], stdout=subprocess.PIPE, text=True) as holder:
        try:
            assert holder.stdout is not None
            assert await asyncio.to_thread(holder.stdout.readline) == "held\n"
            with pytest.raises(StoreError, match="draait al"):
                await take(url)
        finally:
            holder.send_signal(signal.SIGKILL)
        holder.wait()
    async with asyncio.timeout(10):
        while True:
            try:
                await take(url)
                break
            except StoreError:  # a server notices within a moment that its client is gone
                await asyncio.sleep(0.05)


async def test_a_broken_connection_does_not_hide_how_the_service_ended(postgres_schema: str) -> None:
    database = Database(postgres_schema)

    async def cut_and_fail() -> None:
        async with only_service(database):
            async with database.engine.connect() as other:
                held = "locktype = 'advisory' AND objid::bigint = hashtext(current_schema())::bigint & 4294967295"
                await other.execute(text(f"SELECT pg_terminate_backend(pid) FROM pg_locks WHERE {held}"))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        await cut_and_fail()
    await database.close()


async def test_holding_it_keeps_no_transaction_open(postgres_schema: str) -> None:
    """One that stays open for weeks would keep PostgreSQL from cleaning up."""
    database = Database(postgres_schema)
    query = "SELECT state FROM pg_stat_activity WHERE query LIKE '%7260043%' AND pid <> pg_backend_pid()"
    async with only_service(database), database.read() as tx:
        assert "idle in transaction" not in (await tx.execute(text(query))).scalars().all()
    await database.close()


async def test_another_schema_is_another_database(postgres_schema: str) -> None:
    ours, theirs = Database(postgres_schema), Database(postgres_schema.partition("?")[0])
    async with only_service(ours), only_service(theirs):
        pass
    await ours.close()
    await theirs.close()


async def test_two_ways_to_the_same_file_are_one_database(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "link.db").symlink_to(tmp_path / "data" / "verbinder.db")
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/data/verbinder.db")
    async with only_service(database):
        with pytest.raises(StoreError, match="draait al"):
            await take(f"sqlite+aiosqlite:///{tmp_path}/link.db")
    await database.close()


async def test_a_lock_that_cannot_be_made_is_explained(tmp_path: Path) -> None:
    (tmp_path / "data").mkdir()
    (tmp_path / "data" / "verbinder.db.lock").mkdir()
    with pytest.raises(StoreError, match=r"verbinder\.db\.lock"):
        await take(f"sqlite+aiosqlite:///{tmp_path}/data/verbinder.db")


async def test_a_database_in_memory_is_nobody_elses() -> None:
    first, second = Database("sqlite+aiosqlite://"), Database("sqlite+aiosqlite://")
    async with only_service(first), only_service(second):
        pass
    await first.close()
    await second.close()
