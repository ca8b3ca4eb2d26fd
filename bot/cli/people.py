"""`verbinder people`: who works with Verbinder, with which roles, and under which accounts."""

from __future__ import annotations

import getpass
from collections.abc import Awaitable, Callable, Sequence
from datetime import UTC, datetime
from typing import TYPE_CHECKING, TypeVar

import click

from bot.core.errors import ConfigError
from bot.core.people import Face, Role

if TYPE_CHECKING:
    from sqlalchemy.ext.asyncio import AsyncConnection

    from bot.core.audit import AuditData, AuditName
    from bot.settings import Settings
    from bot.store.database import Database
    from bot.store.people import PersonRow

_Result = TypeVar("_Result")

ROLES = click.Choice([role.value for role in Role])
ACCOUNTS = click.Choice([Face.TELEGRAM.value, Face.DISCORD.value])
LONGEST_NAME = 80  # characters; the column of `people`


@click.group("people", short_help="Beheer wie met Verbinder werkt.")
def command() -> None:
    """Beheer wie met Verbinder werkt: namen, rollen en accounts.

    Rollen: administrator (beheerder), moderator, community_manager en auditor (kijkt mee, beslist niet).
    """


@command.command("add", short_help="Voeg een collega toe.")
@click.argument("name", metavar="NAAM")
@click.argument("roles", metavar="ROL...", nargs=-1, required=True, type=ROLES)
def add(name: str, roles: tuple[str, ...]) -> None:
    """Voeg een collega toe met een of meer rollen. Wie uitgeschakeld was, kan daarna opnieuw aan de slag."""
    chosen = _checked(name)

    async def work(database: Database, _settings: Settings) -> None:
        from bot.core.audit import AuditName
        from bot.store import people

        async with database.write() as tx:
            known = await _row(tx, chosen)
            if known is not None and known.active:
                raise ConfigError(f"{chosen} bestaat al.", remedy="Andere rollen geeft u met: verbinder people roles.")
            if known is not None:
                await people.change(tx, known.person.id, roles=_roles(roles), active=True)
            else:
                await people.add(tx, chosen, _roles(roles), _now())
            name = AuditName.PERSON_ADDED if known is None else AuditName.PERSON_CHANGED
            await _log(tx, name, person=chosen, roles=",".join(roles))

    _with_database(work)
    click.echo(f"{chosen} is toegevoegd ({', '.join(roles)}).")
    click.echo(f'Laat {chosen} aanmelden met: verbinder people signin-link "{chosen}"')


@command.command("list", short_help="Toon alle collega's.")
def list_people() -> None:
    """Toon alle collega's met hun rollen en accounts."""

    async def work(database: Database, _settings: Settings) -> Sequence[PersonRow]:
        from bot.store import people

        async with database.read() as tx:
            return await people.everyone(tx)

    rows = _with_database(work)
    if not rows:
        click.echo('Er is nog niemand. Voeg iemand toe met: verbinder people add "NAAM" ROL')
    for row in rows:
        accounts = [f"{face} {platform_id}" for face, platform_id in sorted(row.accounts.items())]
        state = "" if row.active else " (uitgeschakeld)"
        roles = ", ".join(sorted(row.person.roles)) or "geen rol"
        click.echo(f"{row.person.name}{state}: {roles}{' · ' if accounts else ''}{', '.join(accounts)}")


@command.command("roles", short_help="Geef een collega andere rollen.")
@click.argument("name", metavar="NAAM")
@click.argument("roles", metavar="ROL...", nargs=-1, required=True, type=ROLES)
def set_roles(name: str, roles: tuple[str, ...]) -> None:
    """Geef een collega deze rollen, in plaats van de vorige."""

    async def work(database: Database, _settings: Settings) -> bool:
        from bot.core.audit import AuditName
        from bot.store import people

        async with database.write() as tx:
            person = await _active(tx, name)
            await people.change(tx, person.person.id, roles=_roles(roles))
            await _log(tx, AuditName.PERSON_CHANGED, person=name, roles=",".join(roles))
            return await _has_administrator(tx)

    administered = _with_database(work)
    click.echo(f"{name} heeft nu: {', '.join(roles)}.")
    _warn_without_administrator(administered)


@command.command("link", short_help="Koppel een account van Telegram of Discord.")
@click.argument("name", metavar="NAAM")
@click.argument("face", metavar="telegram|discord", type=ACCOUNTS)
@click.argument("platform_id", metavar="NUMMER")
def link(name: str, face: str, platform_id: str) -> None:
    """Koppel het gebruikersnummer van een collega, zodat die ook daar mag beslissen.

    Het nummer is een getal, niet de gebruikersnaam. Op Discord: zet de ontwikkelaarsmodus aan en kies «ID kopiëren».
    """
    if not platform_id.isascii() or not platform_id.isdigit():
        raise click.BadParameter("een gebruikersnummer bestaat alleen uit cijfers.", param_hint="NUMMER")

    async def work(database: Database, _settings: Settings) -> None:
        from bot.core.audit import AuditName
        from bot.store import people

        async with database.write() as tx:
            person = await _active(tx, name)
            other = await people.by_account(tx, Face(face), platform_id)
            if other is not None and other.id != person.person.id:
                raise ConfigError(
                    f"Dit account hoort al bij {other.name}.", remedy="Kijk het nummer na, of koppel eerst een ander."
                )
            await people.link_account(tx, person.person.id, Face(face), platform_id)
            await _log(tx, AuditName.ACCOUNT_LINKED, person=name, face=face)

    _with_database(work)
    click.echo(f"{name} kan nu ook beslissen op {face.capitalize()}.")


@command.command("signin-link", short_help="Maak een link om één keer aan te melden.")
@click.argument("name", metavar="NAAM")
def signin_link(name: str) -> None:
    """Maak een link waarmee een collega zich één keer kan aanmelden in de console.

    Bezorg de link persoonlijk: wie hem heeft, is die collega.
    """

    async def work(database: Database, settings: Settings) -> str:
        from bot.core.audit import AuditName
        from bot.web import make_sign_in_link

        async with database.write() as tx:
            row = await _active(tx, name)
            await _log(tx, AuditName.PERSON_CHANGED, person=name, signin_link=True)
        return await make_sign_in_link(database, _now, row.person, settings.console_url)

    click.echo(_with_database(work))
    click.echo("Deze link werkt één keer, een dag lang.", err=True)


@command.command("off", short_help="Schakel een collega uit.")
@click.argument("name", metavar="NAAM")
def switch_off(name: str) -> None:
    """Schakel een collega uit: die kan niets meer beslissen en is meteen overal afgemeld. Wat al beslist is, blijft."""

    async def work(database: Database, _settings: Settings) -> bool:
        from bot.core.audit import AuditName
        from bot.store import people

        async with database.write() as tx:
            row = await _active(tx, name)
            await people.change(tx, row.person.id, active=False)
            await _log(tx, AuditName.PERSON_CHANGED, person=name, active=False)
            return await _has_administrator(tx)

    administered = _with_database(work)
    click.echo(f"{name} is uitgeschakeld.")
    _warn_without_administrator(administered)


def _with_database(work: Callable[[Database, Settings], Awaitable[_Result]]) -> _Result:
    from bot.cli.storage import with_database

    return with_database(work)


def _now() -> datetime:
    return datetime.now(UTC)


def _checked(name: str) -> str:
    chosen = " ".join(name.split())
    if not chosen or len(chosen) > LONGEST_NAME or not chosen.isprintable():
        raise click.BadParameter(f"een naam heeft 1 tot {LONGEST_NAME} gewone tekens.", param_hint="NAAM")
    return chosen


def _roles(names: Sequence[str]) -> list[Role]:
    return [Role(name) for name in names]


async def _row(tx: AsyncConnection, name: str) -> PersonRow | None:
    from bot.store import people

    return next((row for row in await people.everyone(tx) if row.person.name == name), None)


async def _active(tx: AsyncConnection, name: str) -> PersonRow:
    found = await _row(tx, name)
    if found is None or not found.active:
        raise ConfigError(
            f"Er is geen collega met de naam “{name}”.", remedy="Alle namen ziet u met: verbinder people list."
        )
    return found


async def _has_administrator(tx: AsyncConnection) -> bool:
    from bot.store import people

    return any(row.active and Role.ADMINISTRATOR in row.person.roles for row in await people.everyone(tx))


def _warn_without_administrator(administered: bool) -> None:
    if not administered:
        click.echo("Let op: er is nu geen beheerder meer (rol administrator).", err=True)


async def _log(tx: AsyncConnection, name: AuditName, **data: str | bool) -> None:
    from bot.core.audit import AuditEvent
    from bot.store import audit

    stored: AuditData = dict(data)
    await audit.append(tx, _now(), AuditEvent(name, f"opdrachtregel ({getpass.getuser()})"[:80], data=stored))
