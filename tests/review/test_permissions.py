"""Who may do what, written out once more by hand: a slip in the table of rights has to be made twice."""

from __future__ import annotations

import pytest

from bot.core.cases import ActionKind, CaseKind
from bot.core.people import Role
from bot.review.permissions import ON_DESK, RIGHTS, may

BOTH_DESKS = {ActionKind.CLAIM, ActionKind.RELEASE, ActionKind.PASS_ON, ActionKind.UNDO}
ANSWER = BOTH_DESKS | {ActionKind.APPROVE, ActionKind.EDIT, ActionKind.ANOTHER, ActionKind.DROP}
MODERATE = BOTH_DESKS | {ActionKind.FINE, ActionKind.WARN, ActionKind.PROPOSE_REMOVAL, ActionKind.REMOVE}

EXPECTED = [
    (Role.ADMINISTRATOR, CaseKind.REPLY, ANSWER),
    (Role.ADMINISTRATOR, CaseKind.ALERT, MODERATE),
    (Role.MODERATOR, CaseKind.REPLY, set()),
    (Role.MODERATOR, CaseKind.ALERT, MODERATE),
    (Role.COMMUNITY_MANAGER, CaseKind.REPLY, ANSWER),
    (Role.COMMUNITY_MANAGER, CaseKind.ALERT, {ActionKind.PROPOSE_REMOVAL}),  # may ask, not do
    (Role.AUDITOR, CaseKind.REPLY, set()),  # looks, never acts
    (Role.AUDITOR, CaseKind.ALERT, set()),
]


@pytest.mark.parametrize(("role", "kind", "rights"), EXPECTED)
@pytest.mark.parametrize("action", list(ActionKind))
def test_a_role_has_exactly_its_rights(role: Role, kind: CaseKind, rights: set[ActionKind], action: ActionKind) -> None:
    assert may([role], kind, action) is (action in rights)


def test_every_role_and_desk_is_in_the_table() -> None:
    assert {(role, kind) for role, kind, _ in EXPECTED} == {(role, kind) for role in Role for kind in CaseKind}


def test_two_roles_add_up() -> None:
    both = [Role.AUDITOR, Role.MODERATOR]
    assert may(both, CaseKind.ALERT, ActionKind.REMOVE)
    assert not may(both, CaseKind.REPLY, ActionKind.APPROVE)


@pytest.mark.parametrize("action", list(ActionKind))
def test_nobody_may_do_anything_without_a_role(action: ActionKind) -> None:
    assert not any(may([], kind, action) for kind in CaseKind)


@pytest.mark.parametrize("kind", list(CaseKind))
def test_every_right_has_a_place_on_its_desk(kind: CaseKind) -> None:
    granted = frozenset[ActionKind]().union(*(rights[kind] for rights in RIGHTS.values()))
    assert granted == set(ON_DESK[kind])
    assert len(ON_DESK[kind]) == len(set(ON_DESK[kind]))
