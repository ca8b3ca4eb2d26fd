"""An edit is a new revision, a delete is an end, and a redelivery is neither."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, CaseKind, CaseState
from bot.core.errors import Rejected
from bot.core.messages import Deleted, Message, MessageKind
from bot.review.intake import DELETED, EDITED
from bot.store.schema import messages, revisions
from tests.builders import NOON, Services, message
from tests.review.looking import all_cases, counted, everything, log, rows

MINUTE = timedelta(minutes=1)


def edited(text: str, *, after: timedelta = MINUTE) -> Message:
    return message(text, edited_at=NOON + after)


async def states(services: Services) -> list[tuple[str, str]]:
    return [(row.text, row.state) for row in await rows(services, revisions)]


async def test_an_edit_closes_the_open_case_and_the_new_text_is_judged_anew(services: Services) -> None:
    await services.receive(message("alarm"))
    await services.receive(edited("een vraag"))
    old, new = await all_cases(services)
    assert (old.kind, old.state) == (CaseKind.ALERT, CaseState.CLOSED)
    assert old.reasons[-1] == EDITED
    assert old.message.text == "alarm", "the case stays about what it was about"
    assert (new.kind, new.state, new.message.text) == (CaseKind.REPLY, CaseState.OPEN, "een vraag")
    assert new.message.edited
    assert await states(services) == [("alarm", "done"), ("een vraag", "done")]


async def test_an_edit_is_logged_and_counted_as_an_edit(services: Services) -> None:
    await services.receive(message("alarm"))
    await services.receive(edited("een vraag"))
    (event,) = await log(services, AuditName.MESSAGE_EDITED)
    assert event.data == {"revision": 2, "history": False}
    assert [event.case_id for event in await log(services, AuditName.CASE_CLOSED)] == [1]
    assert (await counted(services))["edited"] == 1


async def test_an_edit_closes_a_claimed_case_too(services: Services) -> None:
    an = await services.person()
    await services.receive(message("alarm"))
    await services.do(ActionKind.CLAIM, await services.one(CaseKind.ALERT), an)
    await services.receive(edited("dag"))
    (case,) = await all_cases(services)
    assert (case.state, case.claimed_by) == (CaseState.CLOSED, None)


@pytest.mark.parametrize(
    ("again", "why"),
    [
        (edited("alarm"), "a link preview arrived, or a reaction was counted (trap 30)"),
        (message("alarm", link="https://example.invalid/101"), "a link is not a word"),
        (message("alarm", chat_name="Zwembadgroep"), "nor is the name of the group"),
    ],
)
async def test_an_edit_without_a_change_of_text_adds_nothing(services: Services, again: Message, why: str) -> None:
    await services.receive(message("alarm"))
    before = await services.one(CaseKind.ALERT)
    assert await services.intake.receive_all([again]) == 0, why
    assert await services.triage.pending() == 0
    assert (await services.one(CaseKind.ALERT)).version == before.version


@pytest.mark.parametrize("changes", [{"quoted": "alarm"}, {"forwarded": "alarm"}, {"attachments": ("photo",)}])
async def test_a_change_of_what_comes_with_the_text_is_a_new_revision(
    services: Services, changes: dict[str, object]
) -> None:
    await services.intake.receive(message("dag"))
    assert await services.intake.receive_all([replace(edited("dag"), **changes)]) == 1  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("again", "why"),
    [
        (message("een"), "the original, redelivered after its edit"),
        (edited("twee", after=MINUTE), "an older edit, redelivered"),
        (edited("anders", after=MINUTE / 2), "an edit that happened before the newest one"),
    ],
)
async def test_an_older_version_does_not_overtake_a_newer_one(services: Services, again: Message, why: str) -> None:
    await services.intake.receive_all([message("een"), edited("twee"), edited("drie", after=2 * MINUTE)])
    assert await services.intake.receive_all([again]) == 0, why
    assert [text for text, _ in await states(services)] == ["een", "twee", "drie"]


async def test_an_edit_back_to_the_first_text_is_a_revision_of_its_own(services: Services) -> None:
    await services.intake.receive_all([message("een"), edited("twee"), edited("een", after=2 * MINUTE)])
    assert [text for text, _ in await states(services)] == ["een", "twee", "een"]


async def test_changed_text_without_an_edit_stamp_is_an_edit(services: Services) -> None:
    await services.intake.receive(message("een"))
    assert await services.intake.receive_all([message("twee")]) == 1


async def test_a_delete_closes_the_open_cases(services: Services) -> None:
    await services.receive(message("alarm vraag"))
    await services.intake.receive(Deleted(message().ref, NOON + MINUTE))
    cases = await all_cases(services)
    assert [(case.state, case.reasons[-1]) for case in cases] == [(CaseState.CLOSED, DELETED)] * 2
    assert all(case.message.deleted for case in cases)
    assert await services.desk.queue() == ()
    assert len(await log(services, AuditName.CASE_CLOSED)) == 2


async def test_a_delete_that_comes_twice_adds_nothing(services: Services) -> None:
    await services.receive(message("alarm"))
    await services.intake.receive(Deleted(message().ref, NOON + MINUTE))
    before = await everything(services)
    await services.intake.receive(Deleted(message().ref, NOON + 2 * MINUTE))
    assert await everything(services) == before


async def test_a_delete_of_what_we_never_saw_is_nothing(services: Services) -> None:
    await services.intake.receive(Deleted(message().ref, NOON))
    assert await rows(services, messages) == []
    assert await log(services) == []


async def test_a_redelivery_does_not_bring_a_deleted_message_back(services: Services) -> None:
    await services.receive(message("alarm"))
    await services.intake.receive(Deleted(message().ref, NOON + MINUTE))
    await services.receive(message("alarm"))
    (row,) = await rows(services, messages)
    assert row.deleted_at == NOON + MINUTE
    assert await services.desk.queue() == ()


async def test_an_edit_of_what_was_thought_deleted_brings_it_back(services: Services) -> None:
    await services.receive(message("alarm"))
    await services.intake.receive(Deleted(message().ref, NOON + MINUTE))
    await services.receive(edited("alarm, nog eens", after=2 * MINUTE))
    case = await services.one(CaseKind.ALERT)
    assert (case.message.text, case.message.deleted) == ("alarm, nog eens", False)


async def test_a_case_that_came_back_to_a_person_stays_theirs_when_the_text_is_edited(services: Services) -> None:
    an = await services.person()
    await services.receive(message("vraag"))
    decided = await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    services.sender.faults = [Rejected("nee")]
    await services.dispatch()
    await services.receive(edited("dag"))
    after = await services.now_is(decided)
    assert (after.state, after.message.text) == (CaseState.RETURNED, "dag")


async def test_an_edited_post_closes_no_case_under_it(services: Services) -> None:
    original = message("Zwembad open", id="100", kind=MessageKind.POST)
    await services.receive(original, message("alarm", reply_to="100"))
    await services.receive(replace(original, text="Zwembad gesloten", edited_at=NOON + MINUTE))
    case = await services.one(CaseKind.ALERT)
    assert case.post is not None
    assert case.post.text == "Zwembad gesloten"
