"""The town with three faces: one service and one browser for the whole file that asks for it."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page

from bot.core.people import Face, Role
from bot.store import people
from bot.store.database import Database
from bot.store.migrate import upgrade
from bot.web.links import make_sign_in_link
from tests.e2e.browser import PATIENCE, chromium
from tests.e2e.faces import Colleague, Town
from tests.e2e.service import Service, command
from tests.standins.botapi import BotApiServer
from tests.standins.discord import DiscordStandIn

GRACE_SECONDS = 5
TEAM = {
    "An": (Role.MODERATOR, Role.COMMUNITY_MANAGER),
    "Bram": (Role.MODERATOR, Role.COMMUNITY_MANAGER),
    "Mia": (Role.MODERATOR,),
    "Leo": (Role.AUDITOR,),
}


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def town(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Town]:
    home = tmp_path_factory.mktemp("town")
    with BotApiServer() as api, DiscordStandIn() as discord:
        group, team_group = api.add_group("Velddorp praat"), api.add_group("Team communicatie")
        api.set_bot(group, "administrator", can_delete_messages=True)
        guild = discord.add_guild("Velddorp")
        square, team_channel = discord.add_channel(guild, "dorpsplein"), discord.add_channel(guild, "team")
        accounts = {name: (api.add_user(name), discord.add_user(name)) for name in TEAM}
        links = await _team(home, {name: (str(t), str(d.id)) for name, (t, d) in accounts.items()})
        with Service(
            home,
            TELEGRAM__TOKEN=api.token,
            TELEGRAM__API_BASE=api.url,
            TELEGRAM__CHATS=str(group),
            TELEGRAM__STAFF_CHAT=str(team_group),
            DISCORD__TOKEN=discord.token,
            DISCORD__API_BASE=discord.api_base,
            DISCORD__CHANNELS=str(square.id),
            DISCORD__STAFF_CHANNEL=str(team_channel.id),
            REVIEW__GRACE_SECONDS=str(GRACE_SECONDS),
        ) as service:
            service.ready()
            async with chromium() as browser:
                team = {
                    name: Colleague(name, *accounts[name], await _signed_in(browser, service.address, links[name]))
                    for name in TEAM
                }
                ann, marleen = api.add_user("Ann Peeters"), discord.add_user("Marleen")
                yield Town(api, discord, service, group, team_group, ann, square, team_channel, marleen, people=team)
            service.stop()
        assert discord.state.violations == []
        _kept_quiet(service, secrets=(api.token, discord.token))
    assert command(home, "audit", "verify").returncode == 0


async def _team(home: Path, accounts: dict[str, tuple[str, str]]) -> dict[str, str]:
    """Add the team before the service starts; return for each the path of a link to sign in with."""
    url = f"sqlite+aiosqlite:///{home / 'data' / 'verbinder.db'}"
    upgrade(url)
    database = Database(url)
    links = {}
    for name, roles in TEAM.items():
        async with database.write() as tx:
            person = await people.add(tx, name, roles, datetime.now(UTC))
            for face, account in zip((Face.TELEGRAM, Face.DISCORD), accounts[name], strict=True):
                await people.link_account(tx, person.id, face, account)
        links[name] = await make_sign_in_link(database, lambda: datetime.now(UTC), person, "")
    await database.close()
    return links


async def _signed_in(browser: Browser, address: str, link: str) -> Page:
    context = await browser.new_context(base_url=address)
    context.set_default_timeout(PATIENCE)
    page = await context.new_page()
    await page.goto(link)
    await page.get_by_role("button", name="Meld mij aan").click()
    await page.get_by_role("link", name="Later").click()
    return page


def _kept_quiet(service: Service, *, secrets: tuple[str, ...]) -> None:
    printed = "\n".join([*service.said, *service.errors])
    for secret in secrets:
        assert secret not in printed
    assert re.search(r"/aanmelden/[\w-]{20}", "\n".join(service.errors)) is None
