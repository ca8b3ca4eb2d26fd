"""The rules that are shipped against spam, raids and floods: what a town does together is none of these."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest

from bot.core.findings import Effect
from bot.core.messages import SAME_AUTHOR, AuthorRole, Recent
from bot.rules import RuleInput, RuleSet, load_rules
from bot.text.language import detect
from tests.rules.helpers import QUIET, quiet

PATH = Path(__file__).parents[2] / "rules" / "huisregels.yaml"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(PATH, score=quiet)


def fired(rules: RuleSet, text: str, recent: Recent, role: AuthorRole = AuthorRole.RESIDENT) -> set[str]:
    result = rules.evaluate(RuleInput.of(text, language=detect(text), scores=QUIET, role=role, recent=recent))
    assert not result.not_evaluated
    return {hit.id for hit in result.hits}


def by_oneself(times: int, *, alike: bool = True, apart: timedelta = MINUTE) -> Recent:
    ages = tuple(number * apart for number in range(1, times + 1))
    return Recent(ages, tuple((SAME_AUTHOR, age) for age in ages) if alike else (), first=False)


def by_others(people: int) -> Recent:
    return Recent(alike=tuple((f"ander-{number}", MINUTE) for number in range(people)), first=False)


SHOP = "Kom zaterdag naar de grote uitverkoop in de Stationsstraat!"

TOGETHER = [
    ("Proficiat met jullie nieuwe speelplein", "a wish"),
    ("Hartelijk gefeliciteerd aan het hele team", "a wish"),
    ("Innige deelneming aan de hele familie", "condolences"),
    ("Veel sterkte voor de familie en vrienden", "condolences"),
    ("Dank u wel voor het snelle antwoord", "thanks"),
    ("Bedankt aan alle vrijwilligers van de kermis", "thanks"),
    ("Een gelukkig nieuwjaar voor iedereen", "a season"),
    ("Ik doe mee!", "joining in"),
    ("Waar dan?", "a short question"),
    ("👍👍👍", "applause"),
]


@pytest.mark.parametrize(("text", "why"), TOGETHER, ids=[text for text, _ in TOGETHER])
def test_what_a_whole_town_says_at_once_raises_nothing(rules: RuleSet, text: str, why: str) -> None:
    assert fired(rules, text, by_others(40)) == set(), why


@pytest.mark.parametrize(
    ("text", "recent", "expected"),
    [
        (SHOP, by_oneself(2), {"herhaalde-berichten"}),
        (SHOP, by_oneself(1), set()),
        (SHOP, by_oneself(5, apart=timedelta(hours=1)), set()),  # now and then
        (SHOP, by_others(4), {"overval"}),
        (SHOP, by_others(3), set()),
        ("En nog iets anders", by_oneself(11, alike=False, apart=timedelta(seconds=30)), {"stortvloed"}),
        ("En nog iets anders", by_oneself(11, alike=False, apart=2 * MINUTE), set()),  # a lively evening
        (SHOP, by_oneself(11), {"herhaalde-berichten"}),
        (SHOP, Recent(first=True), set()),
        ("Zie www.webwinkel.com", Recent(first=True), {"link-in-eerste-bericht"}),
        ("Zie www.webwinkel.com", Recent(first=False), set()),
        ("Zie www.webwinkel.com", Recent(), set()),  # a loose text
    ],
)
def test_repeating_raiding_and_flooding_are_noticed(
    rules: RuleSet, text: str, recent: Recent, expected: set[str]
) -> None:
    assert fired(rules, text, recent) == expected


@pytest.mark.parametrize("role", [AuthorRole.STAFF, AuthorRole.MUNICIPALITY])
def test_the_town_may_repeat_itself(rules: RuleSet, role: AuthorRole) -> None:
    both = Recent(by_oneself(99).own, (*by_oneself(99).alike, *by_others(40).alike), first=True)
    assert fired(rules, f"{SHOP} www.webwinkel.com", both, role) == set()


def test_acting_together_is_never_a_ground_to_remove(rules: RuleSet) -> None:
    for name in ("overval", "herhaalde-berichten", "stortvloed"):
        (rule,) = [rule for rule in rules.rules if rule.id == name]
        assert Effect.PROPOSE_REMOVAL not in rule.effects, name


SUBJECTS = {
    "insult": "persoonlijke-belediging",
    "threat": "bedreiging",
    "incitement": "aanzetten-tot-geweld",
    "discrimination": "discriminerende-scheldnaam",
    "sexual content": "seksuele-inhoud",
    "personal data": "persoonsgegevens",
    "advertising": "reclame",
    "spam": "herhaalde-berichten",
    "a raid": "overval",
    "an off-topic flood": "stortvloed",
    "chain letters": "kettingbericht",
    "doxing of staff": "bekendmaken-van-adressen",
    "impersonation": "zich-voordoen-als-de-gemeente",
    "illegal goods": "illegale-handel",
    "election propaganda": "verkiezingspropaganda",
}


@pytest.mark.parametrize(("subject", "name"), SUBJECTS.items())
def test_every_subject_has_a_rule_that_runs(rules: RuleSet, subject: str, name: str) -> None:
    assert [rule.id for rule in rules.rules if rule.id == name and rule.runs] == [name], subject
