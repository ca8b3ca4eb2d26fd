"""What the pages that only show something say: channels, history, log, health, help."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest
from sqlalchemy import update
from starlette.applications import Starlette

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, CaseKind
from bot.core.findings import Severity, Tension, Tone
from bot.core.health import Check, Verdict
from bot.core.messages import Deleted, MessageKind, MessageRef
from bot.core.people import Face, Role
from bot.store.schema import events
from bot.web import words
from bot.web.pages import channels, health, history, log
from bot.web.pages.channels import under
from tests.builders import NOON, Services, message
from tests.web.conftest import Enter
from tests.web.scene import QUESTION, REPLY, in_thread, play
from tests.web.visitor import Visitor, parse, text_of

ADMIN = Role.ADMINISTRATOR


def test_a_reply_of_the_town_stands_under_what_it_answers() -> None:
    own = in_thread(9, kind=MessageKind.OWN, reply_to="1")
    loose = in_thread(10, kind=MessageKind.OWN, reply_to="77")
    found = under([in_thread(1), in_thread(2), own, loose])
    assert [(item.message.ref.message_id, [answer.ref.message_id for answer in item.answers]) for item in found] == [
        ("1", ["9"]), ("2", []), ("10", []),
    ]  # fmt: skip


async def test_a_channel_shows_posts_reactions_replies_and_the_way_to_their_cases(
    an: Visitor, services: Services
) -> None:
    await play(services)
    case = next(case for case in await services.desk.queue() if case.message.text == QUESTION)
    await services.do(ActionKind.APPROVE, case, await services.person("Bram"))
    await services.dispatch()
    await services.intake.receive(Deleted(MessageRef("demo", "-100", "102"), NOON))
    response = await an.get("/kanalen/demo")
    page = parse(response.text)
    assert "Demonstratie: een verzonnen gemeente." in page.text
    assert f"{QUESTION} Voorstel van antwoord {case.id}: beslist Antwoord van de gemeente" in page.text
    assert REPLY in page.text
    assert "Dit bericht is verwijderd." in page.text
    assert "Eindelijk goed nieuws." not in page.text
    assert f"/zaken/{case.id}" in page.links()
    assert "Dorpbeke leeft" in await text_of(an, "/kanalen")


async def test_a_new_reaction_to_an_old_post_stands_under_that_post(
    an: Visitor, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await play(services)
    monkeypatch.setattr(channels, "SHOWN", 2)
    await services.receive(message("Nog iets over de opvang.", id="900", post_id="100"))
    text = await text_of(an, "/kanalen/demo")
    assert text.index("Dit schooljaar komen er veertig plaatsen") < text.index("Nog iets over de opvang.")
    assert "Hier staan alleen de nieuwste berichten." in text


async def test_a_channel_that_is_not_there_is_not_found(an: Visitor) -> None:
    assert (await an.get("/kanalen/telegram")).status_code == 404
    assert "Nog geen berichten" in await text_of(an, "/kanalen")


async def test_history_goes_back_page_by_page(an: Visitor, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PER_PAGE", 2)
    bram = await services.person("Bram")
    assert "Nog niets beslist" in await text_of(an, "/geschiedenis")
    for number in range(3):
        await services.receive(message(f"alarm {number}", id=str(600 + number)))
        await services.do(ActionKind.FINE, await services.one(CaseKind.ALERT), bram)
    newest = parse((await an.get("/geschiedenis")).text)
    assert "Melding 3" in newest.text
    assert "Bram vond dit in orde." in newest.text
    assert "Melding 1," not in newest.text
    (older,) = [link for link in newest.links() if "voor=" in link]
    assert "Melding 1" in await text_of(an, older)


async def test_the_log_tells_who_did_what_and_proves_its_chain(
    an: Visitor, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(log, "PER_PAGE", 3)
    await services.receive(message("alarm"))
    await services.do(ActionKind.FINE, await services.one(CaseKind.ALERT), await services.person("Bram"))
    page = parse((await an.get("/verslag")).text)
    assert "Bram besliste" in page.text
    assert "action: in_orde" in page.text
    (older,) = [link for link in page.links() if "voor=" in link]
    assert "bericht ontvangen" in await text_of(an, older)
    assert "De keten klopt van de eerste tot de laatste regel." in await text_of(an, "/verslag?nakijken=1")


async def test_the_log_says_where_its_chain_is_broken(sqlite_services: Services, enter: Enter) -> None:
    services, an = sqlite_services, await enter(Role.AUDITOR)
    await services.receive(message("alarm"))
    async with services.database.write() as tx:
        await tx.execute(update(events).where(events.c.id == 2).values(actor="iemand anders"))
    assert "De keten klopt niet vanaf regel 2." in await text_of(an, "/verslag?nakijken=1")


async def test_the_state_of_things(an: Visitor, services: Services) -> None:
    await play(services)
    text = await text_of(an, "/toestand")
    for said in (
        "goed Databank",
        "fout Telegram",
        "Wat te doen: Maak de bot beheerder.",
        "Reacties ontvangen Demonstratie 4",
    ):
        assert said in text


async def test_a_health_check_that_fails_or_hangs_is_itself_reported(
    an: Visitor, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def falls_over() -> Sequence[Check]:
        raise RuntimeError("kapot")

    async def hangs() -> Sequence[Check]:
        await asyncio.sleep(60)
        return ()

    an.console.health = falls_over
    assert "De controle zelf is mislukt." in await text_of(an, "/toestand")
    monkeypatch.setattr(health, "LONGEST_SECONDS", 0.05)
    an.console.health = hangs
    assert "De controle duurde langer" in await text_of(an, "/toestand")


async def test_the_health_address_says_ok_to_anyone(app: Starlette, enter: Enter) -> None:
    response = await (await enter()).get("/gezond")
    assert (response.status_code, response.text) == (200, "ok")


def test_there_is_a_word_for_everything_that_can_be_shown() -> None:
    for table, kind in (
        (words.EVENTS, AuditName), (words.ROLES, Role), (words.ROLE_HELP, Role), (words.FACES, Face),
        (words.DESKS, CaseKind), (words.SEVERITY_SIGNS, Severity), (words.VERDICT_SIGNS, Verdict), (words.TONES, Tone),
        (words.TENSIONS, Tension), (words.DONE_FLASH, ActionKind),
    ):  # fmt: skip
        assert set(table) == set(kind), kind


async def test_help_and_the_way_to_it(an: Visitor) -> None:
    assert "10 seconden" in await text_of(an, "/hulp")
    assert (await an.get("/")).headers["location"] == "/wachtrij"
