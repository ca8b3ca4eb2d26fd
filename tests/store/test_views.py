"""A case as people see it, everywhere the same."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

import pytest
from sqlalchemy import select, update

from bot.core.cases import ActionKind, CaseKind, CaseState, EffectKind, EffectState
from bot.core.errors import TargetChanged
from bot.core.findings import Severity
from bot.core.messages import Author, AuthorRole, MessageKind
from bot.store import people, views
from bot.store.database import Database
from bot.store.schema import effects
from tests.builders import GRACE, NOON, RESPECT, Services, message, post, verdict
from tests.store.rows import open_case

HOUR = timedelta(hours=1)


async def test_a_case_carries_all_that_it_takes_to_decide(services: Services) -> None:
    await services.receive(
        post("Het zwembad gaat dicht.", id="100"),
        message(
            "alarm vraag", reply_to="100", quoted="Het zwembad", forwarded="van elders", link="https://t.me/c/1/101",
            chat_name="Velddorp praat",
        ),
    )  # fmt: skip
    case = await services.one(CaseKind.REPLY)
    assert (case.kind, case.state, case.version) == (CaseKind.REPLY, CaseState.OPEN, 1)
    assert (case.message.text, case.quoted, case.forwarded) == ("alarm vraag", "Het zwembad", "van elders")
    assert (case.message.ref, case.message.link) == (message().ref, "https://t.me/c/1/101")
    assert case.post is not None
    assert (case.post.text, case.post.kind) == ("Het zwembad gaat dicht.", MessageKind.POST)
    assert case.chat_name == "Velddorp praat"
    assert [suggestion.text for suggestion in case.suggestions] == [
        "Dank u voor uw vraag.",
        "Fijn dat u dit vraagt.",
        "Goed punt.",
    ]
    assert case.analysis == verdict(alert=True, reply=True)
    assert case.opened_at == NOON
    assert (case.claimed_by, case.decision, case.proposal, case.returned_because) == (None, None, None, "")


async def test_a_case_that_does_not_exist_is_none_and_the_order_is_the_one_asked_for(services: Services) -> None:
    await services.receive(*(message("alarm", id=str(number)) for number in range(3)))
    async with services.database.read() as tx:
        assert await views.case_by_id(tx, 77) is None
        assert await views.load_cases(tx, []) == ()
        assert [case.id for case in await views.load_cases(tx, [3, 77, 1, 2])] == [3, 1, 2]


@pytest.mark.parametrize(
    ("role", "shown"),
    [
        (AuthorRole.RESIDENT, r"Bewoner [A-Z2-7]{4}"),
        (AuthorRole.STAFF, r"Medewerker [A-Z2-7]{4}"),
        (AuthorRole.MUNICIPALITY, r"Gemeente"),
    ],
)
async def test_an_author_is_shown_under_a_pseudonym(services: Services, role: AuthorRole, shown: str) -> None:
    await services.receive(replace(message(), author=Author("marleen.peeters", "Marleen", role)))
    async with services.database.read() as tx:
        (said,) = await views.thread_of(tx, message().ref)
    assert re.fullmatch(shown, said.author)
    assert "marleen" not in repr(said).lower()


async def test_who_writes_twice_has_one_pseudonym_per_channel(services: Services) -> None:
    await services.receive(
        message("alarm", id="1"),
        message("alarm", id="2"),
        message("alarm", id="3", author="u2"),
        message("alarm", id="4", channel="discord"),
    )
    authors = [case.message.author for case in sorted(await services.desk.queue(), key=lambda case: case.id)]
    assert authors[0] == authors[1]
    assert len(set(authors)) == 3


async def test_a_claim_a_proposal_and_a_decision_show_who_and_what(services: Services) -> None:
    an, bert = await services.person("An"), await services.person("Bert")
    await services.receive(message("alarm"))
    case = await services.one(CaseKind.ALERT)
    claimed = await services.do(ActionKind.CLAIM, case, an)
    assert (claimed.claimed_by, claimed.claimed_until) == (an, NOON + timedelta(minutes=15))
    proposed = await services.do(ActionKind.PROPOSE_REMOVAL, claimed, an, rule_id="privacy", reason="Een nummer.")
    assert proposed.proposal is not None
    assert (proposed.proposal.person, proposed.proposal.rule_id, proposed.proposal.reason) == (
        "An", "privacy", "Een nummer.",
    )  # fmt: skip
    services.clock.advance(HOUR)
    decided = await services.do(ActionKind.REMOVE, proposed, bert, rule_id="privacy", reason="Klopt.")
    assert decided.decision is not None
    assert (decided.decision.person, decided.decision.action, decided.decision.at) == (
        "Bert", ActionKind.REMOVE, NOON + HOUR,
    )  # fmt: skip
    (effect,) = decided.decision.effects
    assert (effect.kind, effect.state, effect.not_before) == (
        EffectKind.REMOVE, EffectState.WAITING, NOON + HOUR + GRACE,
    )  # fmt: skip
    assert decided.proposal == proposed.proposal
    assert decided.claimed_by is None


@pytest.mark.parametrize(
    ("state", "attempts", "undoable"),
    [
        (EffectState.WAITING, 0, True),
        (EffectState.WAITING, 1, False),  # it was tried already
        (EffectState.SENDING, 1, False),
        (EffectState.SENT, 1, False),
        (EffectState.CANCELLED, 0, False),
    ],
)
async def test_trap_3_a_decision_can_be_undone_until_its_effect_starts(
    services: Services, state: EffectState, attempts: int, undoable: bool
) -> None:
    an = await services.person()
    await services.receive(message("vraag"))
    case = await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    async with services.database.write() as tx:
        await tx.execute(update(effects).values(state=state, attempts=attempts))
    decision = (await services.now_is(case)).decision
    assert decision is not None
    assert decision.undoable_until == (NOON + GRACE if undoable else None)


async def test_trap_3_of_several_effects_one_that_was_tried_is_enough(services: Services) -> None:
    mo = await services.person()
    await services.receive(*(message("overval alarm", id=str(500 + n), author=f"r{n}") for n in range(3)))
    alert = await services.one(CaseKind.ALERT)
    case = await services.do(ActionKind.REMOVE, alert, mo, rule_id=RESPECT.id, reason="Dit is een overval.")
    assert case.decision is not None
    assert len(case.decision.effects) == 3
    assert case.decision.undoable_until == NOON + GRACE
    async with services.database.write() as tx:
        first = select(effects.c.id).order_by(effects.c.id).limit(1).scalar_subquery()
        await tx.execute(update(effects).where(effects.c.id == first).values(attempts=1))
    tried = (await services.now_is(case)).decision
    assert tried is not None
    assert tried.undoable_until is None


async def test_a_case_that_came_back_shows_the_newest_text_and_why_it_came_back(services: Services) -> None:
    an = await services.person()
    await services.receive(message("vraag"))
    case = await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    services.sender.faults.append(TargetChanged("veranderd"))
    await services.receive(message("een andere vraag", edited_at=NOON + HOUR))
    await services.dispatch()
    back = await services.now_is(case)
    assert back.state is CaseState.RETURNED
    assert back.message.text == "een andere vraag"
    assert back.message.edited
    assert "paste de reactie intussen aan" in back.returned_because


async def test_a_decided_case_keeps_the_text_that_was_decided_about(services: Services) -> None:
    an = await services.person()
    await services.receive(message("alarm"))
    case = await services.do(ActionKind.FINE, await services.one(CaseKind.ALERT), an)
    await services.receive(message("rustig", edited_at=NOON + HOUR))
    assert (await services.now_is(case)).message.text == "alarm"


async def test_why_a_case_was_closed_comes_after_why_it_was_opened(services: Services) -> None:
    await services.receive(message("alarm"))
    case = await services.one(CaseKind.ALERT)
    await services.receive(message("rustig", edited_at=NOON + HOUR))
    closed = await services.now_is(case)
    assert closed.state is CaseState.CLOSED
    assert closed.reasons[:-1] == case.reasons
    assert "paste de reactie aan" in closed.reasons[-1]


async def test_siblings_are_the_other_open_cases_under_the_same_post(services: Services) -> None:
    an = await services.person()
    await services.receive(
        post(id="100"),
        post(id="200"),
        message("alarm vraag", id="101", post_id="100"),
        message("alarm", id="102", post_id="100"),
        message("alarm", id="201", post_id="200"),
        message("alarm", id="301"),  # under no post
        message("alarm", id="103", post_id="100", chat="-200"),
    )
    first = {case.message.ref.message_id: case for case in await services.desk.queue(kinds=[CaseKind.ALERT])}
    (reply,) = await services.desk.queue(kinds=[CaseKind.REPLY])
    assert set(first["101"].siblings) == {reply.id, first["102"].id}
    assert first["201"].siblings == first["301"].siblings == first["103"].siblings == ()
    await services.do(ActionKind.FINE, first["102"], an)
    assert (await services.now_is(first["101"])).siblings == (reply.id,)


@pytest.mark.parametrize("severity", [None, *Severity])
async def test_a_severity_is_shown_as_it_was_given(database: Database, severity: Severity | None) -> None:
    async with database.write() as tx:
        case = await views.case_by_id(tx, await open_case(tx, severity=severity))
    assert case is not None
    assert case.severity is severity
    assert case.analysis is None, "nothing could be judged"


async def test_a_decision_of_somebody_who_was_switched_off_keeps_its_name(services: Services) -> None:
    an = await services.person("An")
    await services.receive(message("alarm"))
    case = await services.do(ActionKind.FINE, await services.one(CaseKind.ALERT), an)
    async with services.database.write() as tx:
        await people.change(tx, an.id, active=False)
    shown = await services.now_is(case)
    assert shown.decision is not None
    assert shown.decision.person == "An"
