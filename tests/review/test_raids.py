"""A raid of like messages is one case that counts them, and none of them is lost in it (trap 16)."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, CaseKind, CaseState
from bot.core.errors import Refused
from bot.core.messages import Deleted, Message
from bot.review.card import card_of
from bot.review.intake import DELETED
from bot.store.schema import case_members
from tests.builders import NOON, Services, message, post
from tests.review.looking import all_cases, log, rows

RAID = "overval alarm"
MINUTE = timedelta(minutes=1)


def raid(count: int, text: str = RAID, *, first: int = 201, chat: str = "-100") -> list[Message]:
    """Return like messages of as many different people."""
    return [message(text, id=str(first + number), author=f"raider{number}", chat=chat) for number in range(count)]


async def test_a_hundred_like_messages_are_one_alert_that_counts_them(services: Services) -> None:
    await services.receive(*raid(100))
    (case,) = await all_cases(services)
    assert case.like_count == 100
    assert "(100 gelijkaardige reacties)" in card_of(case, now=NOON, console_url="").title
    assert len(await rows(services, case_members)) == 100
    assert len(await log(services, AuditName.CASE_OPENED)) == 1
    assert len(await log(services, AuditName.CASE_GREW)) == 99


async def test_a_growing_raid_does_not_make_the_buttons_on_its_card_stale(services: Services) -> None:
    an = await services.person()
    await services.receive(*raid(2))
    seen = await services.one(CaseKind.ALERT)
    await services.receive(*raid(2, first=301))
    decided = await services.do(ActionKind.FINE, seen, an)
    assert decided.state is CaseState.DECIDED


@pytest.mark.parametrize(
    ("other", "why"),
    [
        (message(RAID, id="301", chat="-200"), "another chat"),
        (message(RAID, id="301", channel="telegram"), "another channel"),
        (message("overval alarm anders", id="301"), "other words"),
    ],
)
async def test_what_is_not_like_it_is_a_case_of_its_own(services: Services, other: Message, why: str) -> None:
    await services.receive(*raid(3), other)
    assert [case.like_count for case in await all_cases(services)] == [3, 1], why


async def test_like_messages_without_a_fingerprint_are_not_gathered(services: Services) -> None:
    await services.receive(*raid(3, "alarm"))
    assert [case.like_count for case in await all_cases(services)] == [1, 1, 1]


async def test_a_raid_on_several_posts_is_one_alert(services: Services) -> None:
    await services.receive(
        post(id="100"), post(id="150"),
        message(RAID, id="201", post_id="100"), message(RAID, id="202", post_id="150"),
    )  # fmt: skip
    assert (await services.one(CaseKind.ALERT)).like_count == 2


async def test_a_like_question_under_another_post_has_its_own_case(services: Services) -> None:
    text = "overval van vragen: vraag"
    await services.receive(
        post(id="100"), post(id="150"),
        message(text, id="201", post_id="100"),
        message(text, id="202", post_id="150"),
        message(text, id="203", post_id="100"),
    )  # fmt: skip
    assert [(case.message.ref.message_id, case.like_count) for case in await all_cases(services)] == [
        ("201", 2),
        ("202", 1),
    ]


@pytest.mark.parametrize(("later", "count"), [(timedelta(hours=1), [2]), (timedelta(hours=1, seconds=1), [1, 1])])
async def test_a_raid_ends_when_nothing_came_for_a_while(
    services: Services, later: timedelta, count: list[int]
) -> None:
    await services.receive(*raid(1))
    services.clock.advance(later)
    await services.receive(*raid(1, first=301))
    assert [case.like_count for case in await all_cases(services)] == count


async def test_what_comes_after_the_decision_is_a_new_case(services: Services) -> None:
    an = await services.person()
    await services.receive(*raid(3))
    await services.do(ActionKind.FINE, await services.one(CaseKind.ALERT), an)
    await services.receive(*raid(1, first=301))
    assert (await services.one(CaseKind.ALERT)).message.ref.message_id == "301"


async def test_an_edit_into_the_same_words_does_not_join_its_own_case(services: Services) -> None:
    await services.receive(message(RAID, id="201"))
    await services.receive(message(RAID.upper(), id="201", edited_at=NOON + MINUTE))
    old, new = await all_cases(services)
    assert (old.state, new.state, new.like_count) == (CaseState.CLOSED, CaseState.OPEN, 1)


async def test_removing_a_raid_removes_every_message_of_it(services: Services) -> None:
    an = await services.person()
    await services.receive(*raid(5))
    await services.do(ActionKind.REMOVE, await services.one(CaseKind.ALERT), an, rule_id="privacy")
    await services.dispatch()
    assert sorted(services.sender.gone) == ["201", "202", "203", "204", "205"]


async def test_removing_a_raid_leaves_alone_what_was_edited_or_deleted_meanwhile(services: Services) -> None:
    an = await services.person()
    await services.receive(*raid(4))
    case = await services.one(CaseKind.ALERT)
    await services.receive(message("Sorry, dat was dom.", id="202", edited_at=NOON + MINUTE))
    await services.intake.receive(Deleted(message(id="203").ref, NOON))
    await services.do(ActionKind.REMOVE, case, an, rule_id="privacy")
    await services.dispatch()
    assert sorted(services.sender.gone) == ["201", "204"]


async def test_one_answer_goes_to_a_cluster_of_like_questions(services: Services) -> None:
    an = await services.person()
    await services.receive(*raid(4, "overval vraag"))
    await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    await services.dispatch()
    assert [effect.target.message_id for effect in services.sender.sent] == ["201"]


@pytest.mark.parametrize(
    "goes", [Deleted(message(id="201").ref, NOON), message("Sorry.", id="201", edited_at=NOON + MINUTE)]
)
async def test_when_the_first_of_a_raid_goes_the_alert_is_about_the_next(
    services: Services, goes: Deleted | Message
) -> None:
    an = await services.person()
    await services.receive(*raid(3))
    await services.intake.receive(goes)
    case = await services.one(CaseKind.ALERT)
    assert case.message.ref.message_id == "202", "the others are still there to be judged by a person"
    assert case.like_count == 2
    await services.do(ActionKind.REMOVE, case, an, rule_id="privacy")
    await services.dispatch()
    assert sorted(services.sender.gone) == ["202", "203"]


async def test_when_the_first_of_like_questions_goes_the_answer_goes_to_the_next(services: Services) -> None:
    an = await services.person()
    await services.receive(*raid(3, "overval vraag"))
    await services.intake.receive(Deleted(message(id="201").ref, NOON))
    await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    await services.dispatch()
    (sent,) = services.sender.sent
    assert (sent.target.message_id, sent.text) == ("202", "Dank u voor uw vraag.")


async def test_who_saw_the_alert_about_the_first_is_told_that_it_changed(services: Services) -> None:
    an = await services.person()
    await services.receive(*raid(3))
    seen = await services.one(CaseKind.ALERT)
    await services.intake.receive(Deleted(message(id="201").ref, NOON))
    with pytest.raises(Refused, match="intussen veranderd"):
        await services.do(ActionKind.FINE, seen, an)


async def test_when_all_of_a_raid_are_gone_the_alert_closes(services: Services) -> None:
    await services.receive(*raid(3))
    await services.intake.receive_all([Deleted(message(id=number).ref, NOON) for number in ("202", "201", "203")])
    (case,) = await all_cases(services)
    assert (case.state, case.reasons[-1]) == (CaseState.CLOSED, DELETED)


async def test_the_answer_goes_to_the_question_on_the_card_also_when_an_earlier_one_was_edited(
    services: Services,
) -> None:
    an = await services.person()
    await services.receive(*raid(4, "overval vraag"))
    await services.intake.receive(message("Laat maar.", id="202", edited_at=NOON + MINUTE))
    await services.intake.receive(Deleted(message(id="201").ref, NOON))
    case = await services.one(CaseKind.REPLY)
    await services.do(ActionKind.APPROVE, case, an)
    await services.dispatch()
    assert [sent.target for sent in services.sender.sent] == [case.message.ref]
    assert case.message.ref.message_id == "203"


async def test_undoing_after_the_first_of_a_raid_went_leaves_the_others_before_people(services: Services) -> None:
    an = await services.person()
    await services.receive(*raid(3))
    decided = await services.do(ActionKind.REMOVE, await services.one(CaseKind.ALERT), an, rule_id="privacy")
    await services.intake.receive(Deleted(message(id="201").ref, NOON))
    after = await services.do(ActionKind.UNDO, decided, an)
    assert (after.state, after.message.ref.message_id, after.like_count) == (CaseState.OPEN, "202", 2)
