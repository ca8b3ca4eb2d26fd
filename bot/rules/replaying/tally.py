"""Add up what two rule files say of history, in an amount of memory that hardly depends on its length."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime

from bot.core.findings import Effect, Severity
from bot.rules.compiling import CompiledRule
from bot.rules.replaying.agreed import Agreed
from bot.rules.replaying.replayed import Replayed
from bot.rules.replaying.report import BacktestReport, FileBacktest
from bot.rules.replaying.rule_tally import RuleTally, real_effects
from bot.rules.replaying.sidebyside import RETIRED, Outcome, Said, SideBySide
from bot.rules.ruleset import RuleSet

ALERTING = frozenset({Effect.ALERT_MODERATOR, Effect.PROPOSE_REMOVAL})
_MOST_RENAMES = 20  # names that one name is followed through: a circle has no end


class Tally:
    """Counts per rule and for the file as a whole."""

    def __init__(self, live: RuleSet | None, candidate: RuleSet, sides: SideBySide, examples: int) -> None:
        self._live, self._candidate, self._sides = live, candidate, sides
        self._renamed: dict[str, str] = {**(live.replaced if live else {}), **candidate.replaced}
        self._rules: dict[str, RuleTally] = {}
        self._add_rules(examples)
        self._whole = _Whole(sides, compared=live is not None)
        self._reactions = self._without_scores = self._upheld = self._overruled = 0
        self._since: datetime | None = None
        self._until: datetime | None = None

    def _add_rules(self, examples: int) -> None:
        before: dict[str, list[CompiledRule]] = {}
        for rule in self._live.rules if self._live else ():
            before.setdefault(self._present(rule.id), []).append(rule)
        dials = {self._sides.candidate[position].id: dial for position, dial in self._sides.dials.items()}
        for rule in self._candidate.rules:
            in_force = before.pop(rule.id, [])
            if rule.status != RETIRED or any(former.runs for former in in_force):
                self._rules[rule.id] = RuleTally(
                    rule.id,
                    rule,
                    in_force,
                    compared=self._live is not None,
                    dial=dials.get(rule.id),
                    examples=examples,
                )
        for name, in_force in before.items():
            if any(rule.runs for rule in in_force):
                self._rules[name] = RuleTally(name, None, in_force, compared=True, dial=None, examples=examples)

    def _present(self, name: str) -> str:
        """Return what a rule is called now."""
        for _ in range(_MOST_RENAMES):
            if name not in self._renamed:
                break
            name = self._renamed[name]
        return name

    def add(self, replayed: Replayed, outcome: Outcome) -> None:
        """Count one reaction."""
        self._reactions += 1
        self._without_scores += replayed.scores is None
        self._upheld += replayed.upheld is True
        self._overruled += replayed.upheld is False
        if replayed.moment is not None:
            self._since = min(self._since or replayed.moment, replayed.moment)
            self._until = max(self._until or replayed.moment, replayed.moment)
        self._whole.add(replayed, outcome)
        ground = self._present(replayed.ground)
        now = self._by_name(self._sides.candidate, outcome.candidate)
        before = self._by_name(self._sides.live, outcome.live)
        for name in {*now, *before, ground} & self._rules.keys():
            fired, _ = now.get(name, (False, ()))
            fired_before, firing = before.get(name, (False, ()))
            self._rules[name].add(replayed, fired, fired_before, firing, ground)
        for swept in outcome.swept:
            self._rules[self._sides.candidate[swept.rule].id].sweep(swept, replayed)

    def _by_name(
        self, rules: tuple[CompiledRule, ...], said: Said
    ) -> Mapping[str, tuple[bool | None, tuple[CompiledRule, ...]]]:
        """Return by present name whether it fires, None for not evaluated, and the rules that do."""
        found: dict[str, tuple[bool | None, tuple[CompiledRule, ...]]] = {}
        for position in said.unknown:
            found[self._present(rules[position].id)] = (None, ())
        for position in said.fired:
            name = self._present(rules[position].id)
            found[name] = (True, (*found.get(name, (True, ()))[1], rules[position]))
        return found

    def report(self, *, partial: bool) -> BacktestReport:
        """Return what is known so far."""
        return BacktestReport(
            candidate_hash=self._candidate.hash,
            live_hash=self._live.hash if self._live else None,
            reactions=self._reactions,
            without_scores=self._without_scores,
            upheld=self._upheld,
            overruled=self._overruled,
            since=self._since,
            until=self._until,
            partial=partial,
            whole=self._whole.result(),
            rules=tuple(rule.result() for rule in self._rules.values()),
        )


class _Whole:
    """The rules of a file together: what comes before a moderator because of them."""

    def __init__(self, sides: SideBySide, *, compared: bool) -> None:
        self._sides = sides
        self._compared = compared
        self._alerts = self._alerts_before = self._new = self._lost = 0
        self._graver = self._milder = self._unknown = 0
        self._agreed, self._agreed_before = Agreed(), Agreed()

    def add(self, replayed: Replayed, outcome: Outcome) -> None:
        now = _severity(self._sides.candidate, outcome.candidate.fired)
        before = _severity(self._sides.live, outcome.live.fired)
        fired = self._alerts_on(now, self._sides.candidate, outcome.candidate)
        fired_before = self._alerts_on(before, self._sides.live, outcome.live)
        self._alerts += fired is True
        self._alerts_before += fired_before is True
        self._unknown += fired is None
        self._agreed.count(replayed, fired, expected=True)
        if not self._compared:
            return
        self._agreed_before.count(replayed, fired_before, expected=True)
        self._new += fired is True and fired_before is False
        self._lost += fired is False and fired_before is True
        if now is not None and before is not None:
            self._graver += now > before
            self._milder += now < before

    @staticmethod
    def _alerts_on(severity: Severity | None, rules: tuple[CompiledRule, ...], said: Said) -> bool | None:
        """Tell whether a reaction is raised; None where a rule that might have raised it was not evaluated."""
        if severity is not None:
            return True
        return None if _severity(rules, said.unknown) is not None else False

    def result(self) -> FileBacktest:
        return FileBacktest(
            alerts=self._alerts,
            alerts_before=self._alerts_before,
            new=self._new,
            lost=self._lost,
            graver=self._graver,
            milder=self._milder,
            not_evaluated=self._unknown,
            agreement=self._agreed.result(),
            agreement_before=self._agreed_before.result(),
        )


def _severity(rules: tuple[CompiledRule, ...], positions: Iterable[int]) -> Severity | None:
    """Return the gravest severity among the rules at these positions that raise an alert; None where none does."""
    return max((rules[at].severity for at in positions if real_effects(rules[at]) & ALERTING), default=None)
