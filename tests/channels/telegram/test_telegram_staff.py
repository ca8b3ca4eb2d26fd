"""Deciding in the staff group with buttons, and the choice of a house rule."""

from __future__ import annotations

import time

import pytest
from sqlalchemy import event

from bot.core.cases import ActionKind, CaseKind, CaseState
from bot.core.people import Face, Role
from tests.builders import RESPECT
from tests.channels.telegram.town import Team, until

pytestmark = pytest.mark.e2e


async def test_an_approved_reply_is_posted_under_the_reaction(team: Team) -> None:
    await team.join()
    await team.case_about("Een vraag: wanneer gaat het zwembad open?", CaseKind.REPLY)
    assert "Dank u voor uw vraag." in team.card["text"]
    async with team.town.listening():
        answer = await team.answer(team.press("Goedkeuren"))
    assert answer == {"text": "U keurde dit antwoord goed.", "show_alert": False}
    await team.keep()
    assert team.labels == ["Ongedaan maken"]
    await team.send()
    (posted,) = team.town.api.from_bot(team.town.group)
    assert posted["text"] == "Dank u voor uw vraag."
    assert posted["reply_to_message"]["text"].startswith("Een vraag")
    await team.keep()
    assert "Karim keurde dit antwoord goed" in team.card["text"]
    assert team.labels == []


async def test_another_suggestion_changes_the_card_in_place(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over de speeltuin", CaseKind.REPLY)
    before = team.card["message_id"]
    async with team.town.listening():
        await team.answer(team.press("Ander voorstel"))
    await team.keep()
    assert team.card["message_id"] == before
    assert "Fijn dat u dit vraagt." in team.card["text"]
    assert (await team.services.now_is(case)).version > case.version


async def test_a_decision_can_be_undone_from_the_card(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over afval", CaseKind.REPLY)
    async with team.town.listening():
        await team.answer(team.press("Goedkeuren"))
        await team.keep()
        answer = await team.answer(team.press("Ongedaan maken"))
    assert answer["text"] == "Ongedaan gemaakt."
    await team.send()
    assert team.town.api.from_bot(team.town.group) == []
    assert (await team.services.now_is(case)).state is CaseState.OPEN


async def test_removing_asks_for_the_house_rule_and_removes_with_its_reason(team: Team) -> None:
    await team.join()
    case = await team.case_about("alarm: wat een idioot", CaseKind.ALERT)
    async with team.town.listening():
        answer = await team.answer(team.press("Verwijderen"))
        assert answer["text"] == "Kies de huisregel waar het om gaat."
        await until(lambda: RESPECT.title in team.labels, "the house rules on the keyboard")
        await team.answer(team.press(RESPECT.title))
    decided = await team.services.now_is(case)
    assert decided.decision is not None
    assert (decided.decision.action, decided.decision.rule_id, decided.decision.reason) == (
        ActionKind.REMOVE,
        RESPECT.id,
        RESPECT.reason,
    )
    await team.send()
    assert team.town.api.messages(team.town.group) == []


async def test_the_choice_of_a_house_rule_can_be_left(team: Team) -> None:
    await team.join()
    case = await team.case_about("alarm: wat een idioot", CaseKind.ALERT)
    shown = team.labels
    async with team.town.listening():
        await team.answer(team.press("Herinner"))
        await until(lambda: RESPECT.title in team.labels, "the house rules on the keyboard")
        await team.answer(team.press("Terug"))
        await until(lambda: team.labels == shown, "the buttons of before")
    assert (await team.services.now_is(case)).version == case.version


async def test_an_old_card_never_gets_new_buttons(team: Team) -> None:
    await team.join()
    case = await team.case_about("alarm: wat een idioot", CaseKind.ALERT)
    person = await team.services.desk.person_for(Face.TELEGRAM, str(team.town.colleague))
    assert person is not None
    async with team.town.listening():
        await team.answer(team.press("Verwijderen"))
        await until(lambda: RESPECT.title in team.labels, "the house rules on the keyboard")
        await team.services.do(ActionKind.FINE, case, person)
        assert (await team.answer(team.press("Terug")))["show_alert"] is True
        assert (await team.answer(team.press(RESPECT.title)))["show_alert"] is True
    decided = await team.services.now_is(case)
    assert decided.decision is not None
    assert decided.decision.action is ActionKind.FINE


async def test_trap_30_only_who_has_the_role_decides_and_others_hear_why_alone(
    team: Team,
) -> None:
    await team.join(Role.COMMUNITY_MANAGER)
    case = await team.case_about("alarm: wat een idioot", CaseKind.ALERT)
    stranger = team.town.api.add_user("Onbekend Iemand")
    async with team.town.listening():
        refusal = await team.answer(team.press("In orde", stranger))
        assert refusal["show_alert"] is True
        assert str(stranger) in refusal["text"]
        assert "verbinder people link" in refusal["text"]
        refusal = await team.answer(team.press("In orde"))
        assert refusal == {"text": "Alleen een moderator of een beheerder mag dit.", "show_alert": True}
    assert (await team.services.now_is(case)).state is CaseState.OPEN
    assert len(team.town.api.from_bot(team.town.staff)) == 1  # nobody else read of it


async def test_trap_1_the_second_of_two_presses_hears_who_decided(team: Team) -> None:
    await team.join()
    await team.services.person("An", accounts={Face.TELEGRAM: str(team.town.ann)})
    await team.case_about("Een vraag over parkeren", CaseKind.REPLY)
    async with team.town.listening():
        first, second = team.press("Goedkeuren"), team.press("Goedkeuren", team.town.ann)
        assert (await team.answer(first))["show_alert"] is False
        refusal = await team.answer(second)
    assert refusal == {"text": "Hierover is al beslist: Karim keurde dit antwoord goed.", "show_alert": True}
    await team.send()
    assert len(team.town.api.from_bot(team.town.group)) == 1


async def test_trap_26_a_press_that_is_delivered_again_after_a_crash_decides_once(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over het park", CaseKind.REPLY)
    team.press("Goedkeuren")
    update = dict(team.town.api.world.queue[-1])
    commits = 0

    def crash(*_: object) -> None:
        nonlocal commits
        commits += 1
        if commits == 2:  # the decision, and then the offset after it
            raise SystemExit("the process dies after the decision, before the offset")

    engine = team.services.database.engine.sync_engine
    event.listen(engine, "commit", crash)
    with pytest.raises(SystemExit):
        await team.town.channel.run()
    event.remove(engine, "commit", crash)
    decided = await team.services.now_is(case)
    assert decided.state is CaseState.DECIDED
    assert team.town.api.waiting() == [update["update_id"]]
    async with team.town.listening(team.town.connect()):
        await team.town.until_confirmed()
    assert (await team.services.now_is(case)).version == decided.version
    await team.send()
    assert len(team.town.api.from_bot(team.town.group)) == 1


async def test_trap_19_buttons_work_after_a_restart_and_foreign_ones_are_refused(team: Team) -> None:
    await team.join()
    await team.case_about("Een vraag over bomen", CaseKind.REPLY)
    async with team.town.listening(team.town.connect()):
        assert (await team.answer(team.press("Niet antwoorden")))["show_alert"] is False
        query = team.town.api.press(team.town.staff, team.card["message_id"], team.town.colleague, data="v0:old")
        assert "werkt niet meer" in (await team.answer(query))["text"]


async def test_a_card_outside_the_staff_group_decides_nothing(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over honden", CaseKind.REPLY)
    card = team.card["message_id"]
    elsewhere = team.town.connect(staff_chat=str(team.town.api.add_group("Nieuw team")))
    async with team.town.listening(elsewhere):
        query = team.town.api.press(team.town.staff, card, team.town.colleague, "Goedkeuren")
        assert (await team.answer(query))["show_alert"] is True
    assert (await team.services.now_is(case)).state is CaseState.OPEN


async def test_a_slow_answer_to_a_press_holds_nothing_up(team: Team) -> None:
    await team.join()
    case = await team.case_about("Een vraag over licht", CaseKind.REPLY)
    town = team.town
    town.api.fail_next("answerCallbackQuery", 502, delay=3)
    async with town.listening():
        began = time.monotonic()
        team.press("Goedkeuren")
        town.api.post(town.group, town.ann, "intussen")
        await town.until_texts("Een vraag over licht", "intussen")
        assert time.monotonic() - began < 2
    assert (await team.services.now_is(case)).state is CaseState.DECIDED
