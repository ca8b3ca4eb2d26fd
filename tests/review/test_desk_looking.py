"""What the faces read from the desk."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.analysis import Analysis
from bot.core.cases import ActionKind, CaseKind, CaseState
from bot.core.errors import Rejected
from bot.core.findings import RuleHit, RulesResult, Severity
from bot.core.messages import Message
from bot.core.people import Face
from bot.review.desk import DEFAULT_TEXT_LIMIT
from bot.review.triage import Triage
from bot.store.cards import remember_card
from tests.builders import PRIVACY, RESPECT, Services, message, verdict

A = ActionKind


def judge_by_severity(judged: Message) -> Analysis:
    severity = Severity.parse(judged.text)
    hit = RuleHit("privacy", "", "", severity, "actief", frozenset(), "")
    return replace(verdict(alert=True, severity=severity), rules=RulesResult("h", (hit,)))


async def judged(services: Services, *texts: str) -> None:
    triage = Triage(
        services.database, services.clock, services.bulletin, judge_by_severity, raid_window=timedelta(hours=1)
    )  # fmt: skip
    for number, text in enumerate(texts, start=101):
        await services.intake.receive(message(text, id=str(number)))
        await triage.run_once()
        services.clock.advance(timedelta(seconds=1))


async def test_the_queue_has_the_returned_first_then_the_gravest_then_the_oldest(services: Services) -> None:
    an = await services.person()
    await judged(services, "laag", "hoog", "kritiek", "hoog", "laag")
    last = (await services.desk.queue())[-1]
    services.sender.faults = [Rejected("nee")]
    await services.do(A.REMOVE, last, an, rule_id="privacy")
    await services.dispatch()
    queue = await services.desk.queue()
    assert [(case.message.ref.message_id, case.state) for case in queue] == [
        ("105", CaseState.RETURNED),
        ("103", CaseState.OPEN),
        ("102", CaseState.OPEN),
        ("104", CaseState.OPEN),
        ("101", CaseState.OPEN),
    ]


async def test_the_queue_is_of_the_asked_desk_and_of_no_more_than_the_asked_length(services: Services) -> None:
    await services.receive(*(message("alarm vraag", id=str(number)) for number in range(101, 104)))
    assert len(await services.desk.queue()) == 6
    assert {case.kind for case in await services.desk.queue(kinds=[CaseKind.REPLY])} == {CaseKind.REPLY}
    assert len(await services.desk.queue(limit=4)) == 4


async def test_the_house_rules_that_fired_come_first(services: Services) -> None:
    await judged(services, "hoog")
    case = await services.one(CaseKind.ALERT)
    assert services.desk.rules_for(case) == (PRIVACY, RESPECT)


async def test_without_a_verdict_all_house_rules_can_be_chosen(services: Services) -> None:
    await services.receive(message("crash"))
    case = await services.one(CaseKind.ALERT)
    assert services.desk.rules_for(case) == (RESPECT, PRIVACY)


async def test_the_reminder_is_about_the_chosen_rule_or_else_the_one_that_fired(services: Services) -> None:
    await judged(services, "hoog")
    case = await services.one(CaseKind.ALERT)
    assert PRIVACY.reason in services.desk.warning_for(case)
    assert RESPECT.reason in services.desk.warning_for(case, RESPECT.id)


async def test_a_channel_without_a_limit_of_its_own_has_the_strictest(services: Services) -> None:
    await services.receive(message("alarm", channel="telegram"), message("alarm", channel="discord"))
    telegram, discord = await services.desk.queue()
    assert services.desk.limit_for(telegram) == 4096
    assert services.desk.limit_for(discord) == DEFAULT_TEXT_LIMIT == 2000


async def test_the_case_behind_a_card_is_found_on_its_own_face(services: Services) -> None:
    await services.receive(message("alarm"))
    case = await services.one(CaseKind.ALERT)
    async with services.database.write() as tx:
        await remember_card(tx, Face.TELEGRAM, case.id, "-100:55", 1)
    assert await services.desk.case_of_card(Face.TELEGRAM, "-100:55") == case
    assert await services.desk.case_of_card(Face.DISCORD, "-100:55") is None
    assert await services.desk.case_of_card(Face.TELEGRAM, "-100:56") is None


async def test_a_case_that_never_was_is_none(services: Services) -> None:
    assert await services.desk.case(999) is None
