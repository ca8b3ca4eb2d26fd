"""All migrations together make the tables that the program believes in, on both kinds of database."""

from __future__ import annotations

from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text

from bot.store.migrate import alembic_config, upgrade
from bot.store.schema import metadata
from tests.migrations.conftest import MakeEmpty
from tests.migrations.looking import connected, downgrade, rows_of, schema_of, versions


def differences(url: str) -> Any:
    """Return what Alembic would still have to do."""
    with connected(url) as connection:
        # On SQLite Alembic takes every default of an empty text for another; the catalogue is compared below.
        options = {"compare_type": True, "compare_server_default": connection.dialect.name == "postgresql"}
        return compare_metadata(MigrationContext.configure(connection, opts=options), metadata)


def test_there_is_one_head_and_one_line_to_it() -> None:
    scripts = ScriptDirectory.from_config(alembic_config())
    assert len(scripts.get_heads()) == 1
    assert len(scripts.get_bases()) == 1
    for script in scripts.walk_revisions():
        assert not script.is_branch_point
        assert not script.is_merge_point
        assert script.doc, "a migration says what it is for"


def test_all_migrations_equal_the_metadata(url: str) -> None:
    upgrade(url)
    assert differences(url) == []


def test_the_migrated_tables_are_the_ones_that_the_metadata_makes(make_empty: MakeEmpty) -> None:
    """Alembic does not compare checks and names of keys; the catalogue shows those as well."""
    migrated, made = make_empty(), make_empty()
    upgrade(migrated)
    with connected(made) as connection:
        metadata.create_all(connection)
    assert schema_of(migrated) == schema_of(made)
    assert set(schema_of(migrated)) == set(metadata.tables)


@pytest.mark.parametrize(
    "change",
    [
        "DROP INDEX ix_effects_due",
        "ALTER TABLE effects ADD COLUMN extra TEXT",
        "ALTER TABLE effects RENAME COLUMN error TO fault",
        "CREATE TABLE extra (id INTEGER)",
    ],
)
def test_a_table_that_strays_would_be_noticed(url: str, change: str) -> None:
    upgrade(url)
    before = schema_of(url)
    with connected(url) as connection:
        connection.execute(text(change))
    assert differences(url) != []
    assert schema_of(url) != before


@pytest.mark.parametrize("number", range(len(versions())))
def test_each_migration_can_be_taken_back_and_done_again(url: str, number: int) -> None:
    target = versions()[number]
    before = versions()[number - 1] if number else "base"
    if number:
        upgrade(url, before)
    there = schema_of(url)
    upgrade(url, target)
    done = schema_of(url)
    assert done != there
    downgrade(url, before)
    assert schema_of(url) == there
    upgrade(url, target)
    assert schema_of(url) == done


def test_taking_the_last_migration_back_keeps_the_data_of_the_ones_before(url: str) -> None:
    upgrade(url)
    with connected(url) as connection:
        connection.execute(text("INSERT INTO chats (channel, chat_id, name) VALUES ('demo', '1', 'Velddorp')"))
    downgrade(url, "-1")
    upgrade(url)
    assert rows_of(url)["chats"] == [{"channel": "demo", "chat_id": "1", "name": "Velddorp"}]
    assert differences(url) == []
