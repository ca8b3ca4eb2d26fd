"""`verbinder analyse`: judge a stream of texts, one JSON object a line in and one out."""

from __future__ import annotations

import itertools
import os
import stat
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

import click

from bot.cli import jsonl
from bot.cli.input import source
from bot.cli.judging import Judge, judge_with
from bot.cli.output import sink
from bot.cli.progress import Advance, bar, watched

if TYPE_CHECKING:
    from bot.core.findings import ToxicityResult

TOGETHER = 32
"""Lines of a file that are scored at once. A pipe is answered line by line: someone may wait for the answer."""

NOT_JUDGED = "deze tekst kon niet beoordeeld worden ({})"


@click.command("analyse", short_help="Beoordeel een reeks teksten (JSON Lines).")
@click.argument("file", metavar="[BESTAND|-]", default="-", type=click.Path(path_type=Path))
@click.option("--rules", type=click.Path(path_type=Path), metavar="BESTAND", help="Gebruik dit regelbestand.")
@click.option(
    "--scorer",
    metavar="NAAM",
    help="Gebruik deze scorer: embedded, detoxify of onnx; meer dan één kan ook: embedded+detoxify.",
)
@click.option("--out", type=click.Path(path_type=Path), metavar="BESTAND", help="Schrijf het resultaat hierheen.")
def command(file: Path, rules: Path | None, scorer: str | None, out: Path | None) -> None:
    """Beoordeel een reeks teksten, zonder databank.

    Elke regel van BESTAND is een JSON-object met `id`, `text` en eventueel `context` (het bericht waarop de tekst
    reageert). Op elke regel volgt één regel antwoord. Een regel die niet klopt, krijgt een antwoord met `error`; de
    andere gaan gewoon door. Zonder BESTAND, of met -, leest Verbinder van de standaardinvoer.

    De scorers detoxify en onnx gebruiken het model van VERBINDER_SCORER_MODEL. Het model multilingual van Detoxify is
    niet getraind op Nederlands: zie zijn score als één aanwijzing.
    """
    with source(file) as (stream, size):
        judge = judge_with(rules=rules, scorer=scorer)
        shown = watched() and (out is not None or not sys.stdout.isatty())
        with sink(out) as target, bar("Beoordelen", size, shown=shown) as advance:
            bad = judge_stream(stream, target, judge, advance, flush=out is None, together=_together(stream))
    if bad:
        lines = "1 regel kon" if bad == 1 else f"{bad} regels konden"
        click.echo(f"{lines} niet beoordeeld worden; kijk in het resultaat bij `error`.", err=True)


def judge_stream(
    source: BinaryIO, target: BinaryIO, judge: Judge, advance: Advance, *, flush: bool, together: int = 1
) -> int:
    """Write one line for every line of `source`, in its order; return how many say that something was wrong.

    Of `together` lines the texts are scored at once, before the first of them is answered.
    """
    bad = 0
    lines = jsonl.read(source)
    while some := list(itertools.islice(lines, together)):
        known = _scores(some, judge) if together > 1 else {}
        for line in some:
            answer = _answer(line, judge, known.get(line.number))
            bad += "error" in answer
            target.write(jsonl.dumps(answer))
            if flush:
                target.flush()
            advance(line.read)
    return bad


def _together(source: BinaryIO) -> int:
    return TOGETHER if stat.S_ISREG(os.fstat(source.fileno()).st_mode) else 1


def _scores(lines: Sequence[jsonl.Line[jsonl.Request]], judge: Judge) -> dict[int, ToxicityResult]:
    """Return the result of each line that holds a text, by its number; none where that failed: each is then tried."""
    requests = {line.number: line.request for line in lines if isinstance(line.request, jsonl.Request)}
    try:
        return dict(zip(requests, judge.score(list(requests.values())), strict=True))
    except Exception:  # noqa: BLE001 - one text must not take the others down
        return {}


def _answer(line: jsonl.Line[jsonl.Request], judge: Judge, toxicity: ToxicityResult | None) -> dict[str, object]:
    from bot.core.codec import to_json

    request = line.request
    if isinstance(request, jsonl.BadLine):
        return {"id": request.id, "line": line.number, "error": request.error}
    try:
        return to_json(judge(request, toxicity), id=request.id)
    except Exception as error:  # noqa: BLE001 - one text must not take the others down
        return {"id": request.id, "line": line.number, "error": NOT_JUDGED.format(type(error).__name__)}
