"""One-time links to sign in with: made for a colleague without a password, and for the first administrator."""

from __future__ import annotations

import secrets
from datetime import timedelta

from bot.core.audit import AuditData, AuditEvent, AuditName
from bot.core.clock import Clock
from bot.core.people import Person, Role
from bot.store import audit, people
from bot.store.database import Database

LIFETIME = timedelta(hours=24)
FIRST_NAME = "Beheerder"


async def make_sign_in_link(database: Database, clock: Clock, person: Person, console_url: str) -> str:
    """Return a link that signs `person` in once, within `LIFETIME`. Only its hash is stored; show it once."""
    token = secrets.token_urlsafe(32)
    async with database.write() as tx:
        await people.add_sign_in_link(tx, person.id, token, clock() + LIFETIME)
    return f"{console_url}/aanmelden/{token}"


async def first_sign_in_link(database: Database, clock: Clock, console_url: str) -> str | None:
    """Return a link for an administrator for as long as nobody has chosen a password, None after that.

    Whoever can read what the service prints on this machine could change its database as well, so a link there gives
    nothing away. On the very first start there is nobody yet: an administrator is added.
    """
    async with database.write() as tx:
        known = await people.everyone(tx)
        if not known:
            first = await people.add(tx, FIRST_NAME, [Role.ADMINISTRATOR], clock())
            data: AuditData = {"person": FIRST_NAME, "roles": Role.ADMINISTRATOR.value}
            await audit.append(tx, clock(), AuditEvent(AuditName.PERSON_ADDED, data=data))
        else:
            active = [row for row in known if row.active]
            administrators = [row.person for row in active if Role.ADMINISTRATOR in row.person.roles]
            if not administrators or any(row.has_password for row in active):
                return None
            first = administrators[0]
    return await make_sign_in_link(database, clock, first, console_url)
