"""What more terms cost: 5,000 in a list against 50. `python -m benchmarks.rules_terms`.

The list is used as the shipped file uses its lists: as words with inflections and compounds, and inside phrases. The
terms are made up, one in five has two words, and few texts hold one: what is measured is looking for them.
"""

from __future__ import annotations

import argparse
import tempfile
from itertools import islice
from pathlib import Path

from benchmarks.rules_texts import ROUNDS, compared, made_up_words, quiet, reactions, shown
from bot.rules import RuleSet, load_rules

FEW, MANY = 50, 5000
TARGET = 1.5  # times the processor time of a reaction

_FILE = """versie: 1
lijsten:
  termen: {bestand: termen.txt}
regels:
  - id: woorden
    titel: Woorden
    huisregel: Een
    ernst: hoog
    wanneer:
      een:
        - woorden: {lijst: "@termen", samenstellingen: ja}
        - zinnen: [je|jij|u|gij bent …1 een|ne @termen, wat een …2 @termen, "die @termen moeten|mogen weg"]
    doet: [meld_moderator]
    waarom: Daarom.
"""


def with_terms(count: int) -> RuleSet:
    """Return a rule file with one list of `count` terms."""
    words = made_up_words()
    terms = [f"{word} {next(words)}" if number % 5 == 4 else word for number, word in enumerate(islice(words, count))]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "huisregels.yaml"
        path.write_text(_FILE, encoding="utf-8")
        path.with_name("termen.txt").write_text("\n".join(terms), encoding="utf-8")
        return load_rules(path, score=quiet)


def measure(count: int, rounds: int) -> None:
    """Judge `count` reactions with few and with many terms, turn by turn, and print the ratio."""
    few, many, ratio = compared(with_terms(FEW), with_terms(MANY), reactions(count), rounds)
    print(shown(f"{FEW} terms", few))
    print(shown(f"{MANY} terms", many))
    print(f"{ratio:.2f} × (target: at most {TARGET} ×: {'met' if ratio <= TARGET else 'missed'})")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=5_000, help="reactions a round")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = options.parse_args()
    measure(chosen.count, chosen.rounds)
