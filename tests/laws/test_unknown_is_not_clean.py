"""Law 3: unknown is not clean. What could not be judged goes to a person, who is told so."""

from __future__ import annotations

import time
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import timedelta

import pytest
from structlog.testing import capture_logs

from bot.core.cases import CaseKind
from bot.core.errors import ScorerError
from bot.core.findings import FramingResult, ToxicityResult
from bot.engine import Engine
from bot.review.card import card_of
from bot.rules import RuleSet
from bot.toxicity.limits import GuardedScorer
from tests.builders import Services, message
from tests.laws.conftest import with_engine

CIVIL = "Fijn dat het zwembad weer open is."


class Broken:
    """A scorer and a detector that both fail, as a model that does not load would."""

    name, version = "stuk", "0"
    names: Mapping[str, str] = {}

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        raise ScorerError("het model laadt niet")

    def detect(self, text: str, *, context: str) -> FramingResult:
        raise MemoryError


class Slow:
    name, version = "traag", "0"

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        time.sleep(2)
        return [ToxicityResult(self.name, self.version) for _ in texts]


def fail(*args: object, **kwargs: object) -> None:
    raise RuntimeError("stuk")


async def test_a_civil_reaction_that_could_be_judged_asks_nothing_of_anybody(town: Services) -> None:
    """Otherwise the tests below would say nothing."""
    await town.receive(message(CIVIL))
    assert await town.desk.queue() == ()


@pytest.mark.parametrize(
    ("part", "named"),
    [("scorer", "toxiciteit"), ("detector", "kaders"), ("rules", "regels"), ("normaliser", "regels"), ("all", "alles")],
)
async def test_what_could_not_be_judged_reaches_a_person_who_is_told_so(
    services: Services, engine: Engine, monkeypatch: pytest.MonkeyPatch, part: str, named: str
) -> None:
    if part == "scorer":
        engine = replace(engine, scorer=Broken())
    if part == "detector":
        engine = replace(engine, detector=Broken())
    if part == "rules":
        monkeypatch.setattr(RuleSet, "evaluate", fail)
    if part == "normaliser":
        monkeypatch.setattr("bot.engine.normalise", fail)
    if part == "all":
        monkeypatch.setattr("bot.analysis.decide", fail)
    town = with_engine(services, engine)
    with capture_logs():  # a traceback of the whole engine takes seconds to draw
        await town.receive(message(CIVIL))
    case = await town.one(CaseKind.ALERT)
    assert named in case.not_evaluated
    assert case.severity is not None
    card = card_of(case, now=town.clock(), console_url="https://verbinder.example")
    assert any(reason.startswith("Niet beoordeeld") for reason in card.reasons)


async def test_a_scorer_that_hangs_is_not_waited_for_and_not_taken_for_clean(
    sqlite_services: Services, engine: Engine
) -> None:
    slow = GuardedScorer(Slow(), timedelta(seconds=0.2))
    town = with_engine(sqlite_services, replace(engine, scorer=slow))
    started = time.monotonic()
    await town.receive(message(CIVIL))
    assert time.monotonic() - started < 2
    assert "toxiciteit" in (await town.one(CaseKind.ALERT)).not_evaluated
