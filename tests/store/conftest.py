"""A second process, as far as the database can tell."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from bot.store.database import Database


@pytest.fixture
async def second(database: Database) -> AsyncIterator[Database]:
    """Yield another engine on the same database: what one process keeps to itself, this one does not know."""
    db = Database(database.url.render_as_string(hide_password=False))
    yield db
    await db.close()
