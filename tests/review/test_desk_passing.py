"""Passing a case on to the other desk, and back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, Case, CaseKind, CaseState
from bot.core.errors import Refused, Rejected
from bot.core.findings import Severity
from bot.core.people import Role
from bot.store.schema import decisions
from tests.builders import NOON, Services, message
from tests.review.looking import all_cases, log, rows

A = ActionKind


async def received(services: Services, text: str, kind: CaseKind) -> Case:
    await services.receive(message(text))
    return await services.one(kind)


async def test_a_suggestion_that_is_passed_on_becomes_an_alert_that_says_by_whom(services: Services) -> None:
    bea = await services.person("Bea", Role.COMMUNITY_MANAGER)
    case = await received(services, "vraag", CaseKind.REPLY)
    after = await services.do(A.PASS_ON, case, bea, reason="Dit lijkt me een bedreiging.")
    assert after.state is CaseState.DECIDED
    alert = await services.one(CaseKind.ALERT)
    assert alert.reasons == ("Bea gaf dit door: Dit lijkt me een bedreiging.", "Een vraag.")
    assert alert.message == case.message
    assert alert.severity is Severity.MODERATE
    assert alert.suggestions == ()
    assert await services.desk.queue(kinds=[CaseKind.REPLY]) == ()
    (event,) = await log(services, AuditName.DECISION_MADE)
    assert (event.actor, event.data["action"]) == ("Bea", A.PASS_ON)


async def test_an_alert_that_is_passed_on_asks_for_a_reply_in_the_queue_by_age(services: Services) -> None:
    an = await services.person("An", Role.MODERATOR)
    await services.do(A.PASS_ON, await received(services, "alarm", CaseKind.ALERT), an)
    reply = await services.one(CaseKind.REPLY)
    assert reply.reasons[0] == "An gaf dit door."
    assert reply.severity is None
    bea = await services.person("Bea", Role.COMMUNITY_MANAGER)
    assert A.APPROVE not in services.desk.allowed(bea, reply), "nothing was suggested"
    await services.do(A.EDIT, reply, bea, text="Dank u, we kijken ernaar.")
    await services.dispatch()
    assert len(services.sender.sent) == 1


async def test_what_is_passed_back_is_the_first_case_again(services: Services) -> None:
    an = await services.person("An")
    first = await received(services, "alarm", CaseKind.ALERT)
    await services.do(A.PASS_ON, first, an)
    await services.do(A.PASS_ON, await services.one(CaseKind.REPLY), an, reason="Toch voor u.")
    back = await services.one(CaseKind.ALERT)
    assert (back.id, back.state) == (first.id, CaseState.OPEN)
    assert back.reasons[0] == "An gaf dit door: Toch voor u."
    assert len(await all_cases(services)) == 2
    after = await services.do(A.FINE, back, an)
    assert after.decision is not None
    assert after.decision.action is A.FINE


async def test_passing_on_to_a_desk_that_has_it_open_adds_the_note_there(services: Services) -> None:
    an = await services.person("An")
    alert = await received(services, "alarm vraag", CaseKind.ALERT)
    seen = await services.one(CaseKind.REPLY)
    await services.do(A.PASS_ON, alert, an, reason="Graag een antwoord.")
    reply = await services.one(CaseKind.REPLY)
    assert (reply.id, reply.reasons[0]) == (seen.id, "An gaf dit door: Graag een antwoord.")
    with pytest.raises(Refused, match="intussen veranderd"):
        await services.do(A.DROP, seen, an)


async def test_passing_on_cannot_be_undone(services: Services) -> None:
    an = await services.person("An")
    decided = await services.do(A.PASS_ON, await received(services, "alarm", CaseKind.ALERT), an)
    with pytest.raises(Refused, match="niet meer ongedaan"):
        await services.do(A.UNDO, decided, an)


async def test_a_suggestion_that_was_dropped_can_be_asked_for_again(services: Services) -> None:
    an, bea = await services.person("An"), await services.person("Bea")
    alert = await received(services, "alarm vraag", CaseKind.ALERT)
    await services.do(A.DROP, await services.one(CaseKind.REPLY), bea)
    await services.do(A.PASS_ON, alert, an, reason="Toch maar wel antwoorden.")
    assert (await services.one(CaseKind.REPLY)).state is CaseState.OPEN


@pytest.mark.parametrize("sent", [False, True])
async def test_what_was_answered_is_not_passed_on_to_be_answered_again(services: Services, sent: bool) -> None:
    an, bea = await services.person("An"), await services.person("Bea")
    alert = await received(services, "alarm vraag", CaseKind.ALERT)
    await services.do(A.APPROVE, await services.one(CaseKind.REPLY), bea)
    if sent:
        await services.dispatch()
    with pytest.raises(Refused, match=r"^Hierover is al beslist: Bea keurde dit antwoord goed\.$"):
        await services.do(A.PASS_ON, alert, an, reason="Graag een antwoord.")
    assert [row.action for row in await rows(services, decisions)] == [A.APPROVE]
    assert (await services.now_is(alert)).state is CaseState.OPEN, "it stays before the moderator"


async def test_what_came_back_can_be_passed_on_about_the_text_as_it_is_now(services: Services) -> None:
    an = await services.person("An")
    decided = await services.do(A.APPROVE, await received(services, "vraag", CaseKind.REPLY), an)
    await services.receive(message("dag", edited_at=NOON + timedelta(minutes=1)))
    await services.dispatch()
    returned = await services.now_is(decided)
    assert returned.state is CaseState.RETURNED
    await services.do(A.PASS_ON, returned, an)
    alert = await services.one(CaseKind.ALERT)
    assert alert.message.text == "dag"
    await services.do(A.REMOVE, alert, an, rule_id="privacy")
    await services.dispatch()
    assert [removed.text for removed in services.sender.removed] == ["dag"]


async def test_a_returned_case_can_be_decided_again(services: Services) -> None:
    an = await services.person("An")
    decided = await services.do(A.APPROVE, await received(services, "vraag", CaseKind.REPLY), an)
    services.sender.faults = [Rejected("te veel uitroeptekens")]
    await services.dispatch()
    returned = await services.now_is(decided)
    after = await services.do(A.EDIT, returned, an, text="Rustiger.")
    assert (after.state, after.returned_because) == (CaseState.DECIDED, "")
    await services.dispatch()
    assert [sent.text for sent in services.sender.sent] == ["Rustiger."]
