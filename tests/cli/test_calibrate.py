"""`verbinder calibrate`: says what it proposes and why, and writes only when asked."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.analysis import Analysis
from bot.core.cases import ActionKind, CaseKind
from bot.core.findings import TOXICITY_LABELS, ToxicityResult
from bot.core.messages import Message
from bot.review.bulletin import Bulletin
from bot.review.triage import Triage
from bot.store.database import Database
from bot.store.migrate import upgrade
from bot.toxicity.embedded import EmbeddedScorer
from tests.builders import FakeClock, Services, message, verdict
from tests.cli.conftest import Verbinder


def judge(said: Message) -> Analysis:
    score = 0.8 if "erg" in said.text else 0.55
    scores = {**dict.fromkeys(TOXICITY_LABELS, 0.0), "insult": score}
    version = "oud" if "oud" in said.text else EmbeddedScorer().version
    return replace(verdict(alert=True), toxicity=ToxicityResult("embedded", version, scores, ("insult",)))


async def decided(path: Path, right: int, in_vain: int, word: str = "") -> None:
    upgrade(f"sqlite+aiosqlite:///{path}")
    database = Database(f"sqlite+aiosqlite:///{path}")
    try:
        services = Services(database, FakeClock(), Bulletin())
        person = await services.person("An")
        services.triage = Triage(database, services.clock, services.bulletin, judge, raid_window=timedelta(hours=1))
        said = ["erg"] * right + ["mild"] * in_vain
        await services.receive(*(message(f"{what} {n} {word}", id=str(n)) for n, what in enumerate(said, 1)))
        for case in await services.desk.queue(kinds=[CaseKind.ALERT], limit=500):
            acted = case.message.text.startswith("erg")
            action = ActionKind.REMOVE if acted else ActionKind.FINE
            await services.do(action, case, person, rule_id="persoonlijke-belediging" if acted else "")
    finally:
        await database.close()


@pytest.fixture
def file(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (home / "data").mkdir()
    path = home / "drempels.yaml"
    monkeypatch.setenv("VERBINDER_THRESHOLDS", str(path))
    return path


def test_without_reactions_it_says_so(verbinder: Verbinder, file: Path) -> None:
    told = verbinder("calibrate")
    assert (told.status, told.out) == (0, "")
    assert "nog geen beoordeelde reacties" in told.err


def test_it_proposes_and_changes_nothing_until_asked(verbinder: Verbinder, home: Path, file: Path) -> None:
    asyncio.run(decided(home / "data" / "verbinder.db", 30, 30))
    told = verbinder("calibrate")
    assert told.status == 0, told.err
    (line,) = [line for line in told.out.splitlines() if line.strip().startswith("belediging")]
    assert "0,50 → 0,56  vals alarm 50% [38%–62%] → vals alarm 0% [0%–11%], 60 beslissingen; 30 reacties minder" in line
    assert "nog te weinig beslissingen: 0 van 50" in told.out
    assert "Wat dit niet kan tonen" in told.out
    assert not file.exists()
    file.write_text("versie: 1\nscorers:\n  embedded:\n    insult: 0.5  # zo begonnen we\n", encoding="utf-8")
    written = verbinder("calibrate", "--write", "--best", "f1")
    assert written.status == 0, written.err
    assert file.read_text(encoding="utf-8").endswith("insult: 0.56 # zo begonnen we\n") or (
        "insult: 0.56  # zo begonnen we" in file.read_text(encoding="utf-8")
    )
    (copy,) = home.glob("drempels.opzij-*.yaml")
    assert "insult: 0.5 " in copy.read_text(encoding="utf-8")
    assert "Er is niets om te veranderen" in verbinder("calibrate", "--write").out


def test_too_few_decisions_are_counted(verbinder: Verbinder, home: Path, file: Path) -> None:
    asyncio.run(decided(home / "data" / "verbinder.db", 6, 6))
    assert "nog te weinig beslissingen: 12 van 50" in verbinder("calibrate").out


def test_what_another_version_measured_is_measured_again(verbinder: Verbinder, home: Path, file: Path) -> None:
    asyncio.run(decided(home / "data" / "verbinder.db", 3, 3, "oud"))
    assert "Opnieuw gemeten, want van een andere scorer of versie: 6." in verbinder("calibrate").out


def test_wrong_use_and_a_wrong_file_are_one_clear_message(verbinder: Verbinder, file: Path) -> None:
    assert verbinder("calibrate", "--best", "f1", "--false-alarms", "0.1").status == 2
    assert verbinder("calibrate", "--false-alarms", "0").status == 2
    file.write_text("versie: 1\nkaders:\n  controle: 0\n", encoding="utf-8")
    told = verbinder("calibrate")
    assert told.status == 1
    assert "drempels.yaml:3:13" in told.err
    assert "Traceback" not in told.err
