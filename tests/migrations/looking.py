"""Look at a database without the program's own eyes: what the catalogue says is there."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from typing import Any

from alembic import command
from alembic.script import ScriptDirectory
from sqlalchemy import Connection, MetaData, create_engine, inspect, select

from bot.store.migrate import alembic_config, sync_url

Schema = dict[str, dict[str, Any]]


@contextlib.contextmanager
def connected(url: str) -> Iterator[Connection]:
    engine = create_engine(sync_url(url))
    with engine.begin() as connection:
        yield connection
    engine.dispose()


def versions() -> list[str]:
    """Return the ids of all migrations, first to last."""
    scripts = ScriptDirectory.from_config(alembic_config())
    return [script.revision for script in scripts.walk_revisions()][::-1]


def downgrade(url: str, revision: str) -> None:
    with connected(url) as connection:
        command.downgrade(alembic_config(connection), revision)


def schema_of(url: str) -> Schema:
    """Return tables, columns, keys, indexes and checks, as plain values that can be compared."""
    with connected(url) as connection:
        looker = inspect(connection)
        return {
            name: {
                "columns": [_column(column) for column in looker.get_columns(name)],
                "primary key": looker.get_pk_constraint(name),
                "foreign keys": _sorted(looker.get_foreign_keys(name)),
                "unique": _sorted(looker.get_unique_constraints(name)),
                "indexes": _sorted(looker.get_indexes(name)),
                "checks": _sorted(looker.get_check_constraints(name)),
            }
            for name in looker.get_table_names()
            if name != "alembic_version"
        }


def rows_of(url: str) -> dict[str, list[dict[str, Any]]]:
    """Return every row of every table but Alembic's own."""
    with connected(url) as connection:
        found = MetaData()
        found.reflect(connection)
        return {
            table.name: [dict(row) for row in connection.execute(select(table)).mappings()]
            for table in found.sorted_tables
            if table.name != "alembic_version"
        }


def _column(column: Any) -> tuple[Any, ...]:
    return column["name"], str(column["type"]), column["nullable"], column["default"]


def _sorted(found: Any) -> list[str]:
    return sorted(str(sorted(item.items(), key=lambda pair: pair[0])) for item in found)
