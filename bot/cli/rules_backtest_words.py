"""The report of a backtest in Dutch, for an administrator. Pure; shows text as text, and personal data masked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

from bot.cli.explain import printable
from bot.core.findings import Effect
from bot.rules.backtest import BacktestReport
from bot.rules.replaying.report import Change, Example, FileBacktest, RuleBacktest
from bot.rules.statistics import Proportion
from bot.text.personal import mask

_LONGEST_TEXT = 160  # characters of an example
_EFFECTS = {
    Effect.ALERT_MODERATOR: "een moderator melden",
    Effect.SUGGEST_REPLY: "een antwoord voorstellen",
    Effect.MARK: "markeren",
    Effect.PROPOSE_REMOVAL: "verwijderen voorstellen",
}
_VERDICTS = {True: "ingegrepen", False: "in orde bevonden", None: "geen beslissing"}
_CHANGES = {Change.ADDED: "nieuwe regel", Change.GONE: "regel die er niet meer in staat"}
_LIMITS = (
    "Mensen zien vooral wat al gemeld werd. Wat nooit gemeld werd, telt hier niet mee, ook niet als het fout was.",
    "De percentages tussen haakjes: daar ligt het echte percentage met 95% zekerheid tussen.",
)


def in_dutch(report: BacktestReport, path: Path, total: int) -> str:
    """Return the report, what matters most first; `total` is how many reactions there were to replay."""
    parts = [_heading(report, path, total), _whole(report.whole, compared=report.compared)]
    told = [rule for rule in report.rules if _worth_telling(rule)]
    parts.extend(_rule(rule) for rule in told)
    if report.compared and not told:
        parts.append(["Geen enkele regel komt anders uit."])
    parts.extend([_table(report), list(_LIMITS)])
    return "\n\n".join("\n".join(part) for part in parts)


def _heading(report: BacktestReport, path: Path, total: int) -> list[str]:
    lines = []
    if report.partial:
        lines.append(
            f"LET OP: dit is een deel. Er zijn {_number(report.reactions)} van de {_number(total)} reacties bekeken,"
            " de nieuwste eerst."
        )
    period = ""
    if report.since and report.until:
        first, last = _day(report.since), _day(report.until)
        period = f", van {first} tot en met {last}" if first != last else f", van {first}"
    lines.append(f"Terugblik met {path} op {_counted(report.reactions, 'reactie', 'reacties')}{period}.")
    lines.append(
        "Vergeleken met de regels die nu gelden."
        if report.compared
        else "Dit zijn de regels die nu gelden; er is niets om mee te vergelijken."
    )
    decided = report.upheld + report.overruled
    lines.append(
        f"Mensen beslisten over {_counted(decided, 'reactie', 'reacties')}:"
        f" bij {_number(report.upheld)} grepen ze in (verwijderd of herinnerd),"
        f" {_number(report.overruled)} {'was' if report.overruled == 1 else 'waren'} in orde."
        if decided
        else "Mensen beslisten nog over geen enkele van deze reacties."
    )
    if report.without_scores:
        lines.append(
            f"Van {_counted(report.without_scores, 'reactie', 'reacties')} zijn geen toxiciteitsscores bewaard."
            " Regels die ze nodig hebben, zijn daar niet beoordeeld."
        )
    return lines


def _whole(whole: FileBacktest, *, compared: bool) -> list[str]:
    lines = ["Alle regels samen"]
    if compared:
        lines.append(
            f"  Meldingen: {_number(whole.alerts)} (nu {_number(whole.alerts_before)}):"
            f" {_number(whole.new)} nieuw, {_number(whole.lost)} vervallen,"
            f" {_number(whole.graver)} ernstiger, {_number(whole.milder)} minder ernstig."
        )
    else:
        lines.append(f"  Meldingen: {_number(whole.alerts)}.")
    if whole.not_evaluated:
        lines.append(f"  Niet beoordeeld: {_counted(whole.not_evaluated, 'reactie', 'reacties')}.")
    before = whole.agreement_before
    lines.append(f"  Terecht gemeld: {_share(whole.agreement.precision, before.precision if compared else None)}.")
    found = _share(whole.agreement.recall, before.recall if compared else None)
    lines.append(f"  Gevonden van waar mensen ingrepen: {found}.")
    return lines


def _worth_telling(rule: RuleBacktest) -> bool:
    """Tell whether a rule has more to say than its line in the table."""
    if rule.change is Change.ALONE:
        return bool(rule.wrong_examples)
    return rule.differs or rule.change is not Change.SAME


def _rule(rule: RuleBacktest) -> list[str]:
    standing = rule.standing or rule.was
    assert standing is not None
    remarks = [standing.status, f"ernst {standing.severity.label}"]
    if rule.change in _CHANGES:
        remarks.append(_CHANGES[rule.change])
    lines = [f"{rule.id}: {printable(standing.title)} ({', '.join(remarks)})", f"  {_hits(rule)}"]
    lines.extend(f"  {line}" for line in _moves(rule))
    if rule.not_evaluated:
        lines.append(f"  Niet beoordeeld: {_counted(rule.not_evaluated, 'reactie', 'reacties')}.")
    compared = rule.was is not None
    before = rule.agreement_before
    lines.append(f"  Terecht: {_share(rule.agreement.precision, before.precision if compared else None)}.")
    if rule.agreement.recall.of:
        found = _share(rule.agreement.recall, before.recall if compared else None)
        lines.append(f"  Gevonden van waar mensen om deze regel ingrepen: {found}.")
    new = {example.revision_pk for example in rule.new_examples}
    lines.extend(_examples("Nieuw", rule.new_examples))
    lines.extend(_examples("Vervallen", rule.lost_examples))
    wrong = [example for example in rule.wrong_examples if example.revision_pk not in new]
    lines.extend(_examples("Onterecht, volgens mensen", wrong))
    return lines


def _hits(rule: RuleBacktest) -> str:
    if rule.change is Change.ALONE:
        return f"Gaat {_number(rule.hits)} keer af."
    count, now = _number(rule.hits), f" (nu {_number(rule.hits_before)})" if rule.was is not None else ""
    draft = rule.standing is not None and rule.standing.status == "concept"
    words = f"Als dit concept meetelde, ging het {count} keer af" if draft else f"Gaat {count} keer af"
    return f"{words}{now}: {_number(rule.new)} nieuw, {_number(rule.lost)} vervallen."


def _moves(rule: RuleBacktest) -> Iterator[str]:
    if rule.standing is None or rule.was is None:
        return
    if rule.was.status != rule.standing.status:
        yield f"Status: van {rule.was.status} naar {rule.standing.status}."
    if rule.severity_moved:
        yield (
            f"Andere ernst (van {rule.was.severity.label} naar {rule.standing.severity.label}):"
            f" {_counted(rule.severity_moved, 'reactie', 'reacties')}."
        )
    if rule.effects_changed:
        yield (
            f"Andere gevolgen (van {_effects(rule.was.effects)} naar {_effects(rule.standing.effects)}):"
            f" {_counted(rule.effects_changed, 'reactie', 'reacties')}."
        )


def _effects(effects: Iterable[Effect]) -> str:
    words = [_EFFECTS[effect] for effect in Effect if effect in set(effects)]
    return " en ".join(words) or "niets"


def _examples(title: str, examples: Sequence[Example]) -> Iterator[str]:
    if examples:
        yield f"  {title}:"
    for example in examples:
        text = printable(mask(example.text))
        shown = text if len(text) <= _LONGEST_TEXT else f"{text[: _LONGEST_TEXT - 1]}…"
        found = [printable(mask(example.text[start:end])) for start, end in example.spans]
        pieces = f" (gevonden: {', '.join(dict.fromkeys(found))})" if found else ""
        yield f"    - {_VERDICTS[example.upheld]}: “{shown}”{pieces}"


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
            "keer": _number(rule.hits),
            "nieuw": _number(rule.new),
            "vervallen": _number(rule.lost),
            "terecht": _short_share(rule.agreement.precision),
            "niet beoordeeld": _number(rule.not_evaluated),
        }
        rows.append([cells[head] for head in heads])
    widths = [max(len(row[at]) for row in rows) for at in range(len(heads))]
    lines = ["Alle regels"]
    for name, *counts in rows:
        aligned = [name.ljust(widths[0]), *(cell.rjust(width) for cell, width in zip(counts, widths[1:], strict=True))]
        lines.append(f"  {'  '.join(aligned)}".rstrip())
    return lines


def _share(proportion: Proportion, before: Proportion | None = None) -> str:
    if proportion.value is None:
        return "daar is nog geen beslissing over"
    words = f"{_number(proportion.count)} van {_number(proportion.of)}, {_short_share(proportion)}"
    if before is not None and before.value is not None and before != proportion:
        words += f"; nu {_number(before.count)} van {_number(before.of)}, {_short_share(before)}"
    return words


def _short_share(proportion: Proportion) -> str:
    if proportion.value is None:
        return "-"
    interval = proportion.interval
    return f"{proportion.value:.0%} ({interval.low:.0%} tot {interval.high:.0%})"


def _counted(count: int, one: str, more: str) -> str:
    return f"{_number(count)} {one if count == 1 else more}"


def _number(count: int) -> str:
    return f"{count:,}".replace(",", ".")


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}"
