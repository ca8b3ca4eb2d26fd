"""The editor of the house rules: what is typed is checked, tried and put in force, and never lost."""

from __future__ import annotations

import html
import re
from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from pathlib import Path

import httpx
import pytest

from bot.core.people import Role
from bot.review.rulebook import Rulebook
from bot.web.pages.rule_editor import shown_text, written_text
from bot.web.rendering import PART_HEADER
from bot.web.shield import LARGEST_BODY
from tests.builders import Services
from tests.review.rule_town import BAD, GOOD, OTHER, RuleTown, fires, kept, read_all
from tests.rules.helpers import file_text, rule_text
from tests.web.scene import CORPUS
from tests.web.visitor import Visitor, console_on, parse

ANIMALS = "lijsten/dieren.txt"
MIRRORS = 'versie: 1\nparen:\n  - zinnen: ["een aap", "een beer"]\n'
EDITOR = "/regels/bewerken"
SCORED = "{toxiciteit: {label: insult, vanaf: 0.05}}"


@dataclass
class Desk:
    """An administrator in front of the rules of a town."""

    town: RuleTown
    book: Rulebook
    an: Visitor

    async def send(
        self, where: str = EDITOR, more: Mapping[str, str] | None = None, *, part: bool = False, **fields: str
    ) -> httpx.Response:
        """Send the form as it stands when it was just opened, with these fields filled in otherwise."""
        given = {"tekst": GOOD, f"lijst:{ANIMALS}": "aap\n", "basis": self.book.engine.rules.hash}
        given |= {**(more or {}), **fields}
        headers = {PART_HEADER: "1"} if part else {}
        crlf = {name: value.replace("\n", "\r\n") for name, value in given.items()}  # as browsers send it
        return await self.an.client.post(where, data=crlf, headers=headers)


@pytest.fixture
async def desk(sqlite_services: Services, tmp_path: Path) -> AsyncIterator[Desk]:
    town = RuleTown.build(sqlite_services, tmp_path)
    book = await town.started()
    an = Visitor(console_on(sqlite_services, rulebook=book))
    await an.sign_in(await sqlite_services.person("An", Role.ADMINISTRATOR))
    yield Desk(town, book, an)
    await an.client.aclose()


def typed(page: str, name: str = "tekst") -> str:
    """Return what stands in a text field of a page, as a browser has it."""
    found = re.search(rf'<textarea[^>]* name="{re.escape(name)}"[^>]*>\n(.*?)</textarea>', page, re.DOTALL)
    assert found is not None
    return html.unescape(found[1])


def field(page: str, name: str) -> str | None:
    """Return the value of an input field."""
    return next(attrs.get("value") for tag, attrs in parse(page).tags if tag == "input" and attrs.get("name") == name)


# ── what stands in it ─────────────────────────────────────────────────────────────────────────────────────────────────


async def test_it_begins_with_the_rules_in_force_and_their_lists(desk: Desk) -> None:
    page = (await desk.an.get(EDITOR)).text
    assert (typed(page), typed(page, f"lijst:{ANIMALS}")) == (GOOD, "aap\n")
    assert field(page, "basis") == desk.book.engine.rules.hash
    assert "Op de schijf staat een andere tekst" not in page
    assert "data-onbewaard" not in page


async def test_a_file_that_was_refused_is_told_and_can_be_mended_here(desk: Desk) -> None:
    desk.town.write(BAD)
    await desk.town.pass_time(desk.book)
    page = (await desk.an.get(EDITOR)).text
    assert typed(page) == GOOD
    assert "Lijn 8, kolom 12: `enorm` kan hier niet" in parse(page).text
    assert f"{EDITOR}?van=schijf" in parse(page).links()
    disk = (await desk.an.get(f"{EDITOR}?van=schijf")).text
    assert typed(disk) == BAD
    assert "1 fout. Dit kan nog niet bewaard worden." in parse(disk).text
    assert "data-onbewaard" not in disk  # leaving loses nothing: it lies on the disk
    mended = BAD.replace("enorm", "laag")
    response = await desk.send(tekst=mended)
    assert response.status_code == 303
    assert desk.town.path.read_text() == mended
    assert "nu in" in (await desk.an.follow(response)).text  # a copy of what nobody kept


async def test_a_file_that_is_no_text_or_is_gone_does_not_break_the_editor(desk: Desk) -> None:
    desk.town.path.write_bytes(b"\xff\xfe\x00tekst")
    assert (await desk.an.get(f"{EDITOR}?van=schijf")).status_code == 200
    desk.town.path.unlink()
    assert typed((await desk.an.get(f"{EDITOR}?van=schijf")).text) == GOOD


# ── checking ──────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_checking_shows_every_mistake_at_its_place_and_keeps_what_was_typed(desk: Desk) -> None:
    wrong = BAD.replace("titel:", "titell:")
    page = (await desk.send(f"{EDITOR}/nakijken", tekst=wrong, notitie="Een proef")).text
    assert (typed(page), field(page, "notitie")) == (wrong, "Een proef")
    places = [
        (attrs["data-lijn"], attrs["data-kolom"], attrs["data-soort"])
        for _, attrs in parse(page).tags
        if "data-lijn" in attrs
    ]
    assert places == [("5", "5", "fout"), ("6", "5", "fout"), ("8", "12", "fout")]
    assert "bedoelt u `titel`?" in parse(page).text
    assert "ernst: enorm\n       ^" in page
    assert len(await kept(desk.town.services.database)) == 1


async def test_what_is_wrong_in_a_list_or_in_the_mirrors_is_not_shown_at_a_line_of_the_rules(desk: Desk) -> None:
    desk.town.write(MIRRORS, "spiegels.yaml")
    answer = (await desk.send(f"{EDITOR}/nakijken", {f"lijst:{ANIMALS}": "aap\nAap\n"}, part=True)).text
    places = [(attrs["data-bestand"], attrs["data-lijn"]) for _, attrs in parse(answer).tags if "data-lijn" in attrs]
    assert places == [("", "5"), (ANIMALS, "2"), ("spiegels.yaml", "3")]
    said = parse(answer).text
    assert f"{ANIMALS}, lijn 2, kolom 1" in said
    assert "spiegels.yaml, lijn 3, kolom" in said
    links = [attrs["href"] for name, attrs in parse(answer).tags if name == "a" and "data-spring" in attrs]
    assert links == ["#tekst", "#lijsten-titel"], "mirrors cannot be opened here"


async def test_while_somebody_types_only_the_findings_are_sent(desk: Desk) -> None:
    answer = (await desk.send(f"{EDITOR}/nakijken", part=True, tekst=OTHER)).text
    assert "<textarea" not in answer
    assert "heette voordien “Een titel”" in parse(answer).text
    assert 'data-samenvatting="Alles klopt. 1 verandering."' in answer


@pytest.mark.parametrize(
    ("text", "animals", "said"),
    [
        (GOOD, "aap\n", "Dit zijn de regels die nu gelden."),
        (GOOD + "# opmerking\n", "aap\n", "Alleen de opmaak of een opmerking."),
        (GOOD, "aap\nbeer\n", "Lijst `dieren`: “beer” erbij."),
        (GOOD, "# niets\n", "lijst `dieren` is leeg"),
        ("", "aap\n", "het bestand is leeg"),
    ],
)
async def test_it_says_what_saving_would_change(desk: Desk, text: str, animals: str, said: str) -> None:
    response = await desk.send(f"{EDITOR}/nakijken", {f"lijst:{ANIMALS}": animals}, tekst=text)
    assert said in parse(response.text).text
    assert read_all(desk.town.path.parent) == {"huisregels.yaml": GOOD.encode(), ANIMALS: b"aap\n"}


# ── saving ────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_what_is_saved_judges_at_once_and_its_version_is_shown_with_the_note(desk: Desk) -> None:
    text = file_text(rule_text("{woorden: noot}", name="noten"))
    response = await desk.send(tekst=text, notitie="  Ook <b>noten</b>. ")
    page = parse((await desk.an.follow(response)).text).text
    assert fires(desk.book, "een noot") == ["noten"]
    assert desk.town.path.read_text() == text
    version = (await kept(desk.town.services.database))[-1]
    assert (version.author, version.note) == ("An", "Ook <b>noten</b>.")
    assert "Bewaard. Versie 2 geldt vanaf het volgende bericht." in page
    assert "“Ook <b>noten</b>.”" in page


async def test_a_list_is_saved_with_it(desk: Desk) -> None:
    assert (await desk.send(more={f"lijst:{ANIMALS}": "aap\nbeer\n"})).status_code == 303
    assert fires(desk.book, "een beer") == ["dieren"]
    assert (desk.town.path.parent / ANIMALS).read_text() == "aap\nbeer\n"


async def test_a_list_that_the_rules_do_not_have_is_not_written(desk: Desk) -> None:
    await desk.send(more={"lijst:../buiten.txt": "x", "lijst:nieuw.txt": "x"}, tekst=OTHER)
    assert set(read_all(desk.town.path.parent)) == {"huisregels.yaml", ANIMALS}
    assert not (desk.town.path.parent.parent / "buiten.txt").exists()


async def test_a_text_with_mistakes_is_refused_and_everything_typed_is_still_there(desk: Desk) -> None:
    response = await desk.send(more={f"lijst:{ANIMALS}": "beer\n"}, tekst=BAD, notitie="Mijn notitie", plaats="120 40")
    page = response.text
    assert response.status_code == 409
    assert (typed(page), typed(page, f"lijst:{ANIMALS}")) == (BAD, "beer\n")
    assert (field(page, "notitie"), field(page, "plaats")) == ("Mijn notitie", "120 40")
    assert "Dit is niet bewaard." in parse(page).text
    assert "Lijn 8, kolom 12" in parse(page).text
    assert "data-onbewaard" in page
    assert desk.town.path.read_text() == GOOD


async def test_who_was_overtaken_sees_by_whom_and_may_still_put_the_own_text_in_its_place(desk: Desk) -> None:
    began = desk.book.engine.rules.hash
    await desk.book.save(OTHER, "Bram", "Van mij.", based_on=began)
    mine = GOOD.replace("ernst: hoog", "ernst: laag")
    early = (await desk.send(f"{EDITOR}/nakijken", part=True, tekst=mine, basis=began)).text
    assert "Intussen gelden andere regels: versie 2" in parse(early).text
    response = await desk.send(tekst=mine, basis=began, notitie="Van mij ook.")
    said = parse(response.text).text
    assert response.status_code == 409
    assert "De huisregels zijn intussen veranderd." in said
    assert "door Bram. “Van mij.”" in said
    assert "heette voordien “Een titel”" in said
    assert (typed(response.text), field(response.text, "basis")) == (mine, began)
    assert desk.town.path.read_text() == OTHER
    again = await desk.send(tekst=mine, basis=began, toch=field(response.text, "toch") or "")
    assert again.status_code == 303
    assert desk.town.path.read_text() == mine


async def test_a_note_that_is_too_long_and_a_text_that_changes_nothing_are_refused(desk: Desk) -> None:
    assert "hoogstens 500 tekens" in (await desk.send(tekst=OTHER, notitie="x" * 501)).text
    assert "niets veranderd" in (await desk.send()).text
    assert len(await kept(desk.town.services.database)) == 1


async def test_a_large_rule_file_fits_through_the_door(desk: Desk) -> None:
    large = GOOD + "# é\n" * (LARGEST_BODY // 4)
    assert (await desk.send(tekst=large)).status_code == 303
    assert desk.town.path.read_text() == large


@pytest.mark.parametrize("raw", [GOOD.encode(), ("\ufeff" + GOOD.replace("\n", "\r\n")).encode(), b"a\rb", b""])
def test_line_ends_and_the_mark_of_a_file_are_kept(raw: bytes) -> None:
    shown = shown_text(raw)
    assert "\r" not in shown
    assert written_text(shown, raw).encode() == raw
    if b"\r\n" in raw:
        assert written_text(f"{shown}x\n", raw).encode() == raw + b"x\r\n"


# ── waarom? ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def why(desk: Desk, text: str, *, part: bool = True, rules: str = GOOD, **given: str) -> str:
    """Return what the preview says of a text."""
    response = await desk.send(f"{EDITOR}/voorbeeld", given, part=part, tekst=rules, voorbeeld=text)
    assert response.status_code == 200
    return parse(response.text).text


async def test_a_text_is_judged_by_what_was_typed_and_not_by_what_is_in_force(desk: Desk) -> None:
    typed_rules = file_text(rule_text("{woorden: noot}", name="noten"), rule_text("{woorden: mies}", name="miezen"))
    said = await why(desk, "een noot", rules=typed_rules)
    assert "Verbinder meldt aan een moderator. Ernst: hoog." in said
    assert "Gaat af Een titel (noten) woord gevonden: “noot” Verbinder meldt aan een moderator." in said
    assert "Regels die niet afgaan (1)" in said
    assert "geen van deze woorden gevonden: “mies”" in said
    assert fires(desk.book, "een noot") == []


async def test_what_was_found_is_marked_in_the_text(desk: Desk) -> None:
    response = await desk.send(f"{EDITOR}/voorbeeld", part=True, voorbeeld="Wat een <b>áap</b>!")
    (marked,) = re.findall(r"<mark[^>]*>.*?</mark>", response.text, re.DOTALL)
    assert "[Huisregel: Een titel:] áap [einde]" in parse(marked).text
    assert "&lt;b&gt;" in response.text


async def test_rules_with_failing_examples_can_be_tried_too(desk: Desk) -> None:
    failing = file_text(rule_text("{woorden: noot}", extra="    voorbeelden: {wel: [niets daarvan]}\n"))
    assert "Gaat af" in await why(desk, "een noot", rules=failing)
    assert "geen van deze woorden gevonden: “noot”" in await why(desk, "niets daarvan", rules=failing)


async def test_a_trial_says_what_it_would_do_and_that_it_does_nothing(desk: Desk) -> None:
    said = await why(desk, "een aap", rules=GOOD.replace("    ernst: hoog", "    status: schaduw\n    ernst: hoog"))
    assert "Zou afgaan (schaduw)" in said
    assert "Verbinder zou melden aan een moderator, maar doet nu niets." in said
    assert "Er gebeurt niets: geen enkele actieve regel gaat af." in said


async def test_a_scorer_that_is_down_is_not_clean(desk: Desk) -> None:
    desk.town.scorer.down = True
    said = await why(desk, "x", rules=file_text(rule_text(SCORED)))
    assert "Niet te beoordelen" in said
    assert "er zijn geen toxiciteitsscores" in said
    assert "Een moderator krijgt het te zien" in said
    assert "Er gebeurt niets" not in said


@pytest.mark.parametrize(
    ("wanneer", "given", "said"),
    [
        ("{rol: gemeente}", {"rol": "gemeente"}, "de schrijver is gemeente"),
        ("{kanaal: discord}", {"kanaal": "discord"}, "het kanaal is discord"),
        ("{eerste_bericht: ja}", {"eerste": "ja"}, "dit is iemands eerste bericht"),
        ("{tijd: {dagen: [za]}}", {"moment": "za 23:30"}, "geschreven op zaterdag om 23:30"),
        ("{tijd: {dagen: [di]}}", {}, "geschreven op dinsdag om 13:00"),  # now, on the town's clock
        ("{bijlage: exe}", {"bijlagen": "a.jpg, b.exe"}, "er is een bijlage bij: “a.jpg”, “b.exe”"),
        (
            "{herhaling: {keer: 3, binnen: 1 uur, minstens: 1}}", {"zelfde": "2"},
            "deze persoon schreef dit 3 keer binnen 1 uur",
        ),
        (
            "{overval: {auteurs: 4, binnen: 1 uur, minstens: 1}}", {"anderen": "3"},
            "4 personen schreven dit binnen 1 uur",
        ),
    ],
)  # fmt: skip
async def test_who_where_and_when_can_be_filled_in(
    desk: Desk, wanneer: str, given: Mapping[str, str], said: str
) -> None:
    rules = file_text(rule_text(f"{{alle: [{{woorden: aap}}, {wanneer}]}}"))
    page = await why(desk, "aap", rules=rules, part=False, **given)
    assert "Gaat af" in page
    assert said in page


@pytest.mark.parametrize(
    ("text", "given", "said"),
    [
        ("  ", {}, "Plak eerst een tekst."),
        ("aap", {"moment": "zaterdag laat"}, "`laat` is geen tijdstip"),
        ("aap", {"moment": "23"}, "bedoelt u `23:00`?"),
        ("aap", {"zelfde": "veel"}, "`veel` is geen geheel getal"),
        ("aap", {"anderen": "999"}, "hoogstens 200"),
        ("aap", {"rol": "keizer"}, "kies uit bewoner, medewerker"),
        ("aap", {"eerste": "ja", "zelfde": "1"}, "een eerste bericht kan niets van de `zelfde` schrijver"),
        ("aap", {"rules": BAD}, "Verbeter eerst de fout"),
    ],
)
async def test_what_cannot_be_tried_is_explained(desk: Desk, text: str, given: dict[str, str], said: str) -> None:
    page = await why(desk, text, part=False, **given)
    assert said in page
    assert "Wat u typte" not in page


# ── what others write ─────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("text", CORPUS, ids=[text[:20].encode("ascii", "replace").decode() for text in CORPUS])
async def test_hostile_texts_stay_text(desk: Desk, text: str) -> None:
    rules = GOOD.replace("Daarom.", "'" + "".join(c for c in text if c.isprintable())[:80].replace("'", "") + "'")
    rules = rules.replace("{woorden: '@dieren'}", "{een: [{woorden: '@dieren'}, {woorden: vraag}]}")
    pages = [
        await desk.send(f"{EDITOR}/nakijken", tekst=text, notitie=text[:400]),
        await desk.send(f"{EDITOR}/voorbeeld", tekst=rules, voorbeeld=text, kanaal=text[:50], bijlagen=text[:50]),
        await desk.send(tekst=text, notitie=text[:400], plaats=text[:30]),
        await desk.send(tekst=rules, notitie=text[:400]),
        await desk.an.get("/regels/versies"),
        await desk.an.get("/regels/versies/2"),
        await desk.an.get(EDITOR),
    ]
    for response in pages:
        assert response.status_code in {200, 303, 404, 409}, response.text[:500]
        page = parse(response.text)
        assert {tag for tag, _ in page.tags}.isdisjoint({"svg", "iframe", "object", "embed", "style"})
        sources = {attrs.get("src") for tag, attrs in page.tags if tag in {"script", "img"}}
        assert sources <= {"/statisch/console.js", "/statisch/editor.js", "/statisch/verbinder.svg"}
        for _tag, attrs in page.tags:
            assert not [name for name in attrs if name.startswith("on") or name == "style"]
            assert "javascript:" not in str(attrs.get("href") or "")
        assert "\x1b" not in response.text
        assert "\x00" not in response.text
