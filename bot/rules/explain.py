"""Why each rule of a file fires on a text or does not: the verdict of every condition, with a reason in Dutch. Pure.

Judges exactly as `RuleSet.evaluate` does (a test holds the two together), but looks at everything: also at rules that
do not run, and at conditions that no longer decide. Slower, so for people who ask, not for reactions that come in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.core.findings import Effect, Severity, Span
from bot.rules.compiling import CompiledRule
from bot.rules.effects import combine
from bot.rules.inputs import RuleInput, Subject
from bot.rules.lists import Lists
from bot.rules.model import NodeBase
from bot.rules.reasons import Outcome, group_reason, reason
from bot.rules.registry import COMBINATIONS
from bot.rules.ruleset import RuleSet, merge
from bot.rules.verdicts import Check, Verdict, all_of, any_of, guarded, none_of

_GROUPS = {"alle": all_of, "een": any_of, "geen": none_of}


@dataclass(frozen=True, slots=True)
class Part:
    """One condition or group, what it said and why. `fired` None means that nobody can tell."""

    key: str
    fired: bool | None
    why: str
    spans: tuple[Span, ...] = ()
    parts: tuple[Part, ...] = ()

    def decisive(self) -> Iterator[Part]:
        """Yield the conditions that made it come out as it did, without the groups around them."""
        if not self.parts:
            yield self
            return
        # What `geen` holds works the other way round: it fails on what fires.
        wanted = self.fired if self.key != "geen" or self.fired is None else not self.fired
        deciding = [part for part in self.parts if part.fired is wanted]
        if self.key == "alle" and self.fired is False:
            deciding = deciding[:1]
        for part in deciding:
            yield from part.decisive()


@dataclass(frozen=True, slots=True)
class RuleExplanation:
    """One rule and what it makes of a text. `here` tells whether it is meant for the channel at all."""

    rule: CompiledRule
    fired: bool | None
    here: bool
    whole: Part
    spans: tuple[Span, ...]

    @property
    def counts(self) -> bool:
        """Tell whether something happens: it fires, it is in force, and it is meant for this channel."""
        return bool(self.fired) and self.here and self.rule.status == "actief"

    @property
    def would(self) -> bool:
        """Tell whether something would happen, were the rule in force."""
        return bool(self.fired) and self.here and self.rule.status != "actief"

    @property
    def unknown(self) -> bool:
        """Tell whether people get to see the text because this rule could not judge it."""
        return self.fired is None and self.here and self.rule.status == "actief"

    @property
    def because(self) -> tuple[str, ...]:
        """Return the reasons that decided, each once."""
        return tuple(dict.fromkeys(part.why for part in self.whole.decisive()))


@dataclass(frozen=True, slots=True)
class Explanation:
    """What all rules of a file make of a text, in the order of the file."""

    rules: tuple[RuleExplanation, ...]

    @property
    def effects(self) -> frozenset[Effect]:
        """Return what the rules that count ask for together."""
        return combine(item.rule.effects for item in self.rules if item.counts)

    @property
    def severity(self) -> Severity | None:
        """Return the gravest severity among the rules that count."""
        return max((item.rule.severity for item in self.rules if item.counts), default=None)


def explain(rules: RuleSet, given: RuleInput) -> Explanation:
    """Return why each rule fires on `given` or does not. Raises nothing, as `RuleSet.evaluate`."""
    subject, lists = Subject.of(given), Lists(rules.lists)
    return Explanation(tuple(_explained(rule, subject, lists) for rule in rules.rules))


def _explained(rule: CompiledRule, subject: Subject, lists: Lists) -> RuleExplanation:
    whole = _part(rule.written.wanneer, subject, lists)
    length = len(subject.given.text)
    inside = merge([(max(0, start), min(end, length)) for start, end in whole.spans])
    return RuleExplanation(rule, whole.fired, rule.applies_in(subject.given.channel), whole, inside)


def _part(node: NodeBase, subject: Subject, lists: Lists) -> Part:
    if node.key in COMBINATIONS:
        parts = tuple(_part(child, subject, lists) for child in node.value)
        verdict = _GROUPS[node.key]([_said(part) for part in parts])(subject)
        return Part(node.key, verdict.fired, group_reason(node.key, verdict), verdict.spans, parts)
    verdict = guarded(node.key, node.value.compile(lists))(subject)
    return Part(node.key, verdict.fired, reason(node.value, Outcome(subject, verdict, lists)), verdict.spans)


def _said(part: Part) -> Check:
    verdict = Verdict(part.fired, part.spans, part.why)
    return lambda _subject: verdict
