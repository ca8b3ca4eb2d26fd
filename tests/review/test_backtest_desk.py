"""One backtest at a time, that goes on without its page, can be stopped, and never outlives the service."""

from __future__ import annotations

import asyncio
import contextlib
import multiprocessing
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import Refused
from bot.review import backtest_desk, backtesting
from bot.review.backtest_desk import BacktestDesk, Finished, Question, Running
from bot.review.bulletin import Topic
from bot.rules.replaying.workers import WorkerLostError
from bot.store import replay
from tests.builders import Services, message
from tests.rules.replaying.builders import one, rule, rules
from tests.store.history import judged
from tests.web.visitor import BRUSSELS

WORDS = ("appel", "peer", "appel stil", "niets", "alarm appel", "boos", "peer peer", "alarm")


@pytest.fixture
def desk(sqlite_services: Services) -> BacktestDesk:
    services = sqlite_services
    return BacktestDesk(services.database, services.clock, services.bulletin, zone=BRUSSELS)


@pytest.fixture
async def working(desk: BacktestDesk) -> AsyncIterator[asyncio.Task[None]]:
    """Yield the worker of the desk, as the service runs it."""
    task = asyncio.create_task(desk.run())
    yield task
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@pytest.fixture
def _small_chunks(monkeypatch: pytest.MonkeyPatch) -> None:
    original = replay.history
    monkeypatch.setattr(replay, "history", lambda database, limit=None: original(database, limit=limit, chunk=2))


async def some_history(services: Services, times: int = 1) -> None:
    await judged(services, *(message(text, id=str(number)) for number, text in enumerate(WORDS * times, 1)))


def question(tmp_path: Path, **changes: Any) -> Question:
    live = rules(tmp_path, rule("appel"))
    given = {"candidate": rules(tmp_path, rule("peer")), "live": live, "what": "versie 3", "by": "An"}
    return Question(**{**given, **changes})


async def ended(desk: BacktestDesk) -> Finished:
    async with asyncio.timeout(30):
        while desk.running is not None:
            await asyncio.sleep(0.01)
    assert desk.finished is not None
    return desk.finished


@pytest.mark.usefixtures("working")
async def test_a_question_is_answered_and_the_report_stays(
    desk: BacktestDesk, sqlite_services: Services, tmp_path: Path
) -> None:
    await some_history(sqlite_services)
    assert (desk.running, desk.finished) == (None, None)
    await desk.start(question(tmp_path))
    assert desk.running is not None
    assert (desk.running.total, desk.running.question.by) == (8, "An")
    finished = await ended(desk)
    assert finished.report is not None
    found = one(finished.report)
    assert (finished.total, finished.report.reactions, finished.report.partial) == (8, 8, False)
    assert (found.hits, found.new, found.lost) == (2, 2, 3)
    await asyncio.sleep(0.05)
    assert desk.finished is finished


@pytest.mark.usefixtures("working")
async def test_a_second_one_is_refused_with_whose_the_first_is_and_since_when(
    desk: BacktestDesk, sqlite_services: Services, tmp_path: Path
) -> None:
    await some_history(sqlite_services)
    first, second = question(tmp_path), question(tmp_path, by="Bram")
    outcomes = await asyncio.gather(desk.start(first), desk.start(second), return_exceptions=True)
    (refused,) = [outcome for outcome in outcomes if outcome is not None]
    assert isinstance(refused, Refused)
    started, other = (first, second) if outcomes[0] is None else (second, first)  # whoever was first to the desk
    assert f"Er loopt al een terugblik, van {started.by}, sinds 13:00." in str(refused)  # noon in UTC
    assert (await ended(desk)).question is started
    await desk.start(other)
    assert (await ended(desk)).question is other


async def test_without_history_there_is_nothing_to_replay(desk: BacktestDesk, tmp_path: Path) -> None:
    with pytest.raises(Refused, match="nog geen reacties"):
        await desk.start(question(tmp_path))
    assert desk.running is None


@pytest.mark.usefixtures("working", "_small_chunks")
async def test_progress_rings_and_a_stop_gives_what_was_done(
    desk: BacktestDesk, sqlite_services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtest_desk, "RING_SECONDS", 0.0)
    await some_history(sqlite_services, times=6)
    stamps, seen = {desk.stamp}, []
    async with sqlite_services.bulletin.listen(Topic.BACKTEST) as bell:
        await desk.start(question(tmp_path))
        while desk.running is not None:
            assert await bell.wait(10)
            stamps.add(desk.stamp)
            if desk.running is not None:
                seen.append(desk.running)
                if desk.running.done >= 6:
                    assert desk.stop()
    report = (await ended(desk)).report
    assert report is not None
    assert report.partial
    assert 6 <= report.reactions < 48
    assert len(stamps) > 3
    assert [running.done for running in seen] == sorted(running.done for running in seen)
    assert any(running.stopping for running in seen)
    assert not desk.stop(), "there is nothing to stop any more"


@pytest.mark.usefixtures("working")
async def test_a_limit_takes_the_newest(desk: BacktestDesk, sqlite_services: Services, tmp_path: Path) -> None:
    await some_history(sqlite_services)
    await desk.start(question(tmp_path, limit=2))
    finished = await ended(desk)
    assert finished.report is not None
    assert (finished.total, finished.report.reactions, one(finished.report).hits) == (2, 2, 1)


@pytest.mark.usefixtures("_small_chunks")
async def test_when_the_service_stops_no_process_is_left(
    desk: BacktestDesk, sqlite_services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(backtesting, "WORTH_A_PROCESS", 1)
    await some_history(sqlite_services, times=4)
    worker = asyncio.create_task(desk.run())
    await desk.start(question(tmp_path))
    async with asyncio.timeout(30):
        while len(multiprocessing.active_children()) < 2:
            await asyncio.sleep(0.01)
    worker.cancel()
    async with asyncio.timeout(1):
        with pytest.raises(asyncio.CancelledError):
            await worker
    assert multiprocessing.active_children() == []
    assert (desk.running, desk.finished) == (None, None)


@pytest.mark.usefixtures("working")
@pytest.mark.parametrize(
    ("error", "said"),
    [
        (WorkerLostError("Een hulpproces viel weg.", remedy="Probeer het opnieuw."), "viel weg.\nProbeer het opnieuw."),
        (ValueError("geheime woorden"), "De terugblik is mislukt."),
    ],
)
async def test_one_that_fails_says_so_and_the_next_one_works(
    desk: BacktestDesk,
    sqlite_services: Services,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    error: Exception,
    said: str,
) -> None:
    async def fail(*_: object, **__: object) -> None:
        raise error

    await some_history(sqlite_services)
    with monkeypatch.context() as patch:
        patch.setattr(backtest_desk, "backtest_history", fail)
        await desk.start(question(tmp_path))
        finished = await ended(desk)
    assert finished.report is None
    assert said in finished.failure
    assert "geheime" not in finished.failure
    await desk.start(question(tmp_path))
    assert (await ended(desk)).report is not None


def test_how_long_it_still_takes_is_known_once_something_is_done(tmp_path: Path, sqlite_services: Services) -> None:
    now = sqlite_services.clock()
    asked = question(tmp_path)
    for done, seconds, left in ((0, 3.0, None), (25, 5.0, 15), (100, 9.0, None)):
        assert Running(asked, now, done=done, total=100, seconds=seconds).seconds_left == left
