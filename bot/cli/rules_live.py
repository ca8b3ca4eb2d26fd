"""`verbinder rules versions`, `rollback` and `status`: which rules are in force, which there were, and how to go back.

They work on the database and the file. A service that runs notices the file by itself; what it applied is what it wrote
down, not what stands on the disk.
"""

from __future__ import annotations

import getpass
from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

import click

from bot.cli.running import WRONG

if TYPE_CHECKING:
    from bot.core.audit import AuditLine
    from bot.review.rulebook import Applied, Rulebook
    from bot.settings import Settings
    from bot.store.database import Database
    from bot.store.rule_versions import RuleVersion

MOST_CHANGES = 5  # sentences that are shown of one version
_ORIGINS = {"bestand": "het bestand is aangepast", "console": "bewaard in de console", "teruggezet": "teruggezet"}


@click.command("versions", short_help="Toon de bewaarde versies van de huisregels.")
@click.option(
    "--limit", metavar="AANTAL", type=click.IntRange(1, 1000), default=10, help="Hoeveel versies. Standaard 10."
)
def versions(limit: int) -> None:
    """Toon de versies van de huisregels, de nieuwste eerst, met wat er telkens veranderde."""
    from bot.cli.storage import with_database

    async def work(database: Database, settings: Settings) -> Sequence[tuple[str, RuleVersion, Sequence[str]]]:
        from bot.store import rule_versions

        async with database.read() as tx:
            found = await rule_versions.recent(tx, limit)
        if not found:
            return ()
        book = await _rulebook(database, settings)
        return [(_when(version.at, settings), version, await book.changes(version.id)) for version in found]

    shown = with_database(work)
    if not shown:
        click.echo("Er is nog geen versie bewaard. Verbinder bewaart de huisregels zodra het start.")
    for number, (when, version, changes) in enumerate(shown):
        if number:
            click.echo()
        click.echo(f"Versie {version.id} · {when} · {_by(version)}")
        if version.note:
            click.echo(f"  “{_plain(version.note)}”")
        for sentence in changes[:MOST_CHANGES]:
            click.echo(f"  - {sentence}")
        if len(changes) > MOST_CHANGES:
            click.echo(f"  - en nog {len(changes) - MOST_CHANGES}")


@click.command("rollback", short_help="Zet een eerdere versie van de huisregels terug.")
@click.argument("version_id", metavar="VERSIE", type=click.IntRange(1, 2**31 - 1))
@click.option("--note", metavar="TEKST", default="", help="Waarom, voor uw collega's.")
def rollback(version_id: int, note: str) -> None:
    """Zet VERSIE van de huisregels terug, met de lijsten die erbij hoorden.

    Het nummer vindt u met `verbinder rules versions`. Draait Verbinder, dan gelden de regels na enkele seconden.
    """
    from bot.cli.storage import with_database

    async def work(database: Database, settings: Settings) -> Applied:
        author = f"opdrachtregel ({getpass.getuser()})"[:80]
        return await (await _rulebook(database, settings)).rollback(version_id, author, note)

    applied = with_database(work)
    click.echo(f"Versie {version_id} staat terug, als versie {applied.version.id}.")
    for sentence in applied.changes:
        click.echo(f"  - {sentence}")
    for copy in applied.set_aside:
        click.echo(f"Wat er stond en nergens bewaard was, staat nu in {copy}.")
    click.echo("Draait Verbinder, dan gelden deze regels na enkele seconden. Kijk het na met: verbinder rules status")


@click.command("status", short_help="Toon welke huisregels toegepast zijn.")
@click.pass_context
def status(ctx: click.Context) -> None:
    """Toon welke huisregels Verbinder toepast, en of het bestand op de schijf hetzelfde is."""
    from bot.cli.storage import with_database

    lines, mistakes = with_database(_status)
    for line in lines:
        click.echo(line)
    if mistakes:
        click.echo(f"\n{mistakes}", err=True)
        ctx.exit(WRONG)


async def _status(database: Database, settings: Settings) -> tuple[list[str], str]:
    """Return what to say about the rules, and what is wrong with the file."""
    import asyncio

    from bot.app import build_engine
    from bot.core.audit import AuditName
    from bot.core.errors import RuleFileError
    from bot.store import audit, rule_versions

    async with database.read() as tx:
        noted = await audit.latest(tx, AuditName.RULES_APPLIED)
        version = None if noted is None else await rule_versions.by_hash(tx, str(noted.event.data.get("rules")))
    lines = [f"Bestand: {settings.rules}", *_applied(noted, version, settings)]
    try:
        engine = await asyncio.to_thread(build_engine, settings)
    except RuleFileError as error:
        return [*lines, "Op de schijf: een bestand met fouten. Verbinder past het niet toe."], error.message
    applied = "" if noted is None else noted.event.data.get("rules")
    if engine.rules.hash == applied:
        return [*lines, "Op de schijf: dezelfde regels."], ""
    return [
        *lines,
        f"Op de schijf: andere regels, die kloppen. Hash: {engine.rules.hash}",
        "Draait Verbinder, dan gelden ze na enkele seconden; anders zodra u Verbinder start.",
    ], ""


def _applied(noted: AuditLine | None, version: RuleVersion | None, settings: Settings) -> list[str]:
    if noted is None:
        return ["Toegepast: nog niets. Verbinder heeft nog niet gedraaid."]
    lines = [f"Toegepast: hash {noted.event.data.get('rules')}"]
    if version is not None:
        lines.append(f"           versie {version.id}, van {_when(version.at, settings)}, {_by(version)}")
    return lines


async def _rulebook(database: Database, settings: Settings) -> Rulebook:
    import asyncio

    from bot.app import engine_or_earlier, lay_ground, open_rulebook
    from bot.review.bulletin import Bulletin

    ground = await asyncio.to_thread(lay_ground, settings)
    engine = await asyncio.to_thread(engine_or_earlier, settings, ground)
    return await open_rulebook(settings, database, Bulletin(), engine, ground)


def _by(version: RuleVersion) -> str:
    words = _ORIGINS[version.origin]
    return words if version.origin == "bestand" else f"{words} door {_plain(version.author)}"


def _when(moment: datetime, settings: Settings) -> str:
    from bot.jobs.hours import zone_of

    return f"{moment.astimezone(zone_of(settings.timezone)):%d/%m/%Y %H:%M}"


def _plain(text: str) -> str:
    """Return a text that cannot move the cursor of a terminal."""
    return "".join(c if c.isprintable() else " " for c in text)
