"""`verbinder calibrate`: fit the thresholds to what people of this town decided."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.progress import bar

if TYPE_CHECKING:
    from bot.review.calibrating import Calibration
    from bot.settings import Settings
    from bot.store.database import Database
    from bot.thresholds.measures import Measures

DEFAULT_FALSE_ALARMS = 0.05


@click.command("calibrate", short_help="Bereken drempels uit de beslissingen van uw collega's.")
@click.option(
    "--false-alarms",
    type=click.FloatRange(0, 1, min_open=True, max_open=True),
    metavar="DEEL",
    help=f"Hoogstens dit deel vals alarm, bijvoorbeeld 0.1. Standaard {DEFAULT_FALSE_ALARMS}.",
)
@click.option("--best", type=click.Choice(["f1"]), help="Zoek het beste evenwicht tussen missen en vals alarm.")
@click.option("--limit", type=click.IntRange(min=1), metavar="AANTAL", help="Bekijk alleen de nieuwste reacties.")
@click.option("--write", is_flag=True, help="Zet de voorgestelde drempels in het bestand.")
def command(false_alarms: float | None, best: str | None, limit: int | None, write: bool) -> None:
    """Bereken uit wat uw collega's beslisten welke drempels bij uw gemeente passen.

    U ziet voor elk soort en elk kader de drempel van nu, het voorstel en waarom. Zonder --write verandert er niets.
    """
    if false_alarms is not None and best is not None:
        raise click.UsageError("kies --false-alarms of --best, niet allebei.")
    from bot.app import build_measures
    from bot.cli.calibrate_words import NOTHING, in_dutch
    from bot.cli.storage import with_database
    from bot.settings import load_settings
    from bot.thresholds.fitting import Aim

    aim = Aim(None if best else false_alarms or DEFAULT_FALSE_ALARMS)
    path = load_settings().thresholds

    async def work(database: Database, settings: Settings) -> tuple[Calibration | None, Measures]:
        import asyncio

        from bot.review.calibrating import calibrate
        from bot.store import replay

        measures = await asyncio.to_thread(build_measures, settings)
        own = await asyncio.to_thread(measures.load, settings.thresholds)
        total = await replay.count(database, limit=limit)
        if not total:
            return None, measures
        with bar("IJken", total) as advance:
            return await calibrate(database, measures, own, aim, on_progress=advance, limit=limit), measures

    found, measures = with_database(work)
    if found is None or not found.reactions:
        click.echo(NOTHING, err=True)
        return
    click.echo(in_dutch(found, measures.frames.names))
    click.echo()
    click.echo(_written(found, measures, path) if write else _next(found))


def _next(found: Calibration) -> str:
    if not any(found.proposals):
        return "Er is niets om te veranderen."
    return "Er is niets veranderd. Neem de voorstellen over met --write, of zet ze zelf in het bestand met drempels."


def _written(found: Calibration, measures: Measures, path: Path) -> str:
    """Write what is proposed, and say where; the file that was there is kept beside it."""
    from bot.review.rule_folder import set_aside, write_whole
    from bot.thresholds.writing import with_thresholds

    scorers, frames = found.proposals
    if not scorers and not frames:
        return "Er is niets om te veranderen. Het bestand met drempels blijft zoals het is."
    before = path.read_bytes().decode("utf-8-sig") if path.exists() else None
    text = with_thresholds(before, scorers, frames)
    measures.parse(path, text.encode())  # what is written can be read again
    copy = set_aside(path, datetime.now().astimezone())
    write_whole({path: text.encode()})
    kept = f" Het vorige bestand staat in {copy}." if copy is not None else ""
    return f"Bewaard in {path}.{kept} Draait Verbinder, dan gelden de drempels na enkele seconden."
