"""What a backtest says, in Dutch sentences: one wording for command line and console. Pure; no residents' words."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime

from bot.core.findings import Effect
from bot.rules.backtest import BacktestReport
from bot.rules.replaying.report import Change, Example, FileBacktest, RuleBacktest, Standing
from bot.rules.statistics import Proportion

NO_HISTORY = "Er zijn nog geen reacties om op terug te blikken."

_EFFECTS = {
    Effect.ALERT_MODERATOR: "een moderator melden",
    Effect.SUGGEST_REPLY: "een antwoord voorstellen",
    Effect.MARK: "markeren",
    Effect.PROPOSE_REMOVAL: "verwijderen voorstellen",
}
VERDICTS = {True: "ingegrepen", False: "in orde bevonden", None: "geen beslissing"}
CHANGES = {Change.ADDED: "nieuwe regel", Change.GONE: "regel die er niet meer in staat"}
LIMITS = (
    "Mensen zien vooral wat al gemeld werd. Wat nooit gemeld werd, telt hier niet mee, ook niet als het fout was.",
    "De percentages tussen haakjes: daar ligt het echte percentage met 95% zekerheid tussen.",
)


def heading(report: BacktestReport, what: object, total: int) -> list[str]:
    """Return what was replayed: `what` names the candidate, `total` is how many reactions there were."""
    lines = []
    if report.partial:
        lines.append(
            f"LET OP: dit is een deel. Er zijn {number(report.reactions)} van de {number(total)} reacties bekeken,"
            " de nieuwste eerst."
        )
    period = ""
    if report.since and report.until:
        first, last = _day(report.since), _day(report.until)
        period = f", van {first} tot en met {last}" if first != last else f", van {first}"
    lines.append(f"Terugblik met {what} op {counted(report.reactions, 'reactie', 'reacties')}{period}.")
    lines.append(
        "Vergeleken met de regels die nu gelden."
        if report.compared
        else "Dit zijn de regels die nu gelden; er is niets om mee te vergelijken."
    )
    decided = report.upheld + report.overruled
    lines.append(
        f"Mensen beslisten over {counted(decided, 'reactie', 'reacties')}:"
        f" bij {number(report.upheld)} grepen ze in (verwijderd of herinnerd),"
        f" {number(report.overruled)} {'was' if report.overruled == 1 else 'waren'} in orde."
        if decided
        else "Mensen beslisten nog over geen enkele van deze reacties."
    )
    if report.without_scores:
        lines.append(
            f"Van {counted(report.without_scores, 'reactie', 'reacties')} zijn geen toxiciteitsscores bewaard."
            " Regels die ze nodig hebben, zijn daar niet beoordeeld."
        )
    return lines


def whole(report: BacktestReport) -> list[str]:
    """Return what the house rules come to together."""
    found, compared = report.whole, report.compared
    lines = [_alerts(found, compared=compared)]
    if found.not_evaluated:
        lines.append(f"Niet beoordeeld: {counted(found.not_evaluated, 'reactie', 'reacties')}.")
    before = found.agreement_before
    lines.append(f"Terecht gemeld: {share(found.agreement.precision, before.precision if compared else None)}.")
    recall = share(found.agreement.recall, before.recall if compared else None)
    lines.append(f"Gevonden van waar mensen ingrepen: {recall}.")
    return lines


def _alerts(whole: FileBacktest, *, compared: bool) -> str:
    if not compared:
        return f"Meldingen: {number(whole.alerts)}."
    return (
        f"Meldingen: {number(whole.alerts)} (nu {number(whole.alerts_before)}):"
        f" {number(whole.new)} nieuw, {number(whole.lost)} vervallen,"
        f" {number(whole.graver)} ernstiger, {number(whole.milder)} minder ernstig."
    )


def worth_telling(rule: RuleBacktest) -> bool:
    """Tell whether a rule has more to say than its line in the table."""
    if rule.change is Change.ALONE:
        return bool(rule.wrong_examples)
    return rule.differs or rule.change is not Change.SAME


def standing_of(rule: RuleBacktest) -> Standing:
    """Return how a rule stands in the candidate, or stood where it is gone."""
    standing = rule.standing or rule.was
    assert standing is not None, "a rule stands in one of both"
    return standing


def remarks(rule: RuleBacktest) -> list[str]:
    """Return the status of a rule, its severity, and whether it is new or gone."""
    standing = standing_of(rule)
    found = [standing.status, f"ernst {standing.severity.label}"]
    return [*found, CHANGES[rule.change]] if rule.change in CHANGES else found


def findings(rule: RuleBacktest) -> Iterator[str]:
    """Yield what a rule does on history, one sentence for each thing there is to say."""
    yield _hits(rule)
    yield from _moves(rule)
    if rule.not_evaluated:
        yield f"Niet beoordeeld: {counted(rule.not_evaluated, 'reactie', 'reacties')}."
    compared, before = rule.was is not None, rule.agreement_before
    yield f"Terecht: {share(rule.agreement.precision, before.precision if compared else None)}."
    if rule.agreement.recall.of:
        found = share(rule.agreement.recall, before.recall if compared else None)
        yield f"Gevonden van waar mensen om deze regel ingrepen: {found}."


def examples(rule: RuleBacktest) -> Iterator[tuple[str, Sequence[Example]]]:
    """Yield reactions to read under a title, none of them twice."""
    new = {example.revision_pk for example in rule.new_examples}
    wrong = [example for example in rule.wrong_examples if example.revision_pk not in new]
    for title, found in (
        ("Nieuw", rule.new_examples),
        ("Vervallen", rule.lost_examples),
        ("Onterecht, volgens mensen", wrong),
    ):
        if found:
            yield title, found


def _hits(rule: RuleBacktest) -> str:
    if rule.change is Change.ALONE:
        return f"Gaat {number(rule.hits)} keer af."
    count, now = number(rule.hits), f" (nu {number(rule.hits_before)})" if rule.was is not None else ""
    draft = rule.standing is not None and rule.standing.status == "concept"
    words = f"Als dit concept meetelde, ging het {count} keer af" if draft else f"Gaat {count} keer af"
    return f"{words}{now}: {number(rule.new)} nieuw, {number(rule.lost)} vervallen."


def _moves(rule: RuleBacktest) -> Iterator[str]:
    if rule.standing is None or rule.was is None:
        return
    if rule.was.status != rule.standing.status:
        yield f"Status: van {rule.was.status} naar {rule.standing.status}."
    if rule.severity_moved:
        yield (
            f"Andere ernst (van {rule.was.severity.label} naar {rule.standing.severity.label}):"
            f" {counted(rule.severity_moved, 'reactie', 'reacties')}."
        )
    if rule.effects_changed:
        yield (
            f"Andere gevolgen (van {_effects(rule.was.effects)} naar {_effects(rule.standing.effects)}):"
            f" {counted(rule.effects_changed, 'reactie', 'reacties')}."
        )


def _effects(effects: Iterable[Effect]) -> str:
    words = [_EFFECTS[effect] for effect in Effect if effect in set(effects)]
    return " en ".join(words) or "niets"


def share(proportion: Proportion, before: Proportion | None = None) -> str:
    """Return how many of how many, the percentage with its interval, and what it is now where that differs."""
    if proportion.value is None:
        return "daar is nog geen beslissing over"
    words = f"{number(proportion.count)} van {number(proportion.of)}, {short_share(proportion)}"
    if before is not None and before.value is not None and before != proportion:
        words += f"; nu {number(before.count)} van {number(before.of)}, {short_share(before)}"
    return words


def short_share(proportion: Proportion) -> str:
    """Return a percentage with the interval that it lies in, a dash where there is nothing to take it of."""
    if proportion.value is None:
        return "-"
    interval = proportion.interval
    return f"{proportion.value:.0%} ({interval.low:.0%} tot {interval.high:.0%})"


def counted(count: int, one: str, more: str) -> str:
    """Return a number with the word that goes with it."""
    return f"{number(count)} {one if count == 1 else more}"


def number(count: int) -> str:
    """Return a number as it is written in Flanders."""
    return f"{count:,}".replace(",", ".")


def _day(moment: datetime) -> str:
    return f"{moment:%d/%m/%Y}"
