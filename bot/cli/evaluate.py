"""`verbinder eval`: measure detection on labelled texts, one JSON object a line."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli import jsonl
from bot.cli.explain import printable
from bot.cli.input import source
from bot.cli.judging import Judge, engine_with, judge_by
from bot.cli.output import STANDARD, sink
from bot.cli.progress import bar
from bot.core.errors import ConfigError

if TYPE_CHECKING:
    from bot.evaluation import Item, Judged
    from bot.evaluation.reading import Vocabulary

DRAWS = 2000
WORST = 10
_MOST_COMPLAINTS = 20


@dataclass(frozen=True, slots=True)
class Complaint:
    """A line that is not measured, and why."""

    file: str
    line: int
    error: str

    def __str__(self) -> str:
        return printable(f"{self.file}, regel {self.line}: {self.error}")


@click.command("eval", short_help="Meet hoe goed Verbinder oordeelt, op teksten met labels.")
@click.argument("files", metavar="BESTAND…", nargs=-1, required=True, type=click.Path(path_type=Path))
@click.option("--rules", type=click.Path(path_type=Path), metavar="BESTAND", help="Gebruik dit regelbestand.")
@click.option("--scorer", metavar="NAAM", help="Gebruik deze scorer voor toxiciteit.")
@click.option(
    "--html", type=click.Path(path_type=Path), metavar="BESTAND", help="Schrijf ook een pagina met grafieken."
)
@click.option("--json", "as_json", is_flag=True, help="Geef alle cijfers als JSON.")
@click.option(
    "--worst",
    type=click.IntRange(0, 1000),
    default=WORST,
    metavar="AANTAL",
    help=f"Hoeveel vergissingen van elke soort. Standaard {WORST}.",
)
@click.option(
    "--doubt",
    type=click.Choice(["weg", "nee", "ja"]),
    default="weg",
    metavar="WAT",
    help="Wat 0.5 (misschien) telt: weg (telt niet mee), nee of ja. Standaard weg.",
)
@click.option(
    "--seed", type=click.IntRange(0, 2**32 - 1), default=0, metavar="GETAL", help="Voor de marges. Standaard 0."
)
def command(
    files: tuple[Path, ...],
    rules: Path | None,
    scorer: str | None,
    html: Path | None,
    as_json: bool,
    worst: int,
    doubt: str,
    seed: int,
) -> None:
    """Meet hoe goed Verbinder oordeelt over teksten waarvan mensen al zeiden wat ze ervan vinden.

    Elke regel van BESTAND is een JSON-object met `id`, `text`, `labels` en eventueel `context`, `slices` en `pair`.
    Alleen wat een label heeft, wordt gemeten. Een regel die niet klopt, wordt genoemd en overgeslagen. Hoe u zo'n
    bestand maakt en wat de cijfers zeggen, staat in docs/meten.md.
    """
    if html == STANDARD and as_json:
        raise click.UsageError("Kies: --json of --html -. Beide schrijven naar de standaarduitvoer.")
    if html is not None and html.resolve() in {file.resolve() for file in files}:
        raise click.UsageError(f"{html} is ook een bestand om te meten. Geef de pagina een andere naam.")
    from bot.evaluation import Doubt, Options, Sampling, report_of
    from bot.evaluation.reading import Vocabulary
    from bot.framing.loading import load_frames
    from bot.settings import load_settings

    engine = engine_with(rules=rules, scorer=scorer)
    frames, values = tuple(engine.detector.names), tuple(load_frames(load_settings().frames, None).values)
    items, complaints = read_items(files, Vocabulary(frozenset(frames), frozenset(values)))
    _complain(complaints)
    if not items:
        raise ConfigError(
            "Er is geen enkele tekst om te meten.",
            remedy="Kijk het bestand na; docs/meten.md toont hoe een regel eruitziet.",
        )
    options = Options(Doubt(doubt), Sampling(DRAWS, seed), worst, frames, values)
    with contextlib.nullcontext() if html is None else sink(html) as page:  # a place to write, before the long work
        report = report_of(judge_items(items, judge_by(engine)), options)
        if page is not None:
            from bot.evaluation.page import as_html

            page.write(as_html(report).encode("utf-8", "replace"))
    if as_json:
        from bot.cli import evaluate_json

        click.echo(evaluate_json.dumps(report), nl=False)
    elif html != STANDARD:
        from bot.cli import evaluate_words

        click.echo(evaluate_words.in_dutch(report))


def read_items(files: Sequence[Path], known: Vocabulary) -> tuple[list[Item], list[Complaint]]:
    """Return what can be measured, and what cannot; raise ConfigError where a file cannot be read."""
    items: list[Item] = []
    complaints: list[Complaint] = []
    for file in files:
        for found in _read(file, known):
            if isinstance(found, Complaint):
                complaints.append(found)
            else:
                items.append(found)
    return items, complaints


def judge_items(items: Sequence[Item], judge: Judge) -> list[Judged]:
    """Judge every item, with a progress bar."""
    from bot.evaluation import Judged

    judged = []
    with bar("Beoordelen", len(items)) as advance:
        for number, item in enumerate(items, 1):
            judged.append(Judged(item, judge(jsonl.Request(item.id, item.text, item.context))))
            advance(number)
    return judged


def _read(file: Path, known: Vocabulary) -> Iterator[Item | Complaint]:
    """Yield the item or the complaint of every line."""
    name = "standaardinvoer" if file == STANDARD else str(file)
    first: dict[str, int] = {}
    with source(file) as (stream, _size):
        for line in jsonl.read_as(stream, lambda data: _parse(data, known)):
            item = line.request
            if isinstance(item, jsonl.BadLine):
                yield Complaint(name, line.number, item.error)
            elif item.id in first:
                yield Complaint(name, line.number, f"`id` “{item.id}” staat ook al op regel {first[item.id]}")
            else:
                first[item.id] = line.number
                yield replace(item, source=name)


def _parse(line: bytes, known: Vocabulary) -> Item | jsonl.BadLine:
    from bot.evaluation import Item
    from bot.evaluation.reading import LabelError, labels_of, pair_of, slices_of

    value = jsonl.object_in(line)
    if isinstance(value, jsonl.BadLine):
        return value
    request = jsonl.request_of(value)
    if isinstance(request, jsonl.BadLine):
        return request
    try:
        return Item(
            id=request.id,
            text=request.text,
            context=request.context,
            labels=labels_of(value.get("labels"), known),
            slices=slices_of(value.get("slices")),
            pair=pair_of(value.get("pair")),
        )
    except LabelError as error:
        return jsonl.BadLine(str(error), request.id)


def _complain(complaints: Sequence[Complaint]) -> None:
    for complaint in complaints[:_MOST_COMPLAINTS]:
        click.echo(complaint, err=True)
    more = len(complaints) - _MOST_COMPLAINTS
    if more > 0:
        click.echo(f"… en nog {more} regels die niet kloppen.", err=True)
    if complaints:
        lines = "1 regel is" if len(complaints) == 1 else f"{len(complaints)} regels zijn"
        click.echo(f"{lines} niet gemeten.\n", err=True)
