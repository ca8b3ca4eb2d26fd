"""Whether a condition fires, on its own check: without a rule around it, so conditions that only limit can be tried."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.messages import SAME_AUTHOR, Recent
from bot.rules import RuleInput
from bot.rules.compiling import compile_node
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.model import Voorwaarde
from bot.rules.source import read_source

MINUTE = timedelta(minutes=1)
TEXT = "Kom allemaal naar de markt"


def fires(wanneer: str, given: RuleInput) -> bool | None:
    """Return what the condition written in `wanneer` says of `given`; None where it is not evaluated."""
    data = read_source("test.yaml", wanneer.encode()).data
    problems: list[str] = []
    check = compile_node(
        Voorwaarde.model_validate(data), Lists({}), lambda _path, message, _hint: problems.append(message), ()
    )
    assert not problems
    return check(Subject.of(given)).fired


def own(*ages: timedelta, alike: bool = True) -> Recent:
    """Return a past in which only the author wrote, with like words or others."""
    return Recent(ages, tuple((SAME_AUTHOR, age) for age in ages) if alike else (), first=not ages)


def others(*ages: timedelta) -> Recent:
    """Return a past in which as many others wrote like words."""
    return Recent(alike=tuple((f"ander-{number}", age) for number, age in enumerate(ages)), first=True)


def given(text: str = TEXT, *, recent: Recent | None = None, moment: datetime | None = None) -> RuleInput:
    return RuleInput.of(text, recent=recent or Recent(), moment=moment)
