"""From whatever database is found to the one that this program needs, or one clear reason why not."""

from __future__ import annotations

import shutil
import subprocess
import sys
import threading
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import MetaData, text

from bot.core.errors import StoreError
from bot.settings import ROOT
from bot.store import migrate
from bot.store.database import WRITER_LOCK, sqlite_path
from bot.store.migrate import sync_url, upgrade
from bot.store.schema import metadata
from tests.migrations.looking import connected, rows_of, schema_of, versions

AT = datetime(2026, 11, 24, 12, 0)  # noqa: DTZ001 - as the plain driver hands it over
OLD: dict[str, dict[str, Any]] = {
    "chats": {"channel": "demo", "chat_id": "1", "name": "Velddorp"},
    "messages": {
        "id": 1, "channel": "demo", "chat_id": "1", "message_id": "7", "kind": "reaction", "author_key": "k",
        "author_role": "bewoner", "sent_at": AT, "revision": 1, "history": False,
    },
    "revisions": {
        "id": 1, "message_pk": 1, "number": 1, "text": "Dag \U0001f642", "quoted": "", "forwarded": "",
        "attachments": ["a"], "content_hash": "h", "received_at": AT, "state": "done",
    },
    "people": {"id": 1, "name": "An", "roles": ["moderator"], "active": True, "created_at": AT},
    "cases": {
        "id": 1, "kind": "melding", "state": "beslist", "version": 2, "card_version": 3, "channel": "demo",
        "chat_id": "1", "message_pk": 1, "revision_pk": 1, "fingerprint": "f", "opened_at": AT, "updated_at": AT,
        "reasons": ["Omdat."], "not_evaluated": [], "decision_id": 1,
    },
    "decisions": {
        "id": 1, "case_id": 1, "action": "in_orde", "person_id": 1, "via": "web", "at": AT, "text": "", "original": "",
        "rule_id": "", "reason": "", "versions": {"rules": "r"},
    },
    "events": {"id": 1, "at": AT, "name": "person:decision:made", "actor": "An", "data": "{}", "hash": "h"},
}  # fmt: skip


def test_a_new_database_is_made_with_the_folder_around_it(tmp_path: Path) -> None:
    url = f"sqlite+aiosqlite:///{tmp_path / 'nog' / 'niet' / 'verbinder.db'}"
    upgrade(url)
    assert set(schema_of(url)) == set(metadata.tables)


def test_an_upgrade_of_what_is_up_to_date_changes_nothing(url: str) -> None:
    upgrade(url)
    before = schema_of(url)
    upgrade(url)
    assert schema_of(url) == before


@pytest.mark.parametrize("version", versions()[:-1])
def test_an_older_database_is_upgraded_with_its_data(url: str, version: str) -> None:
    upgrade(url, version)
    with connected(url) as connection:
        found = MetaData()
        found.reflect(connection)
        for name, row in OLD.items():
            connection.execute(found.tables[name].insert().values(row))
    before = rows_of(url)
    upgrade(url)
    after = rows_of(url)
    assert set(after) == set(metadata.tables)
    for name in OLD:
        assert len(after[name]) == 1
        assert after[name][0].items() >= before[name][0].items(), name


# ── what is refused ───────────────────────────────────────────────────────────────────────────────────────────────


def refusal(url: str) -> StoreError:
    before = schema_of(url)
    with pytest.raises(StoreError) as caught:
        upgrade(url)
    assert schema_of(url) == before, "a database that is refused is left as it is"
    assert caught.value.remedy
    return caught.value


def test_a_database_of_a_newer_program_is_refused_with_both_ways_out(url: str) -> None:
    upgrade(url)
    with connected(url) as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
    error = refusal(url)
    assert "9999" in error.message
    assert "nieuwer" in error.message
    assert "reservekopie" in error.remedy


@pytest.mark.parametrize(
    "statement",
    [
        "INSERT INTO alembic_version (version_num) VALUES ('0000')",  # two versions at once
        "DELETE FROM alembic_version",  # tables of ours without a version
    ],
)
def test_a_database_in_disorder_is_refused(url: str, statement: str) -> None:
    upgrade(url)
    with connected(url) as connection:
        connection.execute(text(statement))
    refusal(url)


def test_a_database_of_another_program_is_refused_and_left_alone(url: str) -> None:
    with connected(url) as connection:
        connection.execute(text("CREATE TABLE messages (body TEXT)"))
        connection.execute(text("INSERT INTO messages VALUES ('van iemand anders')"))
    refusal(url)
    assert rows_of(url) == {"messages": [{"body": "van iemand anders"}]}


@pytest.mark.parametrize(
    "url",
    [
        "postgresql+psycopg://jan:geheim@127.0.0.1:1/verbinder",  # nobody listens
        "sqlite+aiosqlite:////dev/null/verbinder.db",  # no folder, and none can be made
        "sqlite+aiosqlite:///{folder}",
        "sqlite+aiosqlite:///{folder}/tekst.db",  # no database
    ],
)
def test_what_cannot_be_opened_is_one_clear_message(url: str, tmp_path: Path) -> None:
    (tmp_path / "tekst.db").write_text("Dit is gewoon tekst. " * 500, encoding="utf-8")
    with pytest.raises(StoreError) as caught:
        upgrade(url.format(folder=tmp_path))
    assert (tmp_path / "tekst.db").read_text(encoding="utf-8").startswith("Dit is gewoon tekst.")
    assert "VERBINDER_DATABASE__URL" in caught.value.remedy
    assert "geheim" not in str(caught.value)
    assert len(caught.value.message.splitlines()) == 2


# ── halfway, and two at once ──────────────────────────────────────────────────────────────────────────────────────

FAILS = """
import sqlalchemy as sa
from alembic import op
revision, down_revision, branch_labels, depends_on = "fails", {last!r}, None, None
def upgrade():
    op.create_table("halverwege", sa.Column("id", sa.Integer()))
    op.drop_table("chats")
    raise RuntimeError("de stroom viel uit")
"""


@pytest.mark.parametrize("from_nothing", [True, False])
def test_a_migration_that_fails_halfway_leaves_the_database_as_it_was(
    url: str, from_nothing: bool, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    if not from_nothing:
        upgrade(url)
    before = schema_of(url)
    last = versions()[-1]
    folder = tmp_path / "migrations"
    shutil.copytree(migrate.MIGRATIONS, folder, ignore=shutil.ignore_patterns("__pycache__"))
    (folder / "versions" / "fails.py").write_text(FAILS.format(last=last), encoding="utf-8")
    with monkeypatch.context() as patched:
        patched.setattr(migrate, "MIGRATIONS", folder)
        with pytest.raises(RuntimeError, match="stroom"):
            upgrade(url)
    assert schema_of(url) == before
    upgrade(url)
    assert set(schema_of(url)) == set(metadata.tables)


def test_an_upgrade_waits_for_who_is_writing(url: str) -> None:
    """Otherwise two services that start at once would both make the tables."""
    upgrade(url, versions()[0])
    with connected(url) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("SELECT pg_advisory_xact_lock(:key)"), {"key": WRITER_LOCK})
        else:
            connection.execute(text("UPDATE chats SET name = ''"))
        upgrading = threading.Thread(target=upgrade, args=(url,))
        upgrading.start()
        upgrading.join(timeout=0.5)
        assert upgrading.is_alive()
    upgrading.join(timeout=30)
    assert not upgrading.is_alive()
    assert set(schema_of(url)) == set(metadata.tables)


def test_those_that_start_at_once_all_find_it_ready(url: str) -> None:
    command = [sys.executable, "-c", "import sys; from bot.store.migrate import upgrade; upgrade(sys.argv[1])", url]
    started = [subprocess.Popen(command, cwd=ROOT, stderr=subprocess.PIPE, text=True) for _ in range(3)]
    errors = [process.communicate(timeout=60)[1] for process in started]
    assert errors == ["", "", ""]
    assert set(schema_of(url)) == set(metadata.tables)


def test_sqlite_has_its_write_ahead_log_from_the_start(tmp_path: Path) -> None:
    """Two connections that switch it on at once fail, and no busy handler waits for that."""
    url = f"sqlite+aiosqlite:///{tmp_path / 'verbinder.db'}"
    upgrade(url)
    with connected(url) as connection:
        assert connection.execute(text("PRAGMA journal_mode")).scalar_one() == "wal"
    assert sqlite_path(url) == tmp_path / "verbinder.db"
    assert sync_url(url) == f"sqlite:///{tmp_path / 'verbinder.db'}"
