"""House rules as a page shows them: a diagnostic at its place, what the rules made of a text. Pure; knows no HTML."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from bot.core.findings import Effect
from bot.review.trying import Tried
from bot.rules.diagnostics import Diagnostic
from bot.rules.difference import doing
from bot.rules.explain import Explanation, Part, RuleExplanation
from bot.text.untrusted import oddities, visible
from bot.web.highlight import Piece, pieces
from bot.web.words import flag_word

# A sign beside each word, so that colour is never the only difference.
_SIGNS = {True: "✓", False: "✕", None: "?"}
_SAID = {True: "klopt", False: "klopt niet", None: "niet te zeggen"}
_LONGEST_EXCERPT = 160  # characters of a line of the file
_BEFORE_ARROW = 60  # characters of it before the place that is meant


@dataclass(frozen=True, slots=True)
class Remark:
    """A diagnostic. `excerpt` is the line of the file with an arrow, empty where there is nothing to show.

    `file` is the name of another file beside the rule file, empty where it is about the rule file itself.
    """

    file: str
    line: int
    column: int
    level: str
    message: str
    hint: str
    excerpt: str

    @property
    def place(self) -> str:
        """Return where it is, in words."""
        where = f"lijn {self.line}, kolom {self.column}"
        return f"{self.file}, {where}" if self.file else where.capitalize()


@dataclass(frozen=True, slots=True)
class ShownPart:
    """A condition or group with its outcome in a sign and a word."""

    key: str
    sign: str
    said: str
    why: str
    parts: tuple[ShownPart, ...]


@dataclass(frozen=True, slots=True)
class ShownRule:
    """A rule with what it made of a text, why in short, and every condition."""

    id: str
    title: str
    house_rule: str
    kind: str
    verdict: str
    effects: str
    because: tuple[str, ...]
    whole: ShownPart


@dataclass(frozen=True, slots=True)
class Outcome:
    """What all rules made of a text. `errors` is their number where the rules cannot be read."""

    errors: int
    together: str
    flags: str
    pieces: tuple[Piece, ...]
    oddities: tuple[str, ...]
    telling: tuple[ShownRule, ...]
    silent: tuple[ShownRule, ...]


def remark_of(problem: Diagnostic, path: Path) -> Remark:
    """Return a diagnostic with its line of the file, from the first letter on, and an arrow under the place.

    `path` is the rule file; what lies beside it is named from its folder.
    """
    file = Path(problem.file)
    beside = file.relative_to(path.parent) if file.is_relative_to(path.parent) else file
    name = "" if file == path else beside.as_posix()
    line = problem.source.strip()
    before = len(problem.source) - len(problem.source.lstrip())
    start = max(problem.column - 1 - before - _BEFORE_ARROW, 0)
    arrow = max(problem.column - 1 - before - start, 0)
    shown = "".join(c if c.isprintable() else " " for c in line[start : start + _LONGEST_EXCERPT])
    excerpt = f"{shown}\n{' ' * arrow}^" if line else ""
    return Remark(name, problem.line, problem.column, problem.level.value, problem.message, problem.hint, excerpt)


def outcome_of(tried: Tried) -> Outcome:
    """Return what came of trying a text: the rules that have something to say first."""
    text, explanation = tried.example.tekst, tried.explanation
    if explanation is None:
        return Outcome(len(tried.report.diagnostics), "", "", (), (), (), ())
    telling = [item for item in explanation.rules if item.fired is not False and item.here]
    marks = [(span, f"Huisregel: {item.rule.title}") for item in telling for span in item.spans]
    return Outcome(
        errors=0,
        together=together(explanation),
        flags=", ".join(map(flag_word, tried.toxicity.flags)),
        pieces=pieces(visible(text), marks),
        oddities=oddities(text),
        telling=tuple(_rule(item) for item in sorted(telling, key=_rank)),
        silent=tuple(_rule(item) for item in explanation.rules if item not in telling),
    )


def together(explanation: Explanation) -> str:
    """Return what happens when somebody writes this, as far as the house rules go."""
    sentences = []
    if explanation.effects and explanation.severity is not None:
        sentences.append(f"Verbinder {doing(explanation.effects)}. Ernst: {explanation.severity.label}.")
    elif not any(item.unknown for item in explanation.rules):
        sentences.append("Er gebeurt niets: geen enkele actieve regel gaat af.")
    if any(item.unknown for item in explanation.rules):
        sentences.append("Een moderator krijgt het te zien, omdat niet elke actieve regel beoordeeld kon worden.")
    return " ".join(sentences)


def effects_said(item: RuleExplanation) -> str:
    """Return what a rule does, or would do."""
    does = doing(item.rule.effects)
    if item.counts:
        return f"Verbinder {does}."
    if not item.would:
        return ""
    effects: Sequence[str] = [_WOULD[effect] for effect in Effect if effect in item.rule.effects]
    return f"Verbinder zou {' en '.join(effects)}, maar doet nu niets."


_WOULD = {
    Effect.ALERT_MODERATOR: "melden aan een moderator",
    Effect.SUGGEST_REPLY: "een antwoord voorstellen",
    Effect.MARK: "markeren",
    Effect.PROPOSE_REMOVAL: "voorstellen om te verwijderen",
}
_NOT_IN_FORCE = {
    "schaduw": "Zou afgaan (schaduw)",
    "concept": "Zou afgaan (nog een concept)",
    "uitgefaseerd": "Zou afgaan (uitgefaseerd)",
}


def _rule(item: RuleExplanation) -> ShownRule:
    rule = item.rule
    kind, verdict = _verdict(item)
    because = item.because if item.here else (f"ze geldt alleen in {', '.join(rule.channels)}", *item.because)
    return ShownRule(
        rule.id, rule.title, rule.house_rule, kind, verdict, effects_said(item), because, _part(item.whole)
    )


def _verdict(item: RuleExplanation) -> tuple[str, str]:
    """Return the kind of outcome and its words."""
    if not item.here:
        return "stil", "Geldt niet in dit kanaal"
    if item.fired is None:
        return "onbekend", "Niet te beoordelen"
    if not item.fired:
        return "stil", "Gaat niet af"
    return ("af", "Gaat af") if item.counts else ("zou", _NOT_IN_FORCE[item.rule.status])


def _rank(item: RuleExplanation) -> tuple[bool, bool, int]:
    return (not item.counts, item.fired is None, -item.rule.severity)


def _part(part: Part) -> ShownPart:
    parts = tuple(_part(inner) for inner in part.parts)
    return ShownPart(part.key, _SIGNS[part.fired], _SAID[part.fired], part.why, parts)
