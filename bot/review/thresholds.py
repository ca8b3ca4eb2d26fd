"""What a rule would do at every threshold: at once from the newest reactions, from a whole backtest where there is one.

Looking again at the same rule on the same history costs nothing. One look at a time: it takes a processor for a moment.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from datetime import datetime, tzinfo

from bot.review.backtest_desk import BacktestDesk
from bot.review.backtesting import backtest_history
from bot.rules import RuleSet
from bot.rules.compiling import CompiledRule
from bot.rules.replaying.report import BacktestReport
from bot.rules.replaying.sidebyside import RETIRED
from bot.rules.replaying.sweep import Sweep, dial_of
from bot.store import replay
from bot.store.database import Database

NEWEST = 2000
"""Reactions that are looked at when somebody opens a page: about half a second of work for one rule."""
_MOST_KEPT = 100  # looks; an edited rule is another rule, and they are small


@dataclass(frozen=True, slots=True)
class ThresholdLook:
    """A sweep over the newest `reactions` of `stored` ones. `at` is when the backtest that it was taken from ended."""

    sweep: Sweep
    reactions: int
    stored: int
    at: datetime | None = None


class Thresholds:
    """Remembers what it saw of each rule."""

    def __init__(self, database: Database, backtests: BacktestDesk, *, zone: tzinfo) -> None:
        self._database = database
        self._backtests = backtests
        self._zone = zone
        self._seen: dict[str, tuple[str, ThresholdLook]] = {}
        self._turn = asyncio.Lock()

    async def look(self, rules: RuleSet, rule: CompiledRule) -> ThresholdLook | None:
        """Return what `rule`, one of `rules`, would do at each threshold.

        None where it has no single threshold, or is retired.
        """
        if rule.status == RETIRED or dial_of(rule.written.wanneer) is None:
            return None
        stored = await replay.count(self._database)
        found = self._reported(rule, stored)
        if found is not None and found.reactions > min(stored, NEWEST):
            return found
        async with self._turn:
            stamp = await replay.stamp(self._database)
            known, look = self._seen.get(rule.definition, ("", None))
            if look is None or known != stamp:
                look = await self._looked(rules, rule, stored)
                if len(self._seen) >= _MOST_KEPT:
                    self._seen.clear()
                self._seen[rule.definition] = (stamp, look)
        return look

    def _reported(self, rule: CompiledRule, stored: int) -> ThresholdLook | None:
        """Return what the last backtest says of this very rule."""
        finished = self._backtests.finished
        if finished is None or finished.report is None:
            return None
        same = {other.id for other in finished.question.candidate.rules if other.definition == rule.definition}
        sweep = next((one.sweep for one in finished.report.rules if one.id in same), None)
        return None if sweep is None else ThresholdLook(sweep, finished.report.reactions, stored, finished.ended)

    async def _looked(self, rules: RuleSet, rule: CompiledRule, stored: int) -> ThresholdLook:
        report: BacktestReport = await backtest_history(
            self._database,
            None,
            replace(rules, rules=(rule,)),
            zone=self._zone,
            on_progress=lambda _done, _total: None,
            stop=lambda: False,
            limit=NEWEST,
            examples=0,
            processes=0,
        )
        (seen,) = report.rules
        assert seen.sweep is not None
        return ThresholdLook(seen.sweep, report.reactions, stored)
