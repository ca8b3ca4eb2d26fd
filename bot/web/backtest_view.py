"""The report of a backtest as its page shows it: sentences, figures, reactions to read. Pure.

Reactions are shown without personal data, with what the rule sees marked in them. One whose words were erased since is
left out: a report must not outlive an erasure.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import chain

from bot.review.backtest_desk import Finished
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
from bot.web.highlight import Mark, Piece, masked, pieces

LONGEST = 320  # characters of a reaction that are shown
_BEFORE = 80  # characters before the first thing that the rule sees


@dataclass(frozen=True, slots=True)
class Reaction:
    """A reaction to read. `case` is the alert that it belongs to, None where it never was one."""

    verdict: str
    pieces: tuple[Piece, ...]
    case: int | None


@dataclass(frozen=True, slots=True)
class RulePart:
    """A rule that has more to say than its line in the table."""

    id: str
    title: str
    remarks: tuple[str, ...]
    findings: tuple[str, ...]
    reactions: tuple[tuple[str, tuple[Reaction, ...]], ...]
    present: bool


@dataclass(frozen=True, slots=True)
class Line:
    """A rule in the table."""

    id: str
    title: str
    hits: str
    new: str
    lost: str
    precision: str
    not_evaluated: str
    differs: bool


@dataclass(frozen=True, slots=True)
class View:
    """A report. `tiles` are the figures of all rules together: (number, what it counts)."""

    heading: tuple[str, ...]
    tiles: tuple[tuple[str, str], ...]
    whole: tuple[str, ...]
    parts: tuple[RulePart, ...]
    lines: tuple[Line, ...]
    compared: bool
    any_unknown: bool
    limits: tuple[str, ...]


def view_of(finished: Finished, kept: Mapping[int, int | None]) -> View:
    """Return what the page shows of a backtest. `kept` has the reactions that are still there, each with its alert."""
    report = finished.report
    assert report is not None
    return View(
        heading=tuple(heading(report, finished.question.what, finished.total)),
        tiles=_tiles(report),
        whole=tuple(whole(report)[1:]),
        parts=tuple(_part(rule, kept) for rule in report.rules if worth_telling(rule)),
        lines=tuple(_line(rule) for rule in report.rules),
        compared=report.compared,
        any_unknown=any(rule.not_evaluated for rule in report.rules),
        limits=LIMITS,
    )


def examples_in(report: BacktestReport) -> Iterator[Example]:
    """Yield every reaction that a report may show."""
    return chain.from_iterable(
        chain(rule.new_examples, rule.lost_examples, rule.wrong_examples) for rule in report.rules
    )


def _tiles(report: BacktestReport) -> tuple[tuple[str, str], ...]:
    found = report.whole
    if not report.compared:
        return ((number(found.alerts), "meldingen"),)
    return (
        (number(found.alerts), f"meldingen (nu {number(found.alerts_before)})"),
        (number(found.new), "nieuw"),
        (number(found.lost), "vervallen"),
        (number(found.graver), "ernstiger"),
        (number(found.milder), "minder ernstig"),
    )


def _part(rule: RuleBacktest, kept: Mapping[int, int | None]) -> RulePart:
    reactions = [
        (title, tuple(_reaction(example, kept) for example in found if example.revision_pk in kept))
        for title, found in examples(rule)
    ]
    return RulePart(
        id=rule.id,
        title=standing_of(rule).title,
        remarks=tuple(remarks(rule)),
        findings=tuple(findings(rule)),
        reactions=tuple((title, found) for title, found in reactions if found),
        present=rule.was is not None,
    )


def _reaction(example: Example, kept: Mapping[int, int | None]) -> Reaction:
    text, marks = masked(example.text, [(span, "hier gaat de regel op af") for span in example.spans])
    return Reaction(VERDICTS[example.upheld], pieces(*_window(text, marks)), kept[example.revision_pk])


def _window(text: str, marks: Sequence[Mark]) -> tuple[str, Sequence[Mark]]:
    """Return the stretch of a long text around the first mark, with the marks moved along."""
    if len(text) <= LONGEST:
        return text, marks
    first = min((start for (start, _), _ in marks), default=0)
    begin = min(max(first - _BEFORE, 0), len(text) - LONGEST)
    before, after = "…" if begin else "", "…" if begin + LONGEST < len(text) else ""
    moved = [((start - begin + len(before), end - begin + len(before)), label) for (start, end), label in marks]
    edge = len(before) + LONGEST
    return (
        f"{before}{text[begin : begin + LONGEST]}{after}",
        [((start, min(end, edge)), label) for (start, end), label in moved if start < edge],
    )


def _line(rule: RuleBacktest) -> Line:
    return Line(
        id=rule.id,
        title=standing_of(rule).title,
        hits=number(rule.hits),
        new=number(rule.new),
        lost=number(rule.lost),
        precision=short_share(rule.agreement.precision),
        not_evaluated=number(rule.not_evaluated),
        differs=rule.differs,
    )
