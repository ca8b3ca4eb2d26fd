"""`verbinder analyse`: judge a stream of texts, one JSON object a line in and one out."""

from __future__ import annotations

import contextlib
import os
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import click

from bot.cli import jsonl
from bot.cli.judging import Judge, judge_with
from bot.cli.output import STANDARD, sink
from bot.cli.progress import Advance, bar, watched
from bot.core.errors import ConfigError

NOT_JUDGED = "deze tekst kon niet beoordeeld worden ({})"


@click.command("analyse", short_help="Beoordeel een reeks teksten (JSON Lines).")
@click.argument("file", metavar="[BESTAND|-]", default="-", type=click.Path(path_type=Path))
@click.option("--rules", type=click.Path(path_type=Path), metavar="BESTAND", help="Gebruik dit regelbestand.")
@click.option("--scorer", metavar="NAAM", help="Gebruik deze scorer voor toxiciteit.")
@click.option("--out", type=click.Path(path_type=Path), metavar="BESTAND", help="Schrijf het resultaat hierheen.")
def command(file: Path, rules: Path | None, scorer: str | None, out: Path | None) -> None:
    """Beoordeel een reeks teksten, zonder databank.

    Elke regel van BESTAND is een JSON-object met `id`, `text` en eventueel `context` (het bericht waarop de tekst
    reageert). Op elke regel volgt één regel antwoord. Een regel die niet klopt, krijgt een antwoord met `error`; de
    andere gaan gewoon door. Zonder BESTAND, of met -, leest Verbinder van de standaardinvoer.
    """
    with _source(file) as (source, size):
        judge = judge_with(rules=rules, scorer=scorer)
        shown = watched() and (out is not None or not sys.stdout.isatty())
        with sink(out) as target, bar("Beoordelen", size, shown=shown) as advance:
            bad = judge_stream(source, target, judge, advance, flush=out is None)
    if bad:
        lines = "1 regel kon" if bad == 1 else f"{bad} regels konden"
        click.echo(f"{lines} niet beoordeeld worden; kijk in het resultaat bij `error`.", err=True)


def judge_stream(source: BinaryIO, target: BinaryIO, judge: Judge, advance: Advance, *, flush: bool) -> int:
    """Write one line for every line of `source`; return how many of them say that something was wrong."""
    bad = 0
    for line in jsonl.read(source):
        answer = _answer(line, judge)
        bad += "error" in answer
        target.write(jsonl.dumps(answer))
        if flush:
            target.flush()
        advance(line.read)
    return bad


def _answer(line: jsonl.Line, judge: Judge) -> dict[str, object]:
    from bot.core.codec import to_json

    request = line.request
    if isinstance(request, jsonl.BadLine):
        return {"id": request.id, "line": line.number, "error": request.error}
    try:
        return to_json(judge(request), id=request.id)
    except Exception as error:  # noqa: BLE001 - one text must not take the others down
        return {"id": request.id, "line": line.number, "error": NOT_JUDGED.format(type(error).__name__)}


@contextlib.contextmanager
def _source(file: Path) -> Iterator[tuple[BinaryIO, int]]:
    """Yield the input and its size in bytes, 0 where that cannot be known."""
    if file == STANDARD:
        yield sys.stdin.buffer, 0
        return
    try:
        stream = file.open("rb")
    except OSError as error:
        reason = (
            "bestaat niet" if isinstance(error, FileNotFoundError) else f"kan niet gelezen worden ({error.strerror})"
        )
        raise ConfigError(f"{file} {reason}.", remedy="Kijk de naam en de rechten van het bestand na.") from None
    with stream:
        yield stream, os.fstat(stream.fileno()).st_size
