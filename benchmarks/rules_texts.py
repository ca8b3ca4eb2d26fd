"""What the benchmarks of the rules share: reactions like a town's, made-up Dutch-like words, and how they are timed.

Seeded: the same texts and words every time. One word in ten is misspelled by a letter of its own, as in real reactions,
so that what was looked up for an earlier text is not always known for the next.
"""

from __future__ import annotations

import random
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import median

from ruamel.yaml import YAML

from benchmarks.history import TOWN
from bot.core.findings import TOXICITY_LABELS
from bot.rules import RuleInput, RuleSet
from bot.settings import ROOT
from bot.text.inflection import is_word

RULE_FILE = ROOT / "rules" / "huisregels.yaml"
QUIET = dict.fromkeys(TOXICITY_LABELS, 0.0)
ROUNDS = 5
_SEED = 20261124
_MISSPELLED = 0.1  # of the words
_ONSETS = (*"bdfghjklmnprstvwz", "br", "dr", "fr", "gr", "kl", "kr", "pl", "sl", "st", "tr")
_VOWELS = ("a", "aa", "e", "ee", "i", "ie", "o", "oo", "oe", "u", "uu", "ij", "ui", "ei", "au")
_ENDS = ("k", "l", "m", "n", "p", "r", "s", "t", "f", "g", "nd", "nk", "rk", "st", "cht", "lt", "ng")


@dataclass(frozen=True, slots=True)
class Rate:
    """Reactions a second: of one processor, and on the wall."""

    processor: float
    wall: float

    @property
    def microseconds(self) -> float:
        """Return the processor time of one reaction."""
        return 1e6 / self.processor


def reactions(count: int, seed: int = _SEED) -> list[str]:
    """Return texts of the demonstration town with words exchanged and misspelled; about 115 characters each."""
    chance = random.Random(seed)
    script = YAML(typ="safe", pure=True).load(TOWN.read_text(encoding="utf-8"))
    seeds = [str(reaction["tekst"]).split() for reaction in script["reacties"]]
    words = [word for seed_words in seeds for word in seed_words]
    return [_variation(chance, chance.choice(seeds), words) for _ in range(count)]


def _variation(chance: random.Random, seed: Sequence[str], words: Sequence[str]) -> str:
    text = list(seed)
    for _ in range(3):
        text[chance.randrange(len(text))] = chance.choice(words)
    for at, word in enumerate(text):
        if len(word) > 3 and chance.random() < _MISSPELLED:
            inside = chance.randrange(1, len(word))
            text[at] = word[:inside] + chance.choice("abcdefghijklmnoprstuvwz") + word[inside:]
    return " ".join(text)


def made_up_words(seed: int = _SEED) -> Iterator[str]:
    """Yield different words that look like Dutch and mean nothing: terms that a list could hold."""
    chance = random.Random(seed)
    seen: set[str] = set()
    while True:
        word = "".join([chance.choice(_ONSETS) + chance.choice(_VOWELS) for _ in range(chance.randint(1, 3))])
        word += chance.choice(_ENDS)
        if len(word) > 3 and word not in seen and not is_word(word):
            seen.add(word)
            yield word


def rate(rules: RuleSet, texts: Sequence[str]) -> Rate:
    """Return how fast bare texts are normalised and judged by `rules`, without a model, on one processor."""
    started, used = time.perf_counter(), time.process_time()
    for text in texts:
        rules.evaluate(RuleInput.of(text, language="nl", scores=QUIET))
    return Rate(len(texts) / (time.process_time() - used), len(texts) / (time.perf_counter() - started))


def compared(first: RuleSet, second: RuleSet, texts: Sequence[str], rounds: int = ROUNDS) -> tuple[Rate, Rate, float]:
    """Return the middle rate of both over several rounds, turn by turn, and the middle ratio of their times."""
    for rules in (first, second):
        rate(rules, texts[: len(texts) // 5])  # the first texts load dictionaries
    pairs = [(rate(first, texts), rate(second, texts)) for _ in range(rounds)]
    return (
        _middle([pair[0] for pair in pairs]),
        _middle([pair[1] for pair in pairs]),
        median(pair[1].microseconds / pair[0].microseconds for pair in pairs),
    )


def _middle(rates: Sequence[Rate]) -> Rate:
    return Rate(median(one.processor for one in rates), median(one.wall for one in rates))


def shown(name: str, measured: Rate) -> str:
    """Return one line about a rate."""
    return (
        f"{name}: {measured.microseconds:.0f} µs of a processor a reaction;"
        f" {measured.processor:.0f} reactions a processor second, {measured.wall:.0f} a second on the wall"
    )


def quiet(text: str) -> dict[str, float]:
    """Score every text 0: rules are measured here, no model."""
    del text
    return QUIET
