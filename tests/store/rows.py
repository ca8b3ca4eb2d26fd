"""What tests of the store put in: a message, a case, a decision, an effect."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.analysis import Suggestion
from bot.core.cases import ActionKind, CaseKind, EffectKind
from bot.core.findings import Severity
from bot.core.messages import Message
from bot.core.people import Face, Person, Role
from bot.store import casebook, inbox, outbox, people
from bot.store.casebook import NewCase, NewDecision
from bot.store.inbox import Stored
from bot.store.outbox import NewEffect
from tests.builders import NOON, message

AUTHOR = "k7qf2m4n5p6r7s2t"


async def store(tx: AsyncConnection, incoming: Message, *, now: datetime = NOON, history: bool = False) -> Stored:
    return await inbox.store_message(tx, incoming, author_key=AUTHOR, now=now, history=history)


def new_case(
    stored: Stored,
    *,
    kind: CaseKind = CaseKind.ALERT,
    severity: Severity | None = Severity.HIGH,
    fingerprint: str = "",
    suggestions: tuple[Suggestion, ...] = (),
) -> NewCase:
    assert stored.revision_pk is not None
    return NewCase(
        kind, stored.message_pk, stored.revision_pk, severity, fingerprint, ("Omdat.",), suggestions=suggestions
    )


async def open_case(
    tx: AsyncConnection,
    incoming: Message | None = None,
    *,
    kind: CaseKind = CaseKind.ALERT,
    severity: Severity | None = Severity.HIGH,
    fingerprint: str = "",
    suggestions: tuple[Suggestion, ...] = (),
    now: datetime = NOON,
) -> int:
    """Store a message and open a case about it."""
    stored = await store(tx, incoming or message(), now=now)
    new = new_case(stored, kind=kind, severity=severity, fingerprint=fingerprint, suggestions=suggestions)
    return await casebook.open_case(tx, new, now)


async def an(tx: AsyncConnection, name: str = "An") -> Person:
    return await people.add(tx, name, [Role.MODERATOR], NOON)


async def decide(
    tx: AsyncConnection, case_id: int, person: Person, *, action: ActionKind = ActionKind.APPROVE, text: str = "Dank u."
) -> int:
    new = NewDecision(case_id, action, person.id, Face.WEB, text, versions={"rules": "r", "scorer": "s"})
    return await casebook.add_decision(tx, new, NOON)


async def put_effect(
    tx: AsyncConnection,
    case_id: int,
    decision_id: int,
    *,
    kind: EffectKind = EffectKind.REPLY,
    channel: str = "demo",
    not_before: datetime = NOON,
    text: str = "Dank u.",
) -> str:
    """Put an effect about the first message of a case in the outbox."""
    (member, *_rest) = await casebook.members(tx, case_id)
    effect = NewEffect(kind, case_id, decision_id, channel, member.message_pk, member.revision_pk, text, not_before)
    return await outbox.put(tx, effect, NOON)
