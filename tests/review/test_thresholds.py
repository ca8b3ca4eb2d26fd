"""What another threshold would do: at once, of the newest; of everything where a backtest has just seen it."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest

from bot.core.cases import ActionKind
from bot.review import thresholds
from bot.review.backtest_desk import BacktestDesk, Question
from bot.review.backtesting import backtest_history
from bot.review.thresholds import Thresholds
from bot.rules.replaying.sweep import ThresholdPoint
from tests.builders import Services, message
from tests.rules.replaying.builders import rule, rules, status
from tests.store.history import decide, judged
from tests.web.visitor import BRUSSELS

TOXIC = "{een: [{woorden: [peer]}, {toxiciteit: {label: threat, vanaf: 0.7}}]}"  # history scores 0.5, or nothing


class Looking:
    """The parts, with a count of how often history was gone through."""

    def __init__(self, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
        self.desk = BacktestDesk(services.database, services.clock, services.bulletin, zone=BRUSSELS)
        self.thresholds = Thresholds(services.database, self.desk, zone=BRUSSELS)
        self.replays = 0

        async def counted(*arguments: Any, **options: Any) -> Any:
            self.replays += 1
            return await backtest_history(*arguments, **options)

        monkeypatch.setattr(thresholds, "backtest_history", counted)


@pytest.fixture
def looking(sqlite_services: Services, monkeypatch: pytest.MonkeyPatch) -> Looking:
    return Looking(sqlite_services, monkeypatch)


async def test_each_threshold_is_known_at_once_and_looking_again_costs_nothing(
    looking: Looking, sqlite_services: Services, tmp_path: Path
) -> None:
    services, an = sqlite_services, await sqlite_services.person()
    await judged(services, message("peer", id="1"), message("alarm appel", id="2"), message("appel", id="3"))
    await decide(services, an, "2", ActionKind.REMOVE, rule_id="privacy")
    toxic = rules(tmp_path, rule("appel", name="eerste"), rule(TOXIC))
    look = await looking.thresholds.look(toxic, toxic.rules[1])
    assert look is not None
    assert (look.reactions, look.stored, look.at) == (3, 3, None)
    assert [look.sweep.points[step - 1] for step in (50, 51)] == [
        ThresholdPoint(0.5, hits=3, upheld=1, overruled=0),
        ThresholdPoint(0.51, hits=1, upheld=0, overruled=0),
    ]
    assert await looking.thresholds.look(toxic, toxic.rules[1]) is look
    assert looking.replays == 1

    await decide(services, an, "2", ActionKind.UNDO)
    after = await looking.thresholds.look(toxic, toxic.rules[1])
    assert after is not None
    assert after.sweep.points[49].upheld == 0
    await judged(services, message("appel", id="4"))
    later = await looking.thresholds.look(toxic, toxic.rules[1])
    assert later is not None
    assert (later.reactions, looking.replays) == (4, 3)


async def test_a_rule_without_one_threshold_or_that_is_retired_has_none_to_look_at(
    looking: Looking, sqlite_services: Services, tmp_path: Path
) -> None:
    await judged(sqlite_services, message("peer"))
    found = rules(tmp_path, rule("peer"), rule(TOXIC, name="oud", extra=status("uitgefaseerd")))
    assert [await looking.thresholds.look(found, one) for one in found.rules] == [None, None]
    assert looking.replays == 0


async def test_of_much_history_the_newest_until_a_backtest_has_seen_it_all(
    looking: Looking, sqlite_services: Services, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(thresholds, "NEWEST", 2)
    await judged(sqlite_services, *(message("peer", id=str(number)) for number in range(1, 6)))
    toxic = rules(tmp_path, rule(TOXIC))
    changed = rules(tmp_path, rule(TOXIC.replace("0.7", "0.6")))
    quick = await looking.thresholds.look(toxic, toxic.rules[0])
    assert quick is not None
    assert (quick.reactions, quick.stored) == (2, 5)

    worker = asyncio.create_task(looking.desk.run())
    await looking.desk.start(Question(toxic, None, "het bestand", "An"))
    async with asyncio.timeout(30):
        while looking.desk.finished is None:
            await asyncio.sleep(0.01)
    worker.cancel()
    whole = await looking.thresholds.look(toxic, toxic.rules[0])
    assert whole is not None
    assert (whole.reactions, whole.at) == (5, looking.desk.finished.ended)
    other = await looking.thresholds.look(changed, changed.rules[0])
    assert other is not None
    assert (other.reactions, other.at) == (2, None), "that backtest was of another rule"
