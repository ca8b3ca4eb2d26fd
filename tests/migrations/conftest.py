"""An empty database of either kind, to migrate. Alembic is not async, so neither are these tests."""

from __future__ import annotations

import itertools
import os
from collections.abc import Callable, Iterator
from pathlib import Path
from urllib.parse import quote

import psycopg
import pytest

from tests.conftest import POSTGRES, postgres_listens

MakeEmpty = Callable[[], str]

_numbers = itertools.count()


@pytest.fixture(params=["sqlite", "postgresql"])
def make_empty(request: pytest.FixtureRequest, tmp_path: Path, worker_id: str) -> Iterator[MakeEmpty]:
    """Yield a function that returns the address of a new, empty database."""
    if request.param == "sqlite":
        yield lambda: f"sqlite+aiosqlite:///{tmp_path / f'{next(_numbers)}.db'}"
        return
    if not postgres_listens():
        pytest.skip(f"no PostgreSQL at {POSTGRES}: set VERBINDER_TEST_POSTGRES to test on one")
    made: list[str] = []
    with psycopg.connect(POSTGRES, autocommit=True) as connection:

        def make() -> str:
            name = f"verbinder_migrate_{worker_id}_{os.getpid()}_{next(_numbers)}"
            connection.execute(f"CREATE SCHEMA {name}".encode())
            made.append(name)
            address = POSTGRES.replace("postgresql://", "postgresql+psycopg://")
            return f"{address}?options={quote(f'-csearch_path={name}')}"

        yield make
        for name in made:
            connection.execute(f"DROP SCHEMA {name} CASCADE".encode())


@pytest.fixture
def url(make_empty: MakeEmpty) -> str:
    return make_empty()
