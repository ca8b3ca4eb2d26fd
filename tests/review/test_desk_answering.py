"""What a community manager does with a proposed reply."""

from __future__ import annotations

import pytest

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, Case, CaseKind, CaseState, EffectKind, EffectState
from bot.core.errors import Refused
from bot.store.schema import decisions, effects
from tests.builders import GRACE, NOON, Services, message, post
from tests.review.looking import log, rows

FIRST, SECOND, THIRD = "Dank u voor uw vraag.", "Fijn dat u dit vraagt.", "Goed punt."


async def reply_case(services: Services, channel: str = "demo") -> Case:
    await services.receive(post(channel=channel), message("een vraag", post_id="100", channel=channel))
    return await services.one(CaseKind.REPLY)


async def test_an_approved_suggestion_is_decided_and_waits_in_the_outbox(services: Services) -> None:
    an = await services.person("An")
    after = await services.do(ActionKind.APPROVE, await reply_case(services), an)
    assert after.state is CaseState.DECIDED
    assert after.decision is not None
    assert (after.decision.action, after.decision.person, after.decision.text) == (ActionKind.APPROVE, "An", FIRST)
    assert after.decision.original == ""
    (effect,) = after.decision.effects
    assert (effect.kind, effect.state, effect.not_before) == (EffectKind.REPLY, EffectState.WAITING, NOON + GRACE)
    assert await services.desk.queue() == ()
    assert services.sender.sent == [], "deciding sends nothing by itself"


async def test_the_reply_is_addressed_to_the_reaction(services: Services) -> None:
    an = await services.person()
    await services.do(ActionKind.APPROVE, await reply_case(services), an)
    (effect,) = await rows(services, effects)
    assert (effect.channel, effect.text, effect.attempts) == ("demo", FIRST, 0)
    await services.dispatch()
    assert [sent.target.message_id for sent in services.sender.sent] == ["101"]


async def test_an_edited_reply_keeps_the_suggestion_it_started_from(services: Services) -> None:
    an = await services.person()
    after = await services.do(ActionKind.EDIT, await reply_case(services), an, text="  Zondag, vanaf 9 uur.\n")
    assert after.decision is not None
    assert (after.decision.text, after.decision.original) == ("Zondag, vanaf 9 uur.", FIRST)
    (event,) = await log(services, AuditName.DECISION_MADE)
    assert event.data["edited"] is True
    await services.dispatch()
    assert [sent.text for sent in services.sender.sent] == ["Zondag, vanaf 9 uur."]


async def test_trap_26_a_text_that_is_delivered_twice_is_taken_once_and_not_refused(services: Services) -> None:
    an, bea = await services.person("An"), await services.person("Bea")
    case = await reply_case(services)
    first = await services.do(ActionKind.EDIT, case, an, text="Zondag, vanaf 9 uur.")
    again = await services.do(ActionKind.EDIT, case, an, text="Zondag, vanaf 9 uur.\n")
    assert again == first
    assert len(await rows(services, decisions)) == len(await rows(services, effects)) == 1
    for person, text in ((an, "Iets anders."), (bea, "Zondag, vanaf 9 uur.")):
        with pytest.raises(Refused):
            await services.do(ActionKind.EDIT, case, person, text=text)


async def test_an_edit_that_changes_nothing_has_no_original(services: Services) -> None:
    an = await services.person()
    after = await services.do(ActionKind.EDIT, await reply_case(services), an, text=FIRST)
    assert after.decision is not None
    assert after.decision.original == ""


async def test_another_suggestion_is_shown_and_then_approved(services: Services) -> None:
    an = await services.person()
    case = await reply_case(services)
    shown = []
    for _ in range(4):
        assert case.suggestion is not None
        shown.append(case.suggestion.text)
        case = await services.do(ActionKind.ANOTHER, case, an)
    assert shown == [FIRST, SECOND, THIRD, FIRST], "round and round"
    after = await services.do(ActionKind.APPROVE, case, an)
    assert after.decision is not None
    assert after.decision.text == SECOND
    assert len(await log(services, AuditName.SUGGESTION_TURNED)) == 4


async def test_a_card_that_shows_an_older_suggestion_does_not_approve_the_newer(services: Services) -> None:
    an, bea = await services.person("An"), await services.person("Bea")
    seen = await reply_case(services)
    await services.do(ActionKind.ANOTHER, seen, bea)
    with pytest.raises(Refused, match="intussen veranderd"):
        await services.do(ActionKind.APPROVE, seen, an)
    assert await rows(services, decisions) == []


async def test_a_dropped_suggestion_is_decided_and_sends_nothing(services: Services) -> None:
    an = await services.person()
    after = await services.do(ActionKind.DROP, await reply_case(services), an, reason="Al beantwoord.")
    assert after.state is CaseState.DECIDED
    assert after.decision is not None
    assert (after.decision.action, after.decision.reason) == (ActionKind.DROP, "Al beantwoord.")
    assert await rows(services, effects) == []


@pytest.mark.parametrize(
    ("channel", "length", "fits"),
    [
        ("demo", 2000, True),
        ("demo", 2001, False),
        ("telegram", 4096, True),
        ("telegram", 4097, False),
        ("discord", 2001, False),  # not in this town's list: the strictest limit counts
    ],
)
async def test_a_text_that_does_not_fit_on_the_channel_is_refused(
    services: Services, channel: str, length: int, fits: bool
) -> None:
    an = await services.person()
    case = await reply_case(services, channel)
    if fits:
        after = await services.do(ActionKind.EDIT, case, an, text="x" * length)
        assert after.state is CaseState.DECIDED
        return
    with pytest.raises(Refused, match=f"te lang voor dit kanaal: {length} tekens"):
        await services.do(ActionKind.EDIT, case, an, text="x" * length)
    assert (await services.now_is(case)).state is CaseState.OPEN
    assert await rows(services, decisions) == []


async def test_an_empty_text_is_refused(services: Services) -> None:
    an = await services.person()
    with pytest.raises(Refused, match="leeg"):
        await services.do(ActionKind.EDIT, await reply_case(services), an, text=" \n")
    assert await rows(services, decisions) == []


async def test_the_decision_is_kept_with_the_versions_that_proposed_it(services: Services) -> None:
    an = await services.person()
    await services.do(ActionKind.APPROVE, await reply_case(services), an)
    (decision,) = await rows(services, decisions)
    assert decision.versions == {"rules": "hash-of-rules", "scorer": "embedded 1", "normaliser": "1"}
    (event,) = await log(services, AuditName.DECISION_MADE)
    assert event.data.items() >= decision.versions.items()
    assert event.data["action"] == ActionKind.APPROVE
