"""Commands from the console, through the real desk, on both kinds of database."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest
from starlette.applications import Starlette

from bot.core.cases import ActionKind, Case, CaseKind, CaseState
from bot.core.errors import Rejected
from bot.core.people import Role
from tests.builders import PRIVACY, RESPECT, Services, message, post
from tests.web.visitor import Visitor, console_on, parse

FIRST, SECOND = "Dank u voor uw vraag.", "Fijn dat u dit vraagt."


@pytest.fixture
def app(services: Services) -> Starlette:
    return console_on(services)


@pytest.fixture
async def an(app: Starlette, services: Services) -> AsyncIterator[Visitor]:
    visitor = await Visitor(app).sign_in(await services.person("An", Role.ADMINISTRATOR))
    yield visitor
    await visitor.client.aclose()


async def _reply(services: Services, text: str = "Een vraag") -> Case:
    await services.receive(post(), message(text, reply_to="100", post_id="100"))
    return await services.one(CaseKind.REPLY)


async def _alert(services: Services) -> Case:
    await services.receive(post(), message("alarm"))
    return await services.one(CaseKind.ALERT)


def _as_shown(case: Case, **fields: str) -> dict[str, str]:
    return {"case_version": str(case.version), **fields}


async def test_a_suggestion_is_approved_as_it_stands(an: Visitor, services: Services) -> None:
    case = await _reply(services)
    response = await an.post(f"/zaken/{case.id}/goedkeuren", _as_shown(case, text=FIRST))
    page = await an.follow(response)
    assert "Goedgekeurd. Het antwoord wordt zo meteen geplaatst." in page.text
    assert "Dit kan nog" in page.text
    after = await services.now_is(case)
    assert after.decision is not None
    assert (after.decision.action, after.decision.text, after.decision.original) == (ActionKind.APPROVE, FIRST, "")
    await services.dispatch()
    assert [effect.text for effect in services.sender.sent] == [FIRST]
    assert "Antwoord: uitgevoerd" in (await an.get(f"/zaken/{case.id}")).text


@pytest.mark.parametrize("button", ["goedkeuren", "aanpassen"])
async def test_a_changed_text_is_an_edit_whichever_button_was_pressed(
    an: Visitor, services: Services, button: str
) -> None:
    case = await _reply(services)
    await an.post(f"/zaken/{case.id}/{button}", _as_shown(case, text="Mijn woorden\r\nop twee regels"))
    after = await services.now_is(case)
    assert after.decision is not None
    assert after.decision.action is ActionKind.EDIT
    assert after.decision.text == "Mijn woorden\nop twee regels"
    assert after.decision.original == FIRST


async def test_an_edit_that_changes_nothing_is_an_approval(an: Visitor, services: Services) -> None:
    case = await _reply(services)
    await an.post(f"/zaken/{case.id}/aanpassen", _as_shown(case, text=f" {FIRST}\r\n"))
    after = await services.now_is(case)
    assert after.decision is not None
    assert after.decision.action is ActionKind.APPROVE


async def test_an_emptied_answer_is_refused_and_not_replaced_by_the_suggestion(an: Visitor, services: Services) -> None:
    case = await _reply(services)
    response = await an.post(f"/zaken/{case.id}/aanpassen", _as_shown(case, text="  "))
    assert response.status_code == 409
    assert "Het antwoord is leeg." in response.text
    assert (await services.now_is(case)).state is CaseState.OPEN


async def test_another_suggestion_and_no_answer(an: Visitor, services: Services) -> None:
    case = await _reply(services)
    page = await an.follow(await an.post(f"/zaken/{case.id}/ander_voorstel", _as_shown(case)))
    assert SECOND in page.text
    assert "Voorstel 2 van 3" in page.text
    case = await services.now_is(case)
    page = await an.follow(await an.post(f"/zaken/{case.id}/niet_antwoorden", _as_shown(case)))
    assert "koos om niet te antwoorden" in page.text
    assert "Ongedaan maken" in page.text  # nothing has to leave, so this stays possible


async def test_a_decision_can_be_taken_back_from_the_queue(an: Visitor, services: Services) -> None:
    case = await _reply(services)
    await an.post(f"/zaken/{case.id}/goedkeuren", _as_shown(case, text=FIRST))
    queue = parse((await an.get("/wachtrij")).text)
    assert "Net beslist" in queue.text
    assert "Dit kan nog 10 seconden" in queue.text
    assert f"/zaken/{case.id}/ongedaan" in queue.actions()
    after = await services.now_is(case)
    response = await an.post(f"/zaken/{case.id}/ongedaan", _as_shown(after, terug="/wachtrij"))
    assert response.headers["location"] == "/wachtrij"
    assert "Ongedaan gemaakt" in (await an.follow(response)).text
    await services.dispatch()
    assert services.sender.sent == []


async def test_own_words_come_back_after_undoing(an: Visitor, services: Services) -> None:
    case = await _reply(services)
    await an.post(f"/zaken/{case.id}/aanpassen", _as_shown(case, text="Mijn woorden met een tikfout"))
    page = parse((await an.get(f"/zaken/{case.id}")).text)
    assert "Hierboven kunt u dat nog ongedaan maken." in page.text
    await an.post(f"/zaken/{case.id}/ongedaan", _as_shown(await services.now_is(case)))
    case = await services.now_is(case)
    assert "Mijn woorden met een tikfout" in (await an.get(f"/zaken/{case.id}")).text
    await an.post(f"/zaken/{case.id}/ander_voorstel", _as_shown(case))  # a fresh start
    text = (await an.get(f"/zaken/{case.id}")).text
    assert "Mijn woorden" not in text
    assert SECOND in text


async def test_own_words_come_back_when_they_could_not_be_placed(an: Visitor, services: Services) -> None:
    case = await _reply(services)
    await an.post(f"/zaken/{case.id}/aanpassen", _as_shown(case, text="Mijn eigen woorden"))
    services.sender.faults.append(Rejected("te druk"))
    await services.dispatch()
    page = parse((await an.get(f"/zaken/{case.id}")).text)
    assert "geweigerd door het kanaal" in page.text
    assert page.text.count("Mijn eigen woorden") >= 2  # what was tried, and in the form


async def test_the_way_back_never_leaves_the_console(an: Visitor, services: Services) -> None:
    case = await _reply(services)
    response = await an.post(f"/zaken/{case.id}/opnemen", _as_shown(case, terug="//boos.example"))
    assert response.headers["location"] == f"/zaken/{case.id}"


async def test_whoever_is_late_sees_who_decided_and_keeps_what_they_typed(an: Visitor, services: Services) -> None:
    case = await _reply(services)
    await services.do(ActionKind.DROP, case, await services.person("Bram"))
    response = await an.post(f"/zaken/{case.id}/aanpassen", _as_shown(case, text="Mijn mooie <antwoord>"))
    assert response.status_code == 409
    page = parse(response.text)
    assert "Dit is niet gebeurd. Hierover is al beslist: Bram koos om niet te antwoorden." in page.text
    assert "Mijn mooie <antwoord>" in page.text
    assert (await services.now_is(case)).decision is not None


async def test_a_page_without_its_version_decides_nothing(an: Visitor, services: Services) -> None:
    case = await _reply(services)
    for version in ("", "x", "-1", "9" * 30):
        response = await an.post(f"/zaken/{case.id}/goedkeuren", {"case_version": version, "text": FIRST})
        assert response.status_code == 409
    assert (await services.now_is(case)).state is CaseState.OPEN


async def test_fine_and_remind(an: Visitor, services: Services) -> None:
    case = await _alert(services)
    page = parse((await an.get(f"/zaken/{case.id}?regel={RESPECT.id}")).text)
    assert "Graag aandacht voor onze huisregels. Uw bericht scheldt." in page.text  # before anything is sent
    reminder = f"Graag aandacht voor onze huisregels. {PRIVACY.reason}"
    fields = _as_shown(case, rule_id=RESPECT.id, text=reminder)  # prepared for the rule chosen before
    await an.post(f"/zaken/{case.id}/herinneren", fields)
    after = await services.now_is(case)
    assert after.decision is not None
    assert after.decision.text == "Graag aandacht voor onze huisregels. Uw bericht scheldt."
    await an.post(f"/zaken/{case.id}/ongedaan", _as_shown(after))
    after = await services.now_is(case)
    page_after = await an.follow(await an.post(f"/zaken/{case.id}/in_orde", _as_shown(after)))
    assert "vond dit in orde" in page_after.text


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("", RESPECT.reason),
        (PRIVACY.reason, RESPECT.reason),  # prepared for another rule, and nobody touched it
        ("U noemt hem dom.", "U noemt hem dom."),
    ],
)
async def test_a_removal_has_a_rule_and_a_reason(an: Visitor, services: Services, typed: str, kept: str) -> None:
    case = await _alert(services)
    await an.post(f"/zaken/{case.id}/verwijderen", _as_shown(case, rule_id=RESPECT.id, reason=typed))
    after = await services.now_is(case)
    assert after.decision is not None
    assert (after.decision.rule_id, after.decision.reason) == (RESPECT.id, kept)
    await services.dispatch()
    assert [effect.target.message_id for effect in services.sender.removed] == ["101"]


async def test_a_removal_without_a_rule_is_refused_and_the_reason_stays(an: Visitor, services: Services) -> None:
    case = await _alert(services)
    response = await an.post(f"/zaken/{case.id}/verwijderen", _as_shown(case, reason="Omdat het niet mag."))
    assert response.status_code == 409
    page = parse(response.text)
    assert "Kies de huisregel waar het om gaat." in page.text
    assert "Omdat het niet mag." in page.text


async def test_a_proposal_of_a_community_manager_is_prepared_for_the_moderator(
    app: Starlette, an: Visitor, services: Services
) -> None:
    case = await _alert(services)
    chloe = await Visitor(app).sign_in(await services.person("Chloé", Role.COMMUNITY_MANAGER))
    fields = _as_shown(case, rule_id=PRIVACY.id, reason="Het nummer van de buurman staat erin.")
    page = parse((await chloe.follow(await chloe.post(f"/zaken/{case.id}/verwijderen_voorstellen", fields))).text)
    assert "ligt nu bij een moderator" in page.text
    await chloe.client.aclose()
    page = parse((await an.get(f"/zaken/{case.id}")).text)
    assert "Chloé stelt voor om deze reactie te verwijderen." in page.text
    option = next(attrs for tag, attrs in page.tags if tag == "option" and "selected" in attrs)
    assert option["value"] == PRIVACY.id
    assert page.text.count("Het nummer van de buurman staat erin.") >= 2  # above, and in the form


async def test_passing_on_brings_the_note_to_the_other_desk(an: Visitor, services: Services) -> None:
    case = await _reply(services)
    await an.post(f"/zaken/{case.id}/doorgeven", _as_shown(case, reason="Dit is eerder schelden."))
    alert = await services.one(CaseKind.ALERT)
    assert "An gaf dit door: Dit is eerder schelden." in parse((await an.get(f"/zaken/{alert.id}")).text).text


async def test_taking_a_case_up_shows_it_to_colleagues(app: Starlette, an: Visitor, services: Services) -> None:
    case = await _reply(services)
    await an.post(f"/zaken/{case.id}/opnemen", _as_shown(case))
    bram = await Visitor(app).sign_in(await services.person("Bram"))
    assert "An behandelt dit." in parse((await bram.get("/wachtrij")).text).text
    page = parse((await bram.get(f"/zaken/{case.id}")).text)
    assert "An behandelt dit nu. Wacht even" in page.text
    assert page.actions() == {"/afmelden"}
    refused = await bram.post(f"/zaken/{case.id}/goedkeuren", _as_shown(case, text=FIRST))
    assert refused.status_code == 409
    assert "An behandelt dit nu." in refused.text
    await an.post(f"/zaken/{case.id}/vrijgeven", _as_shown(await services.now_is(case)))
    assert f"/zaken/{case.id}/goedkeuren" in parse((await bram.get(f"/zaken/{case.id}")).text).actions()
    await bram.client.aclose()


async def test_a_moderator_is_told_that_answers_are_for_another_role(app: Starlette, services: Services) -> None:
    case = await _reply(services)
    mod = await Visitor(app).sign_in(await services.person("Mo", Role.MODERATOR))
    page = parse((await mod.get(f"/zaken/{case.id}")).text)
    assert "Hierover beslist een community manager." in page.text
    assert FIRST in page.text
    refused = await mod.post(f"/zaken/{case.id}/goedkeuren", _as_shown(case, text=FIRST))
    assert refused.status_code == 409
    assert "Alleen een community manager" in refused.text
    await mod.client.aclose()


@pytest.mark.parametrize("action", ["onzin", "APPROVE", "beslissen"])
async def test_an_action_that_does_not_exist_is_not_found(an: Visitor, services: Services, action: str) -> None:
    case = await _reply(services)
    assert (await an.post(f"/zaken/{case.id}/{action}", _as_shown(case))).status_code == 404


async def test_every_allowed_action_has_its_button(an: Visitor, services: Services) -> None:
    for case in (await _reply(services, "Een vraag en alarm"), await services.one(CaseKind.ALERT)):
        person = await services.person(f"Kim {case.id}", Role.ADMINISTRATOR)
        page = parse((await an.get(f"/zaken/{case.id}")).text)
        offered = {action.rpartition("/")[2] for action in page.actions()} - {"afmelden"}
        assert offered == {action.value for action in services.desk.allowed(person, case)}


async def test_what_no_key_types_is_taken_out_of_a_text(an: Visitor, services: Services) -> None:
    case = await _reply(services)
    await an.post(f"/zaken/{case.id}/aanpassen", _as_shown(case, text="nul\x00, \x1b[31mrood en een\ttab"))
    after = await services.now_is(case)
    assert after.decision is not None
    assert after.decision.text == "nul, [31mrood en een\ttab"
