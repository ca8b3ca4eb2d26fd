"""What commands share that work on the database: open it, work, close it."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, TypeVar

from bot.cli.judging import log_to_stderr

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.database import Database

_Result = TypeVar("_Result")


def with_database(work: Callable[[Database, Settings], Awaitable[_Result]]) -> _Result:
    """Run `work` on the database of the settings, migrated and checked, and return what it returns."""
    from bot.app import open_database
    from bot.settings import load_settings

    log_to_stderr()

    async def main() -> _Result:
        settings = load_settings()
        database = await open_database(settings)
        try:
            return await work(database, settings)
        finally:
            await database.close()

    return asyncio.run(main())
