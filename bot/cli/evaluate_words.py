"""The report of an evaluation in Dutch, for a terminal. Pure; shows text as text, whatever it holds."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from bot.cli.explain import printable
from bot.evaluation import Part, Report, tables, words
from bot.evaluation.mistakes import Mistake, MistakeList, shown_name, shown_text
from bot.evaluation.pairs import Flip, PairFigures
from bot.evaluation.tables import Table

_LONGEST_CELL = 48  # characters
_MOST_WORDS_ACROSS = 8  # columns


def in_dutch(report: Report) -> str:
    """Return the report, the short of it first."""
    return "\n\n".join("\n".join(block) for block in _blocks(report))


def _blocks(report: Report) -> Iterator[list[str]]:
    sources = ", ".join(printable(source) for source in report.sources)
    yield [
        f"Gemeten op {words.counted(report.items, 'tekst', 'teksten')} uit {sources}.",
        *tables.remarks(report),
        *(f"LET OP: {warning}" for warning in tables.warnings(report)),
    ]
    summary = list(tables.summary(report))
    width = max(len(what) for what, _ in summary)
    yield ["In het kort", *(f"  {what.ljust(width)}  {figure}" for what, figure in summary)]
    yield list(tables.LEGEND)
    for part, figures in tables.told(report):
        yield _table(tables.part_table(part, figures))
    if report.confusions:
        yield ["Wat voor wat genomen wordt", f"  {tables.CONFUSION_NOTE}"]
        for confusion in report.confusions:
            note = [f"  {tables.FRAME_CONFUSION_NOTE}"] if confusion.part is Part.FRAMES else []
            yield [*_table(_narrow(tables.confusion_table(confusion))), *note]
    if report.calibrations:
        yield ["Kalibratie", f"  {tables.CALIBRATION_NOTE}"]
        for calibration in report.calibrations:
            yield _table(tables.calibration_table(calibration))
    if report.slices:
        yield ["Delen", f"  {tables.SLICE_NOTE}"]
        for table in report.slices:
            yield _table(tables.slice_table(table))
    if report.pairs:
        yield _pairs(report.pairs, report.options.worst)
    if report.mistakes:
        yield ["Vergissingen om eerst te lezen", f"  {tables.MISTAKE_NOTE}"]
        for mistakes in report.mistakes:
            yield list(_mistakes(mistakes, named=len(report.sources) > 1))
    yield [
        "Gemeten met",
        *(f"  {words.VERSIONS.get(of, of)}: {', '.join(all_)}" for of, all_ in report.versions.items()),
    ]


def _table(table: Table) -> list[str]:
    """Return a table in columns, the first to the left and figures to the right."""
    rows = [[_cell(cell) for cell in row] for row in (table.heads, *table.rows)]
    widths = [max(len(row[at]) for row in rows) for at in range(len(table.heads))]
    lines = [printable(table.caption)]
    for name, *cells in rows:
        aligned = [name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(cells, widths[1:], strict=True))]
        lines.append(f"  {'  '.join(aligned)}".rstrip())
    return lines


def _narrow(table: Table) -> Table:
    """Return a table of many columns with numbers for heads, and the same numbers before its rows."""
    if len(table.heads) <= _MOST_WORDS_ACROSS:
        return table
    rows = tuple((f"{number:2} {row[0]}", *row[1:]) for number, row in enumerate(table.rows, 1))
    return replace(table, heads=(table.heads[0], *(str(number) for number in range(1, len(table.heads)))), rows=rows)


def _cell(text: str) -> str:
    line = printable(text)
    return line if len(line) <= _LONGEST_CELL else f"{line[: _LONGEST_CELL - 1]}…"


def _pairs(pairs: PairFigures, most: int) -> list[str]:
    lines = ["Paren", f"  {tables.PAIR_NOTE}", *(f"  {line}" for line in tables.pair_lines(pairs))]
    for flip in pairs.flips[:most]:
        lines.extend(_flip(flip))
    if len(pairs.flips) > most:
        lines.append(f"  … en nog {words.number(len(pairs.flips) - most)}.")
    return lines


def _flip(flip: Flip) -> Iterator[str]:
    yield f"  Paar {printable(shown_name(flip.name))}:"
    for member in flip.members:
        flags = words.names(Part.TOXICITY, member.analysis.toxicity.flags)
        frames = words.names(Part.FRAMES, tuple(hit.id for hit in member.analysis.framing.frames))
        alert = "melding" if member.analysis.decision.alert else "geen melding"
        yield f"    - “{printable(shown_text(member.item.text))}”"
        yield f"      {alert}; vlaggen: {flags}; kaders: {frames}"


def _mistakes(mistakes: MistakeList, *, named: bool) -> Iterator[str]:
    kind = "ten onrechte gezien" if mistakes.extra else "gemist"
    shown = len(mistakes.shown)
    some = f", hieronder {shown}" if shown < mistakes.count else ""
    yield f"{words.PARTS[mistakes.part]}, {kind}: {words.counted(mistakes.count, 'tekst', 'teksten')}{some}"
    for mistake in mistakes.shown:
        yield from _mistake(mistakes.part, mistake, extra=mistakes.extra, named=named)


def _mistake(part: Part, mistake: Mistake, *, extra: bool, named: bool) -> Iterator[str]:
    name = shown_name(mistake.id)
    where = f"{mistake.source}, {name}" if named else name
    yield f"  - {printable(where)}: “{printable(mistake.text)}”"
    yield f"    {'te veel' if extra else 'gemist'}: {words.names(part, mistake.wrong)}"
    yield f"    mensen: {words.names(part, mistake.expected)}; Verbinder: {_given(part, mistake.given)}"
    if mistake.evidence:
        yield f"    door: {', '.join(f'“{printable(found)}”' for found in mistake.evidence)}"


def _given(part: Part, given: Iterable[tuple[str, float]]) -> str:
    named = [f"{words.class_word(part, name)} ({words.decimal(score)})" for name, score in given]
    return ", ".join(named) or words.names(part, ())
