"""What a backtest shows: values, for the command line and the console to put into words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from bot.core.findings import Effect, Severity, Span
from bot.rules.replaying.sweep import Sweep
from bot.rules.statistics import Agreement


class Change(StrEnum):
    """How a rule of the candidate relates to the rules in force."""

    SAME = "gelijk"
    CHANGED = "gewijzigd"
    ADDED = "nieuw"
    GONE = "weg"  # only in the rules in force
    ALONE = "alleen"  # there was nothing to compare with


@dataclass(frozen=True, slots=True)
class Standing:
    """How a rule stands in a file. `effects` are what it really does: none for a rule that is not in force."""

    title: str
    status: str
    severity: Severity
    effects: frozenset[Effect]


@dataclass(frozen=True, slots=True)
class Example:
    """A reaction to read, with the places in its text where the rule looks. `upheld` is what people decided."""

    revision_pk: int
    text: str
    spans: tuple[Span, ...]
    moment: datetime | None
    upheld: bool | None


@dataclass(frozen=True, slots=True)
class RuleBacktest:
    """One rule on history. Counts are of reactions; agreements are of decisions.

    `standing` and `was` are how it stands in the candidate and in the rules in force, None where it is not there.
    `new` fire in the candidate only, `lost` in the rules in force only; `new` of a draft are what it would add if it
    ran, and all that it did before are `lost`. Of those that fire in both, `severity_moved`
    come under another severity and `effects_changed` have other consequences. Where either file cannot evaluate the
    rule, a reaction is neither new nor lost. `wrong` are reactions that people found to be fine.
    """

    id: str
    change: Change
    standing: Standing | None
    was: Standing | None
    hits: int
    hits_before: int
    new: int
    lost: int
    severity_moved: int
    effects_changed: int
    not_evaluated: int
    not_evaluated_before: int
    agreement: Agreement
    agreement_before: Agreement
    sweep: Sweep | None
    new_examples: tuple[Example, ...]
    lost_examples: tuple[Example, ...]
    wrong_examples: tuple[Example, ...]

    @property
    def differs(self) -> bool:
        """Tell whether anything comes out otherwise than under the rules in force."""
        return bool(self.new or self.lost or self.severity_moved or self.effects_changed)


@dataclass(frozen=True, slots=True)
class FileBacktest:
    """The house rules together: which reactions come before a moderator because of them.

    `graver` and `milder` are alerts under both files whose severity goes up or down. `not_evaluated` are reactions that
    no rule raises, while a rule in force that could raise them was not evaluated.
    """

    alerts: int
    alerts_before: int
    new: int
    lost: int
    graver: int
    milder: int
    not_evaluated: int
    agreement: Agreement
    agreement_before: Agreement


@dataclass(frozen=True, slots=True)
class BacktestReport:
    """What replaying history came to. `live_hash` is None where there was nothing to compare with.

    `upheld` and `overruled` count reactions that people decided about. `rules` are in the order of the candidate,
    after them those that are only in the rules in force.
    """

    candidate_hash: str
    live_hash: str | None
    reactions: int
    without_scores: int
    upheld: int
    overruled: int
    since: datetime | None
    until: datetime | None
    partial: bool
    whole: FileBacktest
    rules: tuple[RuleBacktest, ...]

    @property
    def compared(self) -> bool:
        """Tell whether there were rules in force to compare with."""
        return self.live_hash is not None
