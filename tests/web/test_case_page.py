"""What the page of a case shows."""

from __future__ import annotations

from dataclasses import replace

from bot.core.cases import CaseKind
from bot.core.findings import ScorerPart, ToxicityResult
from bot.core.messages import Deleted, MessageKind, MessageRef
from bot.core.people import Role
from bot.web.pages.case import around
from tests.builders import NOON, Services, judge_by_words, message, post, verdict
from tests.web.scene import WORRY, in_thread, play
from tests.web.visitor import Visitor, console_on, parse, text_of

ADMIN = Role.ADMINISTRATOR


async def test_a_case_shows_its_evidence_its_verdict_and_its_thread(an: Visitor, services: Services) -> None:
    await play(services)
    case = await services.one(CaseKind.ALERT)
    response = await an.get(f"/zaken/{case.id}")
    page = parse(response.text)
    assert [attrs["title"] for tag, attrs in page.tags if tag == "mark"] == [
        "Huisregel: Geen persoonlijke aanvallen",
        "Huisregel: Geen persoonlijke aanvallen; Toxiciteit: belediging",
    ]
    for said in ("Toon vijandig", "wij tegen zij", "belediging", "0,88", "Gemeente · ", WORRY, "zaak geopend"):
        assert said in page.text
    read = "[Huisregel: Geen persoonlijke aanvallen:] achterlijke [einde]"  # what a screen reader says
    assert f"Jullie zijn allemaal {read}" in page.text


async def test_quoted_and_forwarded_words_are_kept_apart(an: Visitor, services: Services) -> None:
    await services.receive(message("alarm", quoted="aangehaalde woorden", forwarded="andermans woorden"))
    text = await text_of(an, "/zaken/1")
    assert "Aangehaald, dus niet van deze schrijver: aangehaalde woorden" in text
    assert "Doorgestuurd, dus niet van deze schrijver: andermans woorden" in text


async def test_a_case_that_could_not_be_judged_says_so(an: Visitor, services: Services) -> None:
    services.triage._analyse = judge_by_words
    await services.receive(message("crash"))
    assert "Niet beoordeeld" in await text_of(an, "/zaken/1")


async def test_a_closed_case_tells_why(an: Visitor, services: Services) -> None:
    await services.receive(message("alarm"))
    await services.intake.receive(Deleted(MessageRef("demo", "-100", "101"), NOON))
    text = await text_of(an, "/zaken/1")
    assert "Afgesloten. De reactie is verwijderd op het kanaal zelf." in text
    assert "Deze zaak is afgesloten." in text


async def test_remarks_on_a_draft_are_shown_and_nothing_is_kept(services: Services) -> None:
    app = console_on(services, check_draft=lambda text, case: (f"U schreef {len(text)} tekens.",))
    visitor = await Visitor(app).sign_in(await services.person("An", ADMIN))
    await services.receive(post(), message("een vraag"))
    assert "U schreef 21 tekens." in await text_of(visitor, "/zaken/1")
    checked = await visitor.post("/zaken/1/nakijken", {"text": "Kort & goed"})
    assert "U schreef 11 tekens." in parse(checked.text).text
    assert "Kort & goed" in parse(checked.text).text
    assert (await services.one(CaseKind.REPLY)).decision is None
    await visitor.client.aclose()


def test_a_long_thread_is_shown_around_the_reaction() -> None:
    top = in_thread(0, kind=MessageKind.POST)
    thread = [
        top,
        *(in_thread(number) for number in range(1, 60)),
        in_thread(60, reply_to="2"),
        *(in_thread(n) for n in range(61, 90)),
    ]
    found = around(thread, thread[60])
    assert found.post is top
    assert [int(item.ref.message_id) for item in found.messages] == [2, *range(55, 71)]  # and what it answers
    assert (found.skipped, found.later) == (53, 19)


async def test_scorers_that_contradict_each_other_are_shown_and_one_that_failed_is_named(
    an: Visitor, services: Services
) -> None:
    parts = (
        ScorerPart("embedded", "1", {"insult": 0.91}, ("insult",)),
        ScorerPart("detoxify", "1", {"insult": 0.08}),
        ScorerPart("derde", "1", error="duurde <te> lang"),
    )
    toxicity = ToxicityResult("a+b", "1", {"insult": 0.91}, ("insult",), parts=parts, disagreement=("insult",))
    services.triage._analyse = lambda said: replace(verdict(alert=True), toxicity=toxicity)
    await services.receive(message("Wat een idioot."))
    text = await text_of(an, "/zaken/1")
    assert "De scorers zijn het niet eens over: belediging. Kijk zelf goed." in text
    assert "Wat elke scorer zei" in text
    assert "0,91, boven de grens" in text
    assert "0,08" in text
    assert "derde heeft deze reactie niet beoordeeld: duurde <te> lang." in text


async def test_one_scorer_alone_needs_no_second_table(an: Visitor, services: Services) -> None:
    await play(services)
    case = await services.one(CaseKind.ALERT)
    text = await text_of(an, f"/zaken/{case.id}")
    assert "Wat elke scorer zei" not in text
    assert "niet eens" not in text
