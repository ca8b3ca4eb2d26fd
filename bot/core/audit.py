"""The names of everything that is written to the audit log: `source:subject:action`.

The log says that something happened, who did it and under which versions; it never holds the words of a resident,
so that an erasure leaves it whole (trap 23).
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum


class AuditName(StrEnum):
    """Every event there is. `docs/audit.md` explains each; a test compares them."""

    MESSAGE_RECEIVED = "channel:message:received"
    MESSAGE_EDITED = "channel:message:edited"
    MESSAGE_DELETED = "channel:message:deleted"
    MESSAGE_ERASED = "system:message:erased"
    UPDATE_UNREADABLE = "channel:update:unreadable"
    GAP = "channel:history:gap"
    HISTORY_IMPORTED = "cli:history:imported"
    ANALYSIS_DONE = "analysis:revision:judged"
    ANALYSIS_FAILED = "analysis:revision:failed"
    CASE_OPENED = "system:case:opened"
    CASE_GREW = "system:case:grew"
    CASE_CLOSED = "system:case:closed"
    CASE_RETURNED = "system:case:returned"
    CASE_CLAIMED = "person:case:claimed"
    CASE_RELEASED = "person:case:released"
    CLAIM_EXPIRED = "system:claim:expired"
    SUGGESTION_TURNED = "person:suggestion:turned"
    REMOVAL_PROPOSED = "person:removal:proposed"
    CASE_PASSED_ON = "person:case:passed_on"
    DECISION_MADE = "person:decision:made"
    DECISION_UNDONE = "person:decision:undone"
    EFFECT_SENT = "outbox:effect:sent"
    EFFECT_FAILED = "outbox:effect:failed"
    EFFECT_UNCERTAIN = "outbox:effect:uncertain"
    REMINDER_SENT = "job:case:reminded"
    DIGEST_SENT = "job:digest:sent"
    RETENTION_RAN = "job:retention:ran"
    PERSON_ADDED = "admin:person:added"
    PERSON_CHANGED = "admin:person:changed"
    ACCOUNT_LINKED = "admin:account:linked"
    SIGNED_IN = "person:session:started"
    SIGN_IN_FAILED = "person:session:refused"
    SIGNED_OUT = "person:session:ended"
    SERVICE_STARTED = "system:service:started"
    SERVICE_STOPPED = "system:service:stopped"
    CHANNEL_FAILED = "channel:connection:failed"
    CHANNEL_CONNECTED = "channel:connection:started"
    NOTICE_RAISED = "system:notice:raised"
    RULES_APPLIED = "system:rules:applied"
    RULES_REFUSED = "system:rules:refused"
    RULES_SAVED = "person:rules:saved"
    RULES_RESTORED = "person:rules:restored"
    THRESHOLDS_APPLIED = "system:thresholds:applied"
    THRESHOLDS_REFUSED = "system:thresholds:refused"


AuditData = dict[str, str | int | float | bool | None]


@dataclass(frozen=True, slots=True)
class AuditEvent:
    """One line of the log. `actor` is a person's name, a channel or `verbinder`."""

    name: AuditName
    actor: str = "verbinder"
    case_id: int | None = None
    message_pk: int | None = None
    data: AuditData = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class AuditLine:
    """An event as it stands in the log, with its place in the chain."""

    id: int
    at: datetime
    event: AuditEvent
    hash: str
