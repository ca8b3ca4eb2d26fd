"""Cases made by hand, for the tests of what is pure: no database, no clock."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

from bot.core.analysis import Suggestion
from bot.core.cases import (
    ActionKind,
    Case,
    CaseKind,
    CaseState,
    DecisionView,
    EffectKind,
    EffectState,
    EffectView,
    ThreadMessage,
)
from bot.core.findings import Severity
from bot.core.messages import AuthorRole, MessageKind, MessageRef
from bot.core.people import Person, Role
from tests.builders import GRACE, NOON

AN = Person(1, "An", frozenset({Role.MODERATOR, Role.COMMUNITY_MANAGER}))
BEA = Person(2, "Bea", frozenset({Role.MODERATOR, Role.COMMUNITY_MANAGER}))
LATER = NOON + timedelta(minutes=15)

REACTION = ThreadMessage(
    MessageRef("demo", "-100", "101"),
    MessageKind.REACTION,
    "Bewoner K7QF",
    AuthorRole.RESIDENT,
    "Waar blijft dat zwembad?",
    NOON,
    link="https://example.invalid/101",
)
POST = ThreadMessage(
    MessageRef("demo", "-100", "100"), MessageKind.POST, "Gemeente", AuthorRole.MUNICIPALITY, "Nieuw zwembad", NOON
)


def case(kind: CaseKind = CaseKind.REPLY, **changes: object) -> Case:
    """Return an open case about one reaction, with two suggestions where it asks for a reply."""
    reply = kind is CaseKind.REPLY
    base = Case(
        id=7,
        version=3,
        kind=kind,
        state=CaseState.OPEN,
        severity=None if reply else Severity.HIGH,
        opened_at=NOON,
        message=REACTION,
        quoted="",
        forwarded="",
        post=POST,
        analysis=None,
        reasons=("Een vraag.",),
        suggestions=(Suggestion("Dank u."), Suggestion("Goede vraag.")) if reply else (),
    )
    return replace(base, **changes)  # type: ignore[arg-type]


def effect(state: EffectState = EffectState.WAITING, **changes: object) -> EffectView:
    return replace(EffectView(EffectKind.REPLY, state, NOON + GRACE), **changes)  # type: ignore[arg-type]


def decision(action: ActionKind, *effects: EffectView, **changes: object) -> DecisionView:
    """Return An's decision; it can be taken back while all of its effects wait."""
    waiting = effects and all(one.state is EffectState.WAITING for one in effects)
    until = NOON + GRACE if waiting else None
    base = DecisionView(5, action, "An", "web", NOON, effects=effects, undoable_until=until)
    return replace(base, **changes)  # type: ignore[arg-type]


def decided(action: ActionKind, *effects: EffectView, kind: CaseKind = CaseKind.REPLY) -> Case:
    return case(kind, state=CaseState.DECIDED, decision=decision(action, *effects))


def claimed(by: Person = BEA, kind: CaseKind = CaseKind.REPLY) -> Case:
    """Return a case that `by` holds until `LATER`."""
    return case(kind, claimed_by=by, claimed_until=LATER)
