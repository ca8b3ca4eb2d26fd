"""`verbinder rules explain`: what every rule of a file makes of one text, and why. Nothing is kept."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.running import WRONG

if TYPE_CHECKING:
    from bot.rules.explain import Part, RuleExplanation

_SIGNS = {True: "+", False: "-", None: "?"}
_VERDICTS = {True: "gaat af", False: "gaat niet af", None: "niet te beoordelen"}


@click.command("explain", short_help="Leg uit welke regels bij een tekst afgaan, en waarom.")
@click.argument("text", metavar="TEKST")
@click.option("--file", metavar="BESTAND", type=click.Path(path_type=Path), help="Een ander regelbestand.")
@click.option("--rule", "only", metavar="ID", help="Alleen deze regel, met elke voorwaarde.")
@click.option("--role", metavar="ROL", default="bewoner", help="Wie het schreef: bewoner, medewerker of gemeente.")
@click.option("--channel", metavar="KANAAL", default="", help="Via welk kanaal het kwam, zoals telegram.")
@click.option(
    "--moment", metavar="TIJD", default="", help="Wanneer het geschreven werd, zoals “za 23:30”. Standaard nu."
)
@click.pass_context
def explain(
    ctx: click.Context, text: str, file: Path | None, only: str | None, role: str, channel: str, moment: str
) -> None:
    """Leg uit wat elke huisregel van TEKST maakt, en waarom.

    Zonder --file gaat het over het bestand uit de instellingen. Een regel in schaduw of in concept doet in het echt
    niets, maar u ziet hier wel of hij afgaat.
    """
    from bot.cli.explain import printable
    from bot.cli.judging import log_to_stderr
    from bot.framing.loading import load_frames
    from bot.jobs.hours import zone_of
    from bot.review.trying import read_example, try_text
    from bot.rules.files import RuleFiles
    from bot.settings import load_settings
    from bot.toxicity.registry import build_scorer

    log_to_stderr()
    settings = load_settings()
    example = read_example({"tekst": text, "rol": role, "kanaal": channel, "moment": moment})
    tried = try_text(
        example,
        RuleFiles(file or settings.rules),
        datetime.now(UTC).astimezone(zone_of(settings.timezone)),
        scorer=build_scorer(settings.scorer, rule=settings.scorer_rule, model=settings.scorer_model),
        frames=load_frames(settings.frames, None).frames,
    )
    if tried.explanation is None:
        click.echo(tried.report.render(), err=True)
        ctx.exit(WRONG)
    found = [item for item in tried.explanation.rules if only in (None, item.rule.id)]
    if not found:
        raise click.BadParameter(f"er is geen regel met de naam {only}.", param_hint="--rule")
    for line in _told(found, whole=only is not None):
        click.echo(printable(line))


def _told(found: list[RuleExplanation], *, whole: bool) -> Iterator[str]:
    """Yield what to say: of rules that fire or could not be judged everything, of others one line together."""
    telling = [item for item in found if whole or (item.fired is not False and item.here)]
    for item in telling:
        verdict = _VERDICTS[item.fired] if item.here else f"geldt alleen in {', '.join(item.rule.channels)}"
        yield f"{item.rule.id}: {item.rule.title} ({item.rule.status}): {verdict}"
        if whole:
            yield from _condition(item.whole, 1)
        else:
            yield from (f"  - {why}" for why in item.because)
    if not telling:
        yield "Geen enkele regel gaat af."
    silent = [item.rule.id for item in found if item not in telling]
    if silent:
        yield f"Gaan niet af: {', '.join(silent)}."
        yield "Waarom een regel niet afgaat, ziet u met --rule en zijn naam."


def _condition(part: Part, depth: int) -> Iterator[str]:
    yield f"{'  ' * depth}{_SIGNS[part.fired]} {part.key}: {part.why}"
    for inner in part.parts:
        yield from _condition(inner, depth + 1)
