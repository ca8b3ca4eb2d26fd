"""What administrators do with people: add, give roles, switch off, link accounts. Every step is in the audit log."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditData, AuditEvent, AuditName
from bot.core.errors import Refused
from bot.core.people import Face, Person, Role
from bot.store import audit, people
from bot.store.people import PersonRow
from bot.web import queries
from bot.web.console import Visit

NAME_LONGEST = 80
_ACCOUNT = re.compile(r"[0-9]{1,20}")
_TAKEN = "Er is al een collega met deze naam. Voeg iets toe, zoals de eerste letter van de familienaam."


async def add(visit: Visit, name: str, roles: Collection[Role]) -> Person:
    """Add a colleague; raise Refused for a name that will not do."""
    name = " ".join(name.split())
    if not name or len(name) > NAME_LONGEST or not name.isprintable():
        raise Refused(f"Geef een naam van hoogstens {NAME_LONGEST} tekens.")
    if not roles:
        raise Refused("Kies minstens één rol.")
    try:
        async with visit.console.database.write() as tx:
            if any(row.person.name.casefold() == name.casefold() for row in await people.everyone(tx)):
                raise Refused(_TAKEN)
            person = await people.add(tx, name, roles, visit.now)
            await _log(tx, visit, AuditName.PERSON_ADDED, {"person": name, "roles": ", ".join(sorted(roles))})
    except IntegrityError as error:  # two administrators at once, on PostgreSQL
        raise Refused(_TAKEN) from error
    return person


async def change_roles(visit: Visit, person_id: int, roles: Collection[Role]) -> Person:
    """Give a colleague these roles and no others."""
    if not roles:
        raise Refused("Kies minstens één rol. Wie geen toegang meer mag hebben, schakelt u uit.")
    async with visit.console.database.write() as tx:
        everyone = await people.everyone(tx)
        person = _find(everyone, person_id).person
        if Role.ADMINISTRATOR not in roles:
            _keep_one_administrator(everyone, person_id)
        await people.change(tx, person_id, roles=roles)
        await _log(tx, visit, AuditName.PERSON_CHANGED, {"person": person.name, "roles": ", ".join(sorted(roles))})
    return person


async def switch(visit: Visit, person_id: int, *, active: bool) -> Person:
    """Switch a colleague off, which signs them out everywhere, or on again."""
    if person_id == visit.who.id:
        raise Refused("U kunt uzelf niet uitschakelen. Vraag het aan een andere beheerder.")
    async with visit.console.database.write() as tx:
        everyone = await people.everyone(tx)
        person = _find(everyone, person_id).person
        if not active:
            _keep_one_administrator(everyone, person_id)
            await queries.revoke_other_sessions(tx, person_id, "", visit.now)
        await people.change(tx, person_id, active=active)
        await _log(tx, visit, AuditName.PERSON_CHANGED, {"person": person.name, "active": active})
    return person


async def link_account(visit: Visit, person_id: int, face: Face, account: str) -> Person:
    """Let an account on Discord or Telegram act as this colleague."""
    account = account.strip()
    if not _ACCOUNT.fullmatch(account):
        raise Refused("Een account-id bestaat alleen uit cijfers. Bij de hulp staat waar u het vindt.")
    async with visit.console.database.write() as tx:
        everyone = await people.everyone(tx)
        person = _find(everyone, person_id).person
        for row in everyone:
            if row.accounts.get(face) == account and row.person.id != person_id:
                raise Refused(f"Dit account hoort al bij {row.person.name}.")
        await people.link_account(tx, person_id, face, account)
        await _log(tx, visit, AuditName.ACCOUNT_LINKED, {"person": person.name, "face": face})
    return person


async def note_link(visit: Visit, person: Person) -> None:
    """Write down that a one-time link was made for `person`; the link itself is nowhere."""
    async with visit.console.database.write() as tx:
        await _log(tx, visit, AuditName.PERSON_CHANGED, {"person": person.name, "what": "aanmeldlink"})


def _find(everyone: Sequence[PersonRow], person_id: int) -> PersonRow:
    for row in everyone:
        if row.person.id == person_id:
            return row
    raise Refused("Deze collega bestaat niet.")


def _keep_one_administrator(everyone: Sequence[PersonRow], without: int) -> None:
    others = [row for row in everyone if row.active and row.person.id != without]
    if not any(Role.ADMINISTRATOR in row.person.roles for row in others):
        raise Refused("Er moet altijd minstens één beheerder zijn.")


async def _log(tx: AsyncConnection, visit: Visit, name: AuditName, data: AuditData) -> None:
    await audit.append(tx, visit.now, AuditEvent(name, visit.who.name, data=data))
