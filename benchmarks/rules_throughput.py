"""How many reactions a second the shipped rules judge, with normalising: `python -m benchmarks.rules_throughput`."""

from __future__ import annotations

import argparse
import time
from collections.abc import Callable, Sequence
from statistics import mean, median
from typing import TypeVar

from benchmarks.rules_texts import QUIET, ROUNDS, RULE_FILE, quiet, rate, reactions, shown
from bot.rules import RuleInput, RuleSet, load_rules
from bot.text.normalise import normalise
from bot.text.tokens import tokenise

Item = TypeVar("Item")

TARGET = 3000  # reactions a second on one core


def measure(count: int, rounds: int) -> None:
    """Judge `count` reactions several times and print what that took, in all and by part."""
    rules = load_rules(RULE_FILE, score=quiet)
    texts = reactions(count)
    print(f"{count} reactions of {mean(map(len, texts)):.0f} characters (middle {median(map(len, texts)):.0f})")
    print(f"{sum(rule.runs for rule in rules.rules)} rules that run, {sum(_hits(rules, texts[:1000]))} hits in 1000")
    rate(rules, texts[: count // 5])  # the first texts load dictionaries
    rates = [rate(rules, texts) for _ in range(rounds)]
    rates.sort(key=lambda one: one.processor)
    print(shown("normalisation and rules", rates[rounds // 2]))
    print(shown("  slowest round", rates[0]))
    print(f"  of which normalising {_each(normalise, texts):.0f} µs", end="")
    views = [normalise(text) for text in texts]
    print(f", taking words apart {_each(tokenise, views):.0f} µs")
    met = rates[rounds // 2].processor >= TARGET
    print(f"target of {TARGET} reactions a processor second: {'met' if met else 'missed'}")


def _hits(rules: RuleSet, texts: Sequence[str]) -> list[int]:
    return [len(rules.evaluate(RuleInput.of(text, language="nl", scores=QUIET)).hits) for text in texts]


def _each(function: Callable[[Item], object], items: Sequence[Item]) -> float:
    """Return the microseconds of a processor that `function` takes for one item."""
    started = time.process_time()
    for item in items:
        function(item)
    return 1e6 * (time.process_time() - started) / len(items)


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=10_000, help="reactions a round")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = options.parse_args()
    measure(chosen.count, chosen.rounds)
