"""The versions of the house rules: what each changed, by whom, and the way back."""

from __future__ import annotations

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from bot.core.people import Role
from bot.review.rulebook import Rulebook
from bot.store import rule_versions
from bot.store.rule_versions import NewVersion, Origin
from bot.web.pages.rule_versions import PER_PAGE
from tests.builders import Services
from tests.review.rule_town import BAD, GOOD, OTHER, RuleTown, fires, kept
from tests.web.visitor import Visitor, console_on, parse, text_of

ANIMALS = "lijsten/dieren.txt"
SURE = {"zeker": "ja"}


@pytest.fixture
def town(sqlite_services: Services, tmp_path: Path) -> RuleTown:
    return RuleTown.build(sqlite_services, tmp_path)


@pytest.fixture
async def book(town: RuleTown) -> Rulebook:
    """Return rules with three versions: a title, then a list and an empty line, by two people."""
    book = await town.started()
    await book.save(OTHER, "Bram", "Een <betere> titel.", based_on=book.engine.rules.hash)
    lists = {ANIMALS: "beer\n"}
    await book.save(OTHER + "\n", "An", "", based_on=book.engine.rules.hash, lists=lists)
    return book


@pytest.fixture
async def an(town: RuleTown, book: Rulebook) -> AsyncIterator[Visitor]:
    services = town.services
    visitor = Visitor(console_on(services, rulebook=book))
    await visitor.sign_in(await services.person("An", Role.ADMINISTRATOR))
    yield visitor
    await visitor.client.aclose()


async def test_they_are_listed_newest_first_with_who_how_and_how_much(an: Visitor) -> None:
    said = await text_of(an, "/regels/versies")
    rows = [said.index(row) for row in ("Versie 3 geldt nu", "Versie 2 vandaag", "Versie 1 vandaag")]
    assert rows == sorted(rows)
    assert "Bram bewaard in de console 1 Een <betere> titel." in said
    assert "An bewaard in de console 1" in said
    assert "niet gekend het bestand is aangepast –" in said


async def test_a_version_shows_its_changes_in_sentences_and_line_by_line(an: Visitor) -> None:
    said = await text_of(an, "/regels/versies/2")
    assert "“Een <betere> titel.”" in said
    assert "Regel “Geen dieren” (`dieren`) heette voordien “Een titel”." in said
    assert "-weg: titel: Een titel" in said
    assert "+erbij: titel: Geen dieren" in said
    lists = await text_of(an, "/regels/versies/3")
    assert "Lijn per lijn: huisregels.yaml" in lists
    assert f"Lijn per lijn: {ANIMALS}" in lists
    assert "Lijst `dieren`: “beer” erbij, “aap” weg." in lists
    assert "eerste versie die bewaard is" in await text_of(an, "/regels/versies/1")
    assert (await an.get("/regels/versies/99")).status_code == 404


async def test_going_back_tells_first_what_it_would_change_and_then_what_it_did(
    an: Visitor, town: RuleTown, book: Rulebook
) -> None:
    before = await text_of(an, "/regels/versies/1")
    assert "Regel “Een titel” (`dieren`) heette voordien “Geen dieren”." in before
    assert "Lijst `dieren`: “aap” erbij, “beer” weg." in before
    response = await an.post("/regels/versies/1/terugzetten", {**SURE, "notitie": "Te streng."})
    assert response.headers["location"] == "/regels/versies/4"
    after = parse((await an.follow(response)).text).text
    assert "Versie 1 staat terug, als versie 4. Ze geldt nu." in after
    assert "Versie 4 geldt nu" in after
    assert "“Te streng.”" in after
    assert "Lijst `dieren`: “aap” erbij, “beer” weg." in after
    assert fires(book, "een aap") == ["dieren"]
    assert town.path.read_text() == GOOD
    version = (await kept(town.services.database))[-1]
    assert (version.origin, version.author) == (Origin.RESTORED, "An")


async def test_going_back_has_to_be_meant(an: Visitor, town: RuleTown) -> None:
    response = await an.post("/regels/versies/1/terugzetten", {"notitie": "Oeps"})
    assert response.status_code == 409
    assert "Vink eerst aan" in response.text
    assert 'value="Oeps"' in response.text
    assert town.path.read_text() == OTHER + "\n"


async def test_what_lay_on_the_disk_and_never_was_in_force_is_set_aside(an: Visitor, town: RuleTown) -> None:
    town.write(BAD)
    response = await an.follow(await an.post("/regels/versies/1/terugzetten", SURE))
    (copy,) = [path for path in town.path.parent.rglob("*") if path.is_file() and path.read_bytes() == BAD.encode()]
    assert str(copy) in parse(response.text).text


async def test_a_version_that_no_longer_passes_says_so_and_offers_no_button(
    an: Visitor, town: RuleTown, book: Rulebook
) -> None:
    async with town.services.database.write() as tx:
        new = NewVersion("x", BAD, {ANIMALS: "aap\n"}, "An", Origin.FILE)
        bad = (await rule_versions.add(tx, new, town.services.clock())).id
    page = parse((await an.get(f"/regels/versies/{bad}")).text)
    assert "slaagt niet meer voor de controle" in page.text
    assert "`enorm` kan hier niet" in page.text
    assert page.actions() == {"/afmelden"}
    refused = await an.post(f"/regels/versies/{bad}/terugzetten", SURE)
    assert refused.status_code == 409
    assert fires(book, "een beer") == ["dieren"]


async def test_a_version_that_never_was_cannot_be_put_back(an: Visitor) -> None:
    response = await an.follow(await an.post("/regels/versies/99/terugzetten", SURE))
    assert "Er is geen versie 99" in response.text


async def test_the_version_in_force_has_no_button_unless_the_disk_says_otherwise(
    an: Visitor, town: RuleTown, book: Rulebook
) -> None:
    assert parse((await an.get("/regels/versies/3")).text).actions() == {"/afmelden"}
    town.write(BAD)
    await town.pass_time(book)
    assert "/regels/versies/3/terugzetten" in parse((await an.get("/regels/versies/3")).text).actions()


async def test_who_reads_along_sees_everything_and_changes_nothing(an: Visitor, town: RuleTown) -> None:
    leo = await Visitor(an.app).sign_in(await town.services.person("Leo", Role.AUDITOR))
    assert "heette voordien" in await text_of(leo, "/regels/versies/2")
    assert parse((await leo.get("/regels/versies/1")).text).actions() == {"/afmelden"}
    assert (await leo.post("/regels/versies/1/terugzetten", SURE)).status_code == 403
    assert "/regels/bewerken" not in parse((await leo.get("/regels/versies")).text).links()
    await leo.client.aclose()


async def test_many_versions_come_in_pages(an: Visitor, town: RuleTown) -> None:
    async with town.services.database.write() as tx:
        for number in range(PER_PAGE):
            new = NewVersion(f"h{number}", "versie: 1\n", {}, "An", Origin.FILE)
            await rule_versions.add(tx, new, town.services.clock())
    first = parse((await an.get("/regels/versies")).text)
    assert f"Versie {PER_PAGE + 3}" in first.text
    assert "Versie 3 " not in first.text
    (older,) = [link for link in first.links() if "voor=" in link]
    second = parse((await an.get(older)).text)
    assert [link for link in second.links() if link.startswith("/regels/versies/")] == [
        f"/regels/versies/{number}" for number in (3, 2, 1)
    ]
    assert "/regels/versies" in second.links()
