"""`verbinder train`: learn frames from the examples in `frames/`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from bot.cli.running import WRONG

if TYPE_CHECKING:
    from collections.abc import Sequence

    from bot.framing.frameset import FrameSet
    from bot.framing.learning import Learned


@click.command("train", short_help="Leer kaders uit de voorbeelden in frames/.")
@click.option("--dry-run", is_flag=True, help="Toon wat er zou veranderen, en bewaar niets.")
@click.option("--reset", is_flag=True, help="Vergeet wat uw gemeente leerde; de meegeleverde kaders gelden weer.")
@click.pass_context
def command(ctx: click.Context, dry_run: bool, reset: bool) -> None:
    """Leer de kaders opnieuw uit de voorbeelden en tegenvoorbeelden in de map frames/.

    Zet voorbeelden bij een kader (of maak een nieuw kader), voer dit uit, en start Verbinder opnieuw. Wat het taalmodel
    al wist, blijft het uitgangspunt. Wordt daarna nog een voorbeeld niet herkend, dan staat het in de lijst.
    """
    import shutil

    from bot.cli.progress import bar
    from bot.framing.learning import Features, learn
    from bot.framing.loading import load_frames
    from bot.settings import load_settings
    from bot.understanding.model import FOLDER, shipped

    settings = load_settings()
    if reset:
        shutil.rmtree(settings.own_model, ignore_errors=True)
        click.echo("Vergeten. De meegeleverde kaders gelden weer, vanaf de volgende start.")
        return
    frames = load_frames(settings.frames, None)
    model = shipped()
    with bar("Leren", len(frames.frames)) as advance:
        taught, report = learn(frames, model, Features.load(FOLDER), advance=advance)
    _tell(report, frames)
    missed = sum(one.examples + one.counterexamples - one.right_after for one in report)
    if not dry_run:
        taught.save_heads(settings.own_model)
        click.echo(f"\nBewaard in {settings.own_model}. Start Verbinder opnieuw om het te gebruiken.")
    if missed:
        click.echo(
            f"\n{_examples(missed)} niet goed beoordeeld door het taalmodel alleen. Zet er gelijkaardige voorbeelden "
            "bij, of een patroon bij `signalen`. Wat echt fout loopt, toont `verbinder doctor`.",
            err=True,
        )
        ctx.exit(WRONG)


def _tell(report: Sequence[Learned], frames: FrameSet) -> None:
    wide = max(len(frames.names[one.frame]) for one in report)
    click.echo(f"{'Kader':{wide}}  Voorbeelden  Goed voordien  Goed nu")
    for one in report:
        total = one.examples + one.counterexamples
        new = "  (nieuw)" if one.new else ""
        click.echo(f"{frames.names[one.frame]:{wide}}  {total:11}  {one.right_before:13}  {one.right_after:7}{new}")


def _examples(count: int) -> str:
    return "1 voorbeeld wordt" if count == 1 else f"{count} voorbeelden worden"
