"""The benchmarks of the rules measure what they say: rules that run, terms that are looked for, equal texts."""

from __future__ import annotations

from collections import Counter
from itertools import islice

import pytest

from benchmarks import rules_number, rules_terms, rules_throughput
from benchmarks.rules_texts import QUIET, made_up_words, reactions
from bot.rules import RuleInput, RuleSet


def fired(rules: RuleSet, text: str) -> list[str]:
    return [hit.id for hit in rules.evaluate(RuleInput.of(text, language="nl", scores=QUIET)).hits]


def test_the_texts_are_the_same_every_time_and_hardly_alike() -> None:
    texts = reactions(300)
    assert texts == reactions(300)
    assert len(set(texts)) > 290
    assert 90 < sum(map(len, texts)) / len(texts) < 140
    words = Counter(word for text in texts for word in text.split())
    assert sum(count == 1 for count in words.values()) > 0.4 * len(words)


def test_a_list_of_any_length_is_really_looked_for() -> None:
    words = list(islice(made_up_words(), 7000))
    assert len(set(words)) == len(words)
    few, many = rules_terms.with_terms(10), rules_terms.with_terms(5000)
    assert len(many.lists["termen"].terms) == 5000
    single = [term for term in many.lists["termen"].terms if " " not in term]
    assert fired(few, f"hier staat {words[0]} in") == ["woorden"]
    assert fired(many, f"hier staat {single[-1]} in") == ["woorden"]
    assert sum(bool(fired(many, text)) for text in reactions(100)) < 30


def test_every_rule_of_two_hundred_runs_and_hardly_ever_fires() -> None:
    rules = rules_number.with_rules(200)
    assert sum(rule.runs for rule in rules.rules) == 200
    assert sum(len(fired(rules, text)) for text in reactions(50)) < 25


@pytest.mark.parametrize("module", [rules_throughput, rules_terms, rules_number], ids=lambda module: module.__name__)
def test_it_prints_a_rate_and_whether_the_target_is_met(module: object, capsys: pytest.CaptureFixture[str]) -> None:
    module.measure(20, 1)  # type: ignore[attr-defined]
    said = capsys.readouterr().out
    assert "reactions a processor second" in said
    assert "met" in said or "missed" in said
