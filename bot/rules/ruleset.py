"""A checked rule file, ready to judge: frozen, with the hash that proves which file judged.

Evaluating never raises and never stops half-way: a rule that cannot be evaluated says so, the others go on.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from bot.core.findings import Effect, RuleHit, RulesResult, Severity, Span
from bot.rules.compiling import CompiledRule
from bot.rules.files import MIRRORS_FILE, RuleFiles
from bot.rules.inputs import RuleInput, Subject
from bot.rules.lists import WordList
from bot.rules.verdicts import Verdict, needs_of
from bot.text.sieve import Sieve


@dataclass(frozen=True, slots=True)
class RuleInfo:
    """A house rule as a moderator chooses it, for instance as the ground for a removal."""

    id: str
    title: str
    house_rule: str
    severity: Severity
    reason: str
    effects: frozenset[Effect]


@dataclass(frozen=True, slots=True)
class RuleSet:
    """The rules of one file. `hash` is the SHA-256 of the file and what it is read with.

    `frames` says what a detected frame asks for; `replaced` maps former rule ids to the present ones; `lists` are the
    word lists by name; `mirrors` the pairs of sentences that rules treat alike; `files` are the bytes that all this was
    read from.
    """

    path: Path
    hash: str
    rules: tuple[CompiledRule, ...]
    frames: Mapping[str, frozenset[Effect]]
    replaced: Mapping[str, str]
    lists: Mapping[str, WordList] = field(default_factory=dict)
    mirrors: tuple[tuple[str, ...], ...] = ()
    files: RuleFiles | None = None
    _sieve: Sieve = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        object.__setattr__(self, "_sieve", Sieve([needs_of(rule.check) for rule in self.rules]))

    @property
    def beside(self) -> Mapping[str, bytes]:
        """Return the files that belong to the rules, by name: their lists, and the mirrors where there are any."""
        files = {words.file: words.raw for words in self.lists.values() if words.file}
        mirrors = self.files.beside.get(MIRRORS_FILE) if self.files is not None else None
        return files if mirrors is None else {**files, MIRRORS_FILE: mirrors}

    @property
    def flagged_frames(self) -> frozenset[str]:
        """Return the frames that are to be marked."""
        return frozenset(frame for frame, effects in self.frames.items() if Effect.MARK in effects)

    @property
    def house_rules(self) -> tuple[RuleInfo, ...]:
        """Return the rules in force, in the order of the file."""
        return tuple(
            RuleInfo(rule.id, rule.title, rule.house_rule, rule.severity, rule.reason, rule.effects)
            for rule in self.rules
            if rule.status == "actief"
        )

    def evaluate(self, given: RuleInput) -> RulesResult:
        """Return the rules that fire on `given`, and those in force that could not be evaluated.

        A shadow rule that could not be evaluated is left out: a trial must not raise an alarm.
        """
        hits: list[RuleHit] = []
        not_evaluated: dict[str, str] = {}
        subject = Subject.of(given)
        for number in self._sieve.passing(subject.tokens):
            rule = self.rules[number]
            if not (rule.runs and rule.applies_in(given.channel)):
                continue
            try:
                verdict = rule.check(subject)
            except Exception as error:  # noqa: BLE001  one broken rule never takes the others down
                verdict = Verdict(None, why=f"de regel liep vast: {type(error).__name__}")
            if verdict.fired is None and rule.status == "actief":
                not_evaluated[rule.id] = verdict.why
            elif verdict.fired:
                hits.append(_hit(rule, verdict.spans, len(given.text)))
        return RulesResult(self.hash, tuple(hits), not_evaluated)


def _hit(rule: CompiledRule, spans: tuple[Span, ...], length: int) -> RuleHit:
    inside = merge([(max(0, start), min(end, length)) for start, end in spans])
    return RuleHit(rule.id, rule.title, rule.house_rule, rule.severity, rule.status, rule.effects, rule.reason, inside)


def merge(spans: list[Span]) -> tuple[Span, ...]:
    """Return the spans in order, overlapping ones made one, empty ones left out."""
    merged: list[Span] = []
    for start, end in sorted(span for span in spans if span[1] > span[0]):
        if merged and start < merged[-1][1]:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return tuple(merged)
