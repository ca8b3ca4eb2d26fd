from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.core.cases import CaseKind, CaseState
from bot.store import casebook, clusters, inbox
from bot.store.schema import cases, messages
from tests.builders import NOON, Services, message, post

LATER = NOON + timedelta(minutes=1)
RAID = "alarm vraag overval"


async def raid(services: Services, size: int = 3) -> None:
    """Let `size` like reactions come in under one post: message keys 2, 3, …"""
    await services.receive(post())
    for number in range(size):
        await services.receive(message(RAID, id=str(101 + number), author=f"u{number}", reply_to="100"))


async def settle(services: Services, message_pk: int, **options: bool) -> list[int]:
    async with services.database.write() as tx:
        return list(await clusters.settle_changed(tx, message_pk, "Voorbij.", LATER, **options))


async def test_a_case_goes_on_about_the_next_message(services: Services) -> None:
    await raid(services)
    before = await services.one(CaseKind.REPLY)
    assert await settle(services, 2) == []
    case = await services.one(CaseKind.REPLY)
    assert (case.id, case.message.ref.message_id, case.like_count) == (before.id, "102", 2)
    assert case.version > before.version, "whoever saw the old one is told that it changed"
    assert [suggestion.text for suggestion in case.suggestions] == [s.text for s in before.suggestions]
    assert (case.suggestion_index, case.decision, case.proposal) == (0, None, None)


async def test_the_last_one_closes_the_case(services: Services) -> None:
    await raid(services, size=1)
    alert, reply = await services.one(CaseKind.ALERT), await services.one(CaseKind.REPLY)
    assert sorted(await settle(services, 2)) == sorted([alert.id, reply.id])
    assert (await services.now_is(alert)).state is CaseState.CLOSED
    assert (await services.now_is(alert)).reasons[-1] == "Voorbij."


@pytest.mark.parametrize("gone", ["deleted", "edited"])
async def test_a_message_that_went_itself_does_not_inherit(services: Services, gone: str) -> None:
    await raid(services)
    async with services.database.write() as tx:
        if gone == "deleted":
            await inbox.mark_deleted(tx, message(id="102").ref, NOON)
        else:
            await tx.execute(update(messages).where(messages.c.message_id == "102").values(revision=2))
    await settle(services, 2)
    assert (await services.one(CaseKind.ALERT)).message.ref.message_id == "103"


@pytest.mark.parametrize(("keep", "closed"), [(True, False), (False, True)])
async def test_a_case_that_came_back_can_be_kept_with_its_person(services: Services, keep: bool, closed: bool) -> None:
    await raid(services, size=1)
    async with services.database.write() as tx:
        await tx.execute(update(cases).values(state=CaseState.RETURNED))
    assert bool(await settle(services, 2, keep_returned=keep)) is closed


async def test_a_decided_case_is_left_as_it_was_decided(services: Services) -> None:
    await raid(services)
    async with services.database.write() as tx:
        await tx.execute(update(cases).values(state=CaseState.DECIDED))
    assert await settle(services, 2) == []
    async with services.database.read() as tx:
        assert {row.message_pk for row in await tx.execute(select(cases))} == {2}


async def test_who_leaves_a_raid_is_not_counted_or_reached_for(services: Services) -> None:
    await raid(services)
    case = await services.one(CaseKind.ALERT)
    async with services.database.write() as tx:
        await clusters.leave(tx, [3], LATER)
        left = [member.message_pk for member in await casebook.members(tx, case.id)]
    assert left == [2, 4]
    assert (await services.now_is(case)).like_count == 2
