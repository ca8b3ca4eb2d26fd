"""Add up one rule over history, in the candidate and in the rules in force."""

from __future__ import annotations

from collections.abc import Sequence

from bot.core.findings import Effect, Span
from bot.rules.compiling import CompiledRule
from bot.rules.replaying.agreed import Agreed
from bot.rules.replaying.replayed import Replayed
from bot.rules.replaying.report import Change, Example, RuleBacktest, Standing
from bot.rules.replaying.shelf import Shelf
from bot.rules.replaying.sidebyside import RETIRED, subject_of, verdict_of
from bot.rules.replaying.sweep import Dial, SweepTally, Swept
from bot.rules.ruleset import merge
from bot.rules.verdicts import NO

# Which reactions tell most: of what is new, those that people found fine; of what is lost, those that they acted on.
_NEW_ORDER = (False, True, None)
_LOST_ORDER = (True, False, None)
_WRONG_ORDER = (False,)


class RuleTally:
    """One rule. `after` is it in the candidate; `before` are those in force that it is or replaces, mostly one."""

    def __init__(
        self,
        name: str,
        after: CompiledRule | None,
        before: Sequence[CompiledRule],
        *,
        compared: bool,
        dial: Dial | None,
        examples: int,
    ) -> None:
        self.name = name
        self._after = after
        self._before = tuple(before)
        self._compared = compared
        self._sweep = SweepTally(dial) if dial else None
        self._hits = self._hits_before = 0
        self._unknown = self._unknown_before = 0
        self._new = self._lost = 0
        self._severity_moved = self._effects_changed = 0
        self._agreed, self._agreed_before = Agreed(), Agreed()
        self._shelves = [Shelf(order, examples) for order in (_NEW_ORDER, _LOST_ORDER, _WRONG_ORDER)]

    def add(
        self, replayed: Replayed, fired: bool | None, before: bool | None, firing: Sequence[CompiledRule], ground: str
    ) -> None:
        """Count a reaction: whether the rule fires on it, did so `before`, and which rules in force those are then.

        None is not evaluated. `ground` is the present name of the rule that the decision about it rests on.
        """
        self._hits += fired is True
        self._unknown += fired is None
        self._hits_before += before is True
        self._unknown_before += before is None
        self._agreed.count(replayed, fired, expected=ground == self.name)
        if fired and replayed.upheld is False:
            self._shelves[2].put(replayed)
        if self._compared:
            self._agreed_before.count(replayed, before, expected=ground == self.name)
            self._compare(replayed, fired, before, firing)

    def sweep(self, swept: Swept, replayed: Replayed) -> None:
        """Count what the rule would do on a reaction at other thresholds."""
        if self._sweep is not None:
            self._sweep.add(swept, replayed)

    def _compare(
        self, replayed: Replayed, fired: bool | None, before: bool | None, firing: Sequence[CompiledRule]
    ) -> None:
        runs = self._after is not None and self._after.runs
        if fired and before is False:  # of a draft: what it would add if it ran
            self._new += 1
            self._shelves[0].put(replayed)
        elif before and (fired is False or not runs):
            self._lost += 1
            self._shelves[1].put(replayed)
        elif before and fired:
            assert self._after is not None
            self._severity_moved += self._after.severity != max(rule.severity for rule in firing)
            done = frozenset[Effect]().union(*(real_effects(rule) for rule in firing))
            self._effects_changed += real_effects(self._after) != done

    def result(self) -> RuleBacktest:
        """Return what is known of the rule so far."""
        new, lost, wrong = (shelf.reactions() for shelf in self._shelves)
        now = [self._after] if self._after is not None else []
        in_force = [rule for rule in self._before if rule.runs]
        return RuleBacktest(
            id=self.name,
            change=self._change(),
            standing=_standing(now),
            was=_standing(self._before),
            hits=self._hits,
            hits_before=self._hits_before,
            new=self._new,
            lost=self._lost,
            severity_moved=self._severity_moved,
            effects_changed=self._effects_changed,
            not_evaluated=self._unknown,
            not_evaluated_before=self._unknown_before,
            agreement=self._agreed.result(),
            agreement_before=self._agreed_before.result(),
            sweep=self._sweep.result() if self._sweep else None,
            new_examples=tuple(_example(replayed, now) for replayed in new),
            lost_examples=tuple(_example(replayed, in_force) for replayed in lost),
            wrong_examples=tuple(_example(replayed, now) for replayed in wrong),
        )

    def _change(self) -> Change:
        if not self._compared:
            return Change.ALONE
        if self._after is None:
            return Change.GONE
        if not self._before:
            return Change.ADDED
        same = [rule.definition for rule in self._before] == [self._after.definition]
        return Change.SAME if same else Change.CHANGED


def real_effects(rule: CompiledRule) -> frozenset[Effect]:
    """Return what a rule does where it fires: nothing, unless it is in force."""
    return rule.effects if rule.status == "actief" else frozenset()


def _standing(rules: Sequence[CompiledRule]) -> Standing | None:
    if not rules:
        return None
    heaviest = max(rules, key=lambda rule: (rule.status != RETIRED, rule.runs, rule.severity))
    return Standing(heaviest.title, heaviest.status, heaviest.severity, real_effects(heaviest))


def _example(replayed: Replayed, rules: Sequence[CompiledRule]) -> Example:
    """Return a reaction with the places where these rules see something. Looked up again: few are ever read."""
    subject = subject_of(replayed)
    spans: list[Span] = []
    for rule in rules:
        verdict = verdict_of(rule, subject) if rule.applies_in(replayed.channel) else NO
        if verdict.fired:
            spans.extend(verdict.spans)
    length = len(replayed.text)
    inside = merge([(max(0, start), min(end, length)) for start, end in spans])
    return Example(replayed.revision_pk, replayed.text, inside, replayed.moment, replayed.upheld)
