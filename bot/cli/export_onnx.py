"""`verbinder export-onnx`: turn a checkpoint of Detoxify into a folder that the scorer `onnx` reads."""

from __future__ import annotations

from pathlib import Path

import click

MEGABYTE = 1_000_000


@click.command("export-onnx", short_help="Zet een model van Detoxify om naar ONNX: sneller en kleiner.")
@click.argument("checkpoint", metavar="CHECKPOINT")
@click.argument("out", metavar="MAP", type=click.Path(path_type=Path))
@click.option("--force", is_flag=True, help="Vervang het model dat al in MAP staat.")
@click.option("--threads", type=click.IntRange(1, 64), metavar="AANTAL", help="Zoveel rekendraden gebruikt torch.")
def command(checkpoint: str, out: Path, force: bool, threads: int | None) -> None:
    """Zet een model van Detoxify om naar ONNX met getallen van acht bits.

    CHECKPOINT is een bestand van Detoxify, of een van de namen original, unbiased en multilingual: die haalt Detoxify
    de eerste keer van het internet. Het resultaat komt in MAP en werkt zonder torch:

    VERBINDER_SCORER=onnx en VERBINDER_SCORER_MODEL=MAP

    Het model multilingual is niet getraind op Nederlands. Zet alleen een checkpoint om dat u vertrouwt: zo'n
    bestand kan opdrachten uitvoeren.
    """
    from bot.toxicity.onnx_export import export

    made = export(checkpoint, out, force=force, threads=threads, step=lambda said: click.echo(said, err=True))
    click.echo(
        f"Klaar: {out} ({made.manifest.kind}, {made.bytes / MEGABYTE:.0f} MB). Op de proefzinnen scheelt een score "
        f"ten hoogste {decimals(made.difference)} met het origineel."
    )


def decimals(number: float) -> str:
    """Return a number with three decimals, as Dutch writes it."""
    return f"{number:.3f}".replace(".", ",")
