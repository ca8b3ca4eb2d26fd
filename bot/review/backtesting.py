"""Replay the stored history through rule files: from the store, by way of worker processes, to one report.

Reads and counts; judging is for `bot.rules.backtest`, in processes of its own where there is enough to do, so that a
service that runs this goes on answering. Nothing is written.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Iterator, Sequence
from datetime import tzinfo
from typing import Protocol

from bot.analysis import JUDGED_CHARACTERS
from bot.rules import RuleSet
from bot.rules.backtest import EXAMPLES, Backtest, BacktestReport, Replayed
from bot.rules.replaying.sidebyside import SideBySide
from bot.rules.replaying.workers import PROCESSES, Judged, Workers
from bot.store import replay
from bot.store.database import Database
from bot.store.replay import Reaction

WORTH_A_PROCESS = 4000
"""Reactions from which on it pays to start processes: starting one takes as long as judging about this many."""

Progress = Callable[[int, int], None]
"""Is told how many reactions are done, of how many."""


async def backtest_history(
    database: Database,
    live: RuleSet | None,
    candidate: RuleSet,
    *,
    zone: tzinfo,
    on_progress: Progress,
    stop: Callable[[], bool],
    limit: int | None = None,
    examples: int = EXAMPLES,
    processes: int = PROCESSES,
) -> BacktestReport:
    """Replay the newest `limit` stored reactions (all without one) and report what `candidate` makes of them.

    Compares with `live` where that is given. Asks `stop` after every chunk of a few hundred reactions: the report is
    then of what was done until then, the newest reactions, and says that it is partial. With `processes` 0, or little
    to do, everything happens in this process.
    """
    total = await replay.count(database, limit=limit)
    run = Backtest(live, candidate, examples=examples)
    apart = processes > 0 and total >= WORTH_A_PROCESS
    judges: _Judges = Workers(live, candidate, processes=processes) if apart else _Here(run.sides)
    done, stopped = 0, False

    def count(judged: Judged) -> None:
        nonlocal done
        run.add(*judged)
        done += len(judged[0])
        on_progress(done, total)

    on_progress(0, total)
    try:
        await asyncio.to_thread(judges.start)
        async for reactions in replay.history(database, limit=limit):
            stopped = stop()
            if stopped:
                break
            chunk = [_replayed(reaction, zone) for reaction in reactions]
            judged = await asyncio.to_thread(judges.hand_out, chunk)
            if judged is not None:
                count(judged)
        left = judges.gather()
        while not (stopped := stopped or stop()):
            judged = await asyncio.to_thread(next, left, None)
            if judged is None:
                break
            count(judged)
    finally:
        await asyncio.to_thread(judges.stop)
    return await asyncio.to_thread(run.report, partial=stopped and done < total)


class _Judges(Protocol):
    """Whoever judges chunks, in the order in which they are handed out."""

    def start(self) -> None: ...

    def hand_out(self, chunk: Sequence[Replayed], /) -> Judged | None: ...

    def gather(self) -> Iterator[Judged]: ...

    def stop(self) -> None: ...


class _Here:
    """Judges in this process."""

    def __init__(self, sides: SideBySide) -> None:
        self._sides = sides

    def start(self) -> None:
        """There is nothing to start."""

    def hand_out(self, chunk: Sequence[Replayed], /) -> Judged | None:
        return chunk, self._sides.judge_all(chunk)

    def gather(self) -> Iterator[Judged]:
        return iter(())

    def stop(self) -> None:
        """There is nothing to stop."""


def _replayed(reaction: Reaction, zone: tzinfo) -> Replayed:
    return Replayed(
        revision_pk=reaction.revision_pk,
        text=reaction.text[:JUDGED_CHARACTERS],
        language=reaction.language,
        role=reaction.role,
        channel=reaction.channel,
        thread_id=reaction.thread_id,
        post_id=reaction.post_id,
        attachments=reaction.attachments,
        scores=reaction.scores,
        moment=reaction.written_at.astimezone(zone),
        recent=reaction.recent,
        upheld=reaction.upheld,
        decision=reaction.decision,
        ground=reaction.ground,
    )
