"""`verbinder doctor`: look at everything and say what to do."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import TYPE_CHECKING

import click

from bot.cli.judging import log_to_stderr
from bot.cli.running import WRONG
from bot.core.redaction import redacted

if TYPE_CHECKING:
    from bot.core.health import Check

_SIGNS = {"goed": "✓", "let op": "!", "fout": "✗", "overgeslagen": "–"}
_COLOURS = {"goed": "green", "let op": "yellow", "fout": "red", "overgeslagen": None}


@click.command("doctor", short_help="Kijk na of alles in orde is.")
@click.pass_context
def command(ctx: click.Context) -> None:
    """Kijk instellingen, databank, huisregels, kaders, scorer en kanalen na, en zeg wat er te doen is.

    Er verandert niets en er wordt niets geplaatst. Draait Verbinder al, dan mag dit gewoon ernaast.
    """
    from bot.core.health import Verdict
    from bot.doctor import examine
    from bot.settings import load_settings

    log_to_stderr()
    checks = asyncio.run(examine(load_settings()))
    for check in checks:
        _show(check)
    click.echo()
    click.echo(summary(checks))
    if any(check.verdict is Verdict.BAD for check in checks):
        ctx.exit(WRONG)


def summary(checks: Sequence[Check]) -> str:
    """Return in one sentence how it is."""
    bad = sum(check.verdict == "fout" for check in checks)
    notes = sum(check.verdict == "let op" for check in checks)
    if bad:
        return f"Er {'is 1 fout' if bad == 1 else f'zijn {bad} fouten'}. Begin bovenaan."
    if notes:
        return f"Verbinder kan werken. Er {'is 1 opmerking' if notes == 1 else f'zijn {notes} opmerkingen'}."
    return "Alles is in orde."


def _show(check: Check) -> None:
    sign = click.style(f"{_SIGNS[check.verdict]} {check.verdict:<12}", fg=_COLOURS[check.verdict])
    first, *more = redacted(check.detail).splitlines() or [""]
    click.echo(f"{sign} {check.name}: {first}")
    for line in more:
        click.echo(f"{'':15}{line}")
    if check.remedy and check.verdict != "goed":
        click.echo(f"{'':15}→ {redacted(check.remedy)}")
