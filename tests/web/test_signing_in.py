from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import timedelta
from pathlib import Path

import httpx
import pytest
from starlette.applications import Starlette

from bot.core.audit import AuditName
from bot.core.people import Person, Role
from bot.settings import ConsoleSettings, Settings
from bot.store import audit, people
from bot.web.links import LIFETIME, make_sign_in_link
from bot.web.sessions import ABSOLUTE, IDLE
from bot.web.throttle import PER_NAME, WINDOW
from tests.builders import Services
from tests.web.visitor import BASE, Visitor, console_on, parse

PASSWORD = "vier rustige groene eenden"


@pytest.fixture
async def browser(app: Starlette) -> AsyncIterator[Visitor]:
    visitor = Visitor(app)
    yield visitor
    await visitor.client.aclose()


@pytest.fixture
async def an(sqlite_services: Services, browser: Visitor) -> Person:
    person = await sqlite_services.person("An", Role.ADMINISTRATOR)
    async with sqlite_services.database.write() as tx:
        await people.set_password_hash(tx, person.id, await browser.console.passwords.hash(PASSWORD))
    return person


async def _try(browser: Visitor, name: str, password: str, onward: str = "") -> httpx.Response:
    return await browser.post("/aanmelden", {"naam": name, "wachtwoord": password, "naar": onward})


async def _link(services: Services, person: Person) -> str:
    return (await make_sign_in_link(services.database, services.clock, person, BASE)).removeprefix(BASE)


async def _inside(browser: Visitor) -> bool:
    return (await browser.get("/wachtrij")).status_code == 200


async def test_name_and_password_let_a_person_in_and_lead_to_the_page_they_wanted(browser: Visitor, an: Person) -> None:
    sent_away = await browser.get("/zaken/3?regel=x")
    assert sent_away.headers["location"] == "/aanmelden?naar=/zaken/3%3Fregel%3Dx"
    form = parse((await browser.follow(sent_away)).text)
    assert ("input", {"type": "hidden", "name": "naar", "value": "/zaken/3?regel=x"}) in form.tags
    response = await _try(browser, "An", PASSWORD, "/zaken/3?regel=x")
    assert response.status_code == 303
    assert response.headers["location"] == "/zaken/3?regel=x"
    assert await _inside(browser)


@pytest.mark.parametrize("onward", ["https://boos.example/", "//boos.example", "/\\boos.example"])
async def test_signing_in_never_leads_to_another_site(browser: Visitor, an: Person, onward: str) -> None:
    assert (await _try(browser, "An", PASSWORD, onward)).headers["location"] == "/"


@pytest.mark.parametrize(
    ("name", "password"),
    [("An", "niet dit wachtwoord"), ("An", ""), ("Bestaat niet", PASSWORD), ("", ""), ("An\u200b", PASSWORD)],
)
async def test_a_wrong_pair_is_refused_without_saying_which_half(
    browser: Visitor, an: Person, sqlite_services: Services, name: str, password: str
) -> None:
    response = await _try(browser, name, password)
    assert response.status_code == 403
    assert "horen niet bij elkaar" in response.text
    assert not await _inside(browser)
    async with sqlite_services.database.read() as tx:
        (line,) = await audit.recent(tx, limit=1)
    assert line.event.name is AuditName.SIGN_IN_FAILED
    assert line.event.actor == "verbinder"  # what was typed may be a password: it stands nowhere
    assert line.event.data == {"via": "web"}


async def test_someone_without_a_password_cannot_use_an_empty_one(browser: Visitor, sqlite_services: Services) -> None:
    await sqlite_services.person("Bram", Role.MODERATOR)
    assert (await _try(browser, "Bram", "")).status_code == 403


async def test_guessing_is_slowed_down_and_the_right_password_waits_too(
    browser: Visitor, an: Person, sqlite_services: Services
) -> None:
    for _ in range(PER_NAME):
        assert (await _try(browser, "An", "mis")).status_code == 403
    slowed = await _try(browser, "An", PASSWORD)
    assert slowed.status_code == 429
    assert "Wacht 15 min" in slowed.text
    sqlite_services.clock.advance(WINDOW)
    assert (await _try(browser, "An", PASSWORD)).status_code == 303


async def test_the_cookie_is_out_of_reach_of_scripts_and_other_sites(browser: Visitor, an: Person) -> None:
    cookie = (await _try(browser, "An", PASSWORD)).headers["set-cookie"]
    assert cookie.startswith("verbinder=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    assert "Path=/" in cookie
    assert "Secure" not in cookie  # plain http on this machine: a Secure cookie would never come back
    assert "Domain" not in cookie


async def test_over_https_the_cookie_is_secure_and_bound_to_this_host(an: Person, sqlite_services: Services) -> None:
    settings = Settings(console=ConsoleSettings(url="https://verbinder.dorpbeke.be"))
    visitor = Visitor(console_on(sqlite_services, settings=settings), base="https://verbinder.dorpbeke.be")
    cookie = (await _try(visitor, "An", PASSWORD)).headers["set-cookie"]
    assert cookie.startswith("__Host-verbinder=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie
    assert await _inside(visitor)
    await visitor.client.aclose()


async def test_a_one_time_link_works_once_and_only_when_its_button_is_pressed(
    browser: Visitor, sqlite_services: Services
) -> None:
    link = await _link(sqlite_services, await sqlite_services.person("Bram", Role.MODERATOR))
    for _ in range(3):  # a chat program makes a preview, a scanner of mail looks too
        assert "Meld mij aan" in (await browser.get(link)).text
    response = await browser.post(link)
    assert response.headers["location"] == "/wachtwoord"
    assert "Kies een wachtwoord" in (await browser.follow(response)).text
    second = Visitor(browser.app)
    refused = await second.post(link)
    assert refused.status_code == 410
    assert "al gebruikt of te oud" in refused.text
    assert not await _inside(second)
    await second.client.aclose()


async def test_a_one_time_link_grows_old(browser: Visitor, sqlite_services: Services) -> None:
    link = await _link(sqlite_services, await sqlite_services.person("Bram", Role.MODERATOR))
    sqlite_services.clock.advance(LIFETIME)
    assert (await browser.post(link)).status_code == 410


async def test_only_hashes_of_secrets_are_stored(browser: Visitor, sqlite_services: Services) -> None:
    link = await _link(sqlite_services, await sqlite_services.person("Bram", Role.MODERATOR))
    await browser.post(link)
    token = browser.client.cookies[browser.console.sessions.cookie]
    assert len(token) >= 43  # 256 bits
    assert sqlite_services.database.url.database is not None
    await sqlite_services.database.close()  # so that the log is written into the file
    stored = Path(sqlite_services.database.url.database).read_bytes()
    assert token.encode() not in stored
    assert link.rpartition("/")[2].encode() not in stored


async def test_a_session_ends_when_nobody_uses_it(browser: Visitor, an: Person, sqlite_services: Services) -> None:
    await _try(browser, "An", PASSWORD)
    sqlite_services.clock.advance(IDLE - timedelta(minutes=1))
    assert await _inside(browser)  # and starts to count anew
    sqlite_services.clock.advance(IDLE - timedelta(minutes=1))
    assert await _inside(browser)
    sqlite_services.clock.advance(IDLE)
    assert not await _inside(browser)


async def test_a_session_ends_after_a_week_however_busy(
    browser: Visitor, an: Person, sqlite_services: Services
) -> None:
    await _try(browser, "An", PASSWORD)
    for _ in range(int(ABSOLUTE / timedelta(hours=6))):
        assert await _inside(browser)
        sqlite_services.clock.advance(timedelta(hours=6))
    assert not await _inside(browser)


async def test_signing_out_ends_the_session_on_the_server(browser: Visitor, an: Person) -> None:
    await _try(browser, "An", PASSWORD)
    token = browser.client.cookies["verbinder"]
    assert (await browser.post("/afmelden")).headers["location"] == "/aanmelden"
    browser.client.cookies.set("verbinder", token, domain="127.0.0.1")  # someone who kept a copy
    assert not await _inside(browser)


async def test_signing_in_again_never_reuses_a_token(browser: Visitor, an: Person) -> None:
    await _try(browser, "An", PASSWORD)
    first = browser.client.cookies["verbinder"]
    await _try(browser, "An", PASSWORD)
    assert browser.client.cookies["verbinder"] != first
    assert await browser.console.sessions.find(first) is None


async def test_whoever_is_switched_off_is_out_at_once(browser: Visitor, an: Person, sqlite_services: Services) -> None:
    await _try(browser, "An", PASSWORD)
    async with sqlite_services.database.write() as tx:
        await people.change(tx, an.id, active=False)
    assert not await _inside(browser)
    assert (await _try(browser, "An", PASSWORD)).status_code == 403


@pytest.mark.parametrize("token", ["", "onzin", "x" * 5000])
async def test_a_made_up_token_opens_nothing(browser: Visitor, token: str) -> None:
    browser.client.cookies.set("verbinder", token, domain="127.0.0.1")
    assert not await _inside(browser)


# ── choosing a password ───────────────────────────────────────────────────────────────────────────────────────────


async def _choose(browser: Visitor, new: str, again: str | None = None, old: str = "") -> httpx.Response:
    data = {"nieuw": new, "nogmaals": new if again is None else again, "huidig": old}
    return await browser.post("/wachtwoord", data)


@pytest.mark.parametrize(
    ("new", "again", "said"),
    [
        ("kort", None, "minstens 12 tekens"),
        ("x" * 201, None, "hoogstens 200 tekens"),
        ("aaaaaaaaaaaaaaaa", None, "te makkelijk"),
        ("een goed lang woord", "een ander lang woord", "niet dezelfde"),
    ],
)
async def test_a_password_that_will_not_do_is_explained(
    browser: Visitor, sqlite_services: Services, new: str, again: str | None, said: str
) -> None:
    await browser.sign_in(await sqlite_services.person("Bram", Role.MODERATOR))
    response = await _choose(browser, new, again)
    assert response.status_code == 422
    assert said in response.text


async def test_a_changed_password_asks_for_the_old_one_and_signs_out_other_devices(
    browser: Visitor, an: Person
) -> None:
    other = await Visitor(browser.app).sign_in(an)
    await _try(browser, "An", PASSWORD)
    assert (await _choose(browser, "nieuw en heel lang")).status_code == 403
    assert (await _choose(browser, "nieuw en heel lang", old=PASSWORD)).status_code == 303
    assert await _inside(browser)
    assert not await _inside(other)
    assert (await _try(other, "An", PASSWORD)).status_code == 403
    assert (await _try(other, "An", "nieuw en heel lang")).status_code == 303
    await other.client.aclose()


async def test_after_a_one_time_link_a_forgotten_password_need_not_be_known(
    browser: Visitor, an: Person, sqlite_services: Services
) -> None:
    await browser.post(await _link(sqlite_services, an))
    assert "Uw huidige wachtwoord" not in (await browser.get("/wachtwoord")).text
    sqlite_services.clock.advance(timedelta(minutes=16))  # a browser left open is another matter
    assert "Uw huidige wachtwoord" in (await browser.get("/wachtwoord")).text
