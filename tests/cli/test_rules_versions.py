"""Versions, going back and the status, as a colleague types them."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.app import open_services
from bot.settings import load_settings
from tests.cli.conftest import Verbinder
from tests.rules.helpers import file_text, rule_text

LISTS = "lijsten:\n  dieren: {bestand: dieren.txt}\n"
FIRST = file_text(rule_text("{woorden: '@dieren'}"), head=LISTS)
SECOND = FIRST.replace("Een titel", "Geen dieren")
BAD = FIRST.replace("ernst: hoog", "ernst: enorm")


@pytest.fixture
def path(home: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return the rule file of this town; its database exists."""
    file = home / "rules" / "huisregels.yaml"
    file.parent.mkdir()
    (home / "data").mkdir()
    monkeypatch.setenv("VERBINDER_RULES", str(file))
    file.write_text(FIRST, encoding="utf-8")
    file.with_name("dieren.txt").write_text("aap\n", encoding="utf-8")
    return file


def serve(path: Path, *texts: str) -> list[str]:
    """Let a service start on each of these files; return the hashes that it applied."""

    async def start() -> str:
        async with open_services(load_settings()) as services:
            await services.rulebook.start()
            return services.engine.rules.hash

    hashes = []
    for text in texts:
        path.write_text(text, encoding="utf-8")
        hashes.append(asyncio.run(start()))
    return hashes


def test_before_the_first_start_there_is_nothing_to_tell(verbinder: Verbinder, path: Path) -> None:
    assert "nog geen versie" in verbinder("rules", "versions").out
    status = verbinder("rules", "status")
    assert (status.status, "nog niet gedraaid" in status.out) == (0, True)
    back = verbinder("rules", "rollback", "1")
    assert (back.status, back.out) == (1, "")
    assert "geen versie 1" in back.err
    assert path.read_text(encoding="utf-8") == FIRST


def test_versions_come_newest_first_with_what_changed(verbinder: Verbinder, path: Path) -> None:
    serve(path, FIRST, SECOND)
    outcome = verbinder("rules", "versions")
    assert outcome.status == 0
    newest, oldest = outcome.out.split("\n\n")
    assert newest.startswith("Versie 2 · ")
    assert "het bestand is aangepast" in newest
    assert "- Regel “Geen dieren” (`regel`) heette voordien “Een titel”." in newest
    assert oldest.startswith("Versie 1 · ")
    assert "Versie 1" not in verbinder("rules", "versions", "--limit", "1").out


def test_going_back_writes_the_file_and_says_what_changed_and_who_did_it(verbinder: Verbinder, path: Path) -> None:
    serve(path, FIRST)
    path.with_name("dieren.txt").write_text("beer\n", encoding="utf-8")
    serve(path, SECOND)
    outcome = verbinder("rules", "rollback", "1", "--note", "Te \x1b[31mstreng.")
    assert outcome.status == 0, outcome.err
    assert "Versie 1 staat terug, als versie 3." in outcome.out
    assert "- Lijst `dieren`: “aap” erbij, “beer” weg." in outcome.out
    assert path.read_text(encoding="utf-8") == FIRST
    assert path.with_name("dieren.txt").read_text(encoding="utf-8") == "aap\n"
    newest = verbinder("rules", "versions", "--limit", "1").out
    assert "teruggezet door opdrachtregel (" in newest
    assert "“Te  [31mstreng.”" in newest


def test_the_status_tells_what_was_applied_apart_from_what_stands_on_the_disk(verbinder: Verbinder, path: Path) -> None:
    first, second = serve(path, FIRST, SECOND)
    same = verbinder("rules", "status")
    assert f"Toegepast: hash {second}\n" in same.out
    assert "versie 2, " in same.out
    assert "dezelfde regels" in same.out
    verbinder("rules", "rollback", "1")
    waiting = verbinder("rules", "status")
    assert f"Toegepast: hash {second}\n" in waiting.out
    assert f"Hash: {first}" in waiting.out
    assert waiting.status == 0
    serve(path, FIRST)
    assert f"Toegepast: hash {first}\n" in verbinder("rules", "status").out


def test_a_broken_file_is_told_with_its_mistakes_and_going_back_mends_it(verbinder: Verbinder, path: Path) -> None:
    (first,) = serve(path, FIRST)
    path.write_text(BAD, encoding="utf-8")
    broken = verbinder("rules", "status")
    assert broken.status == 1
    assert f"Toegepast: hash {first}\n" in broken.out
    assert f"{path}:8:12: fout: `enorm` kan hier niet" in broken.err
    assert "Versie 1" in verbinder("rules", "versions").out
    back = verbinder("rules", "rollback", "1")
    assert back.status == 0, back.err
    assert path.read_text(encoding="utf-8") == FIRST
    (copy,) = path.parent.glob("huisregels.opzij-*.yaml")
    assert (copy.read_text(encoding="utf-8"), str(copy) in back.out) == (BAD, True)
    assert verbinder("rules", "status").status == 0


def test_a_service_starts_on_the_last_good_version_when_the_file_is_broken(verbinder: Verbinder, path: Path) -> None:
    (first,) = serve(path, FIRST)
    assert serve(path, BAD) == [first]
    assert f"Toegepast: hash {first}\n" in verbinder("rules", "status").out


@pytest.mark.parametrize(
    "arguments", [("rollback",), ("rollback", "nul"), ("rollback", "0"), ("versions", "--limit", "0")]
)
def test_what_is_no_number_of_a_version_is_wrong_usage(verbinder: Verbinder, path: Path, arguments: list[str]) -> None:
    assert verbinder("rules", *arguments).status == 2
    assert path.read_text(encoding="utf-8") == FIRST
