from __future__ import annotations

from datetime import timedelta

from sqlalchemy import select

from bot.core.cases import ActionKind, CaseKind
from bot.jobs.claims import ReturnClaims
from bot.review.bulletin import Topic
from bot.store import audit
from bot.store.schema import events
from tests.builders import CLAIM, Services, message


def job(services: Services) -> ReturnClaims:
    return ReturnClaims(services.database, services.clock, services.bulletin)


async def claimed(services: Services) -> None:
    an = await services.person("An")
    await services.receive(message("alarm"))
    await services.do(ActionKind.CLAIM, await services.one(CaseKind.ALERT), an)


async def test_a_claimed_and_forgotten_case_returns_to_the_queue(services: Services) -> None:
    await claimed(services)
    before = await services.one(CaseKind.ALERT)
    services.clock.advance(CLAIM)
    async with services.bulletin.listen(Topic.CASES) as bell:
        await job(services)()
        assert await bell.wait(0.1)
    after = await services.one(CaseKind.ALERT)
    assert before.claimed_by is not None
    assert after.claimed_by is None
    assert after.version == before.version, "buttons of the card still mean the same"


async def test_it_is_written_down_whose_claim_ran_out(services: Services) -> None:
    await claimed(services)
    services.clock.advance(CLAIM)
    await job(services)()
    async with services.database.read() as tx:
        (line, *_rest) = await audit.recent(tx)
    assert line.event.name == "system:claim:expired"
    assert line.event.data == {"person": 1}


async def test_a_claim_that_still_runs_is_left_alone(services: Services) -> None:
    await claimed(services)
    services.clock.advance(CLAIM - timedelta(seconds=1))
    await job(services)()
    assert (await services.one(CaseKind.ALERT)).claimed_by is not None


async def test_with_nothing_to_return_nothing_is_written(services: Services) -> None:
    await job(services)()
    async with services.database.read() as tx:
        assert (await tx.execute(select(events))).all() == []
