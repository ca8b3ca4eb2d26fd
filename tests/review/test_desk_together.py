"""Two people at once: one effect, and the other is told who decided what (trap 1). Really at once, on both."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable

import pytest

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, Case, CaseKind, CaseState
from bot.core.errors import Refused
from bot.core.messages import Message
from bot.core.people import Face
from bot.review.bulletin import Bulletin, Topic
from bot.review.words import DONE
from bot.store.database import Database
from bot.store.schema import decisions, effects
from tests.builders import GRACE, NOON, Services, message
from tests.review.looking import everything, log, rows

A = ActionKind


async def both(one: Awaitable[Case], other: Awaitable[Case]) -> tuple[Case, Refused]:
    """Let two commands run at once; return what became of the one and why the other was refused."""
    results = await asyncio.gather(one, other, return_exceptions=True)
    done = [result for result in results if isinstance(result, Case)]
    refused = [result for result in results if isinstance(result, Refused)]
    assert (len(done), len(refused)) == (1, 1), results
    return done[0], refused[0]


@pytest.mark.parametrize("attempt", range(5))
@pytest.mark.parametrize(
    ("kind", "one", "other"),
    [
        (CaseKind.REPLY, A.APPROVE, A.APPROVE),
        (CaseKind.REPLY, A.APPROVE, A.DROP),
        (CaseKind.REPLY, A.EDIT, A.APPROVE),
        (CaseKind.ALERT, A.FINE, A.REMOVE),
    ],
)
async def test_of_two_decisions_one_counts_and_the_other_person_hears_which(
    services: Services, kind: CaseKind, one: ActionKind, other: ActionKind, attempt: int
) -> None:
    an, bea = await services.person("An"), await services.person("Bea")
    await services.receive(message("alarm" if kind is CaseKind.ALERT else "vraag"))
    case = await services.one(kind)
    done, refused = await both(
        services.do(one, case, an, text="Eigen woorden.", rule_id="privacy"),
        services.do(other, case, bea, face=Face.DISCORD, rule_id="privacy"),
    )
    assert done.decision is not None
    assert refused.message == f"Hierover is al beslist: {done.decision.person} {DONE[done.decision.action]}."
    assert len(await rows(services, decisions)) == 1
    assert len(await rows(services, effects)) == len(done.decision.effects)
    assert len(await log(services, AuditName.DECISION_MADE)) == 1
    await services.dispatch()
    assert len(services.sender.sent) + len(services.sender.removed) == len(done.decision.effects)


async def test_of_ten_who_approve_at_once_one_reply_is_sent(services: Services) -> None:
    people = [await services.person(f"Persoon {number}") for number in range(10)]
    await services.receive(message("vraag"))
    case = await services.one(CaseKind.REPLY)
    pressed = [services.do(A.APPROVE, case, person) for person in people]
    results = await asyncio.gather(*pressed, return_exceptions=True)
    assert sum(isinstance(result, Case) for result in results) == 1
    assert sum(isinstance(result, Refused) for result in results) == 9
    await services.dispatch()
    assert len(services.sender.sent) == 1


@pytest.mark.parametrize("attempt", range(5))
async def test_of_two_programs_on_one_database_one_decides(services: Services, attempt: int) -> None:
    elsewhere = Database(services.database.url.render_as_string(hide_password=False))
    other = Services(elsewhere, services.clock, Bulletin())
    an, bea = await services.person("An"), await services.person("Bea")
    await services.receive(message("vraag"))
    case = await services.one(CaseKind.REPLY)
    done, refused = await both(services.do(A.APPROVE, case, an), other.do(A.DROP, case, bea))
    await elsewhere.close()
    assert done.decision is not None
    assert refused.message == f"Hierover is al beslist: {done.decision.person} {DONE[done.decision.action]}."
    assert len(await rows(services, decisions)) == 1


async def test_of_two_who_take_a_case_up_one_has_it(services: Services) -> None:
    an, bea = await services.person("An"), await services.person("Bea")
    await services.receive(message("vraag"))
    case = await services.one(CaseKind.REPLY)
    done, refused = await both(services.do(A.CLAIM, case, an), services.do(A.CLAIM, case, bea))
    assert done.claimed_by is not None
    assert refused.message == f"{done.claimed_by.name} behandelt dit nu."


@pytest.mark.parametrize("attempt", range(5))
async def test_undoing_and_sending_at_once_end_in_one_of_the_two(services: Services, attempt: int) -> None:
    an = await services.person()
    await services.receive(message("vraag"))
    decided = await services.do(A.APPROVE, await services.one(CaseKind.REPLY), an)
    services.clock.advance(GRACE)
    undone, _ = await asyncio.gather(
        services.do(A.UNDO, decided, an), services.dispatcher.step("demo"), return_exceptions=True
    )
    after = await services.now_is(decided)
    if isinstance(undone, Refused):
        assert (len(services.sender.sent), after.state) == (1, CaseState.DECIDED)
    else:
        assert (len(services.sender.sent), after.state) == (0, CaseState.OPEN)


@pytest.mark.parametrize("attempt", range(5))
async def test_a_raid_that_grows_while_it_is_decided_loses_nobody(services: Services, attempt: int) -> None:
    an = await services.person()
    await services.receive(*_raid(3, first=201))
    case = await services.one(CaseKind.ALERT)
    await services.intake.receive_all(_raid(3, first=301))
    await asyncio.gather(services.do(A.REMOVE, case, an, rule_id="privacy"), services.triage.run_once())
    await services.dispatch()
    waiting = sum(found.like_count for found in await services.desk.queue())
    assert len(services.sender.removed) + waiting == 6, "removed, or still before a person"


@pytest.mark.parametrize("attempt", range(5))
async def test_an_edit_that_comes_in_at_the_moment_of_deciding_is_not_answered(
    services: Services, attempt: int
) -> None:
    an = await services.person()
    await services.receive(message("vraag"))
    case = await services.one(CaseKind.REPLY)
    edit = message("laat maar, vraag opgelost", edited_at=NOON)
    batch = services.intake.receive_all([message("dag", id="102"), edit])
    await asyncio.gather(services.do(A.APPROVE, case, an), batch, return_exceptions=True)
    await services.dispatch()
    assert services.sender.sent == []


@pytest.mark.parametrize("broken", ["bot.store.outbox.put", "bot.store.audit.append", "bot.store.casebook.touch"])
@pytest.mark.parametrize(("kind", "action"), [(CaseKind.REPLY, A.APPROVE), (CaseKind.ALERT, A.REMOVE)])
async def test_decision_effects_and_log_commit_together_or_not_at_all(
    services: Services, monkeypatch: pytest.MonkeyPatch, broken: str, kind: CaseKind, action: ActionKind
) -> None:
    async def fail(*_: object, **__: object) -> str:
        raise OSError("the disk is full")

    an = await services.person()
    await services.receive(message("alarm vraag"))
    case = await services.one(kind)
    before = await everything(services)
    async with services.bulletin.listen(*Topic) as bell:
        with monkeypatch.context() as patch:
            patch.setattr(broken, fail)
            with pytest.raises(OSError, match="disk"):
                await services.do(action, case, an, rule_id="privacy")
        assert not await bell.wait(0.01), "nobody is told of what did not happen"
    assert await everything(services) == before
    after = await services.do(action, case, an, rule_id="privacy")
    assert after.state is CaseState.DECIDED, "and the same card works once the disk has room"


async def test_a_decision_wakes_who_shows_cards_and_who_sends(services: Services) -> None:
    an = await services.person()
    await services.receive(message("vraag"))
    case = await services.one(CaseKind.REPLY)
    async with services.bulletin.listen(Topic.CASES) as cards, services.bulletin.listen(Topic.OUTBOX) as outbox:
        await services.do(A.APPROVE, case, an)
        assert await cards.wait(0.01)
        assert await outbox.wait(0.01)


def _raid(count: int, *, first: int) -> list[Message]:
    return [message("overval alarm", id=str(first + number), author=f"r{number}") for number in range(count)]
