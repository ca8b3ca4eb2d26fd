"""The cards of a staff channel follow the cases, whatever happens to either."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, Case, CaseKind, CaseState
from bot.core.errors import ChannelError, MissingPermission, RateLimited, Rejected, Revoked, TargetGone, Transient
from bot.core.messages import Deleted
from bot.core.people import Face
from bot.review import cardkeeper
from bot.review.cardkeeper import PAUSE_AFTER_REFUSAL, CardKeeper
from bot.store.schema import cards
from tests.builders import NOON, MemorySurface, Services, message
from tests.review.looking import log, notices, rows

A = ActionKind
NO_RIGHT = MissingPermission("mag niet", permission="SEND_MESSAGES", remedy="Geef dat recht.")


def keeper_of(services: Services, surface: MemorySurface, face: Face = Face.TELEGRAM) -> CardKeeper:
    return CardKeeper(services.database, services.clock, services.bulletin, face, surface)


class Picky(MemorySurface):
    """A surface that takes no card of one reaction."""

    def __init__(self, refuses: str) -> None:
        super().__init__()
        self.refuses = refuses
        self.asked = 0

    async def post(self, case: Case) -> str:
        if case.message.ref.message_id == self.refuses:
            self.asked += 1
            raise Rejected("deze kaart niet")
        return await super().post(case)


@contextlib.asynccontextmanager
async def running(keeper: CardKeeper) -> AsyncIterator[None]:
    worker = asyncio.create_task(keeper.run())
    try:
        yield
    finally:
        worker.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await worker


async def until(surface: MemorySurface, posted: int) -> None:
    async with asyncio.timeout(10):
        while surface.posted < posted:
            await asyncio.sleep(0.01)


def shown(surface: MemorySurface) -> list[tuple[str, CaseState]]:
    return [(case.message.ref.message_id, case.state) for case in surface.cards.values()]


async def test_every_active_case_gets_one_card(services: Services) -> None:
    surface = MemorySurface()
    keeper = keeper_of(services, surface)
    await services.receive(message("alarm vraag", id="101"), message("alarm", id="102"), message("dag", id="103"))
    assert await keeper.run_once() == 3
    assert await keeper.run_once() == 0, "nothing is out of date any more"
    assert sorted(shown(surface)) == [
        ("101", CaseState.OPEN),
        ("101", CaseState.OPEN),
        ("102", CaseState.OPEN),
    ]
    assert (surface.posted, surface.edited) == (3, 0)


async def test_a_backlog_longer_than_one_batch_is_worked_off(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cardkeeper, "BATCH", 2)
    surface = MemorySurface()
    keeper = keeper_of(services, surface)
    await services.receive(*(message("alarm", id=str(number)) for number in range(101, 106)))
    while await keeper.run_once():
        pass
    assert surface.posted == 5


@pytest.mark.parametrize("action", [A.CLAIM, A.ANOTHER, A.APPROVE, A.DROP, A.PASS_ON])
async def test_a_card_is_edited_when_its_case_changes(services: Services, action: ActionKind) -> None:
    an = await services.person("An")
    surface = MemorySurface()
    keeper = keeper_of(services, surface)
    await services.receive(message("vraag"))
    await keeper.run_once()
    after = await services.do(action, await services.one(CaseKind.REPLY), an)
    await keeper.run_once()
    assert surface.cards["card-1"] == after
    assert surface.edited == 1


async def test_a_card_says_when_its_reply_was_placed(services: Services) -> None:
    an = await services.person("An")
    surface = MemorySurface()
    keeper = keeper_of(services, surface)
    await services.receive(message("vraag"))
    await keeper.run_once()
    await services.do(A.APPROVE, await services.one(CaseKind.REPLY), an)
    await services.dispatch()
    await keeper.run_once()
    decision = surface.cards["card-1"].decision
    assert decision is not None
    assert decision.effects[0].link == "https://example.invalid/9000"


async def test_a_decision_on_one_face_updates_the_card_on_the_others(services: Services) -> None:
    an = await services.person("An")
    surfaces = {Face.TELEGRAM: MemorySurface(), Face.DISCORD: MemorySurface()}
    keepers = [keeper_of(services, surface, face) for face, surface in surfaces.items()]
    await services.receive(message("vraag"))
    for keeper in keepers:
        await keeper.run_once()
    await services.do(A.APPROVE, surfaces[Face.TELEGRAM].cards["card-1"], an, face=Face.TELEGRAM)
    for keeper in keepers:
        await keeper.run_once()
    for surface in surfaces.values():
        case = surface.cards["card-1"]
        assert case.state is CaseState.DECIDED
        assert case.decision is not None
        assert (case.decision.person, case.decision.via) == ("An", "telegram")
        assert (surface.posted, surface.edited) == (1, 1)


async def test_the_cards_follow_within_a_moment_while_the_service_runs(services: Services) -> None:
    an = await services.person("An")
    one, other = MemorySurface(), MemorySurface()
    async with running(keeper_of(services, one)), running(keeper_of(services, other, Face.DISCORD)):
        await services.receive(message("vraag"))
        await until(one, 1)
        await until(other, 1)
        await services.do(A.APPROVE, one.cards["card-1"], an, face=Face.TELEGRAM)
        async with asyncio.timeout(10):
            while other.cards["card-1"].state is not CaseState.DECIDED:
                await asyncio.sleep(0.01)


async def test_after_a_restart_no_card_is_posted_again(services: Services) -> None:
    surface = MemorySurface()
    await services.receive(message("alarm"))
    await keeper_of(services, surface).run_once()
    assert await keeper_of(services, surface).run_once() == 0
    assert surface.posted == 1


async def test_a_card_that_staff_deleted_is_posted_again_while_the_case_is_active(services: Services) -> None:
    an = await services.person("An")
    surface = MemorySurface()
    keeper = keeper_of(services, surface)
    await services.receive(message("vraag"))
    await keeper.run_once()
    del surface.cards["card-1"]
    await services.do(A.ANOTHER, await services.one(CaseKind.REPLY), an)
    await keeper.run_once()
    assert list(surface.cards) == ["card-2"]
    found = await services.desk.case_of_card(Face.TELEGRAM, "card-2")
    assert found is not None
    assert await services.desk.case_of_card(Face.TELEGRAM, "card-1") is None


@pytest.mark.parametrize("action", [A.APPROVE, A.DROP])
async def test_a_card_that_staff_deleted_is_let_go_once_the_case_is_decided(
    services: Services, action: ActionKind
) -> None:
    an = await services.person("An")
    surface = MemorySurface()
    keeper = keeper_of(services, surface)
    await services.receive(message("vraag"))
    await keeper.run_once()
    surface.cards.clear()
    await services.do(action, await services.one(CaseKind.REPLY), an)
    assert await keeper.run_once() == 1
    assert await keeper.run_once() == 0
    assert surface.cards == {}


async def test_a_case_that_was_settled_before_its_card_was_posted_gets_none(services: Services) -> None:
    an = await services.person("An")
    surface = MemorySurface()
    await services.receive(message("alarm", id="101"), message("alarm", id="102"))
    await services.do(A.FINE, (await services.desk.queue())[0], an)
    await services.intake.receive(Deleted(message(id="102").ref, NOON))
    assert await keeper_of(services, surface).run_once() == 0


async def test_a_card_that_the_platform_will_not_change_holds_up_no_other(services: Services) -> None:
    an = await services.person("An")
    surface = MemorySurface()
    keeper = keeper_of(services, surface)
    await services.receive(message("alarm", id="101"), message("alarm", id="102"))
    await keeper.run_once()
    for case in await services.desk.queue():
        await services.do(A.FINE, case, an)
    surface.faults = [Rejected("te oud om te wijzigen")]
    await keeper.run_once()
    assert shown(surface) == [("101", CaseState.OPEN), ("102", CaseState.DECIDED)]
    assert await keeper.run_once() == 0, "and it is not tried for ever"


async def test_a_card_that_the_platform_will_not_take_holds_up_no_other(services: Services) -> None:
    surface = Picky("101")
    keeper = keeper_of(services, surface)
    await services.receive(message("alarm", id="101"), message("alarm", id="102"))
    await keeper.run_once()
    assert shown(surface) == [("102", CaseState.OPEN)]
    assert "deze kaart niet" in (await notices(services))["cards:telegram"]


async def test_a_card_that_was_refused_is_offered_again_after_a_while(services: Services) -> None:
    surface = Picky("101")
    keeper = keeper_of(services, surface)
    await services.receive(message("alarm", id="101"))
    await keeper.run_once()
    assert await keeper.run_once() == 0
    assert surface.asked == 1
    services.clock.advance(PAUSE_AFTER_REFUSAL)
    surface.refuses = ""
    await keeper.run_once()
    assert shown(surface) == [("101", CaseState.OPEN)]


async def test_refused_cards_do_not_fill_up_the_batch(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cardkeeper, "BATCH", 1)
    surface = Picky("101")
    keeper = keeper_of(services, surface)
    await services.receive(message("alarm", id="101"), message("alarm", id="102"))
    for _ in range(2):
        await keeper.run_once()
    assert shown(surface) == [("102", CaseState.OPEN)]


@pytest.mark.parametrize("fault", [Transient("even weg"), RateLimited("rustig", retry_after=timedelta(seconds=1))])
async def test_what_was_done_before_a_failure_is_not_done_again(services: Services, fault: ChannelError) -> None:
    class Failing(MemorySurface):
        async def post(self, case: Case) -> str:
            if self.posted == 2 and stumbles:
                raise stumbles.pop()
            return await super().post(case)

    stumbles = [fault]
    surface = Failing()
    keeper = keeper_of(services, surface)
    await services.receive(*(message("alarm", id=str(number)) for number in range(101, 105)))
    with pytest.raises(type(fault)):
        await keeper.run_once()
    while await keeper.run_once():
        pass
    assert sorted(shown(surface)) == [(str(number), CaseState.OPEN) for number in range(101, 105)]
    assert len(await rows(services, cards)) == 4


async def test_a_rate_limit_pauses_the_cards_as_long_as_it_says(services: Services) -> None:
    surface = MemorySurface(faults=[RateLimited("rustig", retry_after=timedelta(seconds=0.3))])
    await services.receive(message("alarm"))
    started = time.monotonic()
    async with running(keeper_of(services, surface)):
        await until(surface, 1)
    assert time.monotonic() - started >= 0.3


@pytest.mark.parametrize(
    ("fault", "told"),
    [
        (NO_RIGHT, True),
        (Revoked("het token is ingetrokken"), True),
        (TargetGone("het kanaal is weg"), True),
        (Transient("even weg"), False),  # it passes by itself
    ],
)
async def test_what_a_person_has_to_mend_is_told_and_the_cards_are_tried_again(
    services: Services, monkeypatch: pytest.MonkeyPatch, fault: ChannelError, told: bool
) -> None:
    for pause in ("PAUSE_AFTER_FAILURE", "PAUSE_FOR_PEOPLE"):
        monkeypatch.setattr(cardkeeper, pause, timedelta(seconds=0.01))
    surface = MemorySurface(faults=[fault, fault])
    await services.receive(message("alarm"))
    async with running(keeper_of(services, surface)):
        await until(surface, 1)
    raised = [event.data["key"] for event in await log(services, AuditName.NOTICE_RAISED)]
    assert raised == (["cards:telegram"] if told else [])


async def test_the_notice_is_settled_when_the_cards_are_right_again(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(cardkeeper, "PAUSE_FOR_PEOPLE", timedelta(seconds=0.01))
    surface = MemorySurface(faults=[NO_RIGHT])
    await services.receive(message("alarm"))
    async with running(keeper_of(services, surface)):
        await until(surface, 1)
        async with asyncio.timeout(10):
            while await notices(services):
                await asyncio.sleep(0.01)
