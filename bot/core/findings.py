"""What the checks found: every check returns a record, also when it did not fire or failed.

A span is (start, end), half-open, in characters (code points) of the *original* text.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum, StrEnum

Span = tuple[int, int]

# Detoxify's labels, in its order, so that scorers can be exchanged.
TOXICITY_LABELS: tuple[str, ...] = (
    "toxicity",
    "severe_toxicity",
    "obscene",
    "identity_attack",
    "insult",
    "threat",
    "sexual_explicit",
)


class Severity(IntEnum):
    """How serious a finding is. Ordered; `label` is the word of the rule file."""

    LOW = 1
    MODERATE = 2
    HIGH = 3
    CRITICAL = 4

    @property
    def label(self) -> str:
        return _SEVERITY_LABELS[self]

    @classmethod
    def parse(cls, label: str) -> Severity:
        """Return the severity that the rule file calls `label`; raise KeyError for an unknown word."""
        return _SEVERITY_BY_LABEL[label]


_SEVERITY_LABELS = {
    Severity.LOW: "laag",
    Severity.MODERATE: "matig",
    Severity.HIGH: "hoog",
    Severity.CRITICAL: "kritiek",
}
_SEVERITY_BY_LABEL = {label: severity for severity, label in _SEVERITY_LABELS.items()}


class Effect(StrEnum):
    """What a rule or a frame may ask for. `PROPOSE_REMOVAL` exists for house rules only (law 2)."""

    ALERT_MODERATOR = "meld_moderator"
    SUGGEST_REPLY = "stel_antwoord_voor"
    MARK = "markeer"
    PROPOSE_REMOVAL = "stel_verwijderen_voor"


FRAME_EFFECTS: frozenset[Effect] = frozenset({Effect.SUGGEST_REPLY, Effect.MARK})


class Tone(StrEnum):
    """How a reaction speaks. `ZORG` is a worry or doubt in civil words."""

    QUESTION = "vraag"
    WORRY = "zorg"
    CRITICISM = "kritiek"
    HOSTILE = "vijandig"
    CONNECTING = "verbindend"
    NEUTRAL = "neutraal"


class Tension(StrEnum):
    """Conflict or polarisation, and which kind."""

    NONE = "geen"
    CONFLICT = "conflict"
    IDEOLOGICAL = "ideologisch"
    AFFECTIVE = "affectief"


@dataclass(frozen=True, slots=True)
class ScorerPart:
    """What one scorer said of a text that several measure together.

    With `error` set that one did not evaluate the text. `decides` is False for one that is only shown.
    """

    scorer: str
    version: str
    scores: Mapping[str, float] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    error: str | None = None
    decides: bool = True


@dataclass(frozen=True, slots=True)
class ToxicityResult:
    """Scores per label in [0, 1] and the labels whose calibrated threshold is reached.

    With `error` set the text was *not evaluated*: `scores` and `flags` are empty and mean nothing.
    `evidence` are the spans that carried the verdict, per label.

    Where several scorers measure together, `parts` is what each of them said, and `disagreement` the labels on which
    they contradict each other. Neither is a verdict; people see both.
    """

    scorer: str
    version: str
    scores: Mapping[str, float] = field(default_factory=dict)
    flags: tuple[str, ...] = ()
    error: str | None = None
    evidence: Mapping[str, tuple[Span, ...]] = field(default_factory=dict)
    parts: tuple[ScorerPart, ...] = ()
    disagreement: tuple[str, ...] = ()

    @property
    def silent_parts(self) -> tuple[ScorerPart, ...]:
        """Return the scorers that have a say and did not evaluate the text, while others did."""
        return () if self.error is not None else tuple(part for part in self.parts if part.error and part.decides)


@dataclass(frozen=True, slots=True)
class FrameHit:
    """A frame that was detected: its calibrated threshold is reached."""

    id: str
    score: float
    evidence: tuple[Span, ...]
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class FramingResult:
    """Frames, values, tone and tension of one text. `error` set means *not evaluated*."""

    frames: tuple[FrameHit, ...] = ()
    values: tuple[str, ...] = ()
    tone: Tone = Tone.NEUTRAL
    tension: Tension = Tension.NONE
    topics: tuple[str, ...] = ()
    version: str = ""
    error: str | None = None


@dataclass(frozen=True, slots=True)
class RuleHit:
    """A house rule that fired. `status` is the rule file's word (`actief`, `schaduw`)."""

    id: str
    title: str
    house_rule: str
    severity: Severity
    status: str
    effects: frozenset[Effect]
    reason: str
    spans: tuple[Span, ...] = ()

    @property
    def active(self) -> bool:
        """Shadow rules are counted and shown, and do nothing."""
        return self.status == "actief"


@dataclass(frozen=True, slots=True)
class RulesResult:
    """Which rules fired, and which could not be evaluated (rule id → why)."""

    file_hash: str
    hits: tuple[RuleHit, ...] = ()
    not_evaluated: Mapping[str, str] = field(default_factory=dict)
