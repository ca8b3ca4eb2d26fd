"""Sign in with name and password or with a one-time link, and sign out."""

from __future__ import annotations

from datetime import timedelta

from starlette.responses import RedirectResponse, Response

from bot.core.audit import AuditEvent, AuditName
from bot.core.people import Person
from bot.store import audit, people
from bot.web.access import EVERYONE, OPEN, Page
from bot.web.console import Visit
from bot.web.flashes import Flash
from bot.web.origin import safe_path
from bot.web.rendering import page

_WRONG = "Deze naam en dit wachtwoord horen niet bij elkaar. Probeer het opnieuw, of vraag een beheerder een link."
_GONE = "Deze link werkt niet meer: hij is al gebruikt of te oud. Vraag een beheerder een nieuwe."
_NAME_LONGEST = 80


async def show(visit: Visit) -> Response:
    if visit.person is not None:
        return RedirectResponse("/", 303)
    return await page(visit, "sign_in.html", onward=safe_path(visit.query("naar")), name="", wrong="")


async def sign_in(visit: Visit) -> Response:
    console, form = visit.console, await visit.form()
    name, onward = form.text("naam").strip()[:_NAME_LONGEST], safe_path(form.text("naar"))
    wait = console.throttle.wait_for(name, visit.now)
    if wait > timedelta():
        minutes = -(-wait // timedelta(minutes=1))
        slow = f"Er is te vaak een verkeerd wachtwoord gegeven. Wacht {minutes} min, of vraag een beheerder een link."
        return await page(visit, "sign_in.html", status=429, onward=onward, name=name, wrong=slow)
    # Counted before it is checked: a hundred tries at once must not all slip past.
    console.throttle.failed(name, visit.now)
    person = await _proven(visit, name, form.text("wachtwoord"))
    if person is None:
        await _log(visit, AuditEvent(AuditName.SIGN_IN_FAILED, data={"via": "web"}))
        return await page(visit, "sign_in.html", status=403, onward=onward, name=name, wrong=_WRONG)
    console.throttle.succeeded(name)
    return await _begin(visit, person, onward, by_link=False)


async def show_link(visit: Visit) -> Response:
    """Show a button only: programs that preview links in a chat must not use the link up."""
    return await page(visit, "sign_in_link.html", wrong="")


async def use_link(visit: Visit) -> Response:
    async with visit.console.database.write() as tx:
        person = await people.use_sign_in_link(tx, visit.request.path_params["token"], visit.now)
    if person is None:
        await _log(visit, AuditEvent(AuditName.SIGN_IN_FAILED, data={"via": "link"}))
        return await page(visit, "sign_in_link.html", status=410, wrong=_GONE)
    return await _begin(visit, person, "/wachtwoord", by_link=True)


async def sign_out(visit: Visit) -> Response:
    await visit.console.sessions.end(visit.token)
    await _log(visit, AuditEvent(AuditName.SIGNED_OUT, visit.who.name))
    response = RedirectResponse("/aanmelden", 303)
    visit.console.sessions.take(response)
    return response


async def _proven(visit: Visit, name: str, password: str) -> Person | None:
    passwords = visit.console.passwords
    async with visit.console.database.read() as tx:
        found = await people.password_hash(tx, name)
    person, stored = found or (None, None)
    if not await passwords.verify(stored, password) or person is None or stored is None:
        return None
    if passwords.outdated(stored):
        renewed = await passwords.hash(password)
        async with visit.console.database.write() as tx:
            await people.set_password_hash(tx, person.id, renewed)
    return person


async def _begin(visit: Visit, person: Person, onward: str, *, by_link: bool) -> Response:
    sessions = visit.console.sessions
    if visit.person is not None:
        await sessions.end(visit.token)
    token = await sessions.start(person, by_link=by_link)
    await _log(visit, AuditEvent(AuditName.SIGNED_IN, person.name, data={"via": "link" if by_link else "web"}))
    visit.console.flashes.put(token, Flash(f"Dag {person.name}, u bent aangemeld."))
    response = RedirectResponse(onward, 303)
    sessions.give(response, token)
    return response


async def _log(visit: Visit, event: AuditEvent) -> None:
    async with visit.console.database.write() as tx:
        await audit.append(tx, visit.now, event)


PAGES = (
    Page("GET", "/aanmelden", show, OPEN),
    Page("POST", "/aanmelden", sign_in, OPEN),
    Page("GET", "/aanmelden/{token}", show_link, OPEN),
    Page("POST", "/aanmelden/{token}", use_link, OPEN),
    Page("POST", "/afmelden", sign_out, EVERYONE),
)
