"""Try a text on rules that need not be in force: what would each of them make of it, and why? Nothing is kept.

The rules are judged with the scorer that is in use. Rules whose own examples fail can be tried too: that is when
somebody wants to know why.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from bot.core.errors import Refused
from bot.core.findings import ToxicityResult
from bot.engine import Engine, score_safely
from bot.rules import RulesReport, check_rules
from bot.rules.examples import input_of
from bot.rules.explain import Explanation, explain
from bot.rules.files import RuleFiles
from bot.rules.model import Example
from bot.rules.wording import worded
from bot.toxicity.ports import Scorer


@dataclass(frozen=True, slots=True)
class Tried:
    """What came of it: `explanation` is None where the rules cannot be read, and `report` says why."""

    example: Example
    report: RulesReport
    toxicity: ToxicityResult
    explanation: Explanation | None


def read_example(given: Mapping[str, Any]) -> Example:
    """Return a text with its circumstances, in the keys of an example in the rule file.

    Raises:
        Refused: something that was filled in cannot be, in words for whoever filled it in.
    """
    try:
        return Example.model_validate({key: value for key, value in given.items() if value not in ("", None, [])})
    except ValidationError as error:
        first = error.errors(include_url=False)[0]
        message, hint, _ = worded(first)
        where = f"{first['loc'][0]}: " if first["loc"] else ""
        raise Refused(f"{where}{message}{f' ({hint})' if hint else ''}") from error


def try_rules(engine: Engine, example: Example, files: RuleFiles, now: datetime) -> Tried:
    """Explain what the rules in `files` make of `example`, with what judges now. Takes a moment: call it in a thread.

    `now` is the moment of writing where the example names none.
    """
    frames = frozenset(engine.detector.names)
    return try_text(example, files, now.astimezone(engine.zone), scorer=engine.scorer, frames=frames)


def try_text(
    example: Example, files: RuleFiles, now: datetime, *, scorer: Scorer, frames: Collection[str] = ()
) -> Tried:
    """Explain what the rules in `files` make of `example`; `now` is on the clock of the town."""
    report = check_rules(files.path, score=_unproven, known_frames=frames, files=files, prove=False)
    toxicity = score_safely(example.tekst, scorer)
    if report.rule_set is None:
        return Tried(example, report, toxicity, None)
    if example.moment is None:
        example = example.model_copy(update={"moment": now})
    given = input_of(example, None if toxicity.error is not None else toxicity.scores)
    return Tried(example, report, toxicity, explain(report.rule_set, given))


def _unproven(_text: str) -> Mapping[str, float]:
    raise AssertionError("examples are not tried here")
