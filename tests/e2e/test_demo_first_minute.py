"""What a new user does: start it, sign in with the link, decide a few things, see them happen, stop, start again."""

from __future__ import annotations

import json
import re
import signal
import time
from pathlib import Path

import pytest
from playwright.async_api import Browser, Locator, Page, expect

from bot.channels.demo.sender import LEDGER_NAME
from tests.e2e.browser import PATIENCE, chromium, needs_chromium
from tests.e2e.service import Service, command, until

pytestmark = [pytest.mark.e2e, needs_chromium]

PASSWORD = "drie kleine blauwe fietsen"
PACE = "0.4"  # ten times as fast as a user sees it
GRACE = "5"


async def look(browser: Browser, service: Service) -> Page:
    context = await browser.new_context(base_url=service.address)
    context.set_default_timeout(PATIENCE)
    return await context.new_page()


async def choose_a_password(page: Page, link: str) -> None:
    await page.goto(link)
    await page.get_by_role("button", name="Meld mij aan").click()
    await page.get_by_label("Nieuw wachtwoord", exact=True).fill(PASSWORD)
    await page.get_by_label("Nieuw wachtwoord, nog eens").fill(PASSWORD)
    await page.get_by_role("button", name="Bewaren").click()
    await expect(page.get_by_role("heading", name="Wachtrij")).to_be_visible()


async def sign_in(page: Page) -> None:
    await page.goto("/")
    await page.get_by_label("Uw naam").fill("Beheerder")
    await page.get_by_label("Uw wachtwoord").fill(PASSWORD)
    await page.get_by_role("button", name="Aanmelden").click()
    await expect(page.get_by_role("heading", name="Wachtrij")).to_be_visible()


def titles(page: Page, kind: str) -> Locator:
    return page.get_by_role("link", name=re.compile(rf"^{kind} \d+$"))


async def next_suggestion(page: Page, done: set[str]) -> str:
    """Open a suggestion that is not in `done`; return the reaction that it is about."""
    found = None
    while found is None:
        await page.goto("/wachtrij?soort=antwoord")
        for item in await page.locator("article.antwoord").all():
            said = (await item.locator("blockquote").inner_text()).strip()
            if said not in done and "…" not in said:
                found = item, said
                break
    item, said = found
    done.add(said)
    await item.get_by_role("link", name=re.compile("^Voorstel van antwoord")).click()
    await expect(page.get_by_label(re.compile("^Voorstel 1 van"))).to_be_visible()
    return said


async def approve(page: Page) -> str:
    """Approve the suggestion on the page; return its text."""
    text = await page.get_by_label(re.compile("^Voorstel 1 van")).input_value()
    await page.get_by_role("button", name="Goedkeuren", exact=True).click()
    await expect(page.get_by_text("Goedgekeurd. Het antwoord wordt zo meteen geplaatst.")).to_be_visible()
    return text


async def stands_under(page: Page, reaction: str, reply: str) -> None:
    """Look on the page of the demonstration whether `reply` stands under `reaction`, once."""
    await page.goto("/kanalen/demo")
    place = page.get_by_role("listitem").filter(has_text=reaction)
    answers = place.locator(".gegeven")
    await expect(answers).to_have_count(1, timeout=PATIENCE)  # the page follows by itself
    await expect(answers).to_contain_text("Antwoord van de gemeente")
    await expect(answers).to_contain_text(reply)


def placed(home: Path) -> list[str]:
    """Return the keys of the replies on the demonstration's platform, twice where one was placed twice."""
    ledger = home / "data" / LEDGER_NAME
    lines = ledger.read_text(encoding="utf-8").splitlines() if ledger.exists() else []
    return [line["key"] for line in map(json.loads, lines) if line["what"] == "reply"]


@pytest.mark.timeout(240)
async def test_from_the_first_start_to_the_second(tmp_path: Path) -> None:
    done: set[str] = set()
    settings = {"DEMO__PACE": PACE, "REVIEW__GRACE_SECONDS": GRACE}
    async with chromium() as browser:
        with Service(tmp_path, **settings) as service:
            service.ready()
            page = await look(browser, service)
            await choose_a_password(page, service.link)
            # Without a reload: they come in while one looks.
            await expect(titles(page, "Melding").nth(1)).to_be_visible(timeout=30_000)
            await expect(titles(page, "Voorstel van antwoord").nth(2)).to_be_visible(timeout=30_000)
            await expect(page.get_by_text("Zavelrode praat mee").first).to_be_visible()

            approved = await next_suggestion(page, done)
            reply = await approve(page)

            edited = await next_suggestion(page, done)
            own_words = "Dank u voor uw bericht. Kom gerust eens langs aan het loket."
            await page.get_by_label(re.compile("^Voorstel 1 van")).fill(own_words)
            await page.get_by_role("button", name="Aanpassing goedkeuren").click()
            await expect(page.get_by_text("Uw tekst is goedgekeurd.")).to_be_visible()

            dropped = await next_suggestion(page, done)
            await page.get_by_role("button", name="Niet antwoorden").click()
            await expect(page.get_by_text("Goed, hier komt geen antwoord op.")).to_be_visible()

            undone = await next_suggestion(page, done)
            await approve(page)
            await page.get_by_role("button", name="Ongedaan maken").click()
            await expect(page.get_by_text("Ongedaan gemaakt. Er is niets geplaatst of verwijderd.")).to_be_visible()
            undone_at = page.url.removeprefix(service.address)

            await page.goto("/wachtrij?soort=melding")
            await titles(page, "Melding").first.click()
            await page.get_by_role("button", name="In orde: laat staan").click()
            await expect(page.get_by_text("Goed, deze reactie blijft staan.")).to_be_visible()

            await stands_under(page, approved, reply)
            await stands_under(page, edited, own_words)

            last = await next_suggestion(page, done)
            last_reply = await approve(page)
            service.stop()  # while an answer is in its grace
        assert len(placed(tmp_path)) == 2

        with Service(tmp_path, **settings | {"DEMO__PACE": "0.02"}) as again:
            again.ready()
            assert not any("/aanmelden/" in line for line in again.said), "there is a password now"
            page = await look(browser, again)
            await sign_in(page)
            await until(lambda: len(placed(tmp_path)) == 3, "the answer that was in its grace")
            await stands_under(page, last, last_reply)
            await stands_under(page, approved, reply)
            await stands_under(page, edited, own_words)
            for reaction in (dropped, undone):
                item = page.get_by_role("listitem").filter(has_text=reaction)
                await expect(item).to_be_visible()
                await expect(item.locator(".gegeven")).to_have_count(0)
            await page.goto(undone_at)
            await expect(page.get_by_role("button", name="Goedkeuren", exact=True)).to_be_visible()
            # The town goes on where it was, to its end.
            await page.goto("/wachtrij")
            await expect(page.get_by_text("De demonstratie is afgelopen")).to_be_visible(timeout=30_000)
            again.stop()
        assert len(placed(tmp_path)) == len(set(placed(tmp_path))) == 3
    verified = command(tmp_path, "audit", "verify")
    assert verified.returncode == 0, verified.stderr


@pytest.mark.parametrize("moments", [(0.0, 0.05), (0.0, 0.0, 0.0, 0.3)])
def test_pressing_ctrl_c_more_than_once_stops_as_cleanly(tmp_path: Path, moments: tuple[float, ...]) -> None:
    with Service(tmp_path, DEMO__PACE="0.01") as service:
        service.ready()
        for pause in moments:
            time.sleep(pause)  # between one press and the next, as a finger does
            service.process.send_signal(signal.SIGINT)
        service.stop()
    assert command(tmp_path, "audit", "verify").returncode == 0


def test_stopping_before_it_is_ready_is_clean_as_well(tmp_path: Path) -> None:
    with Service(tmp_path) as service:
        while not any(line.startswith("Verbinder start") for line in service.said):
            time.sleep(0.01)
        service.stop()
