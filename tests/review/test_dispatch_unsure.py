"""A reply that may have been placed is looked for, and never placed twice (trap 28)."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.core.audit import AuditName
from bot.core.cases import CaseState, EffectState
from bot.core.errors import ChannelError, MissingPermission, RateLimited, Rejected, TargetGone, Transient
from bot.core.messages import Deleted, MessageKind
from bot.review import dispatch, retry
from bot.review.dispatch import UNSURE, Dispatcher
from bot.review.ports import RemoveEffect, ReplyEffect, Sent
from bot.store.schema import messages
from tests.builders import GRACE, NOON, MemorySender, Services, message
from tests.review.looking import log, notices, rows
from tests.review.sending import Killed, approved, effect_of, restarted, stored_effect, to_remove

NO_ANSWER = Transient("geen antwoord", sent=True)
CANNOT_TELL = Transient("dit kanaal kan niet terugkijken", sent=True)


async def killed_while_sending(services: Services, *, placed: bool) -> None:
    """Let the process die after `bezig` was committed: before the platform heard of it, or after it placed it."""

    class Dying(MemorySender):
        async def reply(self, effect: ReplyEffect) -> Sent:
            if placed:
                await services.sender.reply(effect)
            raise Killed

    services.clock.advance(GRACE)
    dying = Dispatcher(services.database, services.clock, services.bulletin, {"demo": Dying()})
    with pytest.raises(Killed):
        await dying.step("demo")
    assert (await stored_effect(services)).state == EffectState.SENDING


async def run_dry(services: Services, dispatcher: Dispatcher) -> None:
    while not await dispatcher.step("demo"):
        pass


async def test_after_an_answer_that_got_lost_the_channel_is_asked_to_look(services: Services) -> None:
    case = await approved(services)
    services.sender.after_effect = [NO_ANSWER]
    services.clock.advance(GRACE)
    await services.dispatcher.step("demo")
    assert (await effect_of(services, case)).state is EffectState.SENDING
    services.clock.advance(retry.FIRST)
    await run_dry(services, services.dispatcher)
    assert len(services.sender.sent) == 1
    effect = await effect_of(services, case)
    assert (effect.state, effect.link) == (EffectState.SENT, "https://example.invalid/9000")


async def test_what_was_looked_for_and_is_not_there_is_sent(services: Services) -> None:
    case = await approved(services)
    services.sender.faults = [NO_ANSWER]
    services.clock.advance(GRACE)
    await services.dispatcher.step("demo")
    assert services.sender.sent == []
    services.clock.advance(retry.FIRST)
    await run_dry(services, services.dispatcher)
    assert len(services.sender.sent) == 1
    assert (await effect_of(services, case)).state is EffectState.SENT


async def test_it_is_not_looked_for_at_once(services: Services) -> None:
    await approved(services)
    services.sender.after_effect = [NO_ANSWER]
    services.clock.advance(GRACE)
    await services.dispatcher.step("demo")
    assert await services.dispatcher.step("demo") == retry.FIRST, "a platform needs a moment to show what it took"


@pytest.mark.parametrize("placed", [True, False])
async def test_a_process_that_died_while_sending_is_survived_with_one_reply(services: Services, placed: bool) -> None:
    case = await approved(services)
    await killed_while_sending(services, placed=placed)
    assert len(services.sender.sent) == int(placed)
    await run_dry(services, restarted(services))
    assert len(services.sender.sent) == 1
    assert (await effect_of(services, case)).state is EffectState.SENT
    own = [row for row in await rows(services, messages) if row.kind == MessageKind.OWN]
    assert [row.message_id for row in own] == ["9000"]


async def test_a_process_that_died_twice_is_survived_too(services: Services) -> None:
    await approved(services)
    await killed_while_sending(services, placed=True)

    class DyingWhileLooking(MemorySender):
        async def find(self, effect: ReplyEffect) -> Sent | None:
            raise Killed

    dying = Dispatcher(services.database, services.clock, services.bulletin, {"demo": DyingWhileLooking()})
    with pytest.raises(Killed):
        await dying.step("demo")
    await run_dry(services, restarted(services))
    assert len(services.sender.sent) == 1


@pytest.mark.parametrize("placed", [True, False])
async def test_where_the_channel_cannot_tell_the_reply_goes_back_and_is_not_sent_again(
    services: Services, placed: bool
) -> None:
    case = await approved(services)
    await killed_while_sending(services, placed=placed)
    services.sender.find_fault = CANNOT_TELL
    dispatcher = restarted(services)
    await run_dry(services, dispatcher)
    services.clock.advance(timedelta(days=1))
    await run_dry(services, dispatcher)
    assert len(services.sender.sent) == int(placed)
    after = await services.now_is(case)
    assert (after.state, after.returned_because) == (CaseState.RETURNED, UNSURE)
    assert after.decision is not None
    assert after.decision.person == "An", "it goes back to who decided"
    assert (await effect_of(services, case)).state is EffectState.UNCERTAIN
    (event,) = await log(services, AuditName.EFFECT_UNCERTAIN)
    assert event.case_id == case.id


@pytest.mark.parametrize(
    "fault",
    [
        MissingPermission("mag niet lezen", permission="READ_MESSAGE_HISTORY", remedy="Geef dat recht."),
        Rejected("ongeldig kanaal"),
        TargetGone("het kanaal is weg"),
    ],
)
async def test_where_the_channel_may_not_look_nobody_is_told_that_nothing_was_placed(
    services: Services, fault: ChannelError
) -> None:
    case = await approved(services)
    await killed_while_sending(services, placed=True)
    services.sender.find_fault = fault
    await run_dry(services, restarted(services))
    assert (await services.now_is(case)).returned_because == UNSURE
    assert (await effect_of(services, case)).state is EffectState.UNCERTAIN
    if isinstance(fault, MissingPermission):
        assert "READ_MESSAGE_HISTORY" in (await notices(services))["permission:demo:READ_MESSAGE_HISTORY"]


async def test_while_the_channel_cannot_be_reached_looking_is_tried_again(services: Services) -> None:
    case = await approved(services)
    await killed_while_sending(services, placed=True)
    dispatcher = restarted(services)
    for fault in (Transient("even weg"), RateLimited("rustig aan", retry_after=retry.LONGEST)):
        services.sender.find_fault = fault
        await run_dry(services, dispatcher)
        assert (await effect_of(services, case)).state is EffectState.SENDING
        services.clock.advance(retry.LONGEST)
    services.sender.find_fault = None
    await run_dry(services, dispatcher)
    assert (await effect_of(services, case)).state is EffectState.SENT
    assert len(services.sender.sent) == 1


async def test_looking_has_an_end(services: Services) -> None:
    case = await approved(services)
    await killed_while_sending(services, placed=True)
    services.sender.find_fault = Transient("ligt plat")
    dispatcher = restarted(services)
    for _ in range(retry.MAX_ATTEMPTS + 1):
        await run_dry(services, dispatcher)
        services.clock.advance(retry.LONGEST)
    assert (await services.now_is(case)).state is CaseState.RETURNED
    assert (await effect_of(services, case)).state is EffectState.UNCERTAIN


async def test_an_answer_that_takes_too_long_is_an_answer_that_got_lost(services: Services) -> None:
    class Slow(MemorySender):
        async def reply(self, effect: ReplyEffect) -> Sent:
            await services.sender.reply(effect)
            raise TimeoutError

    case = await approved(services)
    services.clock.advance(GRACE)
    slow = Dispatcher(services.database, services.clock, services.bulletin, {"demo": Slow()})
    await slow.step("demo")
    assert (await effect_of(services, case)).state is EffectState.SENDING
    services.clock.advance(retry.FIRST)
    await run_dry(services, services.dispatcher)
    assert len(services.sender.sent) == 1


async def test_a_platform_that_never_answers_is_not_waited_for_for_ever(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Silent(MemorySender):
        async def reply(self, effect: ReplyEffect) -> Sent:
            await asyncio.Event().wait()
            raise AssertionError

    monkeypatch.setattr(dispatch, "SEND_TIMEOUT_SECONDS", 0.05)
    case = await approved(services)
    services.clock.advance(GRACE)
    await Dispatcher(services.database, services.clock, services.bulletin, {"demo": Silent()}).step("demo")
    assert (await effect_of(services, case)).state is EffectState.SENDING


async def test_what_was_placed_before_its_target_went_is_still_found(services: Services) -> None:
    case = await approved(services)
    await killed_while_sending(services, placed=True)
    await services.intake.receive(Deleted(message().ref, NOON))
    await run_dry(services, restarted(services))
    assert (await effect_of(services, case)).state is EffectState.SENT


async def test_a_removal_during_which_the_process_died_is_repeated_without_harm(services: Services) -> None:
    class Dying(MemorySender):
        async def remove(self, effect: RemoveEffect) -> None:
            await services.sender.remove(effect)
            raise Killed

    case = await to_remove(services)
    services.clock.advance(GRACE)
    dying = Dispatcher(services.database, services.clock, services.bulletin, {"demo": Dying()})
    with pytest.raises(Killed):
        await dying.step("demo")
    await run_dry(services, restarted(services))
    assert len(services.sender.removed) == 1
    assert (await effect_of(services, case)).state is EffectState.SENT


async def test_when_the_service_stops_an_answer_on_its_way_is_still_heard(services: Services) -> None:
    asked, answer = asyncio.Event(), asyncio.Event()

    class Thinking(MemorySender):
        async def reply(self, effect: ReplyEffect) -> Sent:
            asked.set()
            await answer.wait()
            return await super().reply(effect)

    case = await approved(services)
    services.clock.advance(GRACE)
    worker = asyncio.create_task(
        Dispatcher(services.database, services.clock, services.bulletin, {"demo": Thinking()}).run("demo")
    )
    await asked.wait()
    worker.cancel()
    await asyncio.sleep(0)
    answer.set()
    with pytest.raises(asyncio.CancelledError):
        await worker
    assert (await effect_of(services, case)).state is EffectState.SENT
