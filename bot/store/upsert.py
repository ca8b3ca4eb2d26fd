"""Insert or update in one statement, the same on SQLite and PostgreSQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ColumnElement, Table, literal_column
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection


async def upsert(
    tx: AsyncConnection, table: Table, *, keys: Mapping[str, object], values: Mapping[str, object]
) -> None:
    """Write `values` in the row of `table` with the primary key `keys`, making it when it is not there."""
    statement = _insert(tx, table).values(**keys, **values)
    await tx.execute(statement.on_conflict_do_update(index_elements=list(keys), set_=dict(values)))


async def add_to(tx: AsyncConnection, column: ColumnElement[int], *, keys: Mapping[str, object], amount: int) -> None:
    """Add `amount` to a counter column, starting at nought."""
    table: Table = column.table
    statement = _insert(tx, table).values(**keys, **{column.key or "": amount})
    await tx.execute(
        statement.on_conflict_do_update(index_elements=list(keys), set_={column.key or "": column + amount})
    )


async def insert_once(tx: AsyncConnection, table: Table, values: Mapping[str, object]) -> bool:
    """Insert a row unless one with the same key stands; tell whether it was inserted."""
    # Not by `rowcount`: psycopg's is -1 once SQLAlchemy has closed the cursor of an INSERT.
    statement = _insert(tx, table).values(**values).on_conflict_do_nothing().returning(literal_column("1"))
    return (await tx.execute(statement)).first() is not None


def _insert(tx: AsyncConnection, table: Table) -> Any:
    make = sqlite.insert if tx.dialect.name == "sqlite" else postgresql.insert
    return make(table)
