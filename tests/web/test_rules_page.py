"""The house rules in the console: what is in force, each with the figures that the store has."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.cases import ActionKind
from bot.core.people import Role
from bot.review.rulebook import Rulebook
from bot.rules.statistics import Proportion
from bot.store.rule_statistics import RuleStatistics, rule_statistics
from bot.web.rule_rows import former_names, often_wrong, precision, row_of
from tests.builders import NOON, Services, message
from tests.review.rule_town import BAD, GOOD, RuleTown
from tests.rules.helpers import file_text, rule_text
from tests.rules.replaying.builders import rule, rules, status
from tests.store.history import decide, judged
from tests.web.visitor import Parsed, Visitor, console_on, parse, text_of

HOSTILE = "<script>alert(1)</script><img src=x onerror=alert(2)>"
SCHELDEN = rule_text("{woorden: [alarm]}", name="schelden").replace("Een titel", "Niet schelden")
OTHERS = (
    rule_text("{woorden: [boos]}", name="privacy").replace("Een titel", "Geen gegevens"),
    rule_text("{woorden: [luid]}", name="schreeuwen", extra="    status: schaduw\n").replace(
        "Een titel", "Niet roepen"
    ),
    rule_text("{woorden: [nooit]}", name="later", extra="    status: concept\n    kanalen: [discord]\n").replace(
        "Een titel", "Iets voor later"
    ),
)


class House:
    """A town with a rule file, a started rulebook and somebody who looks."""

    def __init__(self, services: Services, folder: Path, text: str = "") -> None:
        self.services = services
        self.town = RuleTown.build(services, folder)
        self.town.write(text or file_text(SCHELDEN, *OTHERS))
        self.book: Rulebook

    async def look(self, role: Role = Role.ADMINISTRATOR) -> Visitor:
        self.book = await self.town.started()
        person = await self.services.person("An", role)
        return await Visitor(console_on(self.services, rulebook=self.book)).sign_in(person)


@pytest.fixture
def house(sqlite_services: Services, tmp_path: Path) -> House:
    return House(sqlite_services, tmp_path)


def item(page: Parsed, title: str, *others: str) -> str:
    """Return what a list says of one rule."""
    text = page.text[page.text.index(title) :]
    ends = [text.index(other) for other in others if other in text]
    return text[: min(ends, default=len(text))]


TITLES = ("Niet schelden", "Geen gegevens", "Niet roepen", "Iets voor later")


def of_rule(page: Parsed, title: str) -> str:
    return item(page, title, *(other for other in TITLES if other != title))


async def test_without_history_each_rule_is_there_and_says_that_nothing_was_counted(house: House) -> None:
    an = await house.look()
    page = parse((await an.get("/regels")).text)
    assert "Nog geen enkele regel ging af." in page.text
    assert "Versie 1, sinds vandaag om 13:00: het bestand is aangepast." in page.text
    assert "Het bestand op de schijf is hetzelfde." in page.text
    assert house.book.engine.rules.hash in page.text
    for title in TITLES:
        assert "Ging af 0" in of_rule(page, title)
        assert "nog geen beslissing Laatst gezien nog nooit" in of_rule(page, title)
    assert "concept: loopt nog niet" in of_rule(page, "Iets voor later")
    assert "alleen op Discord" in of_rule(page, "Iets voor later")
    assert {"/regels/bewerken", "/regels/versies", "/regels/terugblik"} <= set(page.links())
    await an.client.aclose()


async def test_the_figures_are_those_of_the_store(house: House) -> None:
    services, person = house.services, await house.services.person("Bram")
    await judged(services, *(message("alarm luid", id=str(number), sent_at=NOON) for number in range(1, 9)))
    for number in range(1, 8):
        action = ActionKind.REMOVE if number == 1 else ActionKind.FINE
        await decide(services, person, str(number), action, rule_id="privacy")
    await judged(services, message("boos", id="20", sent_at=NOON - timedelta(weeks=20)))
    an = await house.look()
    async with services.database.read() as tx:
        found = (await rule_statistics(tx))["schelden"]
    assert (found.fired, found.upheld, found.overruled, found.open) == (8, 1, 6, 1)

    page = parse((await an.get("/regels")).text)
    said = of_rule(page, "Niet schelden")
    assert "Ging af 8 Terecht 1 In orde 6 Hoe vaak terecht 14% (3% tot 51%) Laatst gezien vandaag om 13:00" in said
    assert "1 wacht op een beslissing" in said
    assert "Deze regel had het 6 van de laatste 7 keer mis." in said
    assert "Ging af 8 (8 in de schaduw)" in of_rule(page, "Niet roepen")
    assert "Ging af 0" in of_rule(page, "Geen gegevens"), "too long ago to be counted"
    assert "Laatst gezien 7 juli om 14:00" in of_rule(page, "Geen gegevens")
    ever = parse((await an.get("/regels?periode=alles")).text)
    assert "Ging af 1" in of_rule(ever, "Geen gegevens")
    await an.client.aclose()


async def test_what_asks_for_attention_comes_first_and_a_status_can_be_chosen(house: House) -> None:
    services, person = house.services, await house.services.person("Bram")
    await judged(services, *(message("alarm", id=str(number)) for number in range(1, 9)))
    await judged(services, *(message("boos", id=str(number)) for number in range(11, 15)))
    await judged(services, *(message("alarm boos", id=str(number)) for number in range(21, 25)))
    for number in range(21, 25):
        await decide(services, person, str(number), ActionKind.FINE)
    for number in range(1, 7):
        await decide(services, person, str(number), ActionKind.REMOVE, rule_id="privacy")
    an = await house.look()
    page = parse((await an.get("/regels")).text)
    order = [link.rsplit("/", 1)[-1] for link in page.links() if link.startswith("/regels/regel/")]
    assert order == ["privacy", "schelden", "schreeuwen", "later"], "the first was wrong lately, the second fired more"
    assert "Actief 2" in page.text
    shadow = parse((await an.get("/regels?status=schaduw")).text)
    assert [link for link in shadow.links() if "/regels/regel/" in link] == ["/regels/regel/schreeuwen"]
    assert "Niet schelden" in await text_of(an, "/regels?status=onzin")
    await an.client.aclose()


async def test_a_refused_file_is_shown_with_its_diagnostics(house: House) -> None:
    house.town.write(GOOD)
    an = await house.look()
    house.town.write(BAD)
    await house.town.pass_time(house.book)
    text = await text_of(an, "/regels")
    assert "Het bestand op de schijf wordt niet toegepast: er zitten fouten in." in text
    assert "`enorm` kan hier niet" in text
    assert "Het bestand op de schijf is hetzelfde." not in text
    await an.client.aclose()


async def test_only_an_administrator_is_shown_the_way_to_change_something(house: House) -> None:
    bram = await house.look(Role.MODERATOR)
    for address in ("/regels", "/regels/regel/schelden", "/regels/terugblik"):
        page = parse((await bram.get(address)).text)
        assert not {"/regels/bewerken", "/regels/versies"} & set(page.links()), address
        assert page.actions() <= {"/afmelden"}, address
    await bram.client.aclose()


async def test_who_oversees_is_shown_the_way_to_the_versions(house: House) -> None:
    leo = await house.look(Role.AUDITOR)
    links = parse((await leo.get("/regels")).text).links()
    assert "/regels/versies" in links
    assert "/regels/bewerken" not in links
    await leo.client.aclose()


async def test_one_rule_says_what_it_looks_for_and_where_it_fired(house: House) -> None:
    services, person = house.services, await house.services.person("Bram")
    await judged(services, message("alarm bel 0470 12 34 56", id="1"), message("boos", id="2"))
    await decide(services, person, "1", ActionKind.FINE)
    an = await house.look()
    page = parse((await an.get("/regels/regel/schelden")).text)
    assert "wanneer: {woorden: [alarm]}" in page.text
    assert "Daarom." in page.text
    assert "Bram vond dit in orde. alarm bel [telefoonnummer]" in page.text
    assert "0470" not in page.text
    assert "boos" not in page.text
    assert "/zaken/1" in page.links()
    assert "Wat als de drempel anders lag?" not in page.text
    assert "Er is nog geen melding" in await text_of(an, "/regels/regel/later")
    assert (await an.get("/regels/regel/bestaat-niet")).status_code == 404
    assert (await an.get("/regels/regel/%00")).status_code == 404
    await an.client.aclose()


async def test_a_renamed_rule_keeps_its_cases_and_figures(sqlite_services: Services, tmp_path: Path) -> None:
    renamed = rule_text("{woorden: [oud]}", name="nieuwe-naam", extra="    vervangt: [oude-naam]\n")
    await judged(sqlite_services, message("oud alarm", id="1"))
    an = await House(sqlite_services, tmp_path, file_text(renamed)).look()
    page = parse((await an.get("/regels/regel/nieuwe-naam")).text)
    assert "Ging af 1" in page.text
    assert "/zaken/1" in page.links()
    await an.client.aclose()


async def test_what_a_rule_file_says_is_text(sqlite_services: Services, tmp_path: Path) -> None:
    extra = f"    opmerking: '{HOSTILE}'\n    voorbeelden: {{wel: ['alarm {HOSTILE}'], niet: ['{HOSTILE}']}}\n"
    written = rule_text("{woorden: [alarm]}", name="vreemd", waarom=f"'{HOSTILE}'", extra=extra)
    text = file_text(written.replace("Een titel", f"'{HOSTILE}'").replace("1. Respect", HOSTILE))
    an = await House(sqlite_services, tmp_path, text).look()
    for address in ("/regels", "/regels/regel/vreemd"):
        page = parse((await an.get(address)).text)
        assert HOSTILE in page.text, address
        sources = [attrs.get("src") for tag, attrs in page.tags if tag in {"script", "img"}]
        assert all(str(source).startswith("/statisch/") for source in sources), address
    await an.client.aclose()


THRESHOLD = rule_text("{een: [{woorden: [peer]}, {toxiciteit: {label: threat, vanaf: 0.7}}]}", name="dreiging")


async def test_a_threshold_is_shown_with_what_lies_on_either_side(sqlite_services: Services, tmp_path: Path) -> None:
    services, person = sqlite_services, await sqlite_services.person("Bram")
    await judged(services, message("peer", id="1"), message("alarm", id="2"), message("alarm boos", id="3"))  # 0.5
    await decide(services, person, "2", ActionKind.REMOVE, rule_id="privacy")
    await decide(services, person, "3", ActionKind.FINE)
    an = await House(services, tmp_path, file_text(THRESHOLD)).look()
    now = parse((await an.get("/regels/regel/dreiging")).text)
    assert "Vanaf 0,70 gaat de regel af bij 1 bericht (evenveel als nu)." in now.text
    lower = parse((await an.get("/regels/regel/dreiging?drempel=50")).text)
    assert (
        "Vanaf 0,50 gaat de regel af bij 3 berichten (2 berichten meer dan nu). Mensen grepen 1 keer in en vonden het"
        " 1 keer in orde. Hoe vaak terecht: 50% (9% tot 91%). Zonder eigen beslissing: 1 bericht." in lower.text
    )
    assert "Bekeken: alle 3 reacties." in lower.text
    (slider,) = [attrs for tag, attrs in lower.tags if tag == "input" and attrs.get("type") == "range"]
    assert (slider["value"], slider["aria-valuetext"]) == ("50", "0,50: 3 berichten gaan af")
    for nonsense in ("0", "101", "-5", "abc", "9" * 30):
        assert "Vanaf 0,70" in (await text_of(an, f"/regels/regel/dreiging?drempel={nonsense}")), nonsense
    await an.client.aclose()


async def test_a_threshold_without_history_says_so(sqlite_services: Services, tmp_path: Path) -> None:
    an = await House(sqlite_services, tmp_path, file_text(THRESHOLD)).look()
    assert "Er zijn nog geen reacties om naar te kijken." in await text_of(an, "/regels/regel/dreiging")
    await judged(sqlite_services, message("peer"))
    same = "Bij elke drempel komt er op de bewaarde reacties hetzelfde uit."
    assert same in await text_of(an, "/regels/regel/dreiging"), "a word is enough"
    await judged(sqlite_services, message("niets", id="2"))
    assert same not in await text_of(an, "/regels/regel/dreiging")
    await an.client.aclose()


@pytest.mark.parametrize(
    ("count", "of", "words"),
    [
        (0, 0, "nog geen beslissing"),
        (4, 4, "te weinig om iets te zeggen"),
        (5, 5, "100% (57% tot 100%)"),
        (0, 5, "0% (0% tot 43%)"),
    ],
)
def test_few_decisions_say_nothing(count: int, of: int, words: str) -> None:
    assert precision(Proportion(count, of)) == words


@pytest.mark.parametrize(
    ("lately", "said"),
    [
        ("", ""),
        ("---", ""),
        ("--++", "Deze regel had het 2 van de laatste 4 keer mis."),
        ("--+++", ""),
        ("------++", "Deze regel had het 6 van de laatste 8 keer mis."),
    ],
)
def test_a_rule_that_is_often_wrong_is_named(lately: str, said: str) -> None:
    found = RuleStatistics("regel", 9, 0, 1, 8, 0, NOON, tuple(sign == "+" for sign in lately))
    assert often_wrong(found) == said


def test_a_retired_rule_asks_for_no_attention(tmp_path: Path) -> None:
    found = RuleStatistics("regel", 9, 0, 1, 8, 0, NOON, (False,) * 8)
    (old,) = rules(tmp_path, rule("peer", extra=status("uitgefaseerd"))).rules
    (new,) = rules(tmp_path, rule("peer")).rules
    assert (row_of(old, found).warning, bool(row_of(new, found).warning)) == ("", True)


def test_former_names_are_followed_also_in_a_circle() -> None:
    assert former_names({"a": "b", "b": "c", "x": "y"}, "c") == {"a", "b", "c"}
    assert former_names({"a": "b", "b": "a"}, "a") == {"a", "b"}
