"""Two rule files side by side on one reaction: which rules of each fire. Pure, and what it returns is small.

A rule that says the same in both files (`CompiledRule.definition`) is evaluated once. Drafts of the candidate are
evaluated too: a backtest is where a draft is tried. Nothing is counted here; that is `bot.rules.backtest`.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from bot.rules.compiling import CompiledRule
from bot.rules.inputs import RuleInput, Subject
from bot.rules.replaying.replayed import Replayed
from bot.rules.replaying.sweep import MET, NOT_MET, Dial, Swept, dial_of, level_of
from bot.rules.ruleset import RuleSet
from bot.rules.verdicts import Verdict, needs_of
from bot.text.language import detect
from bot.text.normalise import normalise
from bot.text.sieve import Sieve

RETIRED = "uitgefaseerd"


@dataclass(frozen=True, slots=True)
class Said:
    """What one file says: the positions of the rules that fire, and of those that could not be evaluated."""

    fired: tuple[int, ...] = ()
    unknown: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class Outcome:
    """What both files say of one reaction. `live` is empty where there is nothing to compare with."""

    candidate: Said
    live: Said
    swept: tuple[Swept, ...] = ()


NOTHING = Said()
SILENCE = Outcome(NOTHING, NOTHING)
"""What most reactions come to."""


class SideBySide:
    """A candidate and, where there is one, the rules in force.

    `candidate` and `live` are the rules that are evaluated, in the order of their files: positions point into these.
    """

    def __init__(self, live: RuleSet | None, candidate: RuleSet) -> None:
        self.candidate: tuple[CompiledRule, ...] = tuple(rule for rule in candidate.rules if rule.status != RETIRED)
        self.live: tuple[CompiledRule, ...] = tuple(rule for rule in live.rules if rule.runs) if live else ()
        known = {rule.definition: position for position, rule in enumerate(self.candidate)}
        self.shared = {
            position: known[rule.definition] for position, rule in enumerate(self.live) if rule.definition in known
        }
        self._sieve = Sieve([needs_of(rule.check) for rule in self.candidate])
        self._alone = [position for position in range(len(self.live)) if position not in self.shared]
        self._alone_sieve = Sieve([needs_of(self.live[position].check) for position in self._alone])
        self.dials: dict[int, Dial] = {
            position: dial
            for position, rule in enumerate(self.candidate)
            if (dial := dial_of(rule.written.wanneer)) is not None
        }

    def judge_all(self, history: Sequence[Replayed]) -> list[Outcome]:
        """Return what both files say of each reaction, in order."""
        return [self.judge(replayed) for replayed in history]

    def judge(self, replayed: Replayed) -> Outcome:
        """Return what both files say of one reaction. Never raises."""
        subject = subject_of(replayed)
        channel = replayed.channel
        verdicts: list[bool | None] = [False] * len(self.candidate)
        for position in self._sieve.passing(subject.tokens):
            rule = self.candidate[position]
            verdicts[position] = rule.applies_in(channel) and fires(rule, subject)
        said = _said(verdicts)
        swept = self._swept(subject, verdicts)
        before = _said(self._before(subject, verdicts))
        if said is NOTHING and before is NOTHING and not swept:
            return SILENCE
        return Outcome(said, before, swept)

    def _before(self, subject: Subject, verdicts: Sequence[bool | None]) -> list[bool | None]:
        """Return what the rules in force say, given what the candidate's say: shared rules say the same."""
        before: list[bool | None] = [False] * len(self.live)
        for position, known in self.shared.items():
            before[position] = verdicts[known]
        for number in self._alone_sieve.passing(subject.tokens):
            rule = self.live[self._alone[number]]
            before[self._alone[number]] = rule.applies_in(subject.given.channel) and fires(rule, subject)
        return before

    def _swept(self, subject: Subject, verdicts: Sequence[bool | None]) -> tuple[Swept, ...]:
        scores = subject.given.scores
        if scores is None:
            return ()
        found = []
        for position, dial in self.dials.items():
            score, fired = scores.get(dial.label), verdicts[position]
            if score is None or fired is None or not self.candidate[position].applies_in(subject.given.channel):
                continue
            level, is_met = level_of(score), score >= dial.threshold
            if level == 0 and not is_met:
                met, not_met = False, fired  # it reaches no threshold that is looked at: the rest of the rule counts
            else:
                other = fires(self.candidate[position], _with_score(subject, dial.label, NOT_MET if is_met else MET))
                if other is None:
                    continue
                met, not_met = (fired, other) if is_met else (other, fired)
            if met or not_met:
                found.append(Swept(position, level, met, not_met))
        return tuple(found)


def subject_of(replayed: Replayed) -> Subject:
    """Return a stored reaction as rules look at it."""
    language = detect(replayed.text) if replayed.language is None else replayed.language
    return Subject.of(
        RuleInput(
            normalised=normalise(replayed.text),
            language=language,
            scores=replayed.scores,
            role=replayed.role,
            channel=replayed.channel,
            thread_id=replayed.thread_id,
            attachments=replayed.attachments,
            post_id=replayed.post_id,
            recent=replayed.recent,
            moment=replayed.moment,
        )
    )


def fires(rule: CompiledRule, subject: Subject) -> bool | None:
    """Tell whether a rule fires; None where it cannot be evaluated."""
    return verdict_of(rule, subject).fired


def verdict_of(rule: CompiledRule, subject: Subject) -> Verdict:
    """Return what a rule says; whatever goes wrong in it, it is not evaluated."""
    try:
        return rule.check(subject)
    except Exception as error:  # noqa: BLE001  one broken rule never takes the others down
        return Verdict(None, why=f"de regel liep vast: {type(error).__name__}")


def _with_score(subject: Subject, label: str, score: float) -> Subject:
    given = replace(subject.given, scores={**(subject.given.scores or {}), label: score})
    return replace(subject, given=given)


def _said(verdicts: Sequence[bool | None]) -> Said:
    if not any(verdict is not False for verdict in verdicts):
        return NOTHING
    fired = tuple(position for position, verdict in enumerate(verdicts) if verdict)
    unknown = tuple(position for position, verdict in enumerate(verdicts) if verdict is None)
    return Said(fired, unknown)
