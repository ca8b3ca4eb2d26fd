"""A case is one question to one role about one revision: does this need a moderator, or a reply?

A reaction that needs both has two cases, one on each desk; they are shown together and settle each other where that
is the only sensible outcome (a removed reaction needs no reply any more).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from bot.core.analysis import Analysis, Suggestion
from bot.core.findings import Severity
from bot.core.messages import AuthorRole, MessageKind, MessageRef
from bot.core.people import Person


class CaseKind(StrEnum):
    """Which desk a case lies on."""

    ALERT = "melding"  # for moderators
    REPLY = "antwoord"  # for community managers


class CaseState(StrEnum):
    """Where a case is in its life."""

    OPEN = "open"
    DECIDED = "beslist"  # decided; its effects are waiting, under way, or done (see the outbox)
    RETURNED = "terug"  # the effect could not be carried out: back with the person who decided, with the reason
    CLOSED = "gesloten"  # overtaken: edited, deleted, or settled by the other desk


class ActionKind(StrEnum):
    """What a person can do with a case."""

    APPROVE = "goedkeuren"  # place the suggestion as it stands
    EDIT = "aanpassen"  # place the person's own text
    ANOTHER = "ander_voorstel"  # show the next suggestion
    DROP = "niet_antwoorden"
    FINE = "in_orde"
    PROPOSE_REMOVAL = "verwijderen_voorstellen"
    REMOVE = "verwijderen"
    WARN = "herinneren"  # a public reminder of the house rules
    PASS_ON = "doorgeven"  # to the other desk
    CLAIM = "opnemen"
    RELEASE = "vrijgeven"
    UNDO = "ongedaan"


@dataclass(frozen=True, slots=True)
class Command:
    """What `person` asks, about the case as they saw it.

    `case_version` is the version on the card they pressed: a case that moved on in the meantime refuses (trap 1).
    `text` is the edited reply, the warning or the note; `rule_id` and `reason` go with a removal or a warning.
    """

    action: ActionKind
    case_id: int
    case_version: int
    text: str = ""
    rule_id: str = ""
    reason: str = ""


class EffectState(StrEnum):
    """Where an effect is on its way out."""

    WAITING = "wacht"  # in its grace period, or waiting for the next try
    SENDING = "bezig"  # handed to the platform; the answer is not known yet
    SENT = "verzonden"
    CANCELLED = "geannuleerd"  # undone in time
    FAILED = "mislukt"  # will not happen; the case went back
    UNCERTAIN = "onzeker"  # may have happened; a person has to look (trap 28)


class EffectKind(StrEnum):
    REPLY = "antwoord"
    REMOVE = "verwijdering"


@dataclass(frozen=True, slots=True)
class EffectView:
    """One effect of a decision, as people see it."""

    kind: EffectKind
    state: EffectState
    not_before: datetime
    link: str | None = None
    error: str = ""


@dataclass(frozen=True, slots=True)
class DecisionView:
    """What a person decided. `original` is the suggestion that they started from, where they changed it."""

    id: int
    action: ActionKind
    person: str
    via: str
    at: datetime
    text: str = ""
    original: str = ""
    rule_id: str = ""
    reason: str = ""
    effects: tuple[EffectView, ...] = ()
    undoable_until: datetime | None = None


@dataclass(frozen=True, slots=True)
class ThreadMessage:
    """A message of the thread around a case. `author` is a pseudonym or the municipality's name."""

    ref: MessageRef
    kind: MessageKind
    author: str
    role: AuthorRole
    text: str
    sent_at: datetime
    link: str | None = None
    deleted: bool = False
    edited: bool = False
    reply_to: str | None = None


@dataclass(frozen=True, slots=True)
class Case:
    """A case as people see it, everywhere the same.

    `suggestion_index` is the one shown now; `like_count` counts the like messages gathered in one alert (trap 16).
    `siblings` are the other open cases in the same thread.
    """

    id: int
    version: int
    kind: CaseKind
    state: CaseState
    severity: Severity | None
    opened_at: datetime
    message: ThreadMessage
    quoted: str
    forwarded: str
    post: ThreadMessage | None
    analysis: Analysis | None
    reasons: tuple[str, ...]
    not_evaluated: tuple[str, ...] = ()
    suggestions: tuple[Suggestion, ...] = ()
    suggestion_index: int = 0
    like_count: int = 1
    claimed_by: Person | None = None
    claimed_until: datetime | None = None
    decision: DecisionView | None = None
    proposal: DecisionView | None = None
    returned_because: str = ""
    chat_name: str = ""
    siblings: tuple[int, ...] = field(default=())

    @property
    def suggestion(self) -> Suggestion | None:
        """The suggestion that is shown now, None when there is none."""
        if not self.suggestions:
            return None
        return self.suggestions[self.suggestion_index % len(self.suggestions)]
