"""`verbinder rules`: check a rule file, print its JSON Schema for editors, and the commands of `rules_live`."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.rules_backtest import backtest
from bot.cli.rules_explain import explain
from bot.cli.rules_live import rollback, status, versions
from bot.cli.rules_page import page
from bot.cli.running import WRONG

_KINDS = {"actief": "actief", "schaduw": "in schaduw", "concept": "in concept", "uitgefaseerd": "uitgefaseerd"}


@click.group("rules", short_help="Controleer de huisregels, en ga terug naar een eerdere versie.")
def command() -> None:
    """Werk met het bestand met huisregels."""


for _other in (backtest, explain, page, versions, rollback, status):
    command.add_command(_other)


@command.command("check", short_help="Controleer een regelbestand en zijn voorbeelden.")
@click.argument("file", metavar="[BESTAND]", required=False, type=click.Path(path_type=Path))
@click.pass_context
def check(ctx: click.Context, file: Path | None) -> None:
    """Controleer BESTAND: de vorm, de regels, de voorbeelden die erin staan en de spiegelparen ernaast.

    Zonder BESTAND controleert Verbinder het bestand uit de instellingen. Alle fouten komen in één keer, met hun plaats.
    """
    from bot.framing.loading import load_frames
    from bot.rules import check_rules
    from bot.settings import load_settings
    from bot.toxicity.registry import build_scorer

    settings = load_settings()
    path = file or settings.rules
    scorer = build_scorer(settings.scorer, rule=settings.scorer_rule, model=settings.scorer_model)
    frames = load_frames(settings.frames, None).frames
    report = check_rules(path, score=lambda text: scorer.score([text])[0].scores, known_frames=frames)
    if report.diagnostics or report.warnings:
        click.echo(report.render(), err=True)
    if not report.ok:
        count = len(report.diagnostics)
        click.echo(
            f"\n{path} heeft {'1 fout' if count == 1 else f'{count} fouten'} en kan niet gebruikt worden.", err=True
        )
        ctx.exit(WRONG)
    counts = [f"{report.counts[kind]} {words}" for kind, words in _KINDS.items() if report.counts.get(kind)]
    examples = report.counts.get("voorbeelden", 0)
    click.echo(f"{path} klopt. Regels: {', '.join(counts) or 'geen'}. Voorbeelden die kloppen: {examples}.")
    pairs, alike = report.counts.get("spiegels", 0), report.counts.get("spiegels_gelijk", 0)
    if pairs:
        click.echo(f"Spiegelparen die gelijk behandeld worden: {alike} van {pairs}.")
    else:
        click.echo("Er zijn geen spiegelparen: spiegels.yaml ontbreekt naast het regelbestand.")


@command.command("schema", short_help="Toon het JSON-schema van het regelbestand.")
def schema() -> None:
    """Toon het JSON-schema van het regelbestand, zodat een tekstverwerker kan aanvullen en nakijken."""
    import json

    from bot.rules import rule_file_schema

    click.echo(json.dumps(rule_file_schema(), ensure_ascii=False, indent=2))
