"""Who may do what: one table. Rights follow the person, never the platform."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from types import MappingProxyType

from bot.core.cases import ActionKind, CaseKind
from bot.core.people import Role

_ALWAYS = frozenset({ActionKind.CLAIM, ActionKind.RELEASE, ActionKind.PASS_ON, ActionKind.UNDO})
_ANSWERING = _ALWAYS | {ActionKind.APPROVE, ActionKind.EDIT, ActionKind.ANOTHER, ActionKind.DROP}
_MODERATING = _ALWAYS | {ActionKind.FINE, ActionKind.REMOVE, ActionKind.WARN, ActionKind.PROPOSE_REMOVAL}

# In the order in which the buttons appear.
ON_DESK: Mapping[CaseKind, tuple[ActionKind, ...]] = MappingProxyType(
    {
        CaseKind.REPLY: (
            ActionKind.APPROVE,
            ActionKind.EDIT,
            ActionKind.ANOTHER,
            ActionKind.DROP,
            ActionKind.PASS_ON,
            ActionKind.CLAIM,
            ActionKind.RELEASE,
            ActionKind.UNDO,
        ),
        CaseKind.ALERT: (
            ActionKind.FINE,
            ActionKind.WARN,
            ActionKind.PROPOSE_REMOVAL,
            ActionKind.REMOVE,
            ActionKind.PASS_ON,
            ActionKind.CLAIM,
            ActionKind.RELEASE,
            ActionKind.UNDO,
        ),
    }
)

RIGHTS: Mapping[Role, Mapping[CaseKind, frozenset[ActionKind]]] = MappingProxyType(
    {
        Role.ADMINISTRATOR: {CaseKind.REPLY: _ANSWERING, CaseKind.ALERT: _MODERATING},
        Role.MODERATOR: {CaseKind.REPLY: frozenset(), CaseKind.ALERT: _MODERATING},
        Role.COMMUNITY_MANAGER: {
            CaseKind.REPLY: _ANSWERING,
            CaseKind.ALERT: frozenset({ActionKind.PROPOSE_REMOVAL}),
        },
        Role.AUDITOR: {CaseKind.REPLY: frozenset(), CaseKind.ALERT: frozenset()},
    }
)


def may(roles: Iterable[Role], kind: CaseKind, action: ActionKind) -> bool:
    """Tell whether any of `roles` gives the right to do `action` on a case of this kind."""
    return any(action in RIGHTS[role][kind] for role in roles)
