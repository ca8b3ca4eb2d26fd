"""`verbinder rules backtest`: a rule file on stored history, told to a person or to a program, and stopped halfway."""

from __future__ import annotations

import json
import os
import pty
import signal
import sqlite3
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

from bot.settings import ROOT
from bot.store.migrate import upgrade
from tests.cli.conftest import EXECUTABLE, Verbinder
from tests.rules.helpers import file_text, rule_text

NOON = "2026-11-24 12:00:00.000000"
QUIET = '{"format": 1, "language": "nl", "toxicity": {"error": null, "scores": {"insult": 0.3}}}'
NO_SCORES = '{"format": 1, "language": "nl", "toxicity": {"error": "stuk", "scores": {}}}'

# What a reaction says, and what people decided about it.
Told = tuple[str, str]


def remember(home: Path, told: Sequence[Told], *, analysis: str = QUIET) -> None:
    """Store judged reactions, with the decisions about them."""
    (home / "data").mkdir(exist_ok=True)
    path = home / "data" / "verbinder.db"
    upgrade(f"sqlite+aiosqlite:///{path}")
    with sqlite3.connect(path) as db:
        db.execute("INSERT INTO people VALUES (1, 'An', '[]', NULL, 1, ?)", [NOON])
        for key, (text, action) in enumerate(told, 1):
            db.execute(
                "INSERT INTO messages (id, channel, chat_id, message_id, kind, author_key, author_role, sent_at,"
                " revision) VALUES (?, 'demo', 'demo', ?, 'reaction', ?, 'bewoner', ?, 1)",
                [key, str(key), f"author-{key}", NOON],
            )
            db.execute(
                "INSERT INTO revisions (id, message_pk, number, text, quoted, forwarded, attachments, content_hash,"
                " received_at, state, analysis) VALUES (?, ?, 1, ?, '', '', '[]', '', ?, 'done', ?)",
                [key, key, text, NOON, analysis],
            )
            if action:
                decide(db, key, action)
    db.close()


def decide(db: sqlite3.Connection, key: int, action: str) -> None:
    db.execute(
        "INSERT INTO cases (id, kind, state, version, card_version, channel, chat_id, message_pk, revision_pk,"
        " fingerprint, opened_at, updated_at, reasons, not_evaluated, decision_id)"
        " VALUES (?, 'melding', 'beslist', 1, 1, 'demo', 'demo', ?, ?, '', ?, ?, '[]', '[]', ?)",
        [key, key, key, NOON, NOON, key],
    )
    db.execute("INSERT INTO case_members VALUES (?, ?)", [key, key])
    db.execute(
        "INSERT INTO decisions VALUES (?, ?, ?, 1, 'web', ?, '', '', ?, '', '{}', NULL, NULL)",
        [key, key, action, NOON, "" if action == "in_orde" else "fruit"],
    )


def rule_file(home: Path, name: str, *rules: str) -> Path:
    path = home / name
    path.write_text(file_text(*rules), encoding="utf-8")
    return path


@pytest.fixture
def live(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the rule file of the settings: it looks for apples."""
    path = rule_file(home, "live.yaml", rule_text("{woorden: [appel]}", name="fruit"))
    monkeypatch.setenv("VERBINDER_RULES", str(path))
    return path


HISTORY: Sequence[Told] = (
    ("een appel", "verwijderen"),
    ("nog een appel", ""),
    ("een peer", "in_orde"),
    ("bel 0470 12 34 56 over die peer", "herinneren"),
    ("niets", ""),
)


def read(outcome: Any) -> Any:
    assert outcome.status == 0, outcome.err
    return json.loads(outcome.out)


def test_a_file_is_compared_with_the_rules_in_force(verbinder: Verbinder, home: Path, live: Path) -> None:
    remember(home, HISTORY)
    new = rule_file(home, "nieuw.yaml", rule_text("{woorden: [peer]}", name="fruit"))
    outcome = verbinder("rules", "backtest", str(new))
    assert outcome.status == 0, outcome.err
    lines = outcome.out.splitlines()
    assert lines[0] == f"Terugblik met {new} op 5 reacties, van 24/11/2026."
    assert lines[1] == "Vergeleken met de regels die nu gelden."
    assert lines[2] == (
        "Mensen beslisten over 3 reacties: bij 2 grepen ze in (verwijderd of herinnerd), 1 was in orde."
    )
    assert "  Meldingen: 2 (nu 2): 2 nieuw, 2 vervallen, 0 ernstiger, 0 minder ernstig." in lines
    assert "  Gaat 2 keer af (nu 2): 2 nieuw, 2 vervallen." in lines
    assert "  Terecht: 1 van 2, 50% (9% tot 91%); nu 1 van 1, 100% (21% tot 100%)." in lines
    assert "    - in orde bevonden: “een peer” (gevonden: peer)" in lines
    assert "    - ingegrepen: “een appel” (gevonden: appel)" in lines
    assert outcome.err == "", "nobody watches, so there is no bar"


def test_personal_data_is_masked_for_people_and_for_programs(verbinder: Verbinder, home: Path, live: Path) -> None:
    remember(home, HISTORY)
    new = str(rule_file(home, "nieuw.yaml", rule_text("{persoonsgegevens: elke}", name="fruit")))
    for outcome in (verbinder("rules", "backtest", new), verbinder("rules", "backtest", new, "--json")):
        assert "bel [telefoonnummer] over die peer" in outcome.out
        assert "0470" not in outcome.out


def test_as_json_it_is_all_there(verbinder: Verbinder, home: Path, live: Path) -> None:
    remember(home, HISTORY)
    toxic = "{een: [{woorden: [peer]}, {toxiciteit: {label: insult, vanaf: 0.9}}]}"
    new = rule_file(home, "nieuw.yaml", rule_text(toxic, name="fruit"))
    found = read(verbinder("rules", "backtest", str(new), "--json", "--examples", "1"))
    assert (found["partial"], found["reactions"], found["total"]) == (False, 5, 5)
    assert found["decided"] == {"upheld": 2, "overruled": 1}
    assert found["live"]["hash"] != found["candidate"]["hash"]
    (rule,) = found["rules"]
    assert (rule["id"], rule["change"], rule["hits"], rule["compared"]["hits"]) == ("fruit", "gewijzigd", 2, 2)
    assert rule["precision"] == {"count": 1, "of": 2, "value": 0.5, "low": 0.0945, "high": 0.9055}
    assert rule["recall"]["count"] == 1
    assert rule["recall"]["of"] == 2
    (example,) = rule["examples"]["new"]
    assert (example["text"], example["matched"], example["upheld"]) == ("een peer", ["peer"], False)
    assert example["at"] == "2026-11-24T13:00:00+01:00", "the town's own time"
    points = {point["threshold"]: point["hits"] for point in rule["thresholds"]["points"]}
    assert (points[0.3], points[0.31], rule["thresholds"]["threshold"]) == (5, 2, 0.9)
    assert found["whole"]["compared"]["new"] == 2


@pytest.mark.parametrize(("limit", "reactions", "hits"), [("2", 2, 0), ("4", 4, 1), ("50", 5, 2)])
def test_a_limit_takes_the_newest(
    verbinder: Verbinder, home: Path, live: Path, limit: str, reactions: int, hits: int
) -> None:
    remember(home, HISTORY)
    found = read(verbinder("rules", "backtest", "--json", "--limit", limit))
    assert (found["reactions"], found["rules"][0]["hits"]) == (reactions, hits)


def test_without_a_file_it_is_about_the_rules_in_force_and_compares_with_nothing(
    verbinder: Verbinder, home: Path, live: Path
) -> None:
    remember(home, HISTORY)
    outcome = verbinder("rules", "backtest")
    assert f"Terugblik met {live} op 5 reacties" in outcome.out
    assert "er is niets om mee te vergelijken" in outcome.out
    assert "nieuw" not in outcome.out
    assert read(verbinder("rules", "backtest", "--json"))["live"] is None


def test_what_was_applied_last_is_what_is_compared_with(verbinder: Verbinder, home: Path, live: Path) -> None:
    """The file on the disk may be newer than the rules in force, or broken: then it is not what judges."""
    remember(home, HISTORY)
    with sqlite3.connect(home / "data" / "verbinder.db") as db:
        values = ["h", live.read_text(encoding="utf-8"), "{}", "bestand", "bestand", "", NOON]
        db.execute("INSERT INTO rule_versions VALUES (1, ?, ?, ?, ?, ?, ?, ?)", values)
    db.close()
    rule_file(home, "live.yaml", rule_text("{woorden: [peer]}", name="fruit"))
    found = read(verbinder("rules", "backtest", "--json"))
    assert (found["rules"][0]["hits"], found["rules"][0]["compared"]["lost"]) == (2, 2)
    new = rule_file(home, "nieuw.yaml", rule_text("{woorden: [appel, peer]}", name="fruit"))
    live.write_text("versie: 1\nregels: nee\n", encoding="utf-8")
    found = read(verbinder("rules", "backtest", str(new), "--json"))
    assert (found["rules"][0]["hits"], found["rules"][0]["compared"]["new"]) == (4, 2)


def test_a_broken_file_in_force_is_no_reason_not_to_look_back(verbinder: Verbinder, home: Path, live: Path) -> None:
    remember(home, HISTORY)
    live.write_text("versie: 1\nregels: nee\n", encoding="utf-8")
    new = rule_file(home, "nieuw.yaml", rule_text("{woorden: [peer]}", name="fruit"))
    assert read(verbinder("rules", "backtest", str(new), "--json"))["live"] is None


def test_a_file_with_errors_is_told_as_check_tells_it(verbinder: Verbinder, home: Path, live: Path) -> None:
    remember(home, HISTORY)
    bad = home / "fout.yaml"
    bad.write_text("versie: 1\nregels:\n  - id: a\n    ernst: enorm\n", encoding="utf-8")
    outcome = verbinder("rules", "backtest", str(bad))
    assert (outcome.status, outcome.out) == (1, "")
    assert outcome.err == verbinder("rules", "check", str(bad)).err
    assert f"{bad}:4:" in outcome.err


def test_a_file_that_is_not_there(verbinder: Verbinder, home: Path, live: Path) -> None:
    outcome = verbinder("rules", "backtest", "nergens.yaml")
    assert outcome.status == 1
    assert "nergens.yaml" in outcome.err


@pytest.mark.parametrize("arguments", [["--limit", "0"], ["--limit", "x"], ["--examples", "-1"], ["a", "b"], ["--nee"]])
def test_wrong_usage_is_status_2(verbinder: Verbinder, arguments: list[str]) -> None:
    assert verbinder("rules", "backtest", *arguments).status == 2


def test_without_history_it_says_how_to_get_one(verbinder: Verbinder, home: Path, live: Path) -> None:
    outcome = verbinder("rules", "backtest")
    assert (outcome.status, outcome.out) == (0, "")
    assert "verbinder import" in outcome.err


def test_what_was_not_evaluated_is_told(verbinder: Verbinder, home: Path, live: Path) -> None:
    remember(home, HISTORY, analysis=NO_SCORES)
    new = rule_file(home, "nieuw.yaml", rule_text("{toxiciteit: {label: insult, vanaf: 0.5}}", name="fruit"))
    outcome = verbinder("rules", "backtest", str(new))
    assert "Van 5 reacties zijn geen toxiciteitsscores bewaard." in outcome.out
    assert "  Niet beoordeeld: 5 reacties." in outcome.out.splitlines()
    assert "niet beoordeeld" in outcome.out.splitlines()[-5]


def test_nothing_in_the_database_changes(verbinder: Verbinder, home: Path, live: Path) -> None:
    remember(home, HISTORY)
    path = home / "data" / "verbinder.db"

    def everything() -> list[str]:
        with sqlite3.connect(path) as db:
            found = list(db.iterdump())
        db.close()
        return found

    before = everything()
    verbinder("rules", "backtest", str(rule_file(home, "nieuw.yaml", rule_text("{woorden: [peer]}", name="fruit"))))
    assert everything() == before


@pytest.mark.e2e
@pytest.mark.parametrize("count", [3000, 20_000], ids=["in one process", "in several"])
def test_ctrl_c_leaves_what_is_known_so_far(home: Path, live: Path, count: int) -> None:
    remember(home, [("een appel en een peer, en nog veel meer dan dat alles bij elkaar", "")] * count)
    ours, theirs = pty.openpty()
    with subprocess.Popen(
        [str(EXECUTABLE), "rules", "backtest", str(ROOT / "rules" / "huisregels.yaml"), "--json"],
        stdout=subprocess.PIPE,
        stderr=theirs,  # a terminal: there is a bar
        cwd=home,
        start_new_session=True,
    ) as process:
        os.close(theirs)
        shown = read_until(ours, "%", not_this="  0%")
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does: to every process of the command
        assert process.stdout is not None
        found = json.loads(process.stdout.read())
        shown += rest_of(ours)
    assert process.returncode == 0, shown
    assert found["partial"] is True
    assert 0 < found["reactions"] < found["total"] == count
    assert "Terugblikken" in shown
    assert "Gestopt." in shown
    assert "Traceback" not in shown


def read_until(handle: int, sign: str, *, not_this: str) -> str:
    """Read a terminal until `sign` is shown in another place than in `not_this`."""
    shown, until = "", time.monotonic() + 60
    while sign not in shown.replace(not_this, "") and time.monotonic() < until:
        shown += os.read(handle, 1000).decode("utf-8", "replace")
    return shown


def rest_of(handle: int) -> str:
    shown = ""
    try:
        while some := os.read(handle, 1000):
            shown += some.decode("utf-8", "replace")
    except OSError:  # the other end is closed
        pass
    os.close(handle)
    return shown
