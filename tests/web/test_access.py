"""The whole table: every page and command, for every role and for nobody."""

from __future__ import annotations

import pytest

from bot.core.people import Role
from bot.store import rule_versions
from bot.store.rule_versions import NewVersion, Origin
from bot.web.app import PAGES
from tests.builders import Services, message, post
from tests.web.conftest import Enter
from tests.web.visitor import parse

ADMIN, MOD, CM, AUDIT = Role.ADMINISTRATOR, Role.MODERATOR, Role.COMMUNITY_MANAGER, Role.AUDITOR
ALL = {ADMIN, MOD, CM, AUDIT}
DECIDERS = {ADMIN, MOD, CM}
OVERSEERS = {ADMIN, AUDIT}

# (method, path, an address that exists, who may); None: nobody has to sign in
TABLE = [
    ("GET", "/aanmelden", "/aanmelden", None),
    ("POST", "/aanmelden", "/aanmelden", None),
    ("GET", "/aanmelden/{token}", "/aanmelden/abc", None),
    ("POST", "/aanmelden/{token}", "/aanmelden/abc", None),
    ("POST", "/afmelden", "/afmelden", ALL),
    ("GET", "/wachtwoord", "/wachtwoord", ALL),
    ("POST", "/wachtwoord", "/wachtwoord", ALL),
    ("GET", "/", "/", ALL),
    ("GET", "/wachtrij", "/wachtrij", ALL),
    ("GET", "/wachtrij/volgende", "/wachtrij/volgende", ALL),
    ("GET", "/zaken", "/zaken", ALL),
    ("GET", "/zaken/{id:int}", "/zaken/1", ALL),
    ("POST", "/zaken/{id:int}/nakijken", "/zaken/1/nakijken", DECIDERS),
    ("POST", "/zaken/{id:int}/{actie}", "/zaken/1/opnemen", DECIDERS),
    ("POST", "/berichten", "/berichten", {ADMIN}),
    ("GET", "/kanalen", "/kanalen", ALL),
    ("GET", "/kanalen/{channel}", "/kanalen/demo", ALL),
    ("GET", "/geschiedenis", "/geschiedenis", ALL),
    ("GET", "/regels", "/regels", ALL),
    ("GET", "/regels/regel/{id}", "/regels/regel/persoonlijke-belediging", ALL),
    ("GET", "/regels/bewerken", "/regels/bewerken", {ADMIN}),
    ("POST", "/regels/bewerken", "/regels/bewerken", {ADMIN}),
    ("POST", "/regels/bewerken/nakijken", "/regels/bewerken/nakijken", {ADMIN}),
    ("POST", "/regels/bewerken/voorbeeld", "/regels/bewerken/voorbeeld", {ADMIN}),
    ("GET", "/regels/versies", "/regels/versies", OVERSEERS),
    ("GET", "/regels/versies/{id:int}", "/regels/versies/1", OVERSEERS),
    ("POST", "/regels/versies/{id:int}/terugzetten", "/regels/versies/1/terugzetten", {ADMIN}),
    ("GET", "/regels/terugblik", "/regels/terugblik", ALL),
    ("POST", "/regels/terugblik", "/regels/terugblik", {ADMIN}),
    ("POST", "/regels/terugblik/stop", "/regels/terugblik/stop", {ADMIN}),
    ("GET", "/verslag", "/verslag", OVERSEERS),
    ("GET", "/mensen", "/mensen", OVERSEERS),
    ("POST", "/mensen", "/mensen", {ADMIN}),
    ("POST", "/mensen/{id:int}/rollen", "/mensen/1/rollen", {ADMIN}),
    ("POST", "/mensen/{id:int}/toegang", "/mensen/1/toegang", {ADMIN}),
    ("POST", "/mensen/{id:int}/account", "/mensen/1/account", {ADMIN}),
    ("POST", "/mensen/{id:int}/link", "/mensen/1/link", {ADMIN}),
    ("GET", "/toestand", "/toestand", ALL),
    ("GET", "/gezond", "/gezond", None),
    ("GET", "/hulp", "/hulp", ALL),
]
RULES = ("/regels", "/regels/regel/persoonlijke-belediging", "/regels/terugblik")
# The stream answers 401 itself; tests/web/test_live.py.
ELSEWHERE = {("GET", "/stroom")}


def test_the_table_names_every_page_there_is() -> None:
    assert {(page.method, page.path) for page in PAGES} == {(m, path) for m, path, _, _ in TABLE} | ELSEWHERE


async def keep_version(services: Services) -> None:
    async with services.database.write() as tx:
        await rule_versions.add(tx, NewVersion("hash", "versie: 1\n", {}, "An", Origin.CONSOLE), services.clock())


@pytest.mark.parametrize("role", [*Role, None], ids=lambda role: role or "nobody")
async def test_each_role_reaches_its_own_pages_and_no_others(
    role: Role | None, enter: Enter, sqlite_services: Services
) -> None:
    await sqlite_services.receive(post(), message("een vraag"))
    await keep_version(sqlite_services)
    for method, _path, address, roles in TABLE:
        visitor = await enter(*([role] if role else []))
        response = await visitor.client.request(method, address)
        refused = response.status_code == 303 and response.headers["location"].startswith("/aanmelden")
        signs_out = address == "/afmelden" and role is not None
        if roles is None:
            assert response.status_code in {200, 303, 403, 410}, (method, address)  # 403, 410: wrong password or link
        elif role is None:
            assert refused, (method, address, response.status_code)
        elif role in roles:
            assert response.status_code in {200, 303, 409, 422}, (method, address, response.status_code)
            assert not refused or signs_out, (method, address)
        else:
            assert response.status_code == 403, (method, address, response.status_code)


async def test_an_auditor_sees_no_button_that_changes_anything(enter: Enter, sqlite_services: Services) -> None:
    await sqlite_services.receive(post(), message("een vraag"), message("alarm", id="102"))
    await keep_version(sqlite_services)
    visitor = await enter(AUDIT)
    for address in ("/wachtrij", "/zaken/1", "/zaken/2", "/kanalen/demo", "/mensen", "/verslag", "/toestand",
                    "/regels/versies", "/regels/versies/1", *RULES):  # fmt: skip
        assert parse((await visitor.get(address)).text).actions() <= {"/afmelden"}, address
