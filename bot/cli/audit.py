"""`verbinder audit`: prove that the audit log is whole."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.running import WRONG

if TYPE_CHECKING:
    from bot.settings import Settings
    from bot.store.database import Database


@click.group("audit", short_help="Kijk het logboek van beslissingen na.")
def command() -> None:
    """Werk met het logboek van alles wat er gebeurde."""


@command.command("verify", short_help="Kijk na of niemand iets aan het logboek veranderde.")
@click.pass_context
def verify(ctx: click.Context) -> None:
    """Kijk na of elke regel van het logboek nog volgt uit de vorige: niets veranderd, niets ertussenuit."""
    from bot.cli.storage import with_database

    lines, broken = with_database(_verify)
    if broken is not None:
        click.echo(f"Het logboek klopt niet vanaf regel {broken}: die regel of de regel ervoor is veranderd.", err=True)
        click.echo("Vergelijk met een reservekopie en verwittig wie over de gegevens waakt.", err=True)
        ctx.exit(WRONG)
    click.echo(f"Het logboek klopt: {lines} {'regel' if lines == 1 else 'regels'} nagekeken.")


async def _verify(database: Database, _settings: Settings) -> tuple[int, int | None]:
    from sqlalchemy import func, select

    from bot.store import audit
    from bot.store.schema import events

    async with database.read() as tx:
        lines = (await tx.execute(select(func.count()).select_from(events))).scalar_one()
        return lines, await audit.verify(tx)
