"""Stored history replayed: the same report from one process and from several, stopped, broken off, on a busy loop."""

from __future__ import annotations

import asyncio
import multiprocessing
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from bot.analysis import JUDGED_CHARACTERS
from bot.core.cases import ActionKind
from bot.review import backtesting
from bot.review.backtesting import backtest_history
from bot.rules import RuleSet
from bot.rules.backtest import Backtest, BacktestReport
from bot.rules.replaying.sidebyside import SideBySide
from bot.rules.replaying.workers import WorkerLostError, Workers
from bot.rules.statistics import Agreement
from bot.store import replay
from bot.store.database import Database
from tests.builders import Services, message
from tests.rules.replaying.builders import one, rule, rules
from tests.store.history import decide, judged

BRUSSELS = ZoneInfo("Europe/Brussels")


def never() -> bool:
    return False


def nothing(_done: int, _total: int) -> None:
    return None


async def replayed(database: Database, live: RuleSet | None, candidate: RuleSet, **options: Any) -> BacktestReport:
    given: dict[str, Any] = {"zone": BRUSSELS, "on_progress": nothing, "stop": never, **options}
    return await backtest_history(database, live, candidate, **given)


@pytest.fixture
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    """Let a few reactions be several chunks, and enough for processes of their own."""
    original = replay.history
    monkeypatch.setattr(replay, "history", lambda database, limit=None: original(database, limit=limit, chunk=3))
    monkeypatch.setattr(backtesting, "WORTH_A_PROCESS", 1)


async def a_history(services: Services) -> None:
    an = await services.person()
    texts = ["alarm appel", "peer", "boos alarm", "appel stil", "appel", "niets", "peer appel", "crash appel"]
    await judged(services, *(message(text, id=str(number)) for number, text in enumerate(texts, 1)))
    await decide(services, an, "1", ActionKind.REMOVE, rule_id="privacy")
    await decide(services, an, "3", ActionKind.FINE)


TOXIC = "{een: [{woorden: [peer]}, {toxiciteit: {label: threat, vanaf: 0.7}}]}"


def both(tmp_path: Path) -> tuple[RuleSet, RuleSet]:
    live = rules(tmp_path, rule("appel", name="privacy"), rule(TOXIC, name="toxisch"))
    return live, rules(tmp_path, rule("alarm", name="privacy"), rule(TOXIC, name="toxisch"))


@pytest.mark.usefixtures("_small_chunks")
async def test_processes_of_their_own_come_to_the_same_report(services: Services, tmp_path: Path) -> None:
    await a_history(services)
    live, candidate = both(tmp_path)
    here = await replayed(services.database, live, candidate, processes=0)
    assert await replayed(services.database, live, candidate, processes=2) == here
    found = one(here, "privacy")
    assert (here.reactions, here.partial, here.without_scores) == (8, False, 2)
    assert (found.hits, found.hits_before, found.new, found.lost) == (2, 5, 1, 4)
    assert found.agreement == Agreement(upheld=1, overruled=1, found=1, missed=0)
    assert one(here, "toxisch").not_evaluated == 2, "without a score, and no word that fires"


async def test_what_the_rules_see_is_what_was_stored(sqlite_services: Services, tmp_path: Path) -> None:
    """The local time, the place, and no more of a text than is judged when it comes in."""
    services = sqlite_services
    late = datetime.fromisoformat("2026-07-01T22:30:00+00:00")  # half past midnight in Brussels
    services.clock.now = late
    long = "x " * (JUDGED_CHARACTERS // 2) + "appel"
    await judged(services, message("peer", id="1", sent_at=late, thread_id="5"), message(long, id="2", sent_at=late))
    night = "{alle: [{woorden: [peer]}, {tijd: {van: '00:00', tot: '01:00'}}, {draad: ['5']}]}"
    report = await replayed(services.database, None, rules(tmp_path, rule(night), rule("appel", name="te-lang")))
    assert (one(report).hits, one(report, "te-lang").hits) == (1, 0)
    assert report.since == late
    assert report.since.utcoffset() == timedelta(hours=2)


async def test_what_was_written_just_before_reaches_the_rules(sqlite_services: Services, tmp_path: Path) -> None:
    services = sqlite_services
    for number in range(1, 4):
        services.clock.advance(timedelta(minutes=1))
        await judged(
            services,
            message("overval van velen", id=str(number), author=f"u{number}", sent_at=services.clock.now),
        )
    raid = rules(tmp_path, rule("{overval: {auteurs: 3, binnen: 10 minuten}}"))
    report = await replayed(services.database, None, raid)
    assert (report.reactions, one(report).hits) == (3, 1)


@pytest.mark.usefixtures("_small_chunks")
@pytest.mark.parametrize("processes", [0, 2])
async def test_progress_is_told_and_a_stop_leaves_the_newest(
    sqlite_services: Services, tmp_path: Path, processes: int
) -> None:
    await a_history(sqlite_services)
    live, candidate = both(tmp_path)
    told: list[tuple[int, int]] = []
    await replayed(
        sqlite_services.database, live, candidate, processes=processes, on_progress=lambda *at: told.append(at)
    )
    assert told == [(0, 8), (3, 8), (6, 8), (8, 8)]
    stopped = await replayed(
        sqlite_services.database, live, candidate, processes=processes, on_progress=lambda *at: told.append(at),
        stop=lambda: told[-1] == (3, 8),
    )  # fmt: skip
    assert (stopped.reactions, stopped.partial) == (3, True)
    assert one(stopped, "privacy").hits == 0, "the oldest is not among them"
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("_small_chunks")
async def test_a_stop_at_the_very_end_is_no_part(sqlite_services: Services, tmp_path: Path) -> None:
    await a_history(sqlite_services)
    told: list[int] = []
    for processes in (0, 2):
        report = await replayed(
            sqlite_services.database, *both(tmp_path), processes=processes,
            on_progress=lambda done, _total: told.append(done), stop=lambda: told[-1] == 8,
        )  # fmt: skip
        assert (report.reactions, report.partial) == (8, False)


@pytest.mark.usefixtures("_small_chunks")
async def test_broken_off_it_leaves_no_process(sqlite_services: Services, tmp_path: Path) -> None:
    await a_history(sqlite_services)
    begun = asyncio.Event()

    def on_progress(_done: int, _total: int) -> None:
        begun.set()

    task = asyncio.create_task(
        replayed(sqlite_services.database, *both(tmp_path), processes=2, on_progress=on_progress)
    )
    await begun.wait()
    async with asyncio.timeout(30):
        while len(multiprocessing.active_children()) < 2:
            await asyncio.sleep(0.01)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("_small_chunks")
async def test_a_process_that_is_lost_ends_it_with_an_error(sqlite_services: Services, tmp_path: Path) -> None:
    await a_history(sqlite_services)
    # So many that there is a lot left to do, however quick the processes are and slow the news of them.
    await judged(sqlite_services, *(message(f"appel {number}", id=str(number)) for number in range(100, 160)))

    def on_progress(done: int, _total: int) -> None:
        if done:
            for child in multiprocessing.active_children():
                child.kill()

    with pytest.raises(WorkerLostError, match="hulpproces"):
        await replayed(sqlite_services.database, *both(tmp_path), processes=2, on_progress=on_progress)
    assert multiprocessing.active_children() == []


@pytest.mark.usefixtures("_small_chunks")
@pytest.mark.parametrize("processes", [0, 2])
async def test_the_loop_goes_on_meanwhile(
    sqlite_services: Services, tmp_path: Path, processes: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A service that replays must not keep its console, its channels and its heartbeats waiting."""
    await a_history(sqlite_services)
    loop_thread = asyncio.get_running_loop()
    blocked: list[str] = []

    def watched(name: str, original: Callable[..., Any]) -> Callable[..., Any]:
        def call(*arguments: Any, **options: Any) -> Any:
            try:
                if asyncio.get_running_loop() is loop_thread:
                    blocked.append(name)
            except RuntimeError:
                pass  # no loop runs in this thread
            return original(*arguments, **options)

        return call

    for part, names in (
        (Workers, ("start", "hand_out", "stop")),
        (SideBySide, ("judge_all",)),
        (Backtest, ("report",)),
    ):
        for name in names:
            monkeypatch.setattr(part, name, watched(name, getattr(part, name)))
    await replayed(sqlite_services.database, *both(tmp_path), processes=processes)
    assert blocked == []
