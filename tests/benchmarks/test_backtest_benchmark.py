"""The benchmark of the backtest measures what it says: the same history every time, replayed as a whole."""

from __future__ import annotations

import pytest

from benchmarks.backtest import measure
from benchmarks.history import fill, seeds
from bot.app import build_engine
from bot.settings import load_settings
from bot.store import replay
from bot.store.database import Database
from bot.store.rule_statistics import rule_statistics


async def test_the_history_is_the_demonstrations_with_variations(sqlite_database: Database) -> None:
    engine = build_engine(load_settings())
    await fill(sqlite_database, engine, 200)
    found = [one async for some in replay.history(sqlite_database) for one in some]
    originals = {" ".join(seed.words) for seed in seeds(engine)}
    assert len(found) == 200
    assert len({one.text for one in found} - originals) > 190
    assert {one.upheld for one in found} == {True, False, None}
    assert all(one.scores is not None for one in found)
    assert (found[0].written_at - found[-1].written_at).days > 700
    async with sqlite_database.read() as tx:
        assert sum(one.fired for one in (await rule_statistics(tx)).values()) > 5


async def test_it_replays_everything_for_a_little_change_and_for_a_large_one(
    capsys: pytest.CaptureFixture[str],
) -> None:
    await measure(50, 0)
    lines = capsys.readouterr().out.splitlines()
    measured = [line.partition(":")[0] for line in lines if " on the wall, " in line]
    assert measured[:2] == ["one rule changed", "every rule changed"]
    assert measured[2].startswith("statistics of ")
