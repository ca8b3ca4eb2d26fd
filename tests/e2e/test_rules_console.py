"""An administrator looks after the house rules in a real browser, on a service with a town's history in it."""

from __future__ import annotations

import re
import shutil
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, Literal

import pytest
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, Locator, Page, expect

from benchmarks.history import fill
from bot.app import build_engine
from bot.core.people import Role
from bot.settings import ROOT, Settings
from bot.store import people
from bot.store.database import Database
from bot.store.migrate import upgrade
from bot.web.links import make_sign_in_link
from tests.e2e.browser import PATIENCE, chromium, needs_chromium
from tests.e2e.service import Service, until

REACTIONS = 8000
SLOW = 60_000  # milliseconds for a whole backtest on a busy machine

pytestmark = [pytest.mark.e2e, needs_chromium, pytest.mark.timeout(240)]


@dataclass
class Town:
    """A service with history, its rule file, and the browser of its administrator."""

    service: Service
    rules: Path
    browser: Browser
    state: Any
    complaints: list[str]

    async def look(self, *, scheme: Literal["light", "dark"] = "light", width: int = 1280, script: bool = True) -> Page:
        context: BrowserContext = await self.browser.new_context(
            base_url=self.service.address,
            storage_state=self.state,
            color_scheme=scheme,
            viewport={"width": width, "height": 900},
            java_script_enabled=script,
            reduced_motion="reduce",
        )
        context.set_default_timeout(PATIENCE)
        page = await context.new_page()
        page.on(
            "console", lambda said: self.complaints.append(said.text) if said.type in {"error", "warning"} else None
        )
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        return page


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    link = await _history(tmp_path)
    shutil.copytree(ROOT / "rules", tmp_path / "rules")
    rules = tmp_path / "rules" / "huisregels.yaml"
    settings = {"RULES": str(rules), "REVIEW__RETENTION_DAYS": "30000", "REVIEW__CASE_RETENTION_DAYS": "30000"}
    with Service(tmp_path, **settings) as service:
        service.ready()
        async with chromium() as browser:
            state = await _signed_in(browser, service.address, link)
            town = Town(service, rules, browser, state, [])
            yield town
            assert town.complaints == []
        if service.process.poll() is None:
            service.stop()


async def _history(home: Path) -> str:
    """Fill the database; return the path of a link to sign in with."""
    (home / "data").mkdir()
    url = f"sqlite+aiosqlite:///{home / 'data' / 'verbinder.db'}"
    upgrade(url)
    database = Database(url)
    await fill(database, build_engine(Settings()), REACTIONS)
    now = datetime.now(UTC)
    async with database.write() as tx:
        person = await people.add(tx, "Carine", [Role.ADMINISTRATOR], now)
    link = await make_sign_in_link(database, lambda: now, person, "")
    await database.close()
    return link


async def _signed_in(browser: Browser, address: str, link: str) -> Any:
    context = await browser.new_context(base_url=address)
    page = await context.new_page()
    await page.goto(link)
    await page.get_by_role("button", name="Meld mij aan").click()
    await expect(page.get_by_role("link", name="Later")).to_be_visible()
    state = await context.storage_state()
    await context.close()
    return state


def _candidate(town: Town, threshold: str = "0.86") -> str:
    text = town.rules.read_text(encoding="utf-8")
    return text.replace("{label: insult, vanaf: 0.92}", f"{{label: insult, vanaf: {threshold}}}")


def _slow(text: str) -> str:
    """Return rules that take a while: with a draft whose many patterns have to be tried on every reaction."""
    patterns = ", ".join(f"{{patroon: '[a-e]+.*[f-k]+.*{number}q'}}" for number in range(400))
    draft = f"""
  - id: proef
    titel: Een proef
    huisregel: "9. Proef"
    status: concept
    ernst: laag
    wanneer: {{een: [{patterns}]}}
    doet: [meld_moderator]
    waarom: "Een proef."
"""
    before, frames, after = text.partition("\nkaders:")
    return f"{before}{draft}{frames}{after}"


async def _ask(page: Page, text: str) -> None:
    await page.goto("/regels/terugblik")
    await page.get_by_label("Een tekst die ik plak").check()
    await page.get_by_label("De huisregels, als tekst").fill(text)
    await page.get_by_role("button", name="Start de terugblik").click()


async def _fired(page: Page) -> int:
    said = await page.locator("#drempel-uitkomst").inner_text()
    found = re.search(r"gaat de regel af bij ([\d.]+) bericht", said)
    assert found is not None, said
    return int(found[1].replace(".", ""))


async def _drag(page: Page, plot: Locator, *, start: float, end: float) -> None:
    """Take hold of `plot` and pull; `start` and `end` are parts of its width."""
    box = await plot.bounding_box()
    assert box is not None
    await page.mouse.move(box["x"] + box["width"] * start, box["y"] + 20)
    await page.mouse.down()
    await page.mouse.move(box["x"] + box["width"] * end, box["y"] + 20, steps=4)
    await page.mouse.up()


async def _faultless(page: Page, what: str) -> None:
    await page.evaluate("document.querySelectorAll('details').forEach((item) => { item.open = true; })")
    found = await Axe().run(page)
    assert found.violations_count == 0, f"{what}: {found.generate_report()}"
    wide = await page.evaluate("document.documentElement.scrollWidth > document.documentElement.clientWidth")
    assert not wide, f"{what} is wider than the window"


async def test_from_the_list_to_a_threshold_and_a_backtest(town: Town) -> None:
    page = await town.look()
    await page.goto("/wachtrij")
    await page.get_by_role("navigation", name="Hoofdmenu").get_by_role("link", name="Huisregels").click()
    await expect(page.get_by_text("Het bestand op de schijf is hetzelfde.")).to_be_visible()
    await page.get_by_role("link", name="Over alles wat bewaard is").click()
    await page.get_by_role("link", name="Geen persoonlijke aanvallen").click()

    # the keyboard moves the threshold, the numbers follow at once, and the address stays what it is
    slider = page.get_by_role("slider", name="Drempel")
    await expect(slider).to_have_value("92")
    before, address = await _fired(page), page.url
    await slider.focus()
    for _ in range(6):
        await page.keyboard.press("ArrowLeft")
    await expect(page.locator("#drempel-uitkomst")).to_contain_text("Vanaf 0,86 gaat de regel af bij")
    lower = await _fired(page)
    assert lower > before
    more = f"{lower - before} berichten meer dan nu"
    await expect(page.locator("#drempel-uitkomst")).to_contain_text(more)
    assert await slider.get_attribute("aria-valuetext") == f"0,86: {lower} berichten gaan af"
    assert page.url == address

    # so does a pointer on the chart
    async def dragged() -> bool:
        await _drag(page, page.locator(".staven"), start=0.5, end=0.25)
        return re.fullmatch("2[5-7]", await slider.input_value()) is not None

    # A browser gives no pointer to a page that it has not painted yet: on a busy machine that takes a moment.
    await until(dragged, "the pointer moves the threshold", within=PATIENCE / 1000)
    assert await _fired(page) > lower

    # a whole backtest: the bar moves without a reload, the report comes by itself
    await _ask(page, _slow(_candidate(town)))
    bar = page.get_by_role("progressbar", name="Bekeken reacties")
    await expect(bar).to_be_visible()
    await page.evaluate("window.stayed = true")
    seen = set()

    async def ended() -> bool:
        if await bar.count():
            seen.add(await page.evaluate("document.querySelector('progress')?.value"))
        return await page.get_by_role("heading", name="Uitkomst").count() > 0

    await until(ended, "the report", within=SLOW / 1000)
    assert len(seen - {None}) >= 3, seen
    assert await page.evaluate("window.stayed"), "without a reload"
    await expect(page.get_by_text("Terugblik met een geplakte tekst op 8.00")).to_be_visible()
    changed = page.get_by_role("region", name="Geen persoonlijke aanvallen")
    await expect(changed).to_contain_text(re.compile(r"Gaat [\d.]+ keer af \(nu [\d.]+\): [\d.]+ nieuw, 0 vervallen."))
    await changed.get_by_text(re.compile("Nieuw: 5 om te lezen")).wait_for()

    # from then on the chart of a rule that is the same in both is about all of history
    await page.goto("/regels/regel/bedreiging")
    await expect(page.get_by_text("bij de terugblik van vandaag")).to_be_visible()


async def test_a_backtest_is_stopped_by_a_person_and_by_the_end_of_the_service(town: Town) -> None:
    page = await town.look()
    await _ask(page, _slow(_candidate(town)))
    await page.goto("/wachtrij")  # it goes on without its page
    await page.goto("/regels/terugblik")
    await expect(page.get_by_text(re.compile(r"[1-9][\d.]* van 8.00"))).to_be_visible(timeout=SLOW)
    await page.get_by_role("button", name="Stop de terugblik").click()
    await expect(page.get_by_role("heading", name="Wat tot dan bekend was")).to_be_visible()
    await expect(page.get_by_text("LET OP: dit is een deel.")).to_be_visible()

    await _ask(page, _slow(_candidate(town, "0.87")))
    await expect(page.get_by_text(re.compile(r"[1-9][\d.]* van 8.00"))).to_be_visible(timeout=SLOW)
    workers = _children(town.service.process.pid)
    assert len(workers) >= 2
    await page.close()
    town.service.stop()  # in time, and cleanly
    # Python's own bookkeeper of processes notices a moment later that there is nothing left to do.
    await until(lambda: not [pid for pid in workers if Path(f"/proc/{pid}").exists()], "no process is left", within=3)


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task").glob("*/children")
    return [int(child) for path in found for child in path.read_text().split()]


async def test_every_state_of_the_pages_is_without_faults_on_a_screen_and_on_a_phone(town: Town) -> None:
    for scheme, width in (("light", 1280), ("dark", 375)):
        page = await town.look(scheme=scheme, width=width)  # type: ignore[arg-type]
        for path in ("/regels?periode=alles", "/regels/regel/persoonlijke-belediging?drempel=80"):
            await page.goto(path)
            await _faultless(page, f"{path} ({scheme})")
        await _ask(page, "versie: 1\nregels: [{id: x}]\n")
        await expect(page.get_by_role("alert")).to_contain_text("de sleutel `titel` ontbreekt")
        await _faultless(page, f"mistakes ({scheme})")
        town.complaints.clear()  # the browser tells of the 422
        await _ask(page, _slow(_candidate(town)))
        await expect(page.get_by_role("button", name="Stop de terugblik")).to_be_visible()
        await _faultless(page, f"under way ({scheme})")
        await expect(page.get_by_role("heading", name="Uitkomst")).to_be_visible(timeout=SLOW)
        await _faultless(page, f"report ({scheme})")


async def test_it_all_works_without_script(town: Town) -> None:
    page = await town.look(script=False)
    await page.goto("/regels/regel/bedreiging")
    await page.get_by_role("slider", name="Drempel").focus()
    for _ in range(12):
        await page.keyboard.press("ArrowLeft")
    await page.get_by_role("button", name="Toon deze drempel").click()
    await expect(page.locator("#drempel-uitkomst")).to_contain_text("Vanaf 0,80 gaat de regel af bij")
    await page.goto("/regels/terugblik")
    await page.get_by_role("button", name="Start de terugblik").click()
    await page.get_by_role("button", name="Stop de terugblik").click()

    async def reported() -> int:
        await page.goto("/regels/terugblik")
        return await page.get_by_role("heading", name=re.compile("Uitkomst|Wat tot dan bekend was")).count()

    await until(reported, "the report", within=SLOW / 1000)
