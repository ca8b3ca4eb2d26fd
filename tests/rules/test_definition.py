"""A rule's definition changes with everything that could change its verdict, and with nothing else."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.rules.helpers import loaded, rule_text

LISTS = "lijsten:\n  dieren: {bestand: dieren.txt}\n  planten: {woorden: [roos, varen]}\n"
ANIMALS = "aap\nbeer\n!teddybeer\n"
WORDS = "{woorden: '@dieren'}"


def definition(tmp_path: Path, wanneer: str = WORDS, *, head: str = LISTS, animals: str = ANIMALS, **rule: str) -> str:
    (tmp_path / "dieren.txt").write_text(animals, encoding="utf-8")
    return loaded(tmp_path, rule_text(wanneer, **rule), head=head).rules[0].definition


SAME = [
    # (conditions, head, animals, what was changed)
    ("{woorden: {lijst: ['@dieren']}}", LISTS, ANIMALS, "the long form of the same"),
    ("{woorden: {lijst: '@dieren', samenstellingen: nee}}", LISTS, ANIMALS, "a default that is written out"),
    ("{woorden: '@dieren'} # opmerking", LISTS, ANIMALS, "a remark"),
    (WORDS, LISTS.replace("roos", "tulp"), ANIMALS, "a list that it does not name"),
    (WORDS, LISTS, "aap\n# de grote\nbeer # bruin\n\n!teddybeer\n", "remarks and blank lines in its list"),
    (WORDS, LISTS + 'standaard: {status: actief, kanalen: "*"}\n', ANIMALS, "defaults that say the same"),
]


@pytest.mark.parametrize(("wanneer", "head", "animals", "what"), SAME, ids=[row[3] for row in SAME])
def test_a_rule_that_says_the_same_has_the_same_definition(
    tmp_path: Path, wanneer: str, head: str, animals: str, what: str
) -> None:
    assert definition(tmp_path, wanneer, head=head, animals=animals) == definition(tmp_path)


OTHER = [
    ("{woorden: {lijst: '@dieren', samenstellingen: ja}}", LISTS, ANIMALS, "an option"),
    ("{woorden: ['@dieren', paard]}", LISTS, ANIMALS, "a word"),
    ("{zinnen: 'de @dieren'}", LISTS, ANIMALS, "another kind of condition"),
    ("{alle: [{woorden: '@dieren'}, {geen: [{rol: medewerker}]}]}", LISTS, ANIMALS, "a condition beside it"),
    (WORDS, LISTS, ANIMALS + "cavia\n", "a word in its list"),
    (WORDS, LISTS, ANIMALS.replace("!", ""), "an exception in its list that became a word"),
    (WORDS, LISTS + "standaard: {status: schaduw}\n", ANIMALS, "the default of its status"),
    (WORDS, LISTS + "standaard: {kanalen: telegram}\n", ANIMALS, "the default of its channels"),
]


@pytest.mark.parametrize(("wanneer", "head", "animals", "what"), OTHER, ids=[row[3] for row in OTHER])
def test_a_rule_that_may_judge_otherwise_has_another_definition(
    tmp_path: Path, wanneer: str, head: str, animals: str, what: str
) -> None:
    assert definition(tmp_path, wanneer, head=head, animals=animals) != definition(tmp_path)


@pytest.mark.parametrize("wanneer", ["{zinnen: 'de mooie @planten'}", "{woorden: {lijst: aap, behalve: '@planten'}}"])
def test_a_list_counts_wherever_it_is_named(tmp_path: Path, wanneer: str) -> None:
    before = definition(tmp_path, wanneer)
    assert definition(tmp_path, wanneer, head=LISTS.replace("varen", "mos")) != before


def test_a_threshold_deep_inside_counts(tmp_path: Path) -> None:
    def rule(threshold: float) -> str:
        deep = f"{{alle: [{{een: [{{toxiciteit: {{label: insult, vanaf: {threshold}}}}}]}}]}}"
        return definition(tmp_path, deep)

    assert rule(0.8) == rule(0.80)
    assert rule(0.8) != rule(0.81)
