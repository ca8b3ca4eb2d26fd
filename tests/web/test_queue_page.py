"""What the queue shows to whom."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta

import pytest

from bot.core.cases import ActionKind, CaseKind
from bot.core.errors import TargetGone
from bot.core.people import Role
from tests.builders import Services, judge_by_words, message
from tests.web.scene import QUESTION, WORRY, play, with_evidence
from tests.web.visitor import Visitor, console_on, text_of

ADMIN = Role.ADMINISTRATOR


async def test_an_empty_queue_says_what_can_be_done(an: Visitor) -> None:
    text = await text_of(an, "/wachtrij")
    assert "Alles is bekeken" in text
    assert "Nieuwe reacties verschijnen hier vanzelf." in text


async def test_the_queue_tells_what_why_where_and_since_when(an: Visitor, services: Services) -> None:
    await play(services)
    services.clock.advance(timedelta(minutes=3))
    text = await text_of(an, "/wachtrij")
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
    assert "3 gelijkaardige reacties" in await text_of(an, "/wachtrij")
    case = await services.one(CaseKind.ALERT)
    assert "Dit is één van 3 gelijkaardige reacties." in await text_of(an, f"/zaken/{case.id}")


async def test_administrators_see_what_to_solve_until_it_is_solved(an: Visitor, services: Services) -> None:
    await services.intake.notice("x", "Discord: de bot mist een recht. Geef het recht.", level="fout")
    moderator = await Visitor(an.app).sign_in(await services.person("Mo", Role.MODERATOR))
    assert "de bot mist een recht" not in await text_of(moderator, "/wachtrij")
    assert "Voor beheerders: Discord: de bot mist een recht." in await text_of(an, "/wachtrij")
    await an.post("/berichten", {"key": "x"})
    assert "de bot mist een recht" not in await text_of(an, "/wachtrij")
    await moderator.client.aclose()


@pytest.mark.parametrize(("level", "button"), [("fout", "Dit is opgelost"), ("waarschuwing", "Gezien")])
async def test_only_what_is_wrong_can_be_solved(an: Visitor, services: Services, level: str, button: str) -> None:
    await services.intake.notice("x", "Er is iets.", level=level)
    page = (await an.client.get("/wachtrij")).text
    assert [word for word in ("Dit is opgelost", "Gezien") if f">{word}</button>" in page] == [button]


async def test_a_notice_with_a_line_and_a_caret_keeps_its_lines(an: Visitor, services: Services) -> None:
    await services.intake.notice("x", "regels.yaml:3:5: fout: <b>\n  3 |     x\n    |     ^", level="fout")
    page = (await an.client.get("/wachtrij")).text
    assert "<pre>regels.yaml:3:5: fout: &lt;b&gt;\n  3 |     x\n    |     ^</pre>" in page


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
