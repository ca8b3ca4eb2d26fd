"""Replay history through a rule file: what it does, what would change, and how far people agree. Pure.

Compares a candidate with the rules in force, rule by rule and as a whole. Nothing is stored or sent. What people
decided says something about reactions that reached them: what no rule ever raised is missing from it, so recall is of
what people acted on, not of everything that was wrong.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence

from bot.rules.replaying.replayed import Replayed
from bot.rules.replaying.report import BacktestReport
from bot.rules.replaying.sidebyside import Outcome, SideBySide
from bot.rules.replaying.tally import Tally
from bot.rules.ruleset import RuleSet

__all__ = ["EXAMPLES", "Backtest", "BacktestReport", "Replayed", "backtest"]

EXAMPLES = 5
"""How many reactions to read are kept of each kind, for each rule."""


def backtest(
    live: RuleSet | None,
    candidate: RuleSet,
    history: Iterable[Replayed],
    *,
    on_progress: Callable[[int], None],
    stop: Callable[[], bool],
    examples: int = EXAMPLES,
) -> BacktestReport:
    """Replay `history` through `candidate` and return what that shows, compared with `live` where it is given.

    `on_progress` is told how many reactions were replayed. As soon as `stop` says so, the report is of what was
    replayed until then, and says that it is partial. Examples prefer what comes first: give the newest first.
    """
    run = Backtest(live, candidate, examples=examples)
    for done, replayed in enumerate(history, 1):
        if stop():
            return run.report(partial=True)
        run.add([replayed], [run.sides.judge(replayed)])
        on_progress(done)
    return run.report(partial=False)


class Backtest:
    """A replay under way: hand it reactions with what both files say of them, and ask for the report at any moment."""

    def __init__(self, live: RuleSet | None, candidate: RuleSet, *, examples: int = EXAMPLES) -> None:
        self.sides = SideBySide(live, candidate)
        self._tally = Tally(live, candidate, self.sides, examples)

    def add(self, history: Sequence[Replayed], outcomes: Sequence[Outcome]) -> None:
        """Count these reactions; `outcomes` are what `sides` says of them, wherever that was worked out."""
        for replayed, outcome in zip(history, outcomes, strict=True):
            self._tally.add(replayed, outcome)

    def report(self, *, partial: bool) -> BacktestReport:
        """Return what is known so far."""
        return self._tally.report(partial=partial)
