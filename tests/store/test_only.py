from __future__ import annotations

import asyncio
import contextlib
import subprocess
import sys
from pathlib import Path

import pytest

from bot.core.errors import StoreError
from bot.settings import ROOT
from bot.store.database import Database
from bot.store.only import only_service
from tests.builders import message
from tests.store.rows import store


async def test_a_second_service_is_refused_with_what_to_do(database: Database, second: Database) -> None:
    async with only_service(database):
        with pytest.raises(StoreError, match="draait al") as caught:
            async with only_service(second):
                raise AssertionError("two services at once")
    assert "VERBINDER_DATABASE__URL" in caught.value.remedy


async def test_the_next_service_may_when_the_first_is_done(database: Database, second: Database) -> None:
    for each in (database, second, database):
        async with only_service(each):
            pass


async def test_the_service_works_on_while_it_holds_the_database(database: Database, second: Database) -> None:
    async with only_service(database):
        for number, db in enumerate((database, second)):  # a command, such as an import, may work beside it
            async with db.write() as tx:
                await store(tx, message(id=str(number)))


async def test_a_service_that_fails_lets_go(database: Database, second: Database) -> None:
    async def fail() -> None:
        async with only_service(database):
            raise RuntimeError

    with pytest.raises(RuntimeError):
        await fail()
    async with only_service(second):
        pass


HOLD = """
import asyncio, sys
from bot.store.database import Database
from bot.store.only import only_service

async def main():
    async with only_service(Database(sys.argv[1])):
        print("held", flush=True)
        await asyncio.sleep(60)

asyncio.run(main())
"""


async def test_a_service_that_was_killed_does_not_stand_in_the_way(database: Database) -> None:
    url = database.url.render_as_string(hide_password=False)
    with subprocess.Popen([sys.executable, "-c", HOLD, url], stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "held\n"
            with pytest.raises(StoreError, match="draait al"):
                async with only_service(database):
                    raise AssertionError("two services at once")
        finally:
            process.kill()
    async with asyncio.timeout(10):
        while not await free(database):  # the server may need a moment to see that its client is gone
            await asyncio.sleep(0.05)


async def free(database: Database) -> bool:
    with contextlib.suppress(StoreError):
        async with only_service(database):
            return True
    return False


async def test_another_name_of_the_same_file_is_the_same_database(sqlite_database: Database, tmp_path: Path) -> None:
    (tmp_path / "snelkoppeling.db").symlink_to(str(sqlite_database.url.database))
    alias = Database(f"sqlite+aiosqlite:///{tmp_path / 'snelkoppeling.db'}")
    async with only_service(sqlite_database):
        assert not await free(alias)
    await alias.close()
