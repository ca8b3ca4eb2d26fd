"""A replay tells how far it is, can be stopped, and keeps nothing of history but a few examples."""

from __future__ import annotations

from pathlib import Path

from bot.core.findings import TOXICITY_LABELS
from bot.rules.backtest import Replayed, backtest
from tests.rules.replaying.builders import one, replayed, rule, rules, run


def test_progress_is_told_and_a_stop_leaves_what_is_known(tmp_path: Path) -> None:
    told: list[int] = []
    candidate = rules(tmp_path, rule("appel"))
    endless = (replayed("appel") for _ in iter(int, 1))
    report = backtest(None, candidate, endless, on_progress=told.append, stop=lambda: len(told) >= 3)
    assert told == [1, 2, 3]
    assert (report.partial, report.reactions, one(report).hits) == (True, 3, 3)


def test_a_run_to_the_end_is_not_partial(tmp_path: Path) -> None:
    told: list[int] = []
    history = [replayed("appel"), replayed("peer")]
    report = backtest(
        None, rules(tmp_path, rule("appel")), history, on_progress=told.append, stop=lambda: len(told) >= 2
    )
    assert (told, report.partial, report.reactions) == ([1, 2], False, 2)


def test_nothing_of_history_is_kept_but_a_few_examples(tmp_path: Path) -> None:
    """Memory: a hundred thousand reactions must not be held at once."""
    alive: list[int] = []

    class Counted(Replayed):
        __slots__ = ()

        def __del__(self) -> None:
            alive[0] -= 1

    alive.append(0)
    highest = 0
    scores = dict.fromkeys(TOXICITY_LABELS, 0.0)

    def history() -> object:
        nonlocal highest
        for number in range(500):
            alive[0] += 1
            yield Counted(number, f"appel {number}", "nl", scores=scores, upheld=number % 2 == 0)
            highest = max(highest, alive[0])

    run(None, rules(tmp_path, rule("appel")), history(), examples=3)  # type: ignore[arg-type]
    assert highest < 20
