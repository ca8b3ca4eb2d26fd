"""Trap 23, further than one table: cards, notes, earlier revisions, clusters that were decided, the log itself."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest
from sqlalchemy import select

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, Case, CaseKind, CaseState
from bot.core.errors import Rejected
from bot.core.people import Face
from bot.review.cardkeeper import CardKeeper
from bot.store import audit, retention, views
from bot.store.database import Database
from bot.store.erasure import ERASED_WORDS
from bot.store.schema import decisions, effects, events, notices
from tests.builders import NOON, MemorySurface, Services, message, post
from tests.store.test_retention import CANARY, REACTION, erase, everything, whole_life

MINUTE = timedelta(minutes=1)


def shown(cards: Sequence[Case]) -> str:
    """Return everything that cards could show."""
    return repr(cards)


async def renewed(services: Services, surface: MemorySurface) -> Sequence[Case]:
    keeper = CardKeeper(services.database, services.clock, services.bulletin, Face.DISCORD, surface)
    while await keeper.run_once():
        pass
    return list(surface.cards.values())


async def log(database: Database) -> str:
    async with database.read() as tx:
        return repr((await tx.execute(select(events))).all())


async def test_the_log_never_holds_words_of_residents_or_about_them(services: Services) -> None:
    await whole_life(services)
    text = await log(services.database)
    assert "person:decision:made" in text
    assert CANARY not in text


async def test_the_cards_in_staff_channels_forget_too(services: Services) -> None:
    surface, an = MemorySurface(), await services.person()
    await services.receive(post(), message(f"alarm vraag {CANARY}", reply_to="100", quoted=CANARY, forwarded=CANARY))
    await renewed(services, surface)
    alert, reply = await services.one(CaseKind.ALERT), await services.one(CaseKind.REPLY)
    await services.do(ActionKind.PROPOSE_REMOVAL, alert, an, rule_id="privacy", reason=CANARY)
    await services.do(ActionKind.EDIT, reply, an, text=f"U schreef {CANARY}.")
    await services.dispatch()
    assert shown(await renewed(services, surface)).count(CANARY) > 7
    await erase(services, REACTION)
    cards = await renewed(services, surface)
    assert len(cards) == 2
    assert CANARY not in shown(cards)
    assert surface.posted == 2, "the cards are changed, not posted again"


async def test_a_card_that_quotes_an_erased_message_forgets_too(services: Services) -> None:
    surface = MemorySurface()
    await services.receive(message(CANARY), message("alarm", id="102", reply_to="101", quoted=CANARY, author="u2"))
    assert CANARY in shown(await renewed(services, surface))
    await erase(services)
    (card,) = await renewed(services, surface)
    assert (card.quoted, card.message.text, card.state) == (ERASED_WORDS, "alarm", CaseState.OPEN)


async def test_every_revision_is_erased(services: Services) -> None:
    for number, words in enumerate(("eerst", "daarna", "ten slotte")):
        await services.receive(message(f"{words} {CANARY}", edited_at=NOON + number * MINUTE if number else None))
    assert (await everything(services.database)).count(CANARY) >= 3
    await erase(services)
    assert CANARY not in await everything(services.database)


async def test_a_note_to_the_other_desk_is_erased(services: Services) -> None:
    an = await services.person()
    await services.receive(message("alarm"))
    await services.do(ActionKind.PASS_ON, await services.one(CaseKind.ALERT), an, reason=f"Over die {CANARY}.")
    assert CANARY in repr((await services.one(CaseKind.REPLY)).reasons)
    await erase(services)
    assert CANARY not in await everything(services.database)


async def test_what_a_platform_said_about_a_reply_is_erased(services: Services) -> None:
    an = await services.person()
    await services.receive(message("vraag"))
    case = await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    services.sender.faults.append(Rejected(f"can't reply to: {CANARY}"))
    await services.dispatch()
    assert CANARY in (await services.now_is(case)).returned_because
    await erase(services)
    assert CANARY not in await everything(services.database)


async def test_one_of_a_raid_that_was_decided_is_erased_and_the_decision_stands(services: Services) -> None:
    an = await services.person()
    words = f"alarm overval {CANARY}"
    await services.receive(message(words), message(words, id="102", author="u2"))
    case = await services.do(ActionKind.REMOVE, await services.one(CaseKind.ALERT), an, rule_id="privacy")
    await services.dispatch()
    await services.dispatcher.step("demo")
    await erase(services, 2)
    after = await services.now_is(case)
    assert (after.state, after.like_count, after.message.text) == (CaseState.DECIDED, 2, words)
    await erase(services, 1)
    assert CANARY not in await everything(services.database)
    async with services.database.read() as tx:
        (decision,) = (await tx.execute(select(decisions))).all()
        assert (decision.action, decision.person_id, decision.text) == (ActionKind.REMOVE, an.id, "")
        assert len((await tx.execute(select(effects))).all()) == 2, "that it happened stays"
        assert await audit.verify(tx) is None


async def test_a_thread_shows_that_something_was_erased_in_its_place(services: Services) -> None:
    await services.receive(post(), message(CANARY, reply_to="100"), message("x", id="102", reply_to="100"))
    await erase(services, REACTION)
    async with services.database.read() as tx:
        thread = await views.thread_of(tx, message(id="102").ref)
    assert [said.text for said in thread] == ["Nieuw zwembad", "(gewist)", "x"]
    assert thread[1].author == "Bewoner ----"


async def test_two_erasures_of_one_message_are_one(services: Services) -> None:
    await services.receive(message("alarm"))
    await erase(services)
    await erase(services)
    async with services.database.read() as tx:
        lines = await audit.recent(tx)
        assert await audit.verify(tx) is None
    assert [line.event.name for line in lines].count(AuditName.CASE_CLOSED) == 1


@pytest.mark.parametrize(("said", "kept"), [("ja", True), (CANARY, False)])
async def test_a_word_that_everybody_uses_is_no_copy(services: Services, said: str, kept: bool) -> None:
    await services.receive(message(said))
    await services.intake.notice("x", f"{said}: er is iets.")
    await erase(services)
    async with services.database.read() as tx:
        assert ((await tx.execute(select(notices.c.text))).scalar_one() == f"{said}: er is iets.") is kept


async def test_who_asked_for_an_erasure_is_in_the_log(services: Services) -> None:
    await services.receive(message(CANARY))
    async with services.database.write() as tx:
        await retention.erase_message(tx, 1, NOON, actor="An", because="request")
        (line,) = await audit.recent(tx, limit=1)
    assert (line.event.actor, line.event.message_pk, line.event.data) == ("An", 1, {"because": "request"})


async def test_an_erasure_that_fails_halfway_erases_nothing(services: Services) -> None:
    async def fail() -> None:
        async with services.database.write() as tx:
            await retention.erase_message(tx, 1, NOON)
            raise RuntimeError

    await services.receive(message(f"alarm {CANARY}"))
    with pytest.raises(RuntimeError):
        await fail()
    assert (await services.one(CaseKind.ALERT)).message.text == f"alarm {CANARY}"
    async with services.database.read() as tx:
        assert AuditName.MESSAGE_ERASED not in [line.event.name for line in await audit.recent(tx)]
