"""What a moderator does with an alert."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.analysis import Analysis
from bot.core.audit import AuditName
from bot.core.cases import ActionKind, Case, CaseKind, CaseState, EffectKind
from bot.core.errors import Refused
from bot.core.findings import Effect, RuleHit, RulesResult, Severity
from bot.core.messages import Deleted, Message
from bot.core.people import Role
from bot.review.desk import NO_LONGER_NEEDED
from bot.review.machine import MAX_REASON
from bot.review.triage import Triage
from bot.store.schema import decisions, effects
from tests.builders import NOON, PRIVACY, RESPECT, Services, judge_by_words, message
from tests.review.looking import all_cases, log, rows


def with_privacy_hit(judged: Message) -> Analysis:
    """Judge by marker words, and let the house rule on privacy fire."""
    hit = RuleHit(
        "privacy", "", "5. Privacy", Severity.HIGH, "actief", frozenset({Effect.ALERT_MODERATOR}), "Noemt een nummer."
    )
    return replace(judge_by_words(judged), rules=RulesResult("h", (hit,)))


async def alert(services: Services, text: str = "alarm", *, fired: bool = False) -> Case:
    await services.intake.receive(message(text))
    judge = with_privacy_hit if fired else judge_by_words
    triage = Triage(services.database, services.clock, services.bulletin, judge, raid_window=timedelta(hours=1))
    await triage.run_once()
    return await services.one(CaseKind.ALERT)


async def test_what_is_fine_is_decided_and_nothing_is_sent(services: Services) -> None:
    an = await services.person("An")
    after = await services.do(ActionKind.FINE, await alert(services), an)
    assert after.state is CaseState.DECIDED
    assert after.decision is not None
    assert (after.decision.action, after.decision.person) == (ActionKind.FINE, "An")
    assert await rows(services, effects) == []


async def test_a_removal_rests_on_the_rule_that_was_chosen(services: Services) -> None:
    an = await services.person()
    case = await alert(services)
    after = await services.do(ActionKind.REMOVE, case, an, rule_id="privacy", reason=" Noemt een telefoonnummer. ")
    assert after.decision is not None
    assert (after.decision.rule_id, after.decision.reason) == ("privacy", "Noemt een telefoonnummer.")
    assert [effect.kind for effect in after.decision.effects] == [EffectKind.REMOVE]
    await services.dispatch()
    (removed,) = services.sender.removed
    assert (removed.target.message_id, removed.text) == ("101", "alarm")
    assert removed.author_key == services.intake.author_key("demo", "u1")


async def test_without_a_reason_of_their_own_the_reason_of_the_rule_counts(services: Services) -> None:
    an = await services.person()
    after = await services.do(ActionKind.REMOVE, await alert(services), an, rule_id=RESPECT.id)
    assert after.decision is not None
    assert after.decision.reason == RESPECT.reason


async def test_without_a_choice_the_rule_that_fired_counts(services: Services) -> None:
    an = await services.person()
    after = await services.do(ActionKind.REMOVE, await alert(services, fired=True), an)
    assert after.decision is not None
    assert (after.decision.rule_id, after.decision.reason) == (PRIVACY.id, PRIVACY.reason)


@pytest.mark.parametrize("action", [ActionKind.REMOVE, ActionKind.PROPOSE_REMOVAL, ActionKind.WARN])
@pytest.mark.parametrize("rule_id", ["", "bestaat-niet"])
async def test_nothing_is_removed_or_reminded_of_without_a_house_rule(
    services: Services, action: ActionKind, rule_id: str
) -> None:
    an = await services.person()
    case = await alert(services)
    with pytest.raises(Refused, match="Kies de huisregel"):
        await services.do(action, case, an, rule_id=rule_id, reason="Omdat.")
    assert (await services.now_is(case)).state is CaseState.OPEN
    assert await rows(services, decisions) == []


async def test_a_reason_that_does_not_fit_is_refused(services: Services) -> None:
    an = await services.person()
    with pytest.raises(Refused, match="te lang"):
        await services.do(
            ActionKind.REMOVE, await alert(services), an, rule_id="privacy", reason="x" * (MAX_REASON + 1)
        )
    assert await rows(services, decisions) == []


async def test_a_proposal_leaves_the_case_open_for_who_may_remove(services: Services) -> None:
    bea = await services.person("Bea", Role.COMMUNITY_MANAGER)
    case = await alert(services)
    after = await services.do(ActionKind.PROPOSE_REMOVAL, case, bea, rule_id="privacy", reason="Noemt een nummer.")
    assert (after.state, after.decision) == (CaseState.OPEN, None)
    assert after.proposal is not None
    assert (after.proposal.person, after.proposal.rule_id, after.proposal.reason) == (
        "Bea", "privacy", "Noemt een nummer.",
    )  # fmt: skip
    assert after.version > case.version, "an older card does not show the proposal"
    assert await rows(services, effects) == []
    (event,) = await log(services, AuditName.REMOVAL_PROPOSED)
    assert (event.actor, event.data["rule"]) == ("Bea", "privacy")


async def test_a_removal_after_a_proposal_takes_over_its_rule_and_reason(services: Services) -> None:
    bea, an = await services.person("Bea", Role.COMMUNITY_MANAGER), await services.person("An", Role.MODERATOR)
    case = await alert(services)
    proposed = await services.do(ActionKind.PROPOSE_REMOVAL, case, bea, rule_id="privacy", reason="Noemt een nummer.")
    after = await services.do(ActionKind.REMOVE, proposed, an)
    assert after.decision is not None
    assert (after.decision.person, after.decision.rule_id, after.decision.reason) == (
        "An", "privacy", "Noemt een nummer.",
    )  # fmt: skip


async def test_a_removal_on_another_rule_does_not_take_over_the_reason_of_the_proposal(services: Services) -> None:
    an = await services.person()
    case = await alert(services)
    proposed = await services.do(ActionKind.PROPOSE_REMOVAL, case, an, rule_id="privacy", reason="Noemt een nummer.")
    after = await services.do(ActionKind.REMOVE, proposed, an, rule_id=RESPECT.id)
    assert after.decision is not None
    assert (after.decision.rule_id, after.decision.reason) == (RESPECT.id, RESPECT.reason)


async def test_a_second_proposal_is_refused(services: Services) -> None:
    an, bea = await services.person("An"), await services.person("Bea")
    proposed = await services.do(ActionKind.PROPOSE_REMOVAL, await alert(services), bea, rule_id="privacy")
    with pytest.raises(Refused, match="Bea stelde al voor"):
        await services.do(ActionKind.PROPOSE_REMOVAL, proposed, an, rule_id="privacy")


async def test_a_reminder_of_the_house_rules_is_placed_under_the_reaction(services: Services) -> None:
    an = await services.person()
    case = await alert(services)
    after = await services.do(ActionKind.WARN, case, an, rule_id=RESPECT.id)
    assert after.decision is not None
    assert after.decision.text == services.desk.warning_for(case, RESPECT.id)
    assert after.decision.rule_id == RESPECT.id
    await services.dispatch()
    (sent,) = services.sender.sent
    assert (sent.target.message_id, sent.text) == ("101", services.desk.warning_for(case, RESPECT.id))
    assert services.sender.removed == []


async def test_a_reminder_may_be_in_their_own_words(services: Services) -> None:
    an = await services.person()
    case = await alert(services)
    after = await services.do(ActionKind.WARN, case, an, rule_id=RESPECT.id, text="Hou het netjes.")
    assert after.decision is not None
    assert after.decision.text == "Hou het netjes."


async def test_a_removal_closes_the_reply_case_of_the_same_reaction(services: Services) -> None:
    an = await services.person()
    await services.do(ActionKind.REMOVE, await alert(services, "alarm vraag"), an, rule_id="privacy")
    _, reply = await all_cases(services)
    assert (reply.kind, reply.state) == (CaseKind.REPLY, CaseState.CLOSED)
    assert reply.reasons[-1] == NO_LONGER_NEEDED
    assert await services.desk.queue() == ()
    closed = await log(services, AuditName.CASE_CLOSED)
    assert [(event.actor, event.case_id) for event in closed] == [("An", reply.id)]


@pytest.mark.parametrize("action", [ActionKind.FINE, ActionKind.WARN])
async def test_the_reply_case_stays_when_nothing_is_removed(services: Services, action: ActionKind) -> None:
    an = await services.person()
    await services.do(action, await alert(services, "alarm vraag"), an, rule_id=RESPECT.id)
    assert (await services.one(CaseKind.REPLY)).state is CaseState.OPEN


async def test_a_removal_leaves_reply_cases_of_other_reactions_alone(services: Services) -> None:
    an = await services.person()
    await services.receive(message("een vraag", id="102"))
    await services.do(ActionKind.REMOVE, await alert(services, "alarm"), an, rule_id="privacy")
    assert (await services.one(CaseKind.REPLY)).message.ref.message_id == "102"


async def test_what_was_found_fine_is_not_reopened_when_it_is_received_again(services: Services) -> None:
    an = await services.person()
    await services.do(ActionKind.FINE, await alert(services), an)
    await services.receive(message("alarm"), message("alarm", edited_at=NOON + timedelta(minutes=5)))
    assert await services.desk.queue() == ()


async def test_what_was_found_fine_is_judged_anew_when_its_text_is_edited(services: Services) -> None:
    an = await services.person()
    decided = await services.do(ActionKind.FINE, await alert(services), an)
    await services.receive(message("alarm, en erger", edited_at=NOON + timedelta(minutes=5)))
    new = await services.one(CaseKind.ALERT)
    assert new.id != decided.id
    assert new.message.text == "alarm, en erger"
    assert (await services.now_is(decided)).state is CaseState.DECIDED, "what a person decided stands"


async def test_a_decided_case_stays_decided_when_the_reaction_is_deleted(services: Services) -> None:
    an = await services.person()
    decided = await services.do(ActionKind.FINE, await alert(services), an)
    await services.intake.receive(Deleted(message().ref, NOON))
    after = await services.now_is(decided)
    assert after.state is CaseState.DECIDED
    assert after.version == decided.version
