"""An administrator changes the house rules in a real browser, on a service that judges what residents write."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, Dialog, Locator, Page, expect

from tests.e2e.browser import PATIENCE, chromium, needs_chromium
from tests.e2e.rule_town import Town
from tests.e2e.service import Service
from tests.rules.helpers import file_text, rule_text
from tests.standins.botapi import BotApiServer

pytestmark = [pytest.mark.e2e, needs_chromium]

HEAD = "lijsten:\n  dieren: {bestand: dieren.txt}\n"
RULES = file_text(rule_text("{woorden: '@dieren'}", name="dieren"), head=HEAD)
NUTS = rule_text("{woorden: [noot, hazelnoot]}", name="noten")
CONTROLS = {"button", "link", "textbox", "combobox", "checkbox", "DisclosureTriangle"}


@dataclass
class Desk:
    """A service, its village, and the browser of its administrator."""

    town: Town
    service: Service
    browser: Browser
    page: Page
    complaints: list[str] = field(default_factory=list)

    @property
    def text(self) -> Locator:
        return self.page.get_by_label("Huisregels", exact=True)

    async def other(self, *, script: bool = True) -> Page:
        """Open another window of the same person."""
        state = await self.page.context.storage_state()
        context = await self.browser.new_context(
            base_url=self.service.address, storage_state=state, java_script_enabled=script
        )
        context.set_default_timeout(PATIENCE)
        return await context.new_page()


@pytest.fixture
async def desk(tmp_path: Path) -> AsyncIterator[Desk]:
    with BotApiServer() as api:
        town = Town(tmp_path, api)
        town.rules.write_text(RULES, encoding="utf-8")
        (tmp_path / "dieren.txt").write_text("aap\n", encoding="utf-8")
        with Service(tmp_path, **town.settings) as service:
            service.ready()
            async with chromium() as browser:
                context = await browser.new_context(base_url=service.address)
                context.set_default_timeout(PATIENCE)
                page = await context.new_page()
                desk = Desk(town, service, browser, page)
                page.on("console", lambda m: desk.complaints.append(m.text) if m.type == "error" else None)
                page.on("pageerror", lambda error: desk.complaints.append(str(error)))
                await page.goto(service.link)
                await page.get_by_role("button", name="Meld mij aan").click()
                await page.get_by_role("link", name="Later").click()
                await page.goto("/regels/bewerken")
                yield desk
            service.stop()
            assert not [line for line in service.errors if "Traceback" in line]


async def test_from_a_typo_to_rules_in_force_and_back(desk: Desk) -> None:
    page, town = desk.page, desk.town
    assert await town.fired("een aap en een noot") == {"dieren"}
    await expect(page.get_by_text("Dit zijn de regels die nu gelden.").first).to_be_visible()

    # A typo is shown at its line while typing, without a button.
    await desk.text.fill(RULES + NUTS.replace("woorden:", "worden:"))
    found = page.get_by_role("listitem").filter(has_text="`worden` bestaat hier niet")
    await expect(found).to_contain_text("bedoelt u `woorden`?")
    line = RULES.count("\n") + 5
    await expect(page.locator(".goot .fout").first).to_have_text(f"✕ {line}")
    await expect(page.locator(".krul.fout").first).to_have_text("worden:")
    await expect(desk.text).to_have_attribute("aria-invalid", "true")
    await page.get_by_role("button", name="Bewaar en zet live").click()
    await expect(page.get_by_role("alert")).to_contain_text("Dit is niet bewaard.")
    await expect(desk.text).to_have_value(RULES + NUTS.replace("woorden:", "worden:"))
    assert town.rules.read_text(encoding="utf-8") == RULES

    # The place leads to the line; mended on the spot.
    await found.get_by_role("link", name=f"Lijn {line}, kolom").click()
    await expect(desk.text).to_be_focused()
    assert await page.evaluate("document.getSelection().toString()") == "worden:"
    await page.keyboard.type("woorden:")
    await expect(page.get_by_text("Nieuwe regel “Een titel” (`noten`)")).to_be_visible()
    await expect(page.locator(".goot .fout")).to_have_count(0)

    # What would the new rule make of this, and why?
    await page.get_by_label("Tekst", exact=True).fill("Een noot, geen hazelnoten")
    await page.get_by_role("button", name="Waarom?").click()
    fires = page.locator(".regeluitslag.af")
    await expect(fires).to_contain_text("woord gevonden: “noot”, “hazelnoten”")
    await expect(page.locator("mark")).to_have_count(2)
    await page.get_by_text("Regels die niet afgaan (1)").click()
    await expect(page.locator(".regeluitslag.stil")).to_contain_text("geen woord uit @dieren gevonden")
    assert await town.fired("een aap en een noot") == {"dieren"}

    await page.get_by_label("Notitie voor collega's").fill("Ook noten.")
    await page.get_by_role("button", name="Bewaar en zet live").click()
    await expect(page.get_by_role("status").first).to_contain_text("Versie 2 geldt vanaf het volgende bericht.")
    assert await town.fired("een aap en een noot") == {"dieren", "noten"}
    assert town.rules.read_text(encoding="utf-8") == RULES + NUTS

    await page.get_by_role("link", name="Versie 1", exact=True).click()
    await expect(page.get_by_text("Regel “Een titel” (`noten`) is weg.")).to_be_visible()
    await page.get_by_label("Waarom?").fill("Te streng.")
    await page.get_by_label("Ja, versie 1 mag weer gelden").check()
    await page.get_by_role("button", name="Zet deze versie terug").click()
    await expect(page.get_by_role("status").first).to_contain_text("Versie 1 staat terug, als versie 3.")
    assert await town.fired("een aap en een noot") == {"dieren"}
    assert town.rules.read_text(encoding="utf-8") == RULES
    assert [text for text in desk.complaints if "409" not in text] == []


async def test_nothing_typed_is_lost_by_leaving_or_by_a_colleague(desk: Desk) -> None:
    page = desk.page
    mine = RULES.replace("ernst: hoog", "ernst: laag")
    await desk.text.fill(mine)
    await expect(page.get_by_text("telt als minder ernstig").first).to_be_visible()
    dialogs: list[str] = []

    async def stay(dialog: Dialog) -> None:
        dialogs.append(dialog.type)
        await dialog.dismiss()

    page.on("dialog", stay)
    await page.get_by_role("link", name="Wachtrij").click(no_wait_after=True)
    await expect(desk.text).to_have_value(mine)
    assert dialogs == ["beforeunload"]

    other = await desk.other()
    await other.goto("/regels/bewerken")
    await other.locator("summary", has_text="dieren.txt").click()
    await other.get_by_label("dieren.txt").fill("aap\nbeer\n")
    await other.get_by_role("button", name="Bewaar en zet live").click()
    await expect(other.get_by_text("Versie 2 geldt vanaf")).to_be_visible()

    await page.get_by_role("button", name="Bewaar en zet live").click()
    await expect(page.get_by_role("alert")).to_contain_text("intussen veranderd")
    await expect(page.get_by_text("Lijst `dieren`: “beer” erbij.").first).to_be_visible()
    await expect(desk.text).to_have_value(mine)
    await page.get_by_label("Ik heb versie 2 bekeken").check()
    await page.get_by_role("button", name="Bewaar en zet live").click()
    await expect(page.get_by_text("Versie 3 geldt vanaf")).to_be_visible()
    assert desk.town.rules.read_text(encoding="utf-8") == mine
    assert dialogs == ["beforeunload"]


async def test_the_keyboard_gets_in_helps_and_gets_out(desk: Desk) -> None:
    page = desk.page
    await desk.text.fill("")
    await desk.text.focus()
    await page.keyboard.type("regels:")
    await page.keyboard.press("Enter")
    await page.keyboard.press("Tab")
    await page.keyboard.type("- id: x")
    await page.keyboard.press("Enter")
    await page.keyboard.type("y")
    await expect(desk.text).to_have_value("regels:\n  - id: x\n  y")
    await page.keyboard.press("Shift+Tab")
    await expect(desk.text).to_have_value("regels:\n  - id: x\ny")
    await page.keyboard.press("Control+a")
    await page.keyboard.press("Tab")
    await expect(desk.text).to_have_value("  regels:\n    - id: x\n  y")
    await page.keyboard.press("Control+z")
    await expect(desk.text).to_have_value("regels:\n  - id: x\ny")
    await page.keyboard.press("Escape")
    await page.keyboard.press("Tab")
    await expect(desk.text).not_to_be_focused()
    await expect(desk.text).to_have_value("regels:\n  - id: x\ny")
    await page.get_by_label("Notitie voor collega's").press("Enter")  # checks; it does not save
    await expect(page.get_by_text("Dit kan nog niet bewaard worden.").first).to_be_visible()
    assert page.url.endswith("/regels/bewerken")


async def test_a_place_leads_to_the_right_letters_after_an_emoji_and_in_a_long_line(desk: Desk) -> None:
    page = desk.page
    wrong = f'{{lijst: ["\U0001f600\U0001f468\u200d\U0001f469 aap", "{"z" * 300}"], samenstelingen: ja}}'
    await desk.text.fill("\n" * 200 + file_text(rule_text(f"{{woorden: {wrong}}}", name="apen")))
    found = page.get_by_role("listitem").filter(has_text="`samenstelingen` bestaat hier niet")
    await found.get_by_role("link", name="Lijn 207, kolom").click()
    assert await page.evaluate("document.getSelection().toString()") == "samenstelingen:"
    place = page.locator("#plek")
    await expect(place).to_contain_text("Lijn 207, kolom")
    await expect(place).to_contain_text("fout: de sleutel `samenstelingen` bestaat hier niet")
    # What is selected is in sight, also sideways, and the mark lies under it.
    mark, sheet = await page.locator(".krul.fout").bounding_box(), await desk.text.bounding_box()
    assert mark is not None
    assert sheet is not None
    assert sheet["x"] < mark["x"] < sheet["x"] + sheet["width"] - 50
    assert sheet["y"] < mark["y"] < sheet["y"] + sheet["height"] - 20


async def test_a_place_in_a_list_leads_into_that_list(desk: Desk) -> None:
    page = desk.page
    await expect(page.get_by_text("Dit zijn de regels die nu gelden.").first).to_be_visible()
    marked = await page.locator(".krul").count()
    await page.get_by_text("dieren.txt", exact=True).first.click()
    await page.get_by_label("dieren.txt", exact=True).fill("# beesten\naap\nAap\n")
    await page.get_by_text("dieren.txt", exact=True).first.click()
    await expect(page.get_by_label("dieren.txt", exact=True)).to_be_hidden()
    await page.get_by_role("button", name="Controleer").click()
    await page.get_by_role("link", name="dieren.txt, lijn 3, kolom 1").click()
    await expect(page.get_by_label("dieren.txt", exact=True)).to_be_focused()
    assert await page.evaluate("document.getSelection().toString()") == "Aap"
    await expect(page.locator(".krul")).to_have_count(marked)  # none was added to the text of the rules


async def test_it_works_without_script(desk: Desk) -> None:
    page = await desk.other(script=False)
    await page.goto("/regels/bewerken")
    text = page.get_by_label("Huisregels", exact=True)
    await text.fill(RULES.replace("hoog", "enorm"))
    await page.get_by_role("button", name="Controleer").click()
    await expect(page.get_by_text("`enorm` kan hier niet")).to_be_visible()
    await text.fill(RULES.replace("hoog", "laag"))
    await page.get_by_label("Tekst", exact=True).fill("een aap")
    await page.get_by_role("button", name="Waarom?").click()
    await expect(page.get_by_text("woord uit @dieren gevonden: “aap”").first).to_be_visible()
    await page.get_by_role("button", name="Bewaar en zet live").click()
    await expect(page.get_by_text("Versie 2 geldt vanaf")).to_be_visible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_axe_finds_no_fault_every_control_has_a_name_and_a_phone_shows_it_all(
    desk: Desk, scheme: Literal["light", "dark"]
) -> None:
    page = desk.page
    await page.emulate_media(color_scheme=scheme)
    inspector = await page.context.new_cdp_session(page)

    async def look(seen: str) -> None:
        await expect(page.locator("main")).to_contain_text(seen)
        await page.evaluate("document.querySelectorAll('details').forEach((item) => { item.open = true; })")
        for width in (1280, 375):
            await page.set_viewport_size({"width": width, "height": 800})
            found = await Axe().run(page)
            assert found.violations_count == 0, f"{seen} ({scheme}, {width}): {found.generate_report()}"
            wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
            assert not wide, f"{seen} ({width})"
        tree = await inspector.send("Accessibility.getFullAXTree")
        controls = [node for node in tree["nodes"] if not node["ignored"] and node["role"]["value"] in CONTROLS]
        assert controls, seen
        assert [node for node in controls if not node["name"]["value"].strip()] == [], seen

    await look("Dit zijn de regels die nu gelden.")
    await desk.text.fill(RULES.replace("hoog", "enorm") + "  - x: " + "lang" * 100)
    await look("fouten. Dit kan nog niet bewaard worden.")
    trial = rule_text("{links: elke}", name="links") + "    status: schaduw\n"
    toxic = rule_text("{alle: [{woorden: aap}, {tijd: {dagen: [ma]}}]}", name="tijd")
    await desk.text.fill(RULES + trial + toxic)
    await page.get_by_label("Tekst", exact=True).fill("een aap op https://bit.ly/" + "lang" * 60)
    await page.get_by_role("button", name="Waarom?").click()
    await look("Zou afgaan (schaduw)")
    await page.get_by_role("button", name="Bewaar en zet live").click()
    await look("Versie 2 geldt vanaf")
    await page.goto("/regels/versies/1")
    await look("Zet deze versie terug")
    await page.goto("/regels/versies")
    await look("geldt nu")
