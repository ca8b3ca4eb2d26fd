"""Choose or change one's own password. Other sessions end; after a one-time link the old password is not asked."""

from __future__ import annotations

from starlette.responses import RedirectResponse, Response

from bot.core.audit import AuditEvent, AuditName
from bot.store import audit, people
from bot.web import queries
from bot.web.access import EVERYONE, Page
from bot.web.console import Visit
from bot.web.flashes import Flash
from bot.web.passwords import SHORTEST, problem_with
from bot.web.rendering import page


async def show(visit: Visit) -> Response:
    return await _form(visit)


async def change(visit: Visit) -> Response:
    console, form, person = visit.console, await visit.form(), visit.who
    if await _asks_old(visit):
        wait = console.throttle.wait_for(person.name, visit.now)
        async with console.database.read() as tx:
            found = await people.password_hash(tx, person.name)
        if wait or found is None or not await console.passwords.verify(found[1], form.text("huidig")):
            console.throttle.failed(person.name, visit.now)
            return await _form(visit, status=403, wrong="Uw huidige wachtwoord klopt niet.")
    problem = problem_with(form.text("nieuw"), form.text("nogmaals"), person.name)
    if problem is not None:
        return await _form(visit, status=422, wrong=problem)
    hashed = await console.passwords.hash(form.text("nieuw"))
    async with console.database.write() as tx:
        await people.set_password_hash(tx, person.id, hashed)
        await queries.revoke_other_sessions(tx, person.id, visit.token, visit.now)
        event = AuditEvent(AuditName.PERSON_CHANGED, person.name, data={"person": person.name, "what": "wachtwoord"})
        await audit.append(tx, visit.now, event)
    visit.say(Flash("Uw wachtwoord is bewaard. Op andere toestellen moet u opnieuw aanmelden."))
    return RedirectResponse("/wachtrij", 303)


async def _asks_old(visit: Visit) -> bool:
    if visit.console.sessions.fresh_by_link(visit.token):
        return False
    async with visit.console.database.read() as tx:
        found = await people.password_hash(tx, visit.who.name)
    return found is not None and found[1] is not None


async def _form(visit: Visit, *, status: int = 200, wrong: str = "") -> Response:
    asks_old = await _asks_old(visit)
    return await page(visit, "password.html", status=status, wrong=wrong, asks_old=asks_old, shortest=SHORTEST)


PAGES = (Page("GET", "/wachtwoord", show, EVERYONE), Page("POST", "/wachtwoord", change, EVERYONE))
