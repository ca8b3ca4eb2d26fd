"""Administrators add colleagues, give roles, link accounts, switch people off; nobody locks everyone out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Sequence

import pytest

from bot.core.audit import AuditName
from bot.core.people import Face, Person, Role
from bot.store import audit, people
from tests.builders import Services
from tests.web.visitor import BASE, Visitor, console_on, parse


@pytest.fixture
async def an(services: Services) -> AsyncIterator[Visitor]:
    visitor = await Visitor(console_on(services)).sign_in(await services.person("An", Role.ADMINISTRATOR))
    yield visitor
    await visitor.client.aclose()


async def _person(services: Services, name: str) -> people.PersonRow:
    async with services.database.read() as tx:
        (found,) = [row for row in await people.everyone(tx) if row.person.name == name]
    return found


async def test_a_new_colleague_gets_a_link_that_is_shown_once(an: Visitor, services: Services) -> None:
    response = await an.post("/mensen", {"naam": "  Bram   De Smet ", "rol": ["moderator", "community_manager"]})
    found = await _person(services, "Bram De Smet")
    assert found.person.roles == {Role.MODERATOR, Role.COMMUNITY_MANAGER}
    link = re.search(rf"{BASE}(/aanmelden/[\w-]+)", response.text)
    assert link is not None
    assert link[1] not in (await an.get("/mensen")).text
    bram = Visitor(an.app)
    assert (await bram.post(link[1])).headers["location"] == "/wachtwoord"
    assert (await bram.get("/wachtrij")).status_code == 200
    await bram.client.aclose()


@pytest.mark.parametrize(
    ("name", "roles", "said"),
    [
        ("", ["moderator"], "Geef een naam"),
        ("x" * 81, ["moderator"], "Geef een naam"),
        ("Bram\u202e", ["moderator"], "Geef een naam"),  # a name that would turn the text around it
        ("Bram", [], "minstens één rol"),
        ("Bram", ["keizer"], "minstens één rol"),
        ("an", ["moderator"], "al een collega met deze naam"),
    ],
)
async def test_a_colleague_that_cannot_be_added_is_explained(
    an: Visitor, services: Services, name: str, roles: Sequence[str], said: str
) -> None:
    response = await an.post("/mensen", {"naam": name, "rol": roles})
    assert response.status_code == 409
    assert said in parse(response.text).text
    async with services.database.read() as tx:
        assert len(await people.everyone(tx)) == 1


async def test_other_roles_count_at_once(an: Visitor, services: Services) -> None:
    mo = await services.person("Mo", Role.MODERATOR)
    browser = await Visitor(an.app).sign_in(mo)
    assert (await browser.get("/verslag")).status_code == 403
    await an.follow(await an.post(f"/mensen/{mo.id}/rollen", {"rol": ["auditor"]}))
    assert (await browser.get("/verslag")).status_code == 200
    await browser.client.aclose()


async def test_switching_off_signs_out_and_switching_on_does_not_revive_the_session(
    an: Visitor, services: Services
) -> None:
    mo = await services.person("Mo", Role.MODERATOR)
    browser = await Visitor(an.app).sign_in(mo)
    assert (
        "Mo kan niet meer aanmelden."
        in (await an.follow(await an.post(f"/mensen/{mo.id}/toegang", {"actief": "nee"}))).text
    )
    assert (await browser.get("/wachtrij")).status_code == 303
    assert (
        "Mo kan weer aanmelden." in (await an.follow(await an.post(f"/mensen/{mo.id}/toegang", {"actief": "ja"}))).text
    )
    assert (await browser.get("/wachtrij")).status_code == 303
    await browser.client.aclose()


async def test_there_is_always_an_administrator(an: Visitor, services: Services) -> None:
    me = (await _person(services, "An")).person
    own_roles = await an.post(f"/mensen/{me.id}/rollen", {"rol": ["moderator"]})
    assert "minstens één beheerder" in own_roles.text
    own_access = await an.post(f"/mensen/{me.id}/toegang", {"actief": "nee"})
    assert "U kunt uzelf niet uitschakelen." in own_access.text
    other = await services.person("Bo", Role.ADMINISTRATOR)
    assert (await an.post(f"/mensen/{me.id}/rollen", {"rol": ["moderator"]})).status_code == 303
    assert other.roles == {Role.ADMINISTRATOR}


async def test_an_account_is_linked_to_one_colleague(an: Visitor, services: Services) -> None:
    mo, bo = await services.person("Mo", Role.MODERATOR), await services.person("Bo", Role.MODERATOR)

    async def link(person: Person, account: str, face: str = "discord") -> str:
        response = await an.post(f"/mensen/{person.id}/account", {"plaats": face, "account": account})
        page = await an.follow(response) if response.status_code == 303 else response
        return parse(page.text).text

    assert "Het account is gekoppeld aan Mo." in await link(mo, " 123456789012345678 ")
    assert (await services.desk.person_for(Face.DISCORD, "123456789012345678")) == mo
    assert "Dit account hoort al bij Mo." in await link(bo, "123456789012345678")
    assert "bestaat alleen uit cijfers" in await link(bo, "@bo")
    assert "Kies Telegram of Discord." in await link(bo, "5", "web")
    assert "Discord: 123456789012345678." in await link(bo, "77", "telegram")


async def test_a_colleague_who_is_not_there_is_one_clear_message(an: Visitor) -> None:
    for path, data in (("rollen", {"rol": "auditor"}), ("toegang", {"actief": "nee"}), ("link", {})):
        response = await an.post(f"/mensen/999/{path}", data)
        assert response.status_code == 409
        assert "Deze collega bestaat niet" in response.text


async def test_every_step_is_in_the_log_and_no_secret_is(an: Visitor, services: Services) -> None:
    response = await an.post("/mensen", {"naam": "Bram", "rol": "moderator"})
    token = re.findall(r"/aanmelden/([\w-]+)", response.text)[0]
    bram = (await _person(services, "Bram")).person
    await an.post(f"/mensen/{bram.id}/account", {"plaats": "telegram", "account": "42"})
    await an.post(f"/mensen/{bram.id}/toegang", {"actief": "nee"})
    async with services.database.read() as tx:
        lines = await audit.recent(tx, limit=4)
    assert [line.event.name for line in reversed(lines)] == [
        AuditName.PERSON_ADDED, AuditName.PERSON_CHANGED, AuditName.ACCOUNT_LINKED, AuditName.PERSON_CHANGED,
    ]  # fmt: skip
    assert {line.event.actor for line in lines} == {"An"}
    assert token not in str(lines)


async def test_an_auditor_reads_the_people_and_changes_none(an: Visitor, services: Services) -> None:
    reader = await Visitor(an.app).sign_in(await services.person("Lies", Role.AUDITOR))
    page = parse((await reader.get("/mensen")).text)
    assert "Beheerder" in page.text
    assert page.actions() == {"/afmelden"}
    await reader.client.aclose()
