"""Try a text on rules that need not be in force: what would each of them make of it, and why? Nothing is kept.

The rules are judged with the scorer that is in use. Rules whose own examples fail can be tried too: that is when
somebody wants to know why.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from pydantic import ValidationError

from bot.core.errors import Refused
from bot.core.findings import ToxicityResult
from bot.engine import Engine, toxicity_of
from bot.rules import RuleSet, RulesReport, check_rules
from bot.rules.examples import input_of
from bot.rules.explain import Explanation, explain
from bot.rules.files import RuleFiles
from bot.rules.model import Example
from bot.rules.wording import worded


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
    """Explain what the rules in `files` make of `example`. Takes a moment: call it in a thread.

    `now` is the moment of writing where the example names none.
    """
    report = check_rules(
        files.path,
        score=lambda text: engine.scorer.score([text])[0].scores,
        known_frames=frozenset(engine.detector.names),
        files=files,
        prove=False,
    )
    toxicity = toxicity_of(example.tekst, engine)
    explanation = None if report.rule_set is None else _explained(report.rule_set, example, toxicity, now, engine)
    return Tried(example, report, toxicity, explanation)


def _explained(
    rules: RuleSet, example: Example, toxicity: ToxicityResult, now: datetime, engine: Engine
) -> Explanation:
    if example.moment is None:
        example = example.model_copy(update={"moment": now.astimezone(engine.zone)})
    return explain(rules, input_of(example, None if toxicity.error is not None else toxicity.scores))
