"""The whole service in this process: what it announces, that it is alone, that it stops without a trace."""

from __future__ import annotations

import asyncio
import contextlib
import re
import socket
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import httpx
import pytest

from bot.app import run_service
from bot.core.audit import AuditName
from bot.core.errors import ConfigError, StoreError
from bot.core.people import Role
from bot.settings import Settings
from bot.store import audit, people
from bot.store.database import Database
from tests.app.conftest import SettingsOf, other_threads
from tests.builders import NOON

pytestmark = pytest.mark.usefixtures("one_engine")

PATIENCE_SECONDS = 20.0


@dataclass
class Running:
    """A service that runs, and what it announced."""

    task: asyncio.Task[None]
    lines: list[str] = field(default_factory=list)

    @property
    def address(self) -> str:
        return self.lines[0].removeprefix("Console: ")

    @property
    def link(self) -> str | None:
        found = re.search(r"http://\S+/aanmelden/\S+", "\n".join(self.lines))
        return found[0] if found else None

    async def stop(self) -> None:
        self.task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self.task


@contextlib.asynccontextmanager
async def running(settings: Settings) -> AsyncIterator[Running]:
    """Run the service until the end of the block; raise what it could not start for."""
    lines: list[str] = []
    service = Running(asyncio.create_task(run_service(settings, announce=lines.append)), lines)
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while not (lines and lines[-1].startswith("Stoppen")):
        if service.task.done():
            service.task.result()
        assert asyncio.get_running_loop().time() < deadline
        await asyncio.sleep(0.01)
    try:
        yield service
    finally:
        await service.stop()


async def log_of(settings: Settings) -> list[str]:
    """Return the names in the audit log, oldest first."""
    database = Database(settings.database.url)
    async with database.read() as tx:
        lines = await audit.recent(tx, limit=1000)
        assert await audit.verify(tx) is None
    await database.close()
    return [line.event.name for line in reversed(lines)]


async def test_it_says_where_it_is_how_to_sign_in_and_what_plays(settings_of: SettingsOf) -> None:
    async with running(settings_of()) as service:
        assert re.fullmatch(r"Console: http://127\.0\.0\.1:[1-9]\d*", service.lines[0])
        assert service.link is not None
        assert service.link.startswith(service.address)
        assert "Kanalen: demo" in service.lines
        assert any("verzonnen gemeente" in line for line in service.lines)
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{service.address}/aanmelden")).status_code == 200


async def test_the_link_signs_the_first_administrator_in_once(settings_of: SettingsOf, database_url: str) -> None:
    settings = settings_of(DATABASE__URL=database_url)
    async with running(settings) as service, httpx.AsyncClient(follow_redirects=True) as client:
        assert service.link is not None
        own = {"origin": service.address, "sec-fetch-site": "same-origin"}
        page = await client.post(service.link, headers=own)
        assert page.url.path == "/wachtwoord"
        again = await client.post(service.link, headers=own)
        assert again.status_code == 410
    database = Database(settings.database.url)
    async with database.read() as tx:
        (row,) = await people.everyone(tx)
    await database.close()
    assert row.person.roles == {Role.ADMINISTRATOR}


@pytest.mark.parametrize("password", [False, True])
async def test_the_link_is_shown_until_somebody_has_a_password(settings_of: SettingsOf, password: bool) -> None:
    settings = settings_of(DEMO__ENABLED="off")
    async with running(settings) as service:
        first = service.link
    if password:
        database = Database(settings.database.url)
        async with database.write() as tx:
            (row,) = await people.everyone(tx)
            await people.set_password_hash(tx, row.person.id, "a hash")
        await database.close()
    async with running(settings) as service:
        if password:
            assert service.link is None
            assert any("verbinder people signin-link" in line for line in service.lines)
        else:
            assert service.link not in {None, first}, "each start has a link of its own"
            assert len([name for name in await log_of(settings) if name == AuditName.PERSON_ADDED]) == 1


async def test_a_colleague_without_the_right_gets_no_link(settings_of: SettingsOf) -> None:
    settings = settings_of(DEMO__ENABLED="off")
    async with running(settings):
        pass
    database = Database(settings.database.url)
    async with database.write() as tx:
        (row,) = await people.everyone(tx)
        await people.change(tx, row.person.id, active=False)
        await people.add(tx, "Bram", [Role.MODERATOR], NOON)
    await database.close()
    async with running(settings) as service:
        assert service.link is None


async def test_starting_and_stopping_stand_in_the_log_and_nothing_is_left(settings_of: SettingsOf) -> None:
    settings = settings_of()
    before = asyncio.all_tasks()
    async with running(settings) as service:
        async with httpx.AsyncClient() as client:  # an event stream that is open must not hold it up
            await client.get(f"{service.address}/gezond")
        port = int(service.address.rpartition(":")[2])
    names = await log_of(settings)
    assert names[0] == AuditName.SERVICE_STARTED
    assert names[-1] == AuditName.SERVICE_STOPPED
    assert asyncio.all_tasks() == before
    assert other_threads() == set()
    with socket.socket() as again:
        again.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        again.bind(("127.0.0.1", port))


async def test_a_second_service_on_the_same_database_is_refused(settings_of: SettingsOf, database_url: str) -> None:
    settings = settings_of(DATABASE__URL=database_url, DEMO__ENABLED="off")
    async with running(settings) as first:
        said: list[str] = []
        with pytest.raises(StoreError, match="draait al"):
            await run_service(settings, announce=said.append)
        assert said == [], "nothing is announced that is not so"
        async with httpx.AsyncClient() as client:
            assert (await client.get(f"{first.address}/gezond")).status_code == 200
    async with running(settings):
        pass
    assert (await log_of(settings)).count(AuditName.SERVICE_STARTED) == 2


async def test_a_port_in_use_is_said_before_anything_is_made(settings_of: SettingsOf) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        settings = settings_of(CONSOLE__PORT=str(taken.getsockname()[1]))
        with pytest.raises(ConfigError, match="in gebruik"):
            await run_service(settings, announce=print)
    assert not settings.data_dir.exists()


@pytest.mark.parametrize(
    ("changes", "words"),
    [
        ({"TIMEZONE": "Europe/Brusel"}, "VERBINDER_TIMEZONE"),
        ({"REVIEW__WORKING_DAY": "17:00-09:00"}, "VERBINDER_REVIEW__WORKING_DAY"),
        ({"REVIEW__DIGEST_AT": "25:00"}, "VERBINDER_REVIEW__DIGEST_AT"),
        ({"REVIEW__CLOSING_DAYS": "31-31"}, "VERBINDER_REVIEW__CLOSING_DAYS"),
        ({"TELEGRAM__TOKEN": "geen-token"}, "VERBINDER_TELEGRAM__TOKEN"),
        (
            {"TELEGRAM__TOKEN": "123456:AAtHisIsNoRealTokenButLooksLikeOne0123", "TELEGRAM__CHATS": "dorp"},
            "VERBINDER_TELEGRAM__CHATS",
        ),
    ],
)
async def test_a_setting_that_makes_no_sense_is_said_before_anything_is_announced(
    settings_of: SettingsOf, changes: dict[str, str], words: str
) -> None:
    said: list[str] = []
    with pytest.raises(ConfigError, match=words):
        await run_service(settings_of(**changes), announce=said.append)
    assert said == []
    assert other_threads() == set()


async def test_what_is_typed_as_an_answer_is_checked_with_the_frames_in_force(settings_of: SettingsOf) -> None:
    """The remarks on a draft come from the same engine that judges."""
    settings = settings_of(DEMO__PACE="0.001", REVIEW__GRACE_SECONDS="60")
    async with running(settings) as service, httpx.AsyncClient(follow_redirects=True) as client:
        assert service.link is not None
        own = {"origin": service.address, "sec-fetch-site": "same-origin"}
        await client.post(service.link, headers=own)
        found = None
        async with asyncio.timeout(PATIENCE_SECONDS):
            while found is None:
                page = await client.get(f"{service.address}/wachtrij?soort=antwoord")
                found = re.search(r"/zaken/\d+", page.text)
                await asyncio.sleep(0.05)
        draft = {"text": "Bel mij op 0470 12 34 56 of mail naar marleen@example.org."}
        page = await client.post(f"{service.address}{found[0]}/nakijken", data=draft, headers=own)
        assert page.status_code == 200
        assert "Let hier nog op" in page.text
