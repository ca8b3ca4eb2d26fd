"""How fast history is replayed through a rule file: `python -m benchmarks.backtest`.

Prints seconds, processor seconds and reactions a second for a file in which one rule changed and for one in which every
rule did. Wall time depends on what else the machine is doing; processor time hardly does.
"""

from __future__ import annotations

import argparse
import asyncio
import os
import resource
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC
from pathlib import Path

from benchmarks.history import fill
from bot.app import build_engine
from bot.review.backtesting import backtest_history
from bot.rules import RuleSet, load_rules
from bot.rules.files import RuleFiles
from bot.settings import load_settings
from bot.store.database import Database
from bot.store.migrate import upgrade
from bot.store.rule_statistics import rule_statistics

TARGET_SECONDS = 60
REACTIONS = 100_000


@dataclass(slots=True)
class Spent:
    """What a measured block took: seconds on the wall, and of processors, in this process and in its children."""

    wall: float = 0.0
    processor: float = 0.0


def _processor() -> float:
    used = (resource.getrusage(who) for who in (resource.RUSAGE_SELF, resource.RUSAGE_CHILDREN))
    return sum(one.ru_utime + one.ru_stime for one in used)


class Clock:
    """Measures a block. Children count once they have ended."""

    def __init__(self) -> None:
        self.spent = Spent()

    def __enter__(self) -> Spent:
        self._wall, self._used = time.perf_counter(), _processor()
        return self.spent

    def __exit__(self, *_: object) -> None:
        self.spent.wall = time.perf_counter() - self._wall
        self.spent.processor = _processor() - self._used


def changed(live: RuleSet, score: Callable[[str], dict[str, float]], change: Callable[[str], str]) -> RuleSet:
    """Return the rules in force with `change` made in their text, otherwise read from the same files."""
    assert live.files is not None
    text = change(live.files.text().decode())
    files = RuleFiles(live.path, text=text.encode(), beside=live.files.beside)
    return load_rules(live.path, score=score, files=files)


def one_rule(text: str) -> str:
    """Change one rule: one phrase more."""
    return text.replace("- pleeg|pleegt …1 zelfmoord", "- pleeg|pleegt …1 zelfmoord\n            - spring maar", 1)


def every_rule(text: str) -> str:
    """Change the definition of every rule, but not what it does: the most that a replay can have to do."""
    return text.replace("    waarom: >-\n", "    waarom: >-\n      Beste bewoner.\n")


async def measure(count: int, processes: int) -> None:
    """Make a history of `count` reactions in a database of its own, replay it and print what that took."""
    engine = build_engine(load_settings())

    def score(text: str) -> dict[str, float]:
        return dict(engine.scorer.score([text])[0].scores)

    live = engine.rules
    cases = (
        ("one rule changed", changed(live, score, one_rule)),
        ("every rule changed", changed(live, score, every_rule)),
    )
    assert [_differing(live, candidate) for _, candidate in cases] == [1, len(live.rules)]
    with tempfile.TemporaryDirectory() as folder:
        url = f"sqlite+aiosqlite:///{Path(folder) / 'history.db'}"
        await asyncio.to_thread(upgrade, url)
        database = Database(url)
        with Clock() as spent:
            await fill(database, engine, count)
        print(f"{count} reactions made in {spent.wall:.1f} s")
        print(f"{os.cpu_count()} processors, {processes} worker processes, Python {sys.version.split()[0]}")
        used = [await _replay(database, live, candidate, name, count, processes) for name, candidate in cases]
        print(f"every rule changed takes {used[1] / used[0]:.2f} × the processor time of one rule changed")
        with Clock() as spent:
            async with database.read() as tx:
                found = await rule_statistics(tx)
        print(
            f"statistics of {len(found)} rules: {spent.wall:.2f} s on the wall, {spent.processor:.2f} s of processors"
        )
        await database.close()


def _differing(live: RuleSet, candidate: RuleSet) -> int:
    """Return how many rules would be evaluated twice."""
    return len({rule.definition for rule in candidate.rules} - {rule.definition for rule in live.rules})


async def _replay(
    database: Database, live: RuleSet, candidate: RuleSet, name: str, count: int, processes: int
) -> float:
    """Replay everything, print what that took, and return the seconds of processors."""
    with Clock() as spent:
        report = await backtest_history(
            database,
            live,
            candidate,
            zone=UTC,
            on_progress=lambda _done, _total: None,
            stop=lambda: False,
            processes=processes,
        )
    assert report.reactions == count
    print(
        f"{name}: {spent.wall:.1f} s on the wall, {spent.processor:.1f} s of processors;"
        f" {count / spent.wall:.0f} reactions a second, {count / spent.processor:.0f} a processor second"
    )
    print(f"  {report.whole.alerts} alerts, {report.whole.new} new, {report.upheld + report.overruled} decided")
    if count == REACTIONS:
        print(f"  target of {TARGET_SECONDS} s on the wall: {'met' if spent.wall <= TARGET_SECONDS else 'missed'}")
    return spent.processor


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=REACTIONS, help="reactions to replay")
    options.add_argument("--processes", type=int, default=2, help="worker processes; 0 for none")
    chosen = options.parse_args()
    asyncio.run(measure(chosen.count, chosen.processes))
