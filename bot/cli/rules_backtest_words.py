"""The report of a backtest in Dutch, for an administrator. Pure; shows text as text, and personal data masked."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from bot.cli.explain import printable
from bot.review.backtest_words import (
    LIMITS,
    VERDICTS,
    examples,
    findings,
    heading,
    number,
    remarks,
    short_share,
    standing_of,
    whole,
    worth_telling,
)
from bot.rules.backtest import BacktestReport
from bot.rules.replaying.report import Example, RuleBacktest
from bot.text.personal import mask

_LONGEST_TEXT = 160  # characters of an example


def in_dutch(report: BacktestReport, path: Path, total: int) -> str:
    """Return the report, what matters most first; `total` is how many reactions there were to replay."""
    parts = [heading(report, path, total), ["Alle regels samen", *(f"  {sentence}" for sentence in whole(report))]]
    told = [rule for rule in report.rules if worth_telling(rule)]
    parts.extend(_rule(rule) for rule in told)
    if report.compared and not told:
        parts.append(["Geen enkele regel komt anders uit."])
    parts.extend([_table(report), list(LIMITS)])
    return "\n\n".join("\n".join(part) for part in parts)


def _rule(rule: RuleBacktest) -> list[str]:
    title = printable(standing_of(rule).title)
    lines = [f"{rule.id}: {title} ({', '.join(remarks(rule))})", *(f"  {sentence}" for sentence in findings(rule))]
    for kind, found in examples(rule):
        lines.extend(_examples(kind, found))
    return lines


def _examples(title: str, shown: Sequence[Example]) -> Iterator[str]:
    yield f"  {title}:"
    for example in shown:
        text = printable(mask(example.text))
        words = text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
        found = [printable(mask(example.text[start:end])) for start, end in example.spans]
        pieces = f" (gevonden: {', '.join(dict.fromkeys(found))})" if found else ""
        yield f"    - {VERDICTS[example.upheld]}: “{words}”{pieces}"


def _table(report: BacktestReport) -> list[str]:
    """Return a line for each rule, in columns."""
    heads = ["regel", "keer", "terecht"]
    if report.compared:
        heads[2:2] = ["nieuw", "vervallen"]
    if any(rule.not_evaluated for rule in report.rules):
        heads.append("niet beoordeeld")
    rows = [heads]
    for rule in report.rules:
        cells = {
            "regel": rule.id,
            "keer": number(rule.hits),
            "nieuw": number(rule.new),
            "vervallen": number(rule.lost),
            "terecht": short_share(rule.agreement.precision),
            "niet beoordeeld": number(rule.not_evaluated),
        }
        rows.append([cells[head] for head in heads])
    widths = [max(len(row[at]) for row in rows) for at in range(len(heads))]
    lines = ["Alle regels"]
    for name, *counts in rows:
        aligned = [name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(counts, widths[1:], strict=True))]
        lines.append(f"  {'  '.join(aligned)}".rstrip())
    return lines
