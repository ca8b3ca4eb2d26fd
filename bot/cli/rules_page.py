"""`verbinder rules page`: the page of house rules that a town publishes, made from its rule file."""

from __future__ import annotations

from pathlib import Path

import click

from bot.cli.running import WRONG


@click.command("page", short_help="Maak de pagina met huisregels voor uw bewoners.")
@click.argument("file", metavar="[BESTAND]", required=False, type=click.Path(path_type=Path))
@click.option("--markdown", is_flag=True, help="Maak Markdown in plaats van HTML.")
@click.option("--output", type=click.Path(path_type=Path), metavar="BESTAND", help="Schrijf de pagina hierheen.")
@click.option("--contact", metavar="TEKST", help="Waar bewoners terechtkunnen, zoals: Mail naar onthaal@gemeente.be")
@click.pass_context
def page(ctx: click.Context, file: Path | None, markdown: bool, output: Path | None, contact: str | None) -> None:
    """Maak van BESTAND een pagina met huisregels die u op uw website kunt zetten.

    Er staan alleen regels op die gelden, in gewone woorden: geen lijsten en geen drempels. Zonder BESTAND gaat het over
    het bestand uit de instellingen. Onderaan staat de dag waarop het bestand het laatst veranderde.
    """
    from datetime import datetime

    from bot.cli.output import sink
    from bot.framing.loading import load_frames
    from bot.jobs.hours import zone_of
    from bot.rules import check_rules
    from bot.rules.page import CONTACT, as_html, as_markdown, page_of
    from bot.settings import load_settings
    from bot.toxicity.registry import build_scorer

    settings = load_settings()
    path = file or settings.rules
    scorer = build_scorer(settings.scorer, rule=settings.scorer_rule, model=settings.scorer_model)
    frames = load_frames(settings.frames, None).frames
    report = check_rules(path, score=lambda text: scorer.score([text])[0].scores, known_frames=frames)
    if report.rule_set is None:
        click.echo(report.render(), err=True)
        click.echo(f"\n{path} heeft fouten. Verbinder maakt er geen pagina van.", err=True)
        ctx.exit(WRONG)
    changed = datetime.fromtimestamp(path.stat().st_mtime, zone_of(settings.timezone)).date()
    made = page_of(report.rule_set, town=settings.town, on=changed, contact=contact or CONTACT)
    with sink(output) as target:
        target.write((as_markdown(made) if markdown else as_html(made)).encode("utf-8", "replace"))
