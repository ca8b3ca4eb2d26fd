"""What people decided is carried out: once, after its grace time, and about what was judged."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, CaseKind, CaseState, EffectState
from bot.core.errors import RateLimited, TargetChanged
from bot.core.messages import AuthorRole, Deleted, MessageKind
from bot.review.bulletin import Topic
from bot.review.desk import Desk
from bot.review.dispatch import ALREADY_GONE, CHANGED, GONE, POLL_SECONDS, Dispatcher
from bot.review.ports import RemoveEffect, ReplyEffect, Sent
from bot.store.schema import messages, revisions
from tests.builders import GRACE, NOON, MemorySender, Services, message
from tests.review.looking import log, rows
from tests.review.sending import approved, effect_of, stored_effect, to_remove

MINUTE = timedelta(minutes=1)
EDIT = message("toch geen vraag", edited_at=NOON + MINUTE)
DELETE = Deleted(message().ref, NOON)


async def test_a_reply_is_sent_once(services: Services) -> None:
    case = await approved(services)
    for _ in range(3):
        await services.dispatch()
    (sent,) = services.sender.sent
    assert (sent.target, sent.text, sent.thread_id) == (message().ref, "Dank u voor uw vraag.", "5")
    assert 0 < len(sent.key) <= 25
    effect = await effect_of(services, case)
    assert (effect.state, effect.link, effect.error) == (EffectState.SENT, "https://example.invalid/9000", "")


async def test_nothing_leaves_within_the_grace_time(services: Services) -> None:
    await approved(services)
    services.clock.advance(GRACE - timedelta(seconds=1))
    assert await services.dispatcher.step("demo") == timedelta(seconds=1), "how long to wait yet"
    assert services.sender.sent == []
    services.clock.advance(timedelta(seconds=1))
    assert await services.dispatcher.step("demo") == timedelta()
    assert len(services.sender.sent) == 1


async def test_with_nothing_to_send_it_looks_again_later(services: Services) -> None:
    assert await services.dispatcher.step("demo") == timedelta(seconds=POLL_SECONDS)


async def test_decisions_leave_in_the_order_in_which_they_were_made(services: Services) -> None:
    for number in ("103", "101", "102"):
        await approved(services, id=number)
        services.clock.advance(timedelta(seconds=1))
    await services.dispatch()
    assert [sent.target.message_id for sent in services.sender.sent] == ["103", "101", "102"]


async def test_the_reply_is_kept_as_a_message_of_the_municipality(services: Services) -> None:
    await approved(services)
    await services.dispatch()
    own = next(row for row in await rows(services, messages) if row.kind == MessageKind.OWN)
    assert (own.message_id, own.reply_to, own.post_id, own.thread_id) == ("9000", "101", "100", "5")
    assert (own.author_role, own.link) == (AuthorRole.MUNICIPALITY, "https://example.invalid/9000")
    (revision,) = [row for row in await rows(services, revisions) if row.message_pk == own.id]
    assert (revision.text, revision.state) == ("Dank u voor uw vraag.", "skipped"), "nobody judges our own words"


async def test_what_was_sent_is_written_down_and_shown(services: Services) -> None:
    case = await approved(services)
    before = await services.now_is(case)
    async with services.bulletin.listen(Topic.CASES) as bell:
        await services.dispatch()
        assert await bell.wait(0.01)
    (event,) = await log(services, AuditName.EFFECT_SENT)
    assert (event.actor, event.case_id) == ("demo", case.id)
    assert event.data == {"kind": "antwoord", "effect": services.sender.sent[0].key}
    after = await services.now_is(case)
    assert (after.state, after.version) == (CaseState.DECIDED, before.version)


async def test_the_state_is_committed_before_the_platform_is_asked(services: Services) -> None:
    seen: list[str] = []

    class Watching(MemorySender):
        async def reply(self, effect: ReplyEffect) -> Sent:
            seen.append((await stored_effect(services)).state)
            return await super().reply(effect)

    await approved(services)
    services.clock.advance(GRACE)
    dispatcher = Dispatcher(services.database, services.clock, services.bulletin, {"demo": Watching()})
    await dispatcher.step("demo")
    assert seen == [EffectState.SENDING]


async def test_a_removed_reaction_is_gone_here_too(services: Services) -> None:
    case = await to_remove(services)
    await services.dispatch()
    assert [removed.target for removed in services.sender.removed] == [message().ref]
    assert (await effect_of(services, case)).state is EffectState.SENT
    assert (await rows(services, messages))[0].deleted_at is not None


@pytest.mark.parametrize(("meanwhile", "because"), [(EDIT, CHANGED), (DELETE, GONE)])
async def test_no_reply_is_placed_under_what_changed_or_went_meanwhile(
    services: Services, meanwhile: Deleted, because: str
) -> None:
    case = await approved(services)
    await services.intake.receive(meanwhile)
    await services.dispatch()
    assert services.sender.sent == []
    after = await services.now_is(case)
    assert (after.state, after.returned_because) == (CaseState.RETURNED, because)
    effect = await effect_of(services, case)
    assert (effect.state, effect.error) == (EffectState.FAILED, because)
    assert [event.case_id for event in await log(services, AuditName.CASE_RETURNED)] == [case.id]


async def test_a_reply_to_what_only_the_platform_knows_is_gone_comes_back_too(services: Services) -> None:
    case = await approved(services)
    services.sender.gone.add("101")
    await services.dispatch()
    after = await services.now_is(case)
    assert (after.state, after.returned_because) == (CaseState.RETURNED, GONE)
    assert services.sender.sent == []


async def test_a_case_that_came_back_shows_the_text_as_it_is_now_and_can_be_decided(services: Services) -> None:
    case = await approved(services)
    await services.intake.receive(EDIT)
    await services.dispatch()
    returned = await services.now_is(case)
    assert returned.message.text == "toch geen vraag"
    an = await services.person("Bea")
    await services.do(ActionKind.EDIT, returned, an, text="Dan is het goed.")
    await services.dispatch()
    assert [sent.text for sent in services.sender.sent] == ["Dan is het goed."]


async def test_nothing_that_was_edited_is_removed(services: Services) -> None:
    case = await to_remove(services)
    await services.intake.receive(EDIT)
    await services.dispatch()
    assert services.sender.removed == []
    assert (await services.now_is(case)).returned_because == CHANGED


async def test_nothing_is_removed_that_the_platform_says_is_another_text_or_anothers(services: Services) -> None:
    case = await to_remove(services)
    services.sender.faults = [TargetChanged("van iemand anders")]
    await services.dispatch()
    assert services.sender.removed == []
    assert (await services.now_is(case)).returned_because == CHANGED


async def test_a_removal_carries_what_the_platform_has_to_compare(services: Services) -> None:
    await to_remove(services)
    await services.dispatch()
    (removed,) = services.sender.removed
    assert isinstance(removed, RemoveEffect)
    assert (removed.text, removed.author_key) == ("alarm", services.intake.author_key("demo", "u1"))


async def test_a_removal_of_what_its_writer_deleted_meanwhile_needs_nobody(services: Services) -> None:
    case = await to_remove(services)
    await services.intake.receive(DELETE)
    await services.dispatch()
    assert services.sender.removed == []
    effect = await effect_of(services, case)
    assert (effect.state, effect.error) == (EffectState.CANCELLED, ALREADY_GONE)
    assert (await services.now_is(case)).state is CaseState.DECIDED


async def test_a_removal_of_what_the_platform_says_is_gone_has_succeeded(services: Services) -> None:
    case = await to_remove(services)
    services.sender.gone.add("101")
    await services.dispatch()
    assert (await effect_of(services, case)).state is EffectState.SENT


async def test_trouble_on_one_channel_does_not_hold_another(services: Services) -> None:
    await approved(services, channel="demo")
    await approved(services, channel="telegram")
    busy = MemorySender(faults=[RateLimited("rustig", retry_after=timedelta(hours=1))])
    working = MemorySender()
    dispatcher = Dispatcher(
        services.database, services.clock, services.bulletin, {"demo": busy, "telegram": working}
    )  # fmt: skip
    services.clock.advance(GRACE)
    await dispatcher.step("demo")
    await dispatcher.step("telegram")
    assert (len(busy.sent), len(working.sent)) == (0, 1)


async def test_a_channel_that_does_not_answer_holds_no_other(services: Services) -> None:
    class Silent(MemorySender):
        async def reply(self, effect: ReplyEffect) -> Sent:
            await asyncio.Event().wait()
            raise AssertionError

    await approved(services, channel="demo")
    await approved(services, channel="telegram")
    services.clock.advance(GRACE)
    working = MemorySender()
    senders = {"demo": Silent(), "telegram": working}
    dispatcher = Dispatcher(services.database, services.clock, services.bulletin, senders)
    workers = [asyncio.create_task(dispatcher.run(channel)) for channel in senders]
    async with asyncio.timeout(10):
        while not working.sent:
            await asyncio.sleep(0.01)
    for worker in workers:
        worker.cancel()
    await asyncio.gather(*workers, return_exceptions=True)


async def test_the_worker_wakes_up_for_a_decision(services: Services) -> None:
    worker = asyncio.create_task(services.dispatcher.run("demo"))
    await asyncio.sleep(0.05)  # it found nothing and waits
    await approved(services)
    services.clock.advance(GRACE)
    services.bulletin.ring(Topic.OUTBOX)
    async with asyncio.timeout(10):
        while not services.sender.sent:
            await asyncio.sleep(0.01)
    worker.cancel()
    await asyncio.gather(worker, return_exceptions=True)


async def test_a_town_without_grace_sends_at_once(services: Services) -> None:
    an = await services.person()
    rules = replace(services.desk._rules, grace=timedelta())
    services.desk = Desk(services.database, services.clock, services.bulletin, rules)
    await services.receive(message("vraag"))
    await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    await services.dispatcher.step("demo")
    assert len(services.sender.sent) == 1
