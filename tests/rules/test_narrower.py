"""What is said to be within something else is within it, whatever the message: a false alarm would be a lie."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.rules import RuleInput
from bot.rules.compiling import compile_node
from bot.rules.conditions.tijd import Tijd
from bot.rules.formulas import Reasoner, formula
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.model import Voorwaarde
from bot.rules.moments import MINUTES_OF_A_DAY
from bot.rules.narrower import Conditions
from bot.rules.soundness import _Soundness
from bot.rules.source import read_source
from tests.rules.drawn import NODES, PAIRS, SUBJECTS, VOCABULARY
from tests.rules.helpers import file_text, rule_text


def compiled(written: dict[str, Any]) -> tuple[Any, Any]:
    """Return the node and its check; conditions that are refused for another reason are passed over."""
    problems: list[str] = []
    node = Voorwaarde.model_validate(written)
    check = compile_node(node, VOCABULARY, lambda _path, message, _hint: problems.append(message), ())
    return (None, None) if problems else (node, check)


RANK = {False: 0, None: 1, True: 2}


def hold_to_it(pairs: list[tuple[dict[str, Any], dict[str, Any]]], subjects: list[Subject]) -> None:
    """Fail where the first of a pair is said to be within the second, or to clash with it, and a message denies it."""
    reasoner = Reasoner(Conditions(VOCABULARY))
    for inner, outer in pairs:
        (inner_node, inner_check), (outer_node, outer_check) = compiled(inner), compiled(outer)
        if inner_node is None or outer_node is None:
            continue
        within = reasoner.within(formula(inner_node, ()), formula(outer_node, ()))
        clash = reasoner.clash(formula(inner_node, ()), formula(outer_node, ()))
        for subject in subjects if within or clash else ():
            one, other = inner_check(subject).fired, outer_check(subject).fired
            assert not within or RANK[one] <= RANK[other], (inner, outer)
            assert not clash or not (one and other), (inner, outer)


@settings(deadline=None, max_examples=1000)
@given(PAIRS, st.lists(SUBJECTS, min_size=8, max_size=12))
def test_of_two_conditions_the_one_within_never_says_more(
    pair: tuple[dict[str, Any], dict[str, Any]], subjects: list[Subject]
) -> None:
    a, b = pair
    hold_to_it([(a, b), (b, a), ({"geen": [a]}, {"geen": [b]}), (a, {"geen": [b]}), ({"geen": [a]}, b)], subjects)


@settings(deadline=None, max_examples=300)
@given(NODES, NODES, PAIRS, st.lists(SUBJECTS, min_size=3, max_size=5))
def test_of_two_groups_the_one_within_never_says_more(
    a: dict[str, Any], b: dict[str, Any], pair: tuple[dict[str, Any], dict[str, Any]], subjects: list[Subject]
) -> None:
    c, d = pair
    neither = {"geen": [{"een": [a, b]}]}
    wholes = [(a, b), ({"alle": [a, b]}, a), (a, {"een": [b, a]}), (neither, {"geen": [b]}), ({"geen": [a]}, neither)]
    parts = [({"alle": [a, c]}, {"een": [d, b]}), ({"geen": [{"alle": [a, d]}]}, {"een": [{"geen": [c]}, b]})]
    hold_to_it([*wholes, *parts, ({"alle": [a, c]}, {"alle": [d, a]})], subjects)


@settings(deadline=None, max_examples=300)
@given(NODES, st.lists(SUBJECTS, min_size=1, max_size=6))
def test_what_is_said_never_to_fire_never_fires(written: dict[str, Any], subjects: list[Subject]) -> None:
    node, check = compiled(written)
    if node is None:
        return
    tree = read_source("r.yaml", file_text(rule_text("{woorden: aap}")).encode())
    never = _Soundness(tree, VOCABULARY, Reasoner(Conditions(VOCABULARY)))._never(formula(node, ()), ())
    if never is not None:
        assert not any(check(subject).fired for subject in subjects)


@settings(deadline=None)
@given(st.integers(0, 24 * 60), st.integers(0, 24 * 60), st.sets(st.integers(0, 6), min_size=1))
def test_the_minutes_of_a_time_are_those_at_which_it_holds(start: int, end: int, days: set[int]) -> None:
    assume(start != end and (start, end) != (MINUTES_OF_A_DAY, 0))  # refused: it is never
    spec = Tijd(van=start, tot=end, dagen=tuple(days))
    if spec.minutes == (1 << 7 * MINUTES_OF_A_DAY) - 1:
        return  # refused: it is always
    check = spec.compile(Lists({}))
    for minute in range(0, 7 * MINUTES_OF_A_DAY, 97):
        moment = datetime(2024, 1, 1, tzinfo=UTC) + timedelta(minutes=minute)
        held = check(Subject.of(RuleInput.of("aap", moment=moment))).fired
        assert held == bool(spec.minutes >> minute & 1)
