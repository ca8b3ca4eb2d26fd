"""`verbinder check`: judge one text and explain the outcome."""

from __future__ import annotations

import click

from bot.cli import jsonl
from bot.cli.judging import judge_with


@click.command("check", short_help="Beoordeel één tekst en leg uit waarom.")
@click.argument("text", metavar="TEKST")
@click.option("--context", default="", metavar="TEKST", help="Het bericht waarop de tekst reageert.")
@click.option("--scorer", metavar="NAAM", help="Gebruik deze scorer; meer dan één kan ook: embedded+detoxify.")
@click.option("--json", "as_json", is_flag=True, help="Geef het resultaat als JSON, zoals `analyse`.")
def command(text: str, context: str, scorer: str | None, as_json: bool) -> None:
    """Beoordeel één TEKST en leg uit waarom. Er wordt niets bewaard.

    Zet de tekst tussen aanhalingstekens. Begint hij met een streepje, schrijf dan eerst -- ervoor.
    """
    if not text.strip():
        raise click.BadParameter("er is geen tekst om te beoordelen.", param_hint="TEKST")
    analysis = judge_with(scorer=scorer)(jsonl.Request("1", text, context))
    if as_json:
        from bot.core.codec import to_json

        click.echo(jsonl.dumps(to_json(analysis, id="1")), nl=False)
        return
    from bot.cli.explain import in_dutch

    click.echo(in_dutch(text, analysis))
