"""Decisions that are on their way out, for the tests of the dispatcher."""

from __future__ import annotations

from bot.core.cases import ActionKind, Case, CaseKind, EffectView
from bot.core.people import Person
from bot.review.dispatch import Dispatcher
from bot.store import people
from bot.store.schema import effects
from bot.store.types import AnyRow
from tests.builders import Services, message, post
from tests.review.looking import rows


class Killed(BaseException):
    """The process was killed here: nothing after this line ran."""


async def approved(services: Services, *, id: str = "101", channel: str = "demo") -> Case:  # noqa: A002
    """Return a case of which the reply waits in the outbox."""
    an = await _an(services)
    await services.receive(
        post(channel=channel), message("een vraag", id=id, post_id="100", thread_id="5", channel=channel)
    )
    (case,) = [case for case in await services.desk.queue() if case.message.ref.message_id == id]
    return await services.do(ActionKind.APPROVE, case, an)


async def to_remove(services: Services) -> Case:
    """Return a case of which the removal waits in the outbox."""
    an = await _an(services)
    await services.receive(message("alarm"))
    return await services.do(ActionKind.REMOVE, await services.one(CaseKind.ALERT), an, rule_id="privacy")


async def _an(services: Services) -> Person:
    async with services.database.read() as tx:
        known = await people.by_name(tx, "An")
    return known or await services.person("An")


def restarted(services: Services) -> Dispatcher:
    """Return the dispatcher of a new process on the same store and the same platform."""
    return Dispatcher(services.database, services.clock, services.bulletin, {"demo": services.sender})


async def effect_of(services: Services, case: Case) -> EffectView:
    """Return the only effect of the decision, as people see it."""
    decision = (await services.now_is(case)).decision
    assert decision is not None
    (effect,) = decision.effects
    return effect


async def stored_effect(services: Services) -> AnyRow:
    (row,) = await rows(services, effects)
    return row
