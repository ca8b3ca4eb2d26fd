from __future__ import annotations

import asyncio
import sqlite3
from pathlib import Path

import pytest

from bot.core.people import Face, Role
from bot.store import people
from bot.store.database import Database
from tests.cli.conftest import Verbinder


def stored(home: Path) -> list[people.PersonRow]:
    async def read() -> list[people.PersonRow]:
        database = Database(f"sqlite+aiosqlite:///{home / 'data' / 'verbinder.db'}")
        try:
            async with database.read() as tx:
                return list(await people.everyone(tx))
        finally:
            await database.close()

    return asyncio.run(read())


def logged(home: Path) -> list[tuple[str, str, str]]:
    with sqlite3.connect(home / "data" / "verbinder.db") as connection:
        rows = connection.execute("SELECT name, actor, data FROM events ORDER BY id").fetchall()
    connection.close()
    return rows


@pytest.fixture
def an(verbinder: Verbinder) -> str:
    assert verbinder("people", "add", "An Peeters", "moderator", "community_manager").status == 0
    return "An Peeters"


def test_a_colleague_is_added_with_roles(verbinder: Verbinder, an: str, home: Path) -> None:
    (row,) = stored(home)
    assert (row.person.name, row.active) == (an, True)
    assert row.person.roles == {Role.MODERATOR, Role.COMMUNITY_MANAGER}
    name, actor, data = logged(home)[-1]
    assert name == "admin:person:added"
    assert actor.startswith("opdrachtregel (")
    assert an in data


def test_a_name_is_used_once(verbinder: Verbinder, an: str) -> None:
    outcome = verbinder("people", "add", f"  {an} ", "auditor")
    assert outcome.status == 1
    assert "bestaat al" in outcome.err


@pytest.mark.parametrize("name", ["", "   ", "x" * 81, "An\x1b[2J"])
def test_a_name_is_a_name(verbinder: Verbinder, name: str) -> None:
    assert verbinder("people", "add", name, "auditor").status == 2


def test_people_are_listed(verbinder: Verbinder, an: str) -> None:
    verbinder("people", "link", an, "discord", "42")
    verbinder("people", "add", "Bo", "administrator")
    verbinder("people", "off", "Bo")
    assert verbinder("people", "list").out.splitlines() == [
        "An Peeters: community_manager, moderator · discord 42",
        "Bo (uitgeschakeld): administrator",
    ]


def test_an_empty_list_says_how_to_begin(verbinder: Verbinder) -> None:
    assert "people add" in verbinder("people", "list").out


def test_roles_replace_the_ones_before(verbinder: Verbinder, an: str, home: Path) -> None:
    outcome = verbinder("people", "roles", an, "administrator")
    assert outcome.status == 0
    assert outcome.err == ""
    assert stored(home)[0].person.roles == {Role.ADMINISTRATOR}


def test_whoever_takes_the_last_administrator_away_is_warned(verbinder: Verbinder, an: str) -> None:
    verbinder("people", "roles", an, "administrator")
    assert "geen beheerder meer" in verbinder("people", "off", an).err


def test_an_account_is_linked(verbinder: Verbinder, an: str, home: Path) -> None:
    assert verbinder("people", "link", an, "telegram", "42").status == 0
    assert stored(home)[0].accounts == {Face.TELEGRAM: "42"}


def test_an_account_is_not_taken_from_somebody_else(verbinder: Verbinder, an: str, home: Path) -> None:
    verbinder("people", "link", an, "telegram", "42")
    verbinder("people", "add", "Bo", "moderator")
    outcome = verbinder("people", "link", "Bo", "telegram", "42")
    assert outcome.status == 1
    assert "hoort al bij An Peeters" in outcome.err


def test_a_sign_in_link_is_shown_once_and_stored_as_a_hash(verbinder: Verbinder, an: str, home: Path) -> None:
    outcome = verbinder("people", "signin-link", an)
    (link,) = outcome.out.split()
    token = link.rpartition("/")[2]
    assert link.startswith("http://127.0.0.1:")
    assert len(token) >= 40
    assert token.encode() not in b"".join(path.read_bytes() for path in (home / "data").glob("verbinder.db*"))


def test_whoever_is_switched_off_is_nobody_any_more(verbinder: Verbinder, an: str, home: Path) -> None:
    assert verbinder("people", "off", an).status == 0
    assert stored(home)[0].active is False
    for arguments in (["roles", an, "auditor"], ["link", an, "discord", "1"], ["signin-link", an], ["off", an]):
        outcome = verbinder("people", *arguments)
        assert outcome.status == 1
        assert "geen collega" in outcome.err


def test_whoever_was_switched_off_can_be_added_again(verbinder: Verbinder, an: str, home: Path) -> None:
    verbinder("people", "off", an)
    assert verbinder("people", "add", an, "auditor").status == 0
    (row,) = stored(home)
    assert row.active
    assert row.person.roles == {Role.AUDITOR}


def test_the_log_of_administration_verifies(verbinder: Verbinder, an: str, home: Path) -> None:
    verbinder("people", "off", an)
    outcome = verbinder("audit", "verify")
    assert outcome.status == 0
    assert outcome.out == f"Het logboek klopt: {len(logged(home))} regels nagekeken.\n"


def test_a_log_that_was_tampered_with_is_found(verbinder: Verbinder, an: str, home: Path) -> None:
    verbinder("people", "off", an)
    with sqlite3.connect(home / "data" / "verbinder.db") as connection:
        connection.execute("UPDATE events SET actor = 'iemand anders' WHERE id = 1")
    connection.close()
    outcome = verbinder("audit", "verify")
    assert outcome.status == 1
    assert "vanaf regel 1" in outcome.err


def test_a_database_that_cannot_be_used_is_one_clear_message(
    verbinder: Verbinder, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "foto.db").write_bytes(b"\xff\xd8\xff\xe0" * 500)
    monkeypatch.setenv("VERBINDER_DATABASE__URL", f"sqlite:///{home / 'foto.db'}")
    outcome = verbinder("people", "list")
    assert outcome.status == 1
    assert "databank" in outcome.err
    assert "Wat u kunt doen" in outcome.err
    assert "Traceback" not in outcome.err
