"""What the tests of a backtest share: rule files in folders of their own, reactions of long ago, and a run of them."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from pathlib import Path
from typing import Any

from bot.core.findings import TOXICITY_LABELS
from bot.rules import RuleSet
from bot.rules.backtest import BacktestReport, Replayed, backtest
from bot.rules.replaying.report import RuleBacktest
from tests.rules.helpers import loaded, rule_text

_numbers = itertools.count(1)


def rule(
    word: str, *, name: str = "regel", ernst: str = "hoog", doet: str = "[meld_moderator]", extra: str = ""
) -> str:
    """Return a rule that fires on a word (or on `{…}`: a condition as it is written)."""
    when = word if word.startswith("{") else f"{{woorden: [{word}]}}"
    return rule_text(when, name=name, doet=doet, extra=extra).replace("ernst: hoog", f"ernst: {ernst}")


def status(word: str) -> str:
    return f"    status: {word}\n"


def rules(tmp_path: Path, *written: str, head: str = "") -> RuleSet:
    """Return the rules of a file in a folder of its own."""
    folder = tmp_path / f"regels-{next(_numbers)}"
    folder.mkdir()
    return loaded(folder, *written, head=head)


def replayed(text: str, upheld: bool | None = None, **changes: Any) -> Replayed:
    """Return a reaction that was judged in Dutch, with quiet scores, and what people decided about it."""
    given: dict[str, Any] = {
        "revision_pk": next(_numbers),
        "language": "nl",
        "scores": dict.fromkeys(TOXICITY_LABELS, 0.0),
        "upheld": upheld,
    }
    return Replayed(text=text, **{**given, **changes})


def run(live: RuleSet | None, candidate: RuleSet, history: Iterable[Replayed], *, examples: int = 5) -> BacktestReport:
    """Return the report of a run that nobody stops."""
    return backtest(live, candidate, history, on_progress=lambda _done: None, stop=lambda: False, examples=examples)


def one(report: BacktestReport, name: str = "regel") -> RuleBacktest:
    """Return what a report says of one rule."""
    (found,) = [line for line in report.rules if line.id == name]
    return found
