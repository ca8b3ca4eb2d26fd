"""The verdict of the program on one text, and its proposals. The program proposes; a person decides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.core.findings import FramingResult, RulesResult, Severity, ToxicityResult


@dataclass(frozen=True, slots=True)
class Decision:
    """What the findings add up to. `reasons` are Dutch sentences for the people who decide.

    `not_evaluated` names every check that failed (`toxiciteit`, `toxiciteit:<scorer>` where others did answer,
    `kaders`, `regel:<id>`): such a text is never treated as clean (law 3) and always raises an alert.
    """

    alert: bool = False
    severity: Severity | None = None
    suggest_reply: bool = False
    propose_removal: bool = False
    not_evaluated: tuple[str, ...] = ()
    reasons: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A proposed reply. `frame` is the perspective that it opens, `value` the shared value it starts from.

    `approach` names how it differs from its siblings; `checks` are Dutch remarks on the draft, empty when it is fine.
    """

    text: str
    frame: str | None = None
    value: str | None = None
    approach: str = ""
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Analysis:
    """Everything the program has to say about one revision, with the versions that said it (law 6)."""

    language: str
    toxicity: ToxicityResult
    framing: FramingResult
    rules: RulesResult
    decision: Decision
    suggestions: tuple[Suggestion, ...] = ()
    fingerprint: str = ""
    versions: Mapping[str, str] = field(default_factory=dict)
