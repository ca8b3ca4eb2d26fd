"""An export becomes history, while nothing runs and while the service itself is at work on the same database."""

from __future__ import annotations

import contextlib
import json
import sqlite3
from pathlib import Path

import httpx
import pytest

from tests.e2e.service import Service, command, until
from tests.importing.builders import automatic_forward, telegram_chat, telegram_message

pytestmark = pytest.mark.e2e

REACTIONS = 240


@pytest.fixture
def export(tmp_path: Path) -> Path:
    """Return the export of a group: a post, and reactions to it of which one in ten is an insult."""
    path = tmp_path / "result.json"
    said = [
        "Wat een achterlijke idioot" if number % 10 == 0 else f"Wanneer komt nummer {number} aan de beurt?"
        for number in range(REACTIONS)
    ]
    reactions = [telegram_message(number + 2, text, reply_to_message_id=1) for number, text in enumerate(said)]
    chat = telegram_chat([automatic_forward(1, "Nieuw: de speelstraat"), *reactions], name="Zandbeke praat")
    path.write_text(json.dumps(chat, indent=1), encoding="utf-8")
    return path


def ask(home: Path, query: str) -> list[tuple[object, ...]]:
    with contextlib.closing(sqlite3.connect(home / "data" / "verbinder.db", timeout=30)) as connection:
        return connection.execute(query).fetchall()


def number(home: Path, query: str) -> int:
    ((found,),) = ask(home, query)
    assert isinstance(found, int)
    return found


def assert_history(home: Path) -> None:
    """Check that everything is there once, was judged once, and asks nobody for a decision."""
    assert number(home, "SELECT count(*) FROM messages WHERE channel = 'telegram'") == REACTIONS + 1
    assert number(home, "SELECT count(*) FROM messages WHERE channel = 'telegram' AND history") == REACTIONS + 1
    states = "SELECT DISTINCT r.state FROM revisions r JOIN messages m ON m.id = r.message_pk WHERE m.kind = 'reaction'"
    assert ask(home, f"{states} AND m.channel = 'telegram'") == [("done",)]
    judged = "FROM events e JOIN messages m ON m.id = e.message_pk WHERE e.name = 'analysis:revision:judged'"
    assert number(home, f"SELECT count(*) {judged} AND m.channel = 'telegram'") == REACTIONS
    cases = "SELECT count(*) FROM cases c JOIN messages m ON m.id = c.message_pk WHERE m.channel = 'telegram'"
    assert number(home, cases) == 0


def assert_whole(home: Path) -> None:
    done = command(home, "audit", "verify")
    assert done.returncode == 0, done.stderr
    assert "Het logboek klopt" in done.stdout


def test_an_export_is_read_in_while_nothing_runs_and_again_without_a_difference(tmp_path: Path, export: Path) -> None:
    first = command(tmp_path, "import", str(export))
    assert first.returncode == 0, first.stderr
    assert f"Ingelezen: {REACTIONS + 1} berichten uit 1 gesprek." in first.stdout
    assert f"Beoordeeld: {REACTIONS} reacties." in first.stdout
    assert_history(tmp_path)
    assert_whole(tmp_path)

    again = command(tmp_path, "import", str(export))
    assert again.returncode == 0, again.stderr
    assert_history(tmp_path)
    assert_whole(tmp_path)


async def test_an_export_is_read_in_while_the_service_works(tmp_path: Path, export: Path) -> None:
    with Service(tmp_path, DEMO__PACE="0.2") as service:
        service.ready()
        await until(lambda: number(tmp_path, "SELECT count(*) FROM cases"), "the demonstration plays")
        before = number(tmp_path, "SELECT count(*) FROM messages WHERE channel = 'demo'")
        done = command(tmp_path, "import", str(export))
        assert done.returncode == 0, done.stderr
        assert f"Ingelezen: {REACTIONS + 1} berichten uit 1 gesprek." in done.stdout
        waiting = "SELECT count(*) FROM revisions WHERE state = 'pending'"
        await until(lambda: not number(tmp_path, waiting), "everything judged, by one of the two")
        assert_history(tmp_path)
        assert_whole(tmp_path)  # while it is being written to
        assert number(tmp_path, "SELECT count(*) FROM messages WHERE channel = 'demo'") > before, "neither waited"

        own = {"origin": service.address, "sec-fetch-site": "same-origin"}
        async with httpx.AsyncClient(base_url=service.address, headers=own, follow_redirects=True) as client:
            await client.post(service.link)
            assert "Zandbeke praat" in (await client.get("/kanalen")).text
            assert "aan de beurt?" in (await client.get("/kanalen/telegram")).text
        service.stop()
    assert service.errors == [line for line in service.errors if "failed" not in line]
    assert_whole(tmp_path)


def test_an_export_that_is_cut_off_leaves_what_came_before_and_says_so(tmp_path: Path, export: Path) -> None:
    whole = export.read_bytes()
    export.write_bytes(whole[: len(whole) // 2])
    done = command(tmp_path, "import", str(export))
    assert done.returncode == 1
    assert "Traceback" not in done.stderr
    assert "Fout:" in done.stderr
    kept = number(tmp_path, "SELECT count(*) FROM messages")
    assert 0 < kept < REACTIONS
    assert_whole(tmp_path)

    export.write_bytes(whole)
    assert command(tmp_path, "import", str(export)).returncode == 0
    assert_history(tmp_path)
