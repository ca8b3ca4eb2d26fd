"""`verbinder bench`: how fast this machine judges, as ratios within one run."""

from __future__ import annotations

from datetime import UTC, datetime

import click


@click.command("bench", short_help="Meet hoe snel deze machine beoordeelt.")
@click.option("--scorer", metavar="NAAM", help="Meet deze scorer: embedded (standaard), detoxify of onnx.")
@click.option("--quick", is_flag=True, help="Meet met minder reacties: sneller klaar, minder nauwkeurig.")
@click.option("--checkpoint", metavar="CHECKPOINT", help="Vergelijk onnx met Detoxify op dit model van Detoxify.")
@click.option("--random-xlmr", is_flag=True, help="Vergelijk ze op een even groot model met willekeurige gewichten.")
@click.option("--threads", type=click.IntRange(1, 64), default=1, metavar="AANTAL", help="Rekendraden per model.")
def command(scorer: str | None, quick: bool, checkpoint: str | None, random_xlmr: bool, threads: int) -> None:
    """Meet hoe snel deze machine beoordeelt, met de reacties van de voorbeeldgemeente.

    Vergelijk vooral de verhoudingen: hoeveel seconden iets duurt, hangt af van de machine en van wat die nog doet.
    """
    if checkpoint and random_xlmr:
        raise click.UsageError("Kies één van --checkpoint en --random-xlmr.")
    from bot.bench.run import Plan, run
    from bot.cli.judging import log_to_stderr
    from bot.settings import load_settings

    log_to_stderr()
    settings = load_settings()
    settings = settings.model_copy(update={"scorer": scorer or settings.scorer})
    plan = Plan(settings, quick=quick, checkpoint=checkpoint, random=random_xlmr, threads=threads)
    run(plan, lambda: datetime.now(UTC), click.echo, lambda said: click.echo(said, err=True))
