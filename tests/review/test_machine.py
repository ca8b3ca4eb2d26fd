"""The state machine of a case, as tables. All persons here hold both roles: rights have their own test."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.core.analysis import Suggestion
from bot.core.cases import ActionKind, Case, CaseKind, CaseState, EffectState
from bot.core.errors import Refused
from bot.core.people import Person, Role
from bot.review import machine
from tests.builders import GRACE, NOON
from tests.review.cases import AN, BEA, LATER, case, claimed, decided, decision, effect

A = ActionKind
ALERT, REPLY = CaseKind.ALERT, CaseKind.REPLY
CLOSED = case(state=CaseState.CLOSED, reasons=("Een vraag.", "De reactie is gewist."))
PROPOSED = case(ALERT, proposal=decision(A.PROPOSE_REMOVAL, person="Bea"))


@pytest.mark.parametrize(
    ("now_is", "actions"),
    [
        (case(), (A.APPROVE, A.EDIT, A.ANOTHER, A.DROP, A.PASS_ON, A.CLAIM)),
        (case(suggestions=(Suggestion("Dank u."),)), (A.APPROVE, A.EDIT, A.DROP, A.PASS_ON, A.CLAIM)),
        (case(suggestions=()), (A.EDIT, A.DROP, A.PASS_ON, A.CLAIM)),
        (case(state=CaseState.RETURNED), (A.APPROVE, A.EDIT, A.ANOTHER, A.DROP, A.PASS_ON, A.CLAIM)),
        (claimed(AN), (A.APPROVE, A.EDIT, A.ANOTHER, A.DROP, A.PASS_ON, A.RELEASE)),
        (claimed(BEA), ()),
        (case(ALERT), (A.FINE, A.WARN, A.PROPOSE_REMOVAL, A.REMOVE, A.PASS_ON, A.CLAIM)),
        (PROPOSED, (A.FINE, A.WARN, A.REMOVE, A.PASS_ON, A.CLAIM)),
        (decided(A.APPROVE, effect()), (A.UNDO,)),
        (decided(A.APPROVE, effect(EffectState.SENT)), ()),
        (decided(A.DROP), (A.UNDO,)),
        (CLOSED, ()),
    ],
)
def test_what_can_be_done_in_each_state(now_is: Case, actions: tuple[ActionKind, ...]) -> None:
    assert machine.allowed(now_is, AN, NOON) == actions


@pytest.mark.parametrize(
    ("now_is", "action", "because"),
    [
        (decided(A.APPROVE, effect()), A.APPROVE, "Hierover is al beslist: An keurde dit antwoord goed."),
        (decided(A.DROP), A.CLAIM, "Hierover is al beslist: An koos om niet te antwoorden."),
        (case(state=CaseState.DECIDED), A.DROP, "Hierover is al beslist."),
        (CLOSED, A.APPROVE, "Dit is intussen afgesloten. De reactie is gewist."),
        (case(state=CaseState.CLOSED, reasons=()), A.APPROVE, "Dit is intussen afgesloten. "),
        (claimed(BEA), A.APPROVE, "Bea behandelt dit nu."),
        (claimed(BEA), A.CLAIM, "Bea behandelt dit nu."),
        (claimed(BEA), A.RELEASE, "Bea behandelt dit nu."),
        (claimed(AN), A.CLAIM, "U hebt dit al opgenomen."),
        (case(), A.RELEASE, "U hebt dit niet opgenomen."),
        (case(suggestions=()), A.APPROVE, "Er is geen voorstel om goed te keuren. Schrijf zelf een antwoord."),
        (case(suggestions=(Suggestion("Dank u."),)), A.ANOTHER, "Er is geen ander voorstel."),
        (PROPOSED, A.PROPOSE_REMOVAL, "Bea stelde al voor om dit te verwijderen."),
        (case(), A.UNDO, "Dit kan niet meer ongedaan gemaakt worden."),
    ],
)
def test_why_something_cannot_be_done(now_is: Case, action: ActionKind, because: str) -> None:
    assert machine.why_not(now_is, AN, action, NOON) == because


@pytest.mark.parametrize(
    ("kind", "action", "because"),
    [
        (REPLY, A.APPROVE, "Alleen een community manager of een beheerder mag dit."),
        (REPLY, A.FINE, "Alleen een community manager of een beheerder mag dit."),
        (ALERT, A.REMOVE, "Alleen een moderator of een beheerder mag dit."),
    ],
)
def test_who_lacks_the_right_is_told_who_has_it(kind: CaseKind, action: ActionKind, because: str) -> None:
    auditor = Person(3, "Cas", frozenset({Role.AUDITOR}))
    assert machine.why_not(case(kind), auditor, action, NOON) == because


@pytest.mark.parametrize(
    ("elapsed", "free"), [(timedelta(minutes=15, seconds=-1), False), (timedelta(minutes=15), True)]
)
def test_a_claim_that_ran_out_holds_nobody_back(elapsed: timedelta, free: bool) -> None:
    now_is = claimed(BEA)
    assert now_is.claimed_until == LATER
    assert (machine.why_not(now_is, AN, A.APPROVE, NOON + elapsed) is None) is free
    assert machine.claimed_by_other(now_is, AN, NOON + elapsed) is not free


def test_who_let_a_claim_run_out_may_take_it_up_again_or_give_it_back() -> None:
    now_is = claimed(AN)
    assert machine.why_not(now_is, AN, A.CLAIM, LATER) is None
    assert machine.why_not(now_is, AN, A.RELEASE, LATER) is None


@pytest.mark.parametrize(
    ("now_is", "expected"),
    [
        (decided(A.APPROVE, effect()), True),
        (decided(A.DROP), True),  # nothing left the house, so it can be taken back any time
        (decided(A.FINE, kind=ALERT), True),
        (decided(A.PASS_ON), False),  # the other desk may be at work already
        (decided(A.APPROVE, effect(EffectState.SENDING)), False),
        (decided(A.APPROVE, effect(EffectState.SENT)), False),
        (decided(A.APPROVE, effect(EffectState.UNCERTAIN)), False),
        (decided(A.REMOVE, effect(), effect(EffectState.SENT), kind=ALERT), False),  # one of a raid is gone already
        (case(), False),
        (case(state=CaseState.RETURNED, decision=decision(A.APPROVE, effect(EffectState.FAILED))), False),
        (CLOSED, False),
    ],
)
def test_what_can_be_taken_back(now_is: Case, expected: bool) -> None:
    assert machine.undoable(now_is) is expected


@pytest.mark.parametrize(
    ("now_is", "expected"),
    [
        (decided(A.APPROVE, effect()), True),
        (decided(A.APPROVE, effect(EffectState.SENDING)), True),
        (decided(A.APPROVE, effect(EffectState.SENT)), True),
        (decided(A.REMOVE, effect(EffectState.CANCELLED), effect(), kind=ALERT), True),
        (decided(A.REMOVE, effect(EffectState.CANCELLED), kind=ALERT), False),
        (decided(A.DROP), False),
        (case(), False),
        (case(state=CaseState.RETURNED, decision=decision(A.APPROVE, effect(EffectState.FAILED))), False),
    ],
)
def test_whether_something_of_a_decision_has_left_the_house(now_is: Case, expected: bool) -> None:
    assert machine.carried_out(now_is) is expected


def test_a_reply_that_was_tried_before_cannot_be_taken_back() -> None:
    tried = case(state=CaseState.DECIDED, decision=decision(A.APPROVE, effect(), undoable_until=None))
    assert not machine.undoable(tried), "waiting for its second try: the first may have been seen"


@pytest.mark.parametrize(
    ("now_is", "elapsed", "left"),
    [
        (decided(A.APPROVE, effect()), timedelta(), GRACE),
        (decided(A.APPROVE, effect()), timedelta(seconds=4), timedelta(seconds=6)),
        (decided(A.APPROVE, effect()), timedelta(minutes=1), timedelta()),  # never less than nothing
        (decided(A.DROP), timedelta(), None),  # nothing will leave
        (decided(A.APPROVE, effect(EffectState.SENT)), timedelta(), None),
        (case(), timedelta(), None),
    ],
)
def test_how_long_a_decision_can_be_taken_back(now_is: Case, elapsed: timedelta, left: timedelta | None) -> None:
    assert machine.grace_left(now_is, NOON + elapsed) == left


@pytest.mark.parametrize(
    ("now_is", "told"),
    [
        (decided(A.APPROVE, effect()), "Hierover is al beslist: An keurde dit antwoord goed."),
        (CLOSED, "Dit is intussen afgesloten. De reactie is gewist."),
        (case(), "Dit is intussen veranderd. Kijk eerst naar de nieuwe versie."),
    ],
)
def test_what_someone_with_an_older_card_is_told(now_is: Case, told: str) -> None:
    assert machine.moved_on(now_is) == told


@pytest.mark.parametrize(
    ("text", "limit", "refusal"),
    [
        ("abc", 3, None),
        ("  abc\n", 3, None),  # what is trimmed does not count
        ("abcd", 3, "Het antwoord is te lang voor dit kanaal: 4 tekens, en er mogen er 3 zijn."),
        ("", 3, "Het antwoord is leeg."),
        (" \n\t", 3, "Het antwoord is leeg."),
    ],
)
def test_a_reply_has_to_say_something_and_to_fit(text: str, limit: int, refusal: str | None) -> None:
    if refusal is None:
        assert machine.check_text(text, limit) == text.strip()
    else:
        with pytest.raises(Refused, match=f"^{refusal}$"):
            machine.check_text(text, limit)


@pytest.mark.parametrize(
    ("reason", "refused"),
    [
        ("Scheldt iemand uit.", False),
        ("x" * machine.MAX_REASON, False),
        (f" {'x' * machine.MAX_REASON} ", False),
        ("x" * (machine.MAX_REASON + 1), True),
        ("", True),
        ("  ", True),
    ],
)
def test_a_removal_has_a_reason_that_fits_on_a_card(reason: str, refused: bool) -> None:
    if refused:
        with pytest.raises(Refused):
            machine.check_reason(reason)
    else:
        assert machine.check_reason(reason) == reason.strip()
