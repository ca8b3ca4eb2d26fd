"""Make the pictures of the README from the running program: `make pictures`.

Starts the service on a database of its own, lets the demonstration play, adds three colleagues with the command line,
signs each of them in and photographs what they see. Needs chromium; changes nothing but the pictures beside this file.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import re
import signal
import subprocess
import sys
import tempfile
from collections.abc import AsyncIterator, Iterator
from pathlib import Path
from urllib.parse import urlsplit

from playwright.async_api import Browser, Page, async_playwright

HERE = Path(__file__).parent
VERBINDER = Path(sys.executable).with_name("verbinder")
CHROMIUM = "/usr/bin/chromium"
TEAM = {"An": "community_manager", "Bram": "moderator", "Carine": "administrator"}
SETTINGS = {
    "VERBINDER_TOWN": "Zavelrode",
    "VERBINDER_CONSOLE__PORT": "0",
    "VERBINDER_DEMO__PACE": "0.5",
    "VERBINDER_REVIEW__GRACE_SECONDS": "3",
}
PLAY_SECONDS = 25
WIDE, PHONE = (1180, 820), (390, 1240)


@contextlib.contextmanager
def service(home: Path) -> Iterator[str]:
    """Run the service in `home` and yield the address of its console."""
    process = subprocess.Popen([VERBINDER, "run"], stdout=subprocess.PIPE, cwd=home, text=True)
    assert process.stdout is not None
    try:
        yield next(found[0] for line in process.stdout if (found := re.search(r"http://[\d.]+:\d+", line)))
    finally:
        process.send_signal(signal.SIGINT)
        process.communicate()


def link_for(name: str, home: Path) -> str:
    """Add a colleague and return the path of a link to sign in with."""
    subprocess.run([VERBINDER, "people", "add", name, TEAM[name]], check=True, cwd=home, stdout=subprocess.DEVNULL)
    made = subprocess.run(
        [VERBINDER, "people", "signin-link", name], check=True, cwd=home, capture_output=True, text=True
    )
    return urlsplit(made.stdout.strip()).path


@contextlib.asynccontextmanager
async def desk_of(
    name: str, browser: Browser, address: str, home: Path, *, size: tuple[int, int] = WIDE, dark: bool = False
) -> AsyncIterator[Page]:
    """Sign a colleague in and yield their window."""
    context = await browser.new_context(
        base_url=address, color_scheme="dark" if dark else "light", viewport={"width": size[0], "height": size[1]}
    )
    page = await context.new_page()
    await page.goto(link_for(name, home))
    await page.get_by_role("button").first.click()
    yield page
    await context.close()


async def shoot(page: Page, name: str) -> None:
    await page.evaluate("document.activeElement?.blur()")
    await page.screenshot(path=HERE / f"{name}.png")


async def community_manager(page: Page) -> None:
    """Show the queue of suggestions, a suggestion, and the reply as residents see it."""
    await page.goto("/wachtrij?soort=antwoord")
    await page.get_by_role("link", name=re.compile(r"^Voorstel van antwoord \d")).nth(1).click()
    await shoot(page, "voorstel")
    case = page.url
    await page.get_by_role("button", name="Goedkeuren", exact=True).click()
    await shoot(page, "ongedaan")
    await page.goto(case)
    await page.get_by_text("uitgevoerd").first.wait_for(timeout=30_000)
    await page.goto("/kanalen/demo")
    answer = page.locator(".gegeven").first
    await answer.scroll_into_view_if_needed()
    await shoot(page, "geplaatst")


async def moderator(page: Page) -> None:
    """Show an alert, with the form for a removal open."""
    await page.goto("/wachtrij?soort=melding")
    await page.get_by_role("link", name=re.compile(r"^Melding \d")).first.click()
    await page.locator("details#verwijderen > summary").click()
    await page.evaluate("scrollTo(0, 0)")
    await shoot(page, "melding")


async def administrator(page: Page) -> None:
    """Show how Verbinder is doing."""
    await page.goto("/toestand")
    await shoot(page, "toestand")


async def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        url = f"sqlite:///{home / 'verbinder.db'}"
        os.environ.update(SETTINGS, VERBINDER_DATA_DIR=folder, VERBINDER_DATABASE__URL=url)
        with service(home) as address:
            await asyncio.sleep(PLAY_SECONDS)
            async with async_playwright() as playwright:
                browser = await playwright.chromium.launch(executable_path=CHROMIUM, args=["--no-sandbox"])
                async with desk_of("An", browser, address, home) as page:
                    await community_manager(page)
                async with desk_of("Bram", browser, address, home, size=PHONE, dark=True) as page:
                    await moderator(page)
                async with desk_of("Carine", browser, address, home) as page:
                    await administrator(page)
                await browser.close()


if __name__ == "__main__":
    asyncio.run(main())
