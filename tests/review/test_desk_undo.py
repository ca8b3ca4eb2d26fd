"""A mis-tap can be taken back before it has its effect, and not after (trap 3)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, Case, CaseKind, CaseState, EffectState
from bot.core.errors import Refused, Transient
from bot.core.messages import Deleted, Incoming
from bot.review.desk import NO_LONGER_NEEDED
from bot.review.intake import DELETED, EDITED
from bot.store.schema import decisions, effects
from tests.builders import GRACE, NOON, Services, message
from tests.review.looking import all_cases, log, rows

A = ActionKind
EDIT = message("toch geen zorg", edited_at=NOON + timedelta(minutes=1))
DELETE = Deleted(message().ref, NOON)


async def approved(services: Services) -> Case:
    an = await services.person("An")
    await services.receive(message("vraag"))
    return await services.do(A.APPROVE, await services.one(CaseKind.REPLY), an)


async def test_a_decision_is_taken_back_within_the_grace_time(services: Services) -> None:
    bea = await services.person("Bea")
    decided = await approved(services)
    services.clock.advance(GRACE - timedelta(seconds=1))
    after = await services.do(A.UNDO, decided, bea)
    assert (after.state, after.decision) == (CaseState.OPEN, None)
    services.clock.advance(GRACE)
    assert await services.dispatcher.step("demo") > timedelta(), "nothing is due"
    assert services.sender.sent == []
    assert [row.state for row in await rows(services, effects)] == [EffectState.CANCELLED]
    (event,) = await log(services, AuditName.DECISION_UNDONE)
    assert event.actor == "Bea"


async def test_what_was_decided_and_taken_back_stays_on_record(services: Services) -> None:
    bea = await services.person("Bea")
    await services.do(A.UNDO, await approved(services), bea)
    (decision,) = await rows(services, decisions)
    assert (decision.action, decision.undone_at, decision.undone_by) == (A.APPROVE, NOON, bea.id)


async def test_after_taking_back_one_can_decide_otherwise(services: Services) -> None:
    bea = await services.person("Bea")
    reopened = await services.do(A.UNDO, await approved(services), bea)
    await services.do(A.EDIT, reopened, bea, text="Beter zo.")
    await services.dispatch()
    assert [sent.text for sent in services.sender.sent] == ["Beter zo."]


async def test_what_was_sent_cannot_be_taken_back(services: Services) -> None:
    bea = await services.person("Bea")
    decided = await approved(services)
    await services.dispatch()
    with pytest.raises(Refused, match="niet meer ongedaan"):
        await services.do(A.UNDO, decided, bea)
    assert (await services.now_is(decided)).state is CaseState.DECIDED


async def test_what_may_have_been_sent_cannot_be_taken_back(services: Services) -> None:
    bea = await services.person("Bea")
    decided = await approved(services)
    services.sender.faults = [Transient("weg", sent=True)]
    services.clock.advance(GRACE)
    await services.dispatcher.step("demo")
    with pytest.raises(Refused, match="niet meer ongedaan"):
        await services.do(A.UNDO, decided, bea)


async def test_of_a_raid_that_is_half_removed_nothing_can_be_taken_back(services: Services) -> None:
    an = await services.person("An")
    await services.receive(*(message("overval alarm", id=str(number)) for number in (201, 202)))
    decided = await services.do(A.REMOVE, await services.one(CaseKind.ALERT), an, rule_id="privacy")
    services.clock.advance(GRACE)
    await services.dispatcher.step("demo")
    with pytest.raises(Refused, match="niet meer ongedaan"):
        await services.do(A.UNDO, decided, an)
    await services.dispatch()
    assert len(services.sender.removed) == 2


async def test_of_a_raid_of_which_one_was_tried_nothing_can_be_taken_back(services: Services) -> None:
    an = await services.person("An")
    await services.receive(*(message("overval alarm", id=str(number)) for number in (201, 202)))
    decided = await services.do(A.REMOVE, await services.one(CaseKind.ALERT), an, rule_id="privacy")
    services.sender.faults = [Transient("geen antwoord", sent=False)]
    services.clock.advance(GRACE)
    await services.dispatcher.step("demo")
    with pytest.raises(Refused, match="niet meer ongedaan"):
        await services.do(A.UNDO, decided, an)
    assert (await services.now_is(decided)).state is CaseState.DECIDED


async def test_undoing_a_removal_opens_the_reply_case_again(services: Services) -> None:
    an = await services.person("An")
    await services.receive(message("alarm vraag"))
    decided = await services.do(A.REMOVE, await services.one(CaseKind.ALERT), an, rule_id="privacy")
    await services.do(A.UNDO, decided, an)
    reply = await services.one(CaseKind.REPLY)
    assert reply.state is CaseState.OPEN
    assert NO_LONGER_NEEDED not in reply.reasons
    assert (await services.one(CaseKind.ALERT)).id == decided.id


async def test_undoing_a_removal_leaves_closed_what_was_closed_for_another_reason(services: Services) -> None:
    an = await services.person("An")
    await services.receive(message("vraag"))
    await services.receive(message("alarm", edited_at=NOON))
    decided = await services.do(A.REMOVE, await services.one(CaseKind.ALERT), an, rule_id="privacy")
    await services.do(A.UNDO, decided, an)
    assert [case.state for case in await all_cases(services)] == [CaseState.CLOSED, CaseState.OPEN]


async def test_dropping_and_fine_can_be_taken_back_any_time(services: Services) -> None:
    an = await services.person("An")
    await services.receive(message("alarm vraag"))
    for kind, action in ((CaseKind.ALERT, A.FINE), (CaseKind.REPLY, A.DROP)):
        decided = await services.do(action, await services.one(kind), an)
        services.clock.advance(timedelta(days=1))
        assert (await services.do(A.UNDO, decided, an)).state is CaseState.OPEN


async def test_undoing_twice_is_refused(services: Services) -> None:
    bea = await services.person("Bea")
    decided = await approved(services)
    undone = await services.do(A.UNDO, decided, bea)
    for seen in (decided, undone):
        with pytest.raises(Refused):
            await services.do(A.UNDO, seen, bea)


@pytest.mark.parametrize(("meanwhile", "because"), [(EDIT, EDITED), (DELETE, DELETED)])
async def test_undoing_about_a_text_that_is_gone_closes_the_case(
    services: Services, meanwhile: Incoming, because: str
) -> None:
    bea = await services.person("Bea")
    decided = await approved(services)
    await services.intake.receive(meanwhile)
    after = await services.do(A.UNDO, decided, bea)
    assert (after.state, after.reasons[-1]) == (CaseState.CLOSED, because), "there is nothing left to decide about it"
    assert [row.state for row in await rows(services, effects)] == [EffectState.CANCELLED]


@pytest.mark.parametrize("meanwhile", [EDIT, DELETE])
async def test_undoing_a_removal_opens_no_reply_case_about_a_text_that_is_gone(
    services: Services, meanwhile: Incoming
) -> None:
    an = await services.person("An")
    await services.receive(message("alarm vraag"))
    decided = await services.do(A.REMOVE, await services.one(CaseKind.ALERT), an, rule_id="privacy")
    await services.intake.receive(meanwhile)
    await services.do(A.UNDO, decided, an)
    assert await services.desk.queue() == ()
