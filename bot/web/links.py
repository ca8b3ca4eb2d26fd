"""One-time links to sign in with: made for a colleague without a password, and for the first administrator."""

from __future__ import annotations

import secrets
from datetime import timedelta

from bot.core.clock import Clock
from bot.core.people import Person
from bot.store import people
from bot.store.database import Database

LIFETIME = timedelta(hours=24)


async def make_sign_in_link(database: Database, clock: Clock, person: Person, console_url: str) -> str:
    """Return a link that signs `person` in once, within `LIFETIME`. Only its hash is stored; show it once."""
    token = secrets.token_urlsafe(32)
    async with database.write() as tx:
        await people.add_sign_in_link(tx, person.id, token, clock() + LIFETIME)
    return f"{console_url}/aanmelden/{token}"
