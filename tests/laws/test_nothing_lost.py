"""Law 5: nothing is lost, nothing is done twice. Killing real processes is done in `tests/crash`."""

from __future__ import annotations

from typing import NoReturn

import pytest
from sqlalchemy import func, select

from bot.core.cases import ActionKind, CaseKind
from bot.core.messages import Message
from bot.engine import Engine
from bot.review.triage import Triage
from bot.store.schema import case_members, events, revisions
from tests.builders import GRACE, Services, message
from tests.laws.conftest import with_engine


class Killed(BaseException):
    """What no `except Exception` catches: the process is gone."""


def killed(_: Message) -> NoReturn:
    raise Killed


async def test_a_reaction_is_stored_before_it_is_judged_and_judged_when_it_can_be(
    services: Services, engine: Engine
) -> None:
    dies = Triage(services.database, services.clock, services.bulletin, killed, raid_window=GRACE)
    await services.intake.receive(message("Klootzak!"))
    with pytest.raises(Killed):
        await dies.run_once()
    async with services.database.read() as tx:
        row = (await tx.execute(select(revisions))).one()
    assert (row.text, row.state, row.attempts) == ("Klootzak!", "pending", 0)
    again = with_engine(services, engine)
    assert await again.triage.run_once() == 1
    assert (await again.one(CaseKind.ALERT)).message.text == "Klootzak!"


async def test_what_is_killed_between_the_case_and_the_state_is_judged_once(
    town: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def dies(*_: object, **__: object) -> NoReturn:
        raise Killed

    async def counted() -> tuple[int, int]:
        async with town.database.read() as tx:
            members = (await tx.execute(select(func.count()).select_from(case_members))).scalar_one()
            judged = select(func.count()).where(events.c.name == "analysis:revision:judged")
            return int(members), int((await tx.execute(judged)).scalar_one())

    await town.intake.receive(message("Klootzak!"))
    with monkeypatch.context() as patch:
        patch.setattr("bot.store.casebook.open_case", dies)
        with pytest.raises(Killed):
            await town.triage.run_once()
    assert await counted() == (0, 0)
    for _ in range(3):
        await town.triage.run_once()
    assert await counted() == (1, 1)


async def test_a_decision_is_carried_out_once_however_often_the_outbox_is_looked_at(town: Services) -> None:
    person = await town.person("An")
    await town.receive(message("Wanneer gaat het zwembad open?"))
    await town.do(ActionKind.APPROVE, await town.one(CaseKind.REPLY), person)
    for _ in range(5):
        await town.dispatch()
    assert len(town.sender.sent) == 1
