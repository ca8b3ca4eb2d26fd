"""Taking a case up, giving it back, and what others may do meanwhile."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, Case, CaseKind, CaseState
from bot.core.errors import Refused
from tests.builders import CLAIM, NOON, Services, message
from tests.review.looking import log

A = ActionKind
SECOND = timedelta(seconds=1)


async def reply_case(services: Services) -> Case:
    await services.receive(message("vraag"))
    return await services.one(CaseKind.REPLY)


async def test_who_takes_a_case_up_holds_it_for_a_while(services: Services) -> None:
    an = await services.person("An")
    after = await services.do(A.CLAIM, await reply_case(services), an)
    assert (after.claimed_by, after.claimed_until) == (an, NOON + CLAIM)
    assert after.state is CaseState.OPEN
    assert [event.actor for event in await log(services, AuditName.CASE_CLAIMED)] == ["An"]


@pytest.mark.parametrize("action", [A.APPROVE, A.EDIT, A.ANOTHER, A.DROP, A.PASS_ON, A.CLAIM, A.RELEASE])
async def test_while_somebody_holds_a_case_others_are_told_who(services: Services, action: ActionKind) -> None:
    an, bea = await services.person("An"), await services.person("Bea")
    held = await services.do(A.CLAIM, await reply_case(services), an)
    with pytest.raises(Refused, match=r"^An behandelt dit nu\.$"):
        await services.do(action, held, bea, text="Eigen woorden.")
    assert await services.now_is(held) == held


async def test_taking_up_does_not_make_the_holders_own_card_stale(services: Services) -> None:
    an = await services.person("An")
    seen = await reply_case(services)
    await services.do(A.CLAIM, seen, an)
    after = await services.do(A.APPROVE, seen, an)
    assert after.state is CaseState.DECIDED
    assert (after.claimed_by, after.claimed_until) == (None, None), "what is decided is nobody's any more"


async def test_who_gives_a_case_back_leaves_it_to_the_others(services: Services) -> None:
    an, bea = await services.person("An"), await services.person("Bea")
    held = await services.do(A.CLAIM, await reply_case(services), an)
    free = await services.do(A.RELEASE, held, an)
    assert free.claimed_by is None
    assert (await services.do(A.APPROVE, free, bea)).state is CaseState.DECIDED
    assert [event.actor for event in await log(services, AuditName.CASE_RELEASED)] == ["An"]


async def test_a_claim_that_ran_out_holds_nobody_back(services: Services) -> None:
    an, bea = await services.person("An"), await services.person("Bea")
    held = await services.do(A.CLAIM, await reply_case(services), an)
    services.clock.advance(CLAIM - SECOND)
    with pytest.raises(Refused):
        await services.do(A.CLAIM, held, bea)
    services.clock.advance(SECOND)
    after = await services.do(A.CLAIM, held, bea)
    assert (after.claimed_by, after.claimed_until) == (bea, NOON + 2 * CLAIM)


async def test_a_held_case_stays_in_the_queue(services: Services) -> None:
    an = await services.person("An")
    held = await services.do(A.CLAIM, await reply_case(services), an)
    assert await services.desk.queue() == (held,)
