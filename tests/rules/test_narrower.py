"""What is said to be within something else is within it, whatever the message: a false alarm would be a lie."""

from __future__ import annotations

import itertools
import random
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.core.messages import AuthorRole, Recent
from bot.rules import RuleInput
from bot.rules.compiling import compile_node
from bot.rules.conditions.tijd import Tijd
from bot.rules.formulas import Reasoner, formula
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.model import Voorwaarde
from bot.rules.moments import MINUTES_OF_A_DAY
from bot.rules.narrower import Conditions
from bot.rules.registry import CONDITIONS
from bot.rules.soundness import _Soundness
from bot.rules.source import read_source
from tests.rules.drawn import NODES, PAIRS, PIECES, SUBJECTS, VOCABULARY
from tests.rules.helpers import QUIET, file_text, rule_text


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


def product(kind: str, **choices: list[Any]) -> list[dict[str, Any]]:
    """Return a condition for every choice of values; a value None leaves the key out."""
    combined = itertools.product(*choices.values())
    return [{kind: {k: v for k, v in zip(choices, values, strict=True) if v is not None}} for values in combined]


LEFT_OUT = [None, ["beer"], ["grote aap"], ["@kort"], ["grote|kleine aap"], ["beer", "grote …1 aap"]]
WINDOWS = ["1 minuut", "1 uur"]
EVERY: list[dict[str, Any]] = [
    *product("woorden", lijst=[["aap"], ["beer"], ["aap", "beer"], ["grote aap"], ["@kort"], ["@met"]],
             verbuigingen=["ja", "nee"], samenstellingen=["ja", "nee"], behalve=LEFT_OUT),
    *product("zinnen", lijst=[["aap"], ["grote"], ["@kort"], ["@met"], ["grote aap"], ["grote …1 aap"],
             ["grote … aap|beer"], ["grote @kort"], ["grote @met"], ["grote aap", "beer"]], behalve=LEFT_OUT),
    *product("toxiciteit", label=["insult", "threat"], vanaf=["0.2", "0.5", "0.8"]),
    *product("links", minstens=["1", "2"], behalve=[None, ["stad.be"], ["a.stad.be", "x.com"], ["www.stad.be"]],
             naar=[None, ["stad.be"], ["A.stad.be"], ["x.com", "stad.be"]]),
    *product("persoonsgegevens", soorten=[None, ["telefoonnummer"], ["e-mailadres"]],
             behalve=[None, ["@stad.be"], ["a@stad.be"], ["0475123456", "@stad.be"]]),
    *product("schreeuwen", aandeel=["0.3", "0.7"], minstens=["2", "9"]),
    *product("bijlage", soorten=[None, ["exe"], ["photo", "exe"], ["image"]]),
    *product("herhaling", keer=["2", "3"], binnen=WINDOWS, minstens=["1", "2"]),
    *product("overval", auteurs=["2", "3"], binnen=WINDOWS, minstens=["1", "2"]),
    *product("stortvloed", berichten=["2", "3"], binnen=WINDOWS),
    *product("rol", rollen=[["bewoner"], ["gemeente"], ["bewoner", "medewerker"], ["gemeente", "medewerker"]]),
    *product("kanaal", kanalen=[["telegram"], ["discord"], ["discord", "telegram"]]),
    *product("draad", draden=[["1"], ["2"], ["1", "2"]]),
    *product("taal", talen=[["nl"], ["fr"], ["nl", "fr"]]),
    *product("eerste_bericht", waarde=["ja", "nee"]),
    *product("patroon", uitdrukking=["aap", "gr.te", "groté", "[eé]en"]),
    *product("tijd", van=["08:00", "22:00"], tot=["06:00", "12:00"], dagen=[None, ["za"], ["za", "zo"]]),
    *product("tijd", dagen=[["za"], ["za", "zo"], ["ma", "di", "wo", "do", "vr"]]),
]  # fmt: skip


def subjects_of(count: int) -> list[Subject]:
    """Return messages that hold the pieces of `drawn`, one, two and three together, with circumstances of all sorts."""
    chance = random.Random(1)
    texts = [*PIECES, *(f"{a} {b}" for a, b in itertools.product(PIECES, PIECES))]
    texts += [" ".join(chance.choices(PIECES, k=chance.randint(3, 6))) for _ in range(count - len(texts))]
    ages = [timedelta(seconds=5), timedelta(minutes=10), timedelta(hours=3)]
    return [
        Subject.of(
            RuleInput.of(
                text,
                language=chance.choice(["nl", "fr", "und"]),
                scores=chance.choice([None, {"insult": chance.random()}, dict.fromkeys(QUIET, chance.random())]),
                role=chance.choice(list(AuthorRole)),
                channel=chance.choice(["telegram", "discord", "demo"]),
                thread_id=chance.choice([None, "1", "2"]),
                attachments=tuple(chance.sample(["a.exe", "photo", "image/png"], chance.randint(0, 2))),
                recent=Recent(
                    tuple(chance.choices(ages, k=chance.randint(0, 3))),
                    tuple((chance.choice(["", "x", "y", "z"]), age) for age in chance.choices(ages, k=4)),
                    chance.choice([None, True, False]),
                ),
                moment=chance.choice([None, datetime(2024, 1, 1, tzinfo=UTC) + timedelta(hours=chance.random() * 168)]),
            )
        )
        for text in texts
    ]


def test_of_any_two_conditions_the_one_within_never_says_more() -> None:
    """Every pair is looked at with every message; each kind has pairs that are within each other."""
    subjects = subjects_of(1500)
    found = [(written, *compiled(written)) for written in EVERY]
    assert not [written for written, node, _ in found if node is None]
    answers = [[RANK[check(subject).fired] for subject in subjects] for _, _, check in found]
    conditions = Conditions(VOCABULARY)
    within: set[str] = set()
    for (a, one, _), mine in zip(found, answers, strict=True):
        for (b, other, _), theirs in zip(found, answers, strict=True):
            if a is not b and conditions.within(one.value, other.value):
                within.add(one.key)
                assert all(x <= y for x, y in zip(mine, theirs, strict=True)), (a, b)
            if conditions.exclusive(one.value, other.value):
                assert all(x <= 2 - y for x, y in zip(mine, theirs, strict=True)), (a, b)
            if conditions.cover(one.value, other.value):
                assert all(2 - x <= y for x, y in zip(mine, theirs, strict=True)), (a, b)
        assert not conditions.certain(one.value)
        assert not conditions.finds_nothing(one.value) or not any(mine), a
    assert within == {entry.name for entry in CONDITIONS.values()} - {"eerste_bericht", "patroon"}


@settings(deadline=None, max_examples=150)
@given(NODES, NODES, PAIRS, st.lists(SUBJECTS, min_size=3, max_size=5))
def test_of_two_groups_the_one_within_never_says_more(
    a: dict[str, Any], b: dict[str, Any], pair: tuple[dict[str, Any], dict[str, Any]], subjects: list[Subject]
) -> None:
    c, d = pair
    neither = {"geen": [{"een": [a, b]}]}
    wholes = [(a, b), ({"alle": [a, b]}, a), (a, {"een": [b, a]}), (neither, {"geen": [b]}), ({"geen": [a]}, neither)]
    parts = [({"alle": [a, c]}, {"een": [d, b]}), ({"geen": [{"alle": [a, d]}]}, {"een": [{"geen": [c]}, b]})]
    hold_to_it([*wholes, *parts, ({"alle": [a, c]}, {"alle": [d, a]})], subjects)


@settings(deadline=None, max_examples=150)
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
