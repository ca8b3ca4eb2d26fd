"""What a platform can say instead of yes, and what comes of it (trap 21)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, CaseState, EffectState
from bot.core.errors import MissingPermission, RateLimited, Rejected, Revoked, Transient
from bot.review import retry
from bot.review.dispatch import NO_PERMISSION
from tests.builders import GRACE, NOON, Services
from tests.review.looking import log, notices
from tests.review.sending import approved, effect_of, stored_effect, to_remove

SECOND = timedelta(seconds=1)


async def step_after(services: Services, wait: timedelta) -> timedelta:
    services.clock.advance(wait)
    return await services.dispatcher.step("demo")


async def test_a_rate_limit_waits_as_long_as_it_says(services: Services) -> None:
    case = await approved(services)
    services.sender.faults = [RateLimited("rustig aan", retry_after=timedelta(seconds=37))]
    await step_after(services, GRACE)
    effect = await effect_of(services, case)
    assert (effect.state, effect.not_before, effect.error) == (
        EffectState.WAITING, NOON + GRACE + timedelta(seconds=37), "rustig aan",
    )  # fmt: skip
    assert await step_after(services, timedelta(seconds=36)) == SECOND
    assert services.sender.sent == []
    await step_after(services, SECOND)
    assert len(services.sender.sent) == 1
    assert (await effect_of(services, case)).error == "", "what went wrong on the way no longer matters"


@pytest.mark.parametrize("error", [RateLimited("rustig aan", retry_after=SECOND), Revoked("het token is ingetrokken")])
async def test_what_is_not_the_effects_fault_costs_no_try(services: Services, error: RateLimited | Revoked) -> None:
    await approved(services)
    services.sender.faults = [error for _ in range(2 * retry.MAX_ATTEMPTS)]
    services.clock.advance(GRACE)
    while services.sender.faults:
        await step_after(services, retry.REVOKED)
    assert (await stored_effect(services)).attempts == 0
    services.sender.faults = [Transient("even weg")]
    await step_after(services, retry.REVOKED)
    await step_after(services, retry.FIRST)
    assert len(services.sender.sent) == 1, "the first real failure is still the first"


async def test_while_a_rate_limit_lasts_the_decision_can_be_taken_back(services: Services) -> None:
    bea = await services.person("Bea")
    case = await approved(services)
    services.sender.faults = [RateLimited("rustig aan", retry_after=timedelta(seconds=37))]
    await step_after(services, GRACE)
    after = await services.do(ActionKind.UNDO, await services.now_is(case), bea)
    assert after.state is CaseState.OPEN


async def test_what_fails_for_now_is_tried_again_with_longer_and_longer_waits(services: Services) -> None:
    await approved(services)
    services.sender.faults = [Transient("even weg") for _ in range(4)]
    services.clock.advance(GRACE)
    waits = []
    while services.sender.faults:
        await services.dispatcher.step("demo")
        waits.append((await stored_effect(services)).not_before - services.clock())
        services.clock.advance(waits[-1])
    assert [wait.total_seconds() for wait in waits] == [2, 4, 8, 16]
    await services.dispatcher.step("demo")
    assert len(services.sender.sent) == 1


async def test_what_keeps_failing_comes_back_to_who_decided(services: Services) -> None:
    case = await approved(services)
    services.sender.faults = [Transient("de dienst ligt plat") for _ in range(retry.MAX_ATTEMPTS + 5)]
    services.clock.advance(GRACE)
    while (await services.now_is(case)).state is CaseState.DECIDED:
        await step_after(services, retry.LONGEST)
    assert len(services.sender.faults) == 5, "tried twelve times"
    after = await services.now_is(case)
    assert after.state is CaseState.RETURNED
    assert after.returned_because == "Dit is niet gelukt, ook na herhaalde pogingen: de dienst ligt plat"
    assert (await effect_of(services, case)).state is EffectState.FAILED
    (event,) = await log(services, AuditName.EFFECT_FAILED)
    assert event.data["why"] == "Transient"


async def test_a_removal_of_which_the_answer_got_lost_is_simply_repeated(services: Services) -> None:
    case = await to_remove(services)
    services.sender.after_effect = [Transient("geen antwoord", sent=True)]
    await step_after(services, GRACE)
    await step_after(services, retry.FIRST)
    assert len(services.sender.removed) == 1, "the second time it was gone already"
    assert (await effect_of(services, case)).state is EffectState.SENT


async def test_a_removal_that_keeps_failing_comes_back(services: Services) -> None:
    case = await to_remove(services)
    services.sender.faults = [Transient("geen antwoord", sent=True) for _ in range(retry.MAX_ATTEMPTS)]
    services.clock.advance(GRACE)
    while services.sender.faults:
        await step_after(services, retry.LONGEST)
    after = await services.now_is(case)
    assert (after.state, (await effect_of(services, case)).state) == (CaseState.RETURNED, EffectState.FAILED)


async def test_what_the_platform_refuses_is_not_asked_again(services: Services) -> None:
    case = await approved(services)
    services.sender.faults = [Rejected("het bericht is te lang")]
    await services.dispatch()
    await services.dispatch()
    assert services.sender.sent == []
    after = await services.now_is(case)
    assert (after.state, after.returned_because) == (
        CaseState.RETURNED, "Dit is geweigerd door het kanaal: het bericht is te lang",
    )  # fmt: skip


async def test_a_missing_permission_tells_administrators_which(services: Services) -> None:
    case = await approved(services)
    fault = MissingPermission("mag niet", permission="SEND_MESSAGES", remedy="Geef de rol dat recht.")
    services.sender.faults = [fault]
    await services.dispatch()
    because = NO_PERMISSION.format(permission="SEND_MESSAGES")
    assert (await services.now_is(case)).returned_because == because
    assert await notices(services) == {"permission:demo:SEND_MESSAGES": f"demo: {because} Geef de rol dat recht."}
    assert len(await log(services, AuditName.NOTICE_RAISED)) == 1


async def test_many_missing_permissions_are_one_notice(services: Services) -> None:
    fault = MissingPermission("mag niet", permission="SEND_MESSAGES")
    services.sender.faults = [fault, fault]
    await approved(services, id="101")
    await approved(services, id="102")
    await services.dispatch()
    assert len(await notices(services)) == 1


async def test_one_that_has_to_wait_lets_the_next_go_first(services: Services) -> None:
    await approved(services, id="101")
    await approved(services, id="102")
    services.sender.faults = [Transient("even weg")]
    await services.dispatch()
    assert [sent.target.message_id for sent in services.sender.sent] == ["102"]
    await step_after(services, retry.FIRST)
    assert [sent.target.message_id for sent in services.sender.sent] == ["102", "101"]
