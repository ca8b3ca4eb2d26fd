"""The people who work with Verbinder: administrators change this page, auditors read it."""

from __future__ import annotations

from collections.abc import Iterable

from starlette.responses import RedirectResponse, Response

from bot.core.errors import Refused
from bot.core.people import Face, Person, Role
from bot.store import people
from bot.web import administration
from bot.web.access import ADMINISTRATORS, OVERSEERS, Page
from bot.web.console import Visit
from bot.web.flashes import Flash
from bot.web.links import LIFETIME, make_sign_in_link
from bot.web.rendering import page

FACES = (Face.TELEGRAM, Face.DISCORD)


async def show(visit: Visit) -> Response:
    return await _page(visit)


async def add(visit: Visit) -> Response:
    form = await visit.form()
    try:
        person = await administration.add(visit, form.text("naam"), _roles(form.texts("rol")))
    except Refused as error:
        return await _page(visit, status=409, refusal=str(error))
    return await _with_link(visit, person)


async def roles(visit: Visit) -> Response:
    form = await visit.form()
    try:
        person = await administration.change_roles(visit, visit.path_number("id"), _roles(form.texts("rol")))
    except Refused as error:
        return await _page(visit, status=409, refusal=str(error))
    return _done(visit, f"De rollen van {person.name} zijn aangepast.")


async def switch(visit: Visit) -> Response:
    form = await visit.form()
    active = form.text("actief") == "ja"
    try:
        person = await administration.switch(visit, visit.path_number("id"), active=active)
    except Refused as error:
        return await _page(visit, status=409, refusal=str(error))
    return _done(visit, f"{person.name} kan {'weer' if active else 'niet meer'} aanmelden.")


async def account(visit: Visit) -> Response:
    form = await visit.form()
    try:
        face = next(face for face in FACES if face.value == form.text("plaats"))
        person = await administration.link_account(visit, visit.path_number("id"), face, form.text("account"))
    except StopIteration:
        return await _page(visit, status=409, refusal="Kies Telegram of Discord.")
    except Refused as error:
        return await _page(visit, status=409, refusal=str(error))
    return _done(visit, f"Het account is gekoppeld aan {person.name}.")


async def link(visit: Visit) -> Response:
    async with visit.console.database.read() as tx:
        person = await people.by_id(tx, visit.path_number("id"))
    if person is None:
        return await _page(visit, status=409, refusal="Deze collega bestaat niet of is uitgeschakeld.")
    return await _with_link(visit, person)


async def _with_link(visit: Visit, person: Person) -> Response:
    """Show a new one-time link in the answer itself: it is kept nowhere and cannot be shown again."""
    url = await make_sign_in_link(visit.console.database, visit.console.clock, person, visit.address)
    await administration.note_link(visit, person)
    return await _page(visit, link=url, link_for=person.name)


async def _page(visit: Visit, *, status: int = 200, refusal: str = "", link: str = "", link_for: str = "") -> Response:
    async with visit.console.database.read() as tx:
        everyone = await people.everyone(tx)
    return await page(
        visit,
        "people.html",
        status=status,
        everyone=everyone,
        roles=tuple(Role),
        faces=FACES,
        may_change=visit.has(Role.ADMINISTRATOR),
        refusal=refusal,
        link=link,
        link_for=link_for,
        hours=int(LIFETIME.total_seconds() // 3600),
    )


def _done(visit: Visit, text: str) -> Response:
    visit.say(Flash(text))
    return RedirectResponse("/mensen", 303)


def _roles(names: Iterable[str]) -> frozenset[Role]:
    return frozenset(role for role in Role if role.value in set(names))


PAGES = (
    Page("GET", "/mensen", show, OVERSEERS),
    Page("POST", "/mensen", add, ADMINISTRATORS),
    Page("POST", "/mensen/{id:int}/rollen", roles, ADMINISTRATORS),
    Page("POST", "/mensen/{id:int}/toegang", switch, ADMINISTRATORS),
    Page("POST", "/mensen/{id:int}/account", account, ADMINISTRATORS),
    Page("POST", "/mensen/{id:int}/link", link, ADMINISTRATORS),
)
