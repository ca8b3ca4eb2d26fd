"""The state machine of a case: what may happen next, and why something may not. Pure.

::

    OPEN ──decide──▶ DECIDED ──(effects sent)
     ▲  ▲               │ │
     │  └────undo───────┘ └──effect impossible──▶ RETURNED ──decide──▶ DECIDED
     └─(edit, delete, other desk)─▶ CLOSED
"""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.core.cases import ActionKind, Case, CaseKind, CaseState, Command, EffectState
from bot.core.errors import Refused
from bot.core.people import Face, Person
from bot.review.permissions import ON_DESK, may
from bot.review.words import DONE

DECIDING = frozenset(
    {
        ActionKind.APPROVE,
        ActionKind.EDIT,
        ActionKind.DROP,
        ActionKind.FINE,
        ActionKind.REMOVE,
        ActionKind.WARN,
        ActionKind.PASS_ON,
    }
)
MAX_REASON = 1000  # characters: a reason is a sentence or two, and has to fit on a card

_ROLE_NEEDED = {
    CaseKind.REPLY: "Alleen een community manager of een beheerder mag dit.",
    CaseKind.ALERT: "Alleen een moderator of een beheerder mag dit.",
}


def claimed_by_other(case: Case, person: Person, now: datetime) -> bool:
    """Tell whether somebody else has taken this case up and still holds it."""
    return (
        case.claimed_by is not None
        and case.claimed_by.id != person.id
        and case.claimed_until is not None
        and case.claimed_until > now
    )


def undoable(case: Case) -> bool:
    """Tell whether the last decision can still be taken back: nothing of it has left the house."""
    if case.state is not CaseState.DECIDED or case.decision is None:
        return False
    if case.decision.action is ActionKind.PASS_ON:
        return False  # the other desk may be at work already
    return all(effect.state is EffectState.WAITING for effect in case.decision.effects) and (
        not case.decision.effects or case.decision.undoable_until is not None
    )


def carried_out(case: Case) -> bool:
    """Tell whether something of the decision on this case has left the house, or is about to."""
    under_way = {EffectState.WAITING, EffectState.SENDING, EffectState.SENT}
    if case.state is not CaseState.DECIDED or case.decision is None:
        return False
    return any(effect.state in under_way for effect in case.decision.effects)


def allowed(case: Case, person: Person, now: datetime) -> tuple[ActionKind, ...]:
    """Return what `person` may do with `case` now, in the order of the buttons."""
    return tuple(action for action in ON_DESK[case.kind] if why_not(case, person, action, now) is None)


def why_not(case: Case, person: Person, action: ActionKind, now: datetime) -> str | None:
    """Return a Dutch sentence why `person` may not do `action` now, None when they may."""
    if not may(person.roles, case.kind, action):
        return _ROLE_NEEDED[case.kind]
    if action not in ON_DESK[case.kind]:
        return "Dat kan niet bij dit soort bericht."
    if action is ActionKind.UNDO:
        return None if undoable(case) else "Dit kan niet meer ongedaan gemaakt worden."
    if case.state is CaseState.DECIDED:
        return _decided(case)
    if case.state is CaseState.CLOSED:
        return "Dit is intussen afgesloten. " + (case.reasons[-1] if case.reasons else "")
    if claimed_by_other(case, person, now):
        assert case.claimed_by is not None
        return f"{case.claimed_by.name} behandelt dit nu."
    return _why_not_active(case, person, action, now)


def _why_not_active(case: Case, person: Person, action: ActionKind, now: datetime) -> str | None:
    mine = case.claimed_by is not None and case.claimed_by.id == person.id
    held = mine and case.claimed_until is not None and case.claimed_until > now
    if action is ActionKind.CLAIM and held:
        return "U hebt dit al opgenomen."
    if action is ActionKind.RELEASE and not mine:
        return "U hebt dit niet opgenomen."
    if action is ActionKind.APPROVE and case.suggestion is None:
        return "Er is geen voorstel om goed te keuren. Schrijf zelf een antwoord."
    if action is ActionKind.ANOTHER and len(case.suggestions) < 2:
        return "Er is geen ander voorstel."
    if action is ActionKind.PROPOSE_REMOVAL and case.proposal is not None:
        return f"{case.proposal.person} stelde al voor om dit te verwijderen."
    return None


def moved_on(case: Case) -> str:
    """Return what to tell someone whose card was older than the case (trap 1)."""
    if case.state is CaseState.DECIDED:
        return _decided(case)
    if case.state is CaseState.CLOSED:
        return "Dit is intussen afgesloten. " + (case.reasons[-1] if case.reasons else "")
    return "Dit is intussen veranderd. Kijk eerst naar de nieuwe versie."


def same_text_again(case: Case, command: Command, person: Person, face: Face) -> bool:
    """Tell whether this very text of this person is what the case was decided with: it was delivered twice."""
    made = case.decision
    if case.state is not CaseState.DECIDED or made is None or command.action is not ActionKind.EDIT:
        return False
    given = (ActionKind.EDIT, person.name, face, command.text.strip())
    return (made.action, made.person, made.via, made.text) == given


def check_reason(reason: str) -> str:
    """Return `reason` trimmed, or refuse one that is missing or too long."""
    reason = reason.strip()
    if not reason:
        raise Refused("Geef een reden in gewone taal: de schrijver heeft daar recht op.")
    if len(reason) > MAX_REASON:
        raise Refused(f"De reden is te lang: {len(reason)} tekens, en er mogen er {MAX_REASON} zijn.")
    return reason


def check_text(text: str, limit: int) -> str:
    """Return a reply trimmed, or refuse one that is empty or does not fit in `limit` characters."""
    text = text.strip()
    if not text:
        raise Refused("Het antwoord is leeg.")
    if len(text) > limit:
        raise Refused(f"Het antwoord is te lang voor dit kanaal: {len(text)} tekens, en er mogen er {limit} zijn.")
    return text


def grace_left(case: Case, now: datetime) -> timedelta | None:
    """Return how long the last decision can still be taken back before its first effect leaves."""
    if not undoable(case) or case.decision is None or case.decision.undoable_until is None:
        return None
    return max(case.decision.undoable_until - now, timedelta())


def _decided(case: Case) -> str:
    if case.decision is None:
        return "Hierover is al beslist."
    return f"Hierover is al beslist: {case.decision.person} {DONE[case.decision.action]}."
