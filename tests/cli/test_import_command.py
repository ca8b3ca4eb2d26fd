from __future__ import annotations

import json
import os
import signal
import sqlite3
import subprocess
import time
from pathlib import Path

import pytest

from tests.cli.conftest import EXECUTABLE, Verbinder


def export(count: int = 3) -> dict[str, object]:
    """Return an export as Telegram Desktop makes it, of one public group."""
    return {
        "name": "Buurtpraat",
        "type": "public_supergroup",
        "id": 1234567890,
        "messages": [
            {
                "id": number,
                "type": "message",
                "date": f"2026-10-0{number % 9 + 1}T12:00:00",
                "date_unixtime": str(1790000000 + number),
                "from": f"Bewoner {number}",
                "from_id": f"user{number}",
                "text": "Wat een idioot" if number == 1 else f"Wanneer is het feest {number}?",
                "text_entities": [],
            }
            for number in range(1, count + 1)
        ],
    }


@pytest.fixture
def file(home: Path) -> Path:
    path = home / "result.json"
    path.write_text(json.dumps(export()), encoding="utf-8")
    return path


def rows(home: Path, query: str) -> list[tuple[object, ...]]:
    with sqlite3.connect(home / "data" / "verbinder.db") as connection:
        found = connection.execute(query).fetchall()
    connection.close()
    return found


def test_an_export_becomes_history_and_is_judged(verbinder: Verbinder, home: Path, file: Path) -> None:
    outcome = verbinder("import", str(file))
    assert outcome.status == 0, outcome.err
    assert outcome.out.splitlines()[0] == "Ingelezen: 3 berichten uit 1 gesprek."
    assert outcome.out.splitlines()[-1] == "Beoordeeld: 3 reacties."
    assert rows(home, "SELECT state, count(*) FROM revisions GROUP BY state") == [("done", 3)]
    assert rows(home, "SELECT count(*) FROM cases") == [(0,)], "history opens no case"
    ((data,),) = rows(home, "SELECT data FROM events WHERE name = 'cli:history:imported'")
    assert json.loads(str(data)) == {"imported": 3, "known": 0, "chats": 1}


def test_a_second_import_brings_nothing_new(verbinder: Verbinder, home: Path, file: Path) -> None:
    verbinder("import", str(file))
    outcome = verbinder("import", str(file))
    assert outcome.status == 0
    assert "Ingelezen: 0 berichten" in outcome.out
    assert "Beoordeeld: 0 reacties." in outcome.out


def test_a_damaged_export_is_read_as_far_as_it_goes(verbinder: Verbinder, home: Path) -> None:
    whole = json.dumps(export(40))
    (home / "half.json").write_text(whole[: len(whole) // 2], encoding="utf-8")
    outcome = verbinder("import", "half.json")
    assert outcome.status == 1
    assert "houdt te vroeg op" in outcome.err
    ((stored,),) = rows(home, "SELECT count(*) FROM revisions WHERE state = 'done'")
    assert isinstance(stored, int)
    assert 10 < stored < 40, "what came before the damage is kept and judged"


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("leeg.json", b"", "is leeg"),
        ("iets.json", b'{"hallo": 1}', "geen export"),
        ("foto.json", b"\xff\xd8\xff\xe0" * 100, "geen export"),
        ("pagina.html", b"<html>", "HTML"),
    ],
)
def test_a_file_that_is_no_export(verbinder: Verbinder, home: Path, name: str, content: bytes, words: str) -> None:
    (home / name).write_bytes(content)
    outcome = verbinder("import", name)
    assert outcome.status == 1
    assert words in outcome.err
    assert "Wat u kunt doen" in outcome.err


def test_a_file_that_is_not_there_is_told_at_the_command(verbinder: Verbinder) -> None:
    outcome = verbinder("import", "nergens.json")
    assert outcome.status == 1
    assert "nergens.json bestaat niet" in outcome.err


def stored(home: Path) -> int:
    """Return how many messages are stored, none where there is no database yet."""
    try:
        return int(str(rows(home, "SELECT count(*) FROM messages")[0][0]))
    except sqlite3.Error:
        return 0


@pytest.mark.e2e
def test_an_import_that_was_stopped_says_how_to_go_on_and_goes_on(process: Verbinder, home: Path, file: Path) -> None:
    count = 1200  # more than two batches
    file.write_text(json.dumps(export(count)), encoding="utf-8")
    running = subprocess.Popen(
        [str(EXECUTABLE), "import", str(file)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        cwd=home,
        env={**os.environ},
    )
    deadline = time.monotonic() + 60
    while not stored(home) and running.poll() is None:
        assert time.monotonic() < deadline, "nothing was stored"
        time.sleep(0.02)
    running.send_signal(signal.SIGINT)
    _, told = running.communicate(timeout=60)
    assert running.returncode == 1
    assert told.decode("utf-8").strip().splitlines()[-1].startswith("Gestopt.")
    assert b"Traceback" not in told
    kept = stored(home)
    assert 0 < kept <= count
    assert rows(home, "SELECT count(*) FROM revisions WHERE state = 'pending'") != [(0,)], "stopped too late to show it"
    outcome = process("import", str(file))
    assert outcome.status == 0, outcome.err
    assert stored(home) == count
    assert rows(home, "SELECT count(*) FROM revisions WHERE state = 'pending'") == [(0,)]
