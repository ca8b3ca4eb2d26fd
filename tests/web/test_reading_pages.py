"""What the pages that only show something say: queue, case, channel, history, log, health, help."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Sequence
from datetime import timedelta

import pytest
from sqlalchemy import update
from starlette.applications import Starlette

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, CaseKind, ThreadMessage
from bot.core.errors import TargetGone
from bot.core.findings import Severity, Tension, Tone
from bot.core.health import Check, Verdict
from bot.core.messages import AuthorRole, Deleted, MessageKind, MessageRef
from bot.core.people import Face, Role
from bot.store.schema import events
from bot.web import words
from bot.web.pages import channels, health, history, log
from bot.web.pages.case import around
from bot.web.pages.channels import under
from tests.builders import NOON, Services, judge_by_words, message, post
from tests.web.conftest import Enter
from tests.web.scene import QUESTION, REPLY, WORRY, play, with_evidence
from tests.web.visitor import Visitor, console_on, parse

ADMIN = Role.ADMINISTRATOR


@pytest.fixture
async def an(services: Services) -> AsyncIterator[Visitor]:
    visitor = await Visitor(console_on(with_evidence(services))).sign_in(await services.person("An", ADMIN))
    yield visitor
    await visitor.client.aclose()


async def _text(visitor: Visitor, path: str) -> str:
    response = await visitor.get(path)
    assert response.status_code == 200, response.text
    return parse(response.text).text


# ── the queue ─────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_an_empty_queue_says_what_can_be_done(an: Visitor) -> None:
    text = await _text(an, "/wachtrij")
    assert "Alles is bekeken" in text
    assert "Nieuwe reacties verschijnen hier vanzelf." in text


async def test_the_queue_tells_what_why_where_and_since_when(an: Visitor, services: Services) -> None:
    await play(services)
    services.clock.advance(timedelta(minutes=3))
    text = await _text(an, "/wachtrij")
    for said in (
        "Ernst: hoog", "3 minuten geleden", "Dorpbeke leeft onder: Dit schooljaar komen er", WORRY,
        "Waarom: Een bewoner deelt een bezorgdheid en nog 1", "Voorstel 1 van 2:", "Alles 3", "Meldingen 1",
    ):  # fmt: skip
        assert said in text


async def test_a_harsh_reaction_is_veiled_in_the_queue(an: Visitor, services: Services) -> None:
    await play(services)
    page = (await an.get("/wachtrij")).text
    veil = page.index("Toon de reactie")
    assert (
        page.index('<details class="sluier"')
        < veil
        < page.index("achterlijke idioten")
        < page.index("</details>", veil)
    )


async def test_cases_of_one_thread_stand_together(an: Visitor, services: Services) -> None:
    await play(services)
    page = (await an.get("/wachtrij")).text
    thread = page.index("Dit schooljaar"), page.index("Het zwembad")
    assert thread[0] < page.index(WORRY) < thread[1] < page.index(QUESTION)
    assert thread[0] < page.index("achterlijke idioten") < thread[1]


@pytest.mark.parametrize(
    ("roles", "path", "alerts", "replies"),
    [
        ([Role.MODERATOR], "/wachtrij", True, False),
        ([Role.COMMUNITY_MANAGER], "/wachtrij", False, True),
        ([Role.MODERATOR, Role.COMMUNITY_MANAGER], "/wachtrij", True, True),
        ([Role.AUDITOR], "/wachtrij", True, True),
        ([Role.COMMUNITY_MANAGER], "/wachtrij?soort=melding", True, False),
        ([Role.MODERATOR], "/wachtrij?soort=onzin", True, False),
    ],
)
async def test_everyone_starts_at_their_own_desk(
    services: Services, roles: Sequence[Role], path: str, alerts: bool, replies: bool
) -> None:
    await play(with_evidence(services))
    visitor = await Visitor(console_on(services)).sign_in(await services.person("Kim", *roles))
    page = (await visitor.get(path)).text
    assert ("achterlijke idioten" in page) is alerts
    assert (WORRY in page) is replies
    await visitor.client.aclose()


async def test_a_returned_case_comes_first_with_its_reason(an: Visitor, services: Services) -> None:
    await play(services)
    case = next(case for case in await services.desk.queue() if case.message.text == QUESTION)
    services.sender.faults.append(TargetGone("weg"))
    await services.do(ActionKind.APPROVE, case, await services.person("Bram"))
    await services.dispatch()
    page = (await an.get("/wachtrij")).text
    assert "Teruggekomen" in page
    assert page.index("Er is niets geplaatst") < page.index("Toon de reactie")


async def test_like_reactions_are_counted(an: Visitor, services: Services) -> None:
    services.triage._analyse = judge_by_words
    await services.receive(*(message("overval alarm", id=str(500 + n), author=f"r{n}") for n in range(3)))
    assert "3 gelijkaardige reacties" in await _text(an, "/wachtrij")
    case = await services.one(CaseKind.ALERT)
    assert "Dit is één van 3 gelijkaardige reacties." in await _text(an, f"/zaken/{case.id}")


async def test_administrators_see_what_to_solve_until_it_is_solved(an: Visitor, services: Services) -> None:
    await services.intake.notice("x", "Discord: de bot mist een recht. Geef het recht.", level="fout")
    moderator = await Visitor(an.app).sign_in(await services.person("Mo", Role.MODERATOR))
    assert "de bot mist een recht" not in await _text(moderator, "/wachtrij")
    assert "Voor beheerders: Discord: de bot mist een recht." in await _text(an, "/wachtrij")
    await an.post("/berichten", {"key": "x"})
    assert "de bot mist een recht" not in await _text(an, "/wachtrij")
    await moderator.client.aclose()


async def test_the_next_case_is_the_most_urgent_that_is_free(an: Visitor, services: Services) -> None:
    await play(services)
    first, second, third = await services.desk.queue()
    await services.do(ActionKind.CLAIM, second, await services.person("Bram"))
    response = await an.get(f"/wachtrij/volgende?na={first.id}")
    assert response.headers["location"] == f"/zaken/{third.id}"
    assert (await an.get("/wachtrij/volgende?na=x")).headers["location"] == f"/zaken/{first.id}"


async def test_a_fetched_part_leaves_messages_for_the_person(an: Visitor, services: Services) -> None:
    await play(services)
    case = (await services.desk.queue())[0]
    await an.post(f"/zaken/{case.id}/opnemen", {"case_version": str(case.version)})
    part = await an.client.get("/wachtrij", headers={"x-verbinder-deel": "1"})
    assert "U behandelt dit nu." not in part.text
    assert "U behandelt dit nu." in (await an.get("/wachtrij")).text
    assert "U behandelt dit nu." not in (await an.get("/wachtrij")).text


# ── a case ────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_case_shows_its_evidence_its_verdict_and_its_thread(an: Visitor, services: Services) -> None:
    await play(services)
    case = await services.one(CaseKind.ALERT)
    response = await an.get(f"/zaken/{case.id}")
    page = parse(response.text)
    assert [attrs["title"] for tag, attrs in page.tags if tag == "mark"] == [
        "Huisregel: Geen persoonlijke aanvallen",
        "Huisregel: Geen persoonlijke aanvallen; Toon: belediging",
    ]
    for said in ("Toon vijandig", "wij tegen zij", "belediging", "0,88", "Gemeente · ", WORRY, "zaak geopend"):
        assert said in page.text
    read = "[Huisregel: Geen persoonlijke aanvallen:] achterlijke [einde]"  # what a screen reader says
    assert f"Jullie zijn allemaal {read}" in page.text


async def test_quoted_and_forwarded_words_are_kept_apart(an: Visitor, services: Services) -> None:
    await services.receive(message("alarm", quoted="aangehaalde woorden", forwarded="andermans woorden"))
    text = await _text(an, "/zaken/1")
    assert "Aangehaald, dus niet van deze schrijver: aangehaalde woorden" in text
    assert "Doorgestuurd, dus niet van deze schrijver: andermans woorden" in text


async def test_a_case_that_could_not_be_judged_says_so(an: Visitor, services: Services) -> None:
    services.triage._analyse = judge_by_words
    await services.receive(message("crash"))
    assert "Niet beoordeeld" in await _text(an, "/zaken/1")


async def test_a_closed_case_tells_why(an: Visitor, services: Services) -> None:
    await services.receive(message("alarm"))
    await services.intake.receive(Deleted(MessageRef("demo", "-100", "101"), NOON))
    text = await _text(an, "/zaken/1")
    assert "Afgesloten. De reactie is verwijderd op het kanaal zelf." in text
    assert "Deze zaak is afgesloten." in text


async def test_remarks_on_a_draft_are_shown_and_nothing_is_kept(services: Services) -> None:
    app = console_on(services, check_draft=lambda text, case: (f"U schreef {len(text)} tekens.",))
    visitor = await Visitor(app).sign_in(await services.person("An", ADMIN))
    await services.receive(post(), message("een vraag"))
    assert "U schreef 21 tekens." in await _text(visitor, "/zaken/1")
    checked = await visitor.post("/zaken/1/nakijken", {"text": "Kort & goed"})
    assert "U schreef 11 tekens." in parse(checked.text).text
    assert "Kort & goed" in parse(checked.text).text
    assert (await services.one(CaseKind.REPLY)).decision is None
    await visitor.client.aclose()


def _said(number: int, *, kind: MessageKind = MessageKind.REACTION, reply_to: str | None = None) -> ThreadMessage:
    ref = MessageRef("demo", "-100", str(number))
    return ThreadMessage(ref, kind, "Bewoner", AuthorRole.RESIDENT, "tekst", NOON, reply_to=reply_to)


def test_a_long_thread_is_shown_around_the_reaction() -> None:
    top = _said(0, kind=MessageKind.POST)
    thread = [
        top,
        *(_said(number) for number in range(1, 60)),
        _said(60, reply_to="2"),
        *(_said(n) for n in range(61, 90)),
    ]
    found = around(thread, thread[60])
    assert found.post is top
    assert [int(item.ref.message_id) for item in found.messages] == [2, *range(55, 71)]  # and what it answers
    assert (found.skipped, found.later) == (53, 19)


# ── channels ──────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_reply_of_the_town_stands_under_what_it_answers() -> None:
    own = _said(9, kind=MessageKind.OWN, reply_to="1")
    loose = _said(10, kind=MessageKind.OWN, reply_to="77")
    found = under([_said(1), _said(2), own, loose])
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
    assert "Dorpbeke leeft" in await _text(an, "/kanalen")


async def test_a_new_reaction_to_an_old_post_stands_under_that_post(
    an: Visitor, services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    await play(services)
    monkeypatch.setattr(channels, "SHOWN", 2)
    await services.receive(message("Nog iets over de opvang.", id="900", post_id="100"))
    text = await _text(an, "/kanalen/demo")
    assert text.index("Dit schooljaar komen er veertig plaatsen") < text.index("Nog iets over de opvang.")
    assert "Hier staan alleen de nieuwste berichten." in text


async def test_a_channel_that_is_not_there_is_not_found(an: Visitor) -> None:
    assert (await an.get("/kanalen/telegram")).status_code == 404
    assert "Nog geen berichten" in await _text(an, "/kanalen")


# ── history, log, health ──────────────────────────────────────────────────────────────────────────────────────────


async def test_history_goes_back_page_by_page(an: Visitor, services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(history, "PER_PAGE", 2)
    bram = await services.person("Bram")
    assert "Nog niets beslist" in await _text(an, "/geschiedenis")
    for number in range(3):
        await services.receive(message(f"alarm {number}", id=str(600 + number)))
        await services.do(ActionKind.FINE, await services.one(CaseKind.ALERT), bram)
    newest = parse((await an.get("/geschiedenis")).text)
    assert "Melding 3" in newest.text
    assert "Bram vond dit in orde." in newest.text
    assert "Melding 1," not in newest.text
    (older,) = [link for link in newest.links() if "voor=" in link]
    assert "Melding 1" in await _text(an, older)


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
    assert "bericht ontvangen" in await _text(an, older)
    assert "De keten klopt van de eerste tot de laatste regel." in await _text(an, "/verslag?nakijken=1")


async def test_the_log_says_where_its_chain_is_broken(sqlite_services: Services, enter: Enter) -> None:
    services, an = sqlite_services, await enter(Role.AUDITOR)
    await services.receive(message("alarm"))
    async with services.database.write() as tx:
        await tx.execute(update(events).where(events.c.id == 2).values(actor="iemand anders"))
    assert "De keten klopt niet vanaf regel 2." in await _text(an, "/verslag?nakijken=1")


async def test_the_state_of_things(an: Visitor, services: Services) -> None:
    await play(services)
    text = await _text(an, "/toestand")
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
    assert "De controle zelf is mislukt." in await _text(an, "/toestand")
    monkeypatch.setattr(health, "LONGEST_SECONDS", 0.05)
    an.console.health = hangs
    assert "De controle duurde langer" in await _text(an, "/toestand")


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
    assert "10 seconden" in await _text(an, "/hulp")
    assert (await an.get("/")).headers["location"] == "/wachtrij"
