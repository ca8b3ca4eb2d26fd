"""Law 6: every decision can be explained later."""

from __future__ import annotations

from dataclasses import replace

from sqlalchemy import select

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, CaseKind
from bot.core.people import Face
from bot.engine import Engine
from bot.store import audit
from bot.store.schema import decisions
from bot.text.normalise import NORMALISER_VERSION
from tests.builders import Services, message
from tests.laws.conftest import with_engine
from tests.laws.test_people_outrank import INSULT, Stricter

QUESTION = "Wanneer gaat het zwembad open?"


async def test_a_decision_keeps_who_when_what_they_changed_and_under_which_versions(
    town: Services, engine: Engine
) -> None:
    person = await town.person("An")
    await town.receive(message(QUESTION))
    case = await town.one(CaseKind.REPLY)
    assert case.suggestion is not None
    await town.do(ActionKind.EDIT, case, person, face=Face.DISCORD, text="Zaterdag om tien uur.")
    async with town.database.read() as tx:
        made = (await tx.execute(select(decisions))).one()
        (line, *_earlier) = await audit.recent(tx, case_id=case.id)
        assert await audit.verify(tx) is None
    assert (made.person_id, made.via, made.at, made.action) == (person.id, "discord", town.clock(), "aanpassen")
    assert (made.text, made.original) == ("Zaterdag om tien uur.", case.suggestion.text)
    assert made.versions == {
        "program": made.versions["program"],
        "normaliser": NORMALISER_VERSION,
        "scorer": f"{engine.scorer.name} {engine.scorer.version}",
        "rules": engine.rules.hash,
        "frames": engine.detector.version,
        "thresholds": "meegeleverd",
    }
    assert (line.event.name, line.event.actor, line.at) == (AuditName.DECISION_MADE, "An", town.clock())
    said = line.event.data
    assert (said["via"], said["action"], said["edited"]) == ("discord", "aanpassen", True)
    assert made.versions.items() <= said.items()


async def test_a_removal_keeps_the_house_rule_and_the_reason(town: Services) -> None:
    person = await town.person("An")
    await town.receive(message(INSULT))
    case = await town.one(CaseKind.ALERT)
    assert case.reasons
    decided = await town.do(ActionKind.REMOVE, case, person, rule_id="privacy", reason="Er staat een adres in.")
    assert decided.decision is not None
    assert (decided.decision.rule_id, decided.decision.reason) == ("privacy", "Er staat een adres in.")


async def test_versions_say_which_engine_judged(town: Services, engine: Engine) -> None:
    await town.receive(message(INSULT))
    with_engine(town, replace(engine, scorer=Stricter()))
    await town.receive(message("Dag!", id="102"))
    async with town.database.read() as tx:
        judged = [line for line in await audit.recent(tx) if line.event.name == AuditName.ANALYSIS_DONE]
    assert [line.event.data["scorer"] for line in judged] == [
        "strenger 2",
        f"{engine.scorer.name} {engine.scorer.version}",
    ]
    assert {line.event.data["rules"] for line in judged} == {engine.rules.hash}
