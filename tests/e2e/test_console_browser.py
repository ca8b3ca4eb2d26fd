"""The console in a real browser: Debian's chromium, a real socket, a real database, the real outbox."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal
from urllib.parse import urlsplit

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Error, Page, expect

import bot.web
from bot.core.cases import ActionKind, CaseKind
from bot.core.people import Person, Role
from bot.web.links import make_sign_in_link
from bot.web.server import serve
from tests.builders import RESPECT, Services, message
from tests.e2e.browser import PATIENCE, chromium, needs_chromium
from tests.web.scene import CORPUS, INSULT, QUESTION, REPLY, WORRY, play, with_evidence
from tests.web.visitor import console_on

STATIC = Path(bot.web.__file__).parent / "static"
LARGEST_PAGE = 100_000  # bytes, with style, script and picture
RULES = ("/regels", "/regels/regel/bedreiging", "/regels/terugblik")

pytestmark = [pytest.mark.e2e, needs_chromium]


@dataclass
class Town:
    """A console that is running, with people, cases and one browser."""

    services: Services
    address: str
    browser: Browser
    administrator: Person
    colleague: Person
    token: str
    complaints: list[str] = field(default_factory=list)

    async def look(
        self,
        *,
        scheme: Literal["light", "dark"] = "light",
        width: int = 1280,
        script: bool = True,
        signed_in: bool = True,
    ) -> Page:
        """Open a fresh browser window; signed in as the administrator unless told otherwise."""
        context: BrowserContext = await self.browser.new_context(
            base_url=self.address,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
        )
        context.set_default_timeout(PATIENCE)
        if signed_in:
            await context.add_cookies([{"name": "verbinder", "value": self.token, "url": self.address}])
        page = await context.new_page()
        page.on("console", self._note)
        page.on("pageerror", self._fault)
        return page

    async def path_of_link(self, person: Person) -> str:
        services = self.services
        return urlsplit(await make_sign_in_link(services.database, services.clock, person, self.address)).path

    def _note(self, said: ConsoleMessage) -> None:
        if said.type in {"error", "warning"}:
            self.complaints.append(said.text)

    def _fault(self, error: Error) -> None:
        self.complaints.append(str(error))


@pytest.fixture
async def town(sqlite_services: Services) -> AsyncIterator[Town]:
    services = with_evidence(sqlite_services)
    app = console_on(services, check_draft=lambda text, case: ("Deze zin is lang.",) if len(text) > 240 else ())
    server = serve(app, "127.0.0.1", 0)
    running = asyncio.create_task(server.run())
    await play(services)
    administrator = await services.person("An Peeters", Role.ADMINISTRATOR)
    colleague = await services.person("Bram", Role.MODERATOR, Role.COMMUNITY_MANAGER)
    token = await app.state.console.sessions.start(administrator)
    async with chromium() as browser:
        yield Town(services, f"http://127.0.0.1:{server.port}", browser, administrator, colleague, token)
    running.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await running


async def _case(town: Town, said: str, kind: CaseKind = CaseKind.REPLY) -> int:
    (found,) = [case for case in await town.services.desk.queue(kinds=[kind]) if case.message.text == said]
    return found.id


async def test_from_a_one_time_link_to_a_reply_on_the_channel(town: Town) -> None:
    page = await town.look(signed_in=False)
    await page.goto(await town.path_of_link(town.colleague))
    await page.get_by_role("button", name="Meld mij aan").click()
    await page.get_by_label("Nieuw wachtwoord", exact=True).fill("drie kleine blauwe fietsen")
    await page.get_by_label("Nieuw wachtwoord, nog eens").fill("drie kleine blauwe fietsen")
    await page.get_by_role("button", name="Bewaren").click()
    await expect(page.get_by_role("heading", name="Wachtrij")).to_be_visible()

    case_id = await _case(town, WORRY)
    await page.get_by_role("link", name=f"Voorstel van antwoord {case_id}").click()
    await expect(page.get_by_role("region", name="Tekst van de reactie")).to_contain_text("naar die nieuwkomers")
    answer = page.get_by_label("Voorstel 1 van 2")
    await expect(answer).to_have_value(REPLY)

    await answer.fill("Dank u. Er komen veertig plaatsen bij, voor alle kinderen. Hebt u nog een vraag?")
    await page.get_by_role("button", name="Aanpassing goedkeuren").click()
    await expect(page.get_by_text("Uw tekst is goedgekeurd.")).to_be_visible()
    await expect(page.get_by_text("Dit kan nog")).to_be_visible()

    await page.get_by_role("button", name="Ongedaan maken").click()
    await expect(page.get_by_text("Ongedaan gemaakt. Er is niets geplaatst")).to_be_visible()
    await town.services.dispatch()
    assert town.services.sender.sent == []

    await page.get_by_label("Voorstel 1 van 2").fill("Dank u. Er komen veertig plaatsen bij. Klopt er iets niet?")
    await page.get_by_role("button", name="Aanpassing goedkeuren").click()
    await expect(page.get_by_text("Uw tekst is goedgekeurd.")).to_be_visible()
    await town.services.dispatch()
    assert [effect.text for effect in town.services.sender.sent] == [
        "Dank u. Er komen veertig plaatsen bij. Klopt er iets niet?"
    ]
    await expect(page.get_by_text("Antwoord: uitgevoerd.")).to_be_visible()  # by itself, without a reload

    await page.goto("/kanalen/demo")
    await expect(page.get_by_text("een verzonnen gemeente")).to_be_visible()
    under = page.get_by_role("listitem").filter(has_text=WORRY)
    await expect(under).to_contain_text("Antwoord van de gemeente")
    await expect(under).to_contain_text("Klopt er iets niet?")
    assert town.complaints == []


async def test_the_name_and_password_chosen_let_a_person_in_again(town: Town) -> None:
    page = await town.look(signed_in=False)
    await page.goto(await town.path_of_link(town.colleague))
    await page.get_by_role("button", name="Meld mij aan").click()
    await page.get_by_label("Nieuw wachtwoord", exact=True).fill("drie kleine blauwe fietsen")
    await page.get_by_label("Nieuw wachtwoord, nog eens").fill("drie kleine blauwe fietsen")
    await page.get_by_role("button", name="Bewaren").click()
    await page.get_by_role("button", name="Afmelden").click()
    await page.get_by_label("Uw naam").fill("Bram")
    await page.get_by_label("Uw wachtwoord").fill("drie kleine blauwe fietsen")
    await page.get_by_role("button", name="Aanmelden").click()
    await expect(page.get_by_text("Dag Bram, u bent aangemeld.")).to_be_visible()


async def test_a_case_can_be_decided_with_the_keyboard_alone(town: Town) -> None:
    page = await town.look()
    await page.goto("/wachtrij?soort=antwoord")
    await page.keyboard.press("j")
    first = await page.evaluate("document.activeElement.href")
    await page.keyboard.press("j")
    assert await page.evaluate("document.activeElement.href") != first
    await page.keyboard.press("k")
    assert await page.evaluate("document.activeElement.href") == first
    await page.keyboard.press("Enter")
    await page.wait_for_url("**/zaken/*")
    await page.keyboard.press("e")
    await expect(page.get_by_label("Voorstel 1 van 2")).to_be_focused()
    await page.keyboard.type("ja? ")  # keys in a text are letters
    await page.keyboard.press("Tab")
    await page.keyboard.press("a")
    await expect(page.get_by_text("Uw tekst is goedgekeurd.")).to_be_visible()


async def test_the_keys_are_shown_and_can_be_switched_off(town: Town) -> None:
    page = await town.look()
    await page.goto("/wachtrij")
    await page.keyboard.press("?")
    window = page.get_by_role("dialog", name="Sneltoetsen")
    await expect(window).to_be_visible()
    await window.get_by_label("Sneltoetsen gebruiken op dit toestel").uncheck()
    await window.get_by_role("button", name="Sluiten").click()
    await page.keyboard.press("j")
    assert await page.evaluate("document.activeElement.hasAttribute('data-open')") is False
    await page.reload()
    await page.keyboard.press("?")
    await expect(window).to_be_hidden()


async def test_a_new_reaction_appears_in_an_open_queue(town: Town) -> None:
    page = await town.look()
    await page.goto("/wachtrij")
    await expect(page.get_by_role("heading", name="Wachtrij")).to_be_visible()
    await town.services.receive(message("Nog een vraag: is er parking?", id="300", reply_to="200"))
    await expect(page.get_by_text("is er parking?")).to_be_visible()
    await expect(page.get_by_label("4 wachten")).to_be_visible()


async def test_what_a_person_types_survives_a_decision_of_a_colleague(town: Town) -> None:
    services, case_id = town.services, await _case(town, WORRY)
    page = await town.look()
    await page.goto(f"/zaken/{case_id}")
    await page.get_by_label("Voorstel 1 van 2").fill("Mijn eigen woorden, nog niet af")
    case = await services.desk.case(case_id)
    assert case is not None
    await services.do(ActionKind.APPROVE, case, town.colleague)

    await expect(page.get_by_text("Hier is intussen iets veranderd.")).to_be_visible()
    await expect(page.get_by_label("Stand van zaken")).to_contain_text("Bram keurde dit antwoord goed")
    await expect(page.get_by_label("Voorstel 1 van 2")).to_have_value("Mijn eigen woorden, nog niet af")

    await page.get_by_role("button", name="Aanpassing goedkeuren").click()  # too late: Bram was first
    await expect(page.get_by_role("alert")).to_contain_text("Hierover is al beslist: Bram")
    await expect(page.get_by_label("Wat u typte")).to_have_value("Mijn eigen woorden, nog niet af")


async def test_the_reason_follows_the_house_rule_and_own_words_stay(town: Town) -> None:
    page = await town.look()
    await page.goto(f"/zaken/{await _case(town, INSULT, CaseKind.ALERT)}")
    await page.locator("summary", has_text="Verwijderen").last.click()
    form = page.locator("#verwijderen")
    reason = form.get_by_label("Reden, in gewone taal")
    await expect(reason).to_have_value("Uw bericht scheldt.")
    await form.get_by_label("Huisregel").select_option("privacy")
    await expect(reason).to_have_value("Uw bericht noemt een telefoonnummer.")
    await reason.fill("U noemt het nummer van uw buurman.")
    await form.get_by_label("Huisregel").select_option("persoonlijke-belediging")
    await expect(reason).to_have_value("U noemt het nummer van uw buurman.")
    await form.get_by_role("button", name="Verwijder de reactie").click()
    await expect(page.get_by_text("De reactie wordt zo meteen verwijderd.")).to_be_visible()


async def test_remarks_and_length_follow_the_text(town: Town) -> None:
    page = await town.look()
    await page.goto(f"/zaken/{await _case(town, WORRY)}")
    await expect(page.get_by_text("Deze zin is lang.")).to_be_visible()
    await page.get_by_label("Voorstel 1 van 2").fill("Dank u 👍")
    await expect(page.get_by_text("8 van 2000 tekens")).to_be_visible()  # an emoji is one character, as on the server
    await expect(page.get_by_text("Deze zin is lang.")).to_be_hidden()
    await page.get_by_label("Voorstel 1 van 2").fill("x" * 2001)
    await expect(page.get_by_text("2001 van 2000 tekens: te lang")).to_be_visible()


async def test_everything_works_without_script(town: Town) -> None:
    page = await town.look(script=False, signed_in=False)
    await page.goto(await town.path_of_link(town.colleague))
    await page.get_by_role("button", name="Meld mij aan").click()
    await page.get_by_role("link", name="Later").click()
    await page.get_by_role("link", name=f"Voorstel van antwoord {await _case(town, QUESTION)}").click()
    await page.get_by_role("button", name="Kijk mijn tekst na").click()
    await expect(page.get_by_text("Deze zin is lang.")).to_be_visible()
    await page.get_by_role("button", name="Goedkeuren", exact=True).click()
    await expect(page.get_by_text("Dit kan nog 10 seconden.")).to_be_visible()
    await page.get_by_role("button", name="Ongedaan maken").click()
    await expect(page.get_by_text("Ongedaan gemaakt.")).to_be_visible()


async def test_hostile_texts_stay_text(town: Town) -> None:
    await town.services.receive(
        *(message(text, id=str(400 + number), author=f"h{number}") for number, text in enumerate(CORPUS))
    )
    page = await town.look()
    dialogs: list[str] = []
    page.on("dialog", lambda dialog: dialogs.append(dialog.message))
    cases = await town.services.desk.queue()
    for path in ("/wachtrij", "/kanalen/demo", "/geschiedenis", *(f"/zaken/{case.id}" for case in cases)):
        await page.goto(path)
        assert (
            await page.evaluate("document.querySelectorAll('main script, main img, main svg, main iframe').length") == 0
        )
        wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, f"{path} is wider than the window"
    assert dialogs == []
    assert town.complaints == []


async def _pages(town: Town) -> list[str]:
    """Return every page, with a case of each kind open and one decided and one placed."""
    services = town.services
    decided, placed = await services.desk.case(await _case(town, WORRY)), await _case(town, QUESTION)
    case = await services.desk.case(placed)
    assert case is not None
    assert decided is not None
    await services.do(ActionKind.APPROVE, case, town.colleague)
    await services.dispatch()
    await services.do(ActionKind.CLAIM, decided, town.colleague)
    await services.intake.notice("permission:x", "Discord: de bot mist een recht. Geef het recht.", level="fout")
    await services.receive(message("Mag dit ook? Een vraag.", id="310", reply_to="100"))
    open_reply = await _case(town, "Mag dit ook? Een vraag.")
    alert = await _case(town, INSULT, CaseKind.ALERT)
    return [
        "/wachtrij", "/wachtrij?soort=melding", f"/zaken/{open_reply}", f"/zaken/{decided.id}", f"/zaken/{placed}",
        f"/zaken/{alert}", "/kanalen", "/kanalen/demo", "/geschiedenis", *RULES, "/verslag", "/mensen", "/toestand",
        "/hulp", "/wachtwoord", "/bestaat-niet",
    ]  # fmt: skip


@pytest.mark.parametrize("scheme", ["light", "dark"])
async def test_no_page_has_a_fault_that_axe_can_find(town: Town, scheme: Literal["light", "dark"]) -> None:
    page = await town.look(scheme=scheme)
    stranger = await town.look(scheme=scheme, signed_in=False)
    visits = [(page, path) for path in await _pages(town)] + [(stranger, "/aanmelden"), (stranger, "/aanmelden/abc")]
    for window, path in visits:
        await window.goto(path)
        await window.evaluate("document.querySelectorAll('details').forEach((item) => { item.open = true; })")
        found = await Axe().run(window)
        assert found.violations_count == 0, f"{path} ({scheme}): {found.generate_report()}"


async def test_what_a_form_answers_has_no_fault_that_axe_can_find(town: Town) -> None:
    services, page, stranger = town.services, await town.look(), await town.look(signed_in=False)

    async def look_at(window: Page, seen: str) -> None:
        await expect(window.locator("main")).to_contain_text(seen)
        await window.evaluate("document.querySelectorAll('details').forEach((item) => { item.open = true; })")
        found = await Axe().run(window)
        assert found.violations_count == 0, f"{seen}: {found.generate_report()}"

    used = await town.path_of_link(town.colleague)
    await stranger.goto(used)
    await stranger.get_by_role("button", name="Meld mij aan").click()
    await stranger.get_by_label("Nieuw wachtwoord", exact=True).fill("drie kleine blauwe fietsen")
    await stranger.get_by_label("Nieuw wachtwoord, nog eens").fill("drie kleine groene fietsen")
    await stranger.get_by_role("button", name="Bewaren").click()
    await look_at(stranger, "niet dezelfde")
    await stranger.get_by_role("button", name="Afmelden").click()
    await stranger.goto(used)
    await stranger.get_by_role("button", name="Meld mij aan").click()
    await look_at(stranger, "Deze link werkt niet meer")
    await stranger.goto("/aanmelden")
    await stranger.get_by_label("Uw naam").fill("Bram")
    await stranger.get_by_label("Uw wachtwoord").fill("niet dit")
    await stranger.get_by_role("button", name="Aanmelden").click()
    await look_at(stranger, "horen niet bij elkaar")

    await page.goto("/mensen")
    await page.get_by_role("button", name="Maak een aanmeldlink voor Bram").click()
    await look_at(page, "Een link voor Bram")
    await page.get_by_label("Naam, zoals collega's die zien").fill("Bram")
    await page.get_by_label("Moderator").last.check()
    await page.get_by_role("button", name="Voeg toe en maak een aanmeldlink").click()
    await look_at(page, "Dit is niet gebeurd.")
    await page.goto("/verslag?nakijken=1")
    await look_at(page, "De keten klopt")

    case = await services.desk.case(await _case(town, WORRY))
    assert case is not None
    await page.goto(f"/zaken/{case.id}")
    await page.get_by_label("Voorstel 1 van 2").fill("Mijn eigen woorden")
    await services.do(ActionKind.DROP, case, town.colleague)
    await page.get_by_role("button", name="Aanpassing goedkeuren").click()
    await look_at(page, "Wat u typte, staat hieronder nog.")

    alert = await services.desk.case(await _case(town, INSULT, CaseKind.ALERT))
    assert alert is not None
    await services.do(ActionKind.PROPOSE_REMOVAL, alert, town.colleague, rule_id=RESPECT.id)
    await page.goto(f"/zaken/{alert.id}")
    await look_at(page, "stelt voor om deze reactie te verwijderen")


async def test_axe_does_find_a_fault_where_there_is_one(town: Town) -> None:
    page = await town.look()
    await page.goto("/hulp")
    await page.evaluate("document.querySelector('main').append(document.createElement('button'))")
    found = await Axe().run(page)
    assert [fault["id"] for fault in found.response["violations"]] == ["button-name"]


CONTROLS = {
    "button", "link", "textbox", "combobox", "checkbox", "radio", "slider", "DisclosureTriangle", "meter",
    "progressIndicator",
}  # fmt: skip


async def test_every_control_has_a_name_and_every_page_is_light_enough(town: Town) -> None:
    page = await town.look()
    inspector = await page.context.new_cdp_session(page)
    static = sum(file.stat().st_size for file in STATIC.iterdir())
    for path in await _pages(town):
        answer = await page.goto(path)
        assert answer is not None
        weight = len(await answer.body()) + static
        assert weight < LARGEST_PAGE, f"{path}: {weight} bytes"
        await page.evaluate("document.querySelectorAll('details').forEach((item) => { item.open = true; })")
        tree = await inspector.send("Accessibility.getFullAXTree")
        controls = [node for node in tree["nodes"] if not node["ignored"] and node["role"]["value"] in CONTROLS]
        assert controls, path
        nameless = [node for node in controls if not node["name"]["value"].strip()]
        assert nameless == [], f"{path}: {nameless}"


async def test_a_phone_shows_every_page_without_scrolling_sideways(town: Town) -> None:
    page = await town.look(width=390)
    for path in await _pages(town):
        await page.goto(path)
        wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
        assert not wide, path
