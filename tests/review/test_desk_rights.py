"""Every action in the right and in the wrong hands; and it is always a person who acts (trap 5)."""

from __future__ import annotations

import pytest

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, Case, CaseKind, CaseState, Command
from bot.core.errors import Refused
from bot.core.people import Face, Role
from bot.review.machine import DECIDING
from bot.store.schema import decisions
from tests.builders import Services, message
from tests.review.looking import log, rows

A, R = ActionKind, Role
ON_REPLY = [A.APPROVE, A.EDIT, A.ANOTHER, A.DROP, A.PASS_ON, A.CLAIM]
ON_ALERT = [A.FINE, A.WARN, A.PROPOSE_REMOVAL, A.REMOVE, A.PASS_ON, A.CLAIM]
EVERY = [(CaseKind.REPLY, action) for action in ON_REPLY] + [(CaseKind.ALERT, action) for action in ON_ALERT]
MAY = {
    R.ADMINISTRATOR: set(EVERY),
    R.MODERATOR: {(CaseKind.ALERT, action) for action in ON_ALERT},
    R.COMMUNITY_MANAGER: {(CaseKind.REPLY, action) for action in ON_REPLY} | {(CaseKind.ALERT, A.PROPOSE_REMOVAL)},
    R.AUDITOR: set(),
}


async def case_of(services: Services, kind: CaseKind) -> Case:
    await services.receive(message("alarm vraag"))
    return await services.one(kind)


@pytest.mark.parametrize(("kind", "action"), EVERY)
@pytest.mark.parametrize("role", list(Role))
async def test_an_action_is_done_in_the_right_hands_and_refused_in_the_wrong(
    sqlite_services: Services, kind: CaseKind, action: ActionKind, role: Role
) -> None:
    services = sqlite_services
    case = await case_of(services, kind)
    person = await services.person("An", role)
    assert (action in services.desk.allowed(person, case)) is ((kind, action) in MAY[role])
    if (kind, action) in MAY[role]:
        after = await services.do(action, case, person, text="Eigen woorden.", rule_id="privacy", reason="Omdat.")
        assert (after.state is CaseState.DECIDED) is (action in DECIDING)
        return
    with pytest.raises(Refused, match=r"^Alleen een .* of een beheerder mag dit\.$"):
        await services.do(action, case, person, text="Eigen woorden.", rule_id="privacy", reason="Omdat.")
    assert await services.now_is(case) == case
    assert await rows(services, decisions) == []


@pytest.mark.parametrize("role", [R.MODERATOR, R.AUDITOR])
async def test_who_may_not_decide_may_not_undo(services: Services, role: Role) -> None:
    an = await services.person("An")
    outsider = await services.person("Cas", role)
    decided = await services.do(A.APPROVE, await case_of(services, CaseKind.REPLY), an)
    with pytest.raises(Refused, match="Alleen een community manager"):
        await services.do(A.UNDO, decided, outsider)
    assert (await services.now_is(decided)).state is CaseState.DECIDED


@pytest.mark.parametrize("face", list(Face))
async def test_a_decision_is_the_persons_wherever_they_pressed(services: Services, face: Face) -> None:
    an = await services.person("An", accounts={Face.TELEGRAM: "777"})
    after = await services.do(A.APPROVE, await case_of(services, CaseKind.REPLY), an, face=face)
    assert after.decision is not None
    assert (after.decision.person, after.decision.via) == ("An", face)
    (event,) = await log(services, AuditName.DECISION_MADE)
    assert (event.actor, event.data["via"]) == ("An", face)


async def test_a_colleague_is_known_by_their_account_on_that_face_alone(services: Services) -> None:
    an = await services.person("An", accounts={Face.TELEGRAM: "777", Face.DISCORD: "888"})
    assert await services.desk.person_for(Face.TELEGRAM, "777") == an
    assert await services.desk.person_for(Face.DISCORD, "888") == an
    assert await services.desk.person_for(Face.DISCORD, "777") is None
    assert await services.desk.person_for(Face.TELEGRAM, "") is None


async def test_a_case_that_never_was_is_refused_politely(services: Services) -> None:
    an = await services.person()
    with pytest.raises(Refused, match=r"^Dit bericht bestaat niet meer\.$"):
        await services.desk.execute(Command(A.FINE, 999, 1), an, Face.WEB)
