"""What more rules cost: 200 against 20. `python -m benchmarks.rules_number`.

Of every twenty rules the kinds are those of the shipped file: phrases (with a list, with room, with choices), words
(some with compounds, some with exceptions), patterns, links, personal data, capitals, and a score. Every rule has words
of its own beside ordinary ones (`je`, `die`, `zijn`), so that they are looked for in every text and seldom found.
"""

from __future__ import annotations

import argparse
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path

from benchmarks.rules_texts import ROUNDS, compared, made_up_words, quiet, reactions, shown
from bot.rules import RuleSet, load_rules

FEW, MANY = 20, 200
TARGET = 4.0  # times the processor time of a reaction

_HEAD = """versie: 1
lijsten:
  mensen: {woorden: [buur, buurvrouw, fietser, wandelaar, ambtenaar, bakker, leerling, chauffeur, voetganger]}
regels:
"""

Words = Iterator[str]


def _listed(words: Words, count: int) -> str:
    return ", ".join([next(words) for _ in range(count)])


def _phrases(words: Words) -> str:
    shapes = (
        "ik|wij|we {0}|{1} je|jou|u|jullie …2 {2}",
        "je|jij|u|gij bent|zijt …1 een|ne {0}|{1}",
        "@mensen zijn|is …2 {0}",
        "die|dat|dit {0} van een|die …1 @mensen",
        "{0} …3 {1}",
        "wat een …2 {0}|{1}|{2}",
        "{0} op naar je|jouw|uw {1}",
        "wacht maar tot ik|we je|jou|u {0}",
    )
    return "\n".join([f'          - "{shape.format(next(words), next(words), next(words))}"' for shape in shapes])


def _zinnen(words: Words) -> str:
    return f"\n        zinnen:\n{_phrases(words)}"


def _zinnen_or_score(words: Words) -> str:
    return f"""
        een:
          - zinnen: [{_listed(words, 6)}]
          - toxiciteit: {{label: threat, vanaf: 0.92}}"""


def _resident_only(words: Words) -> str:
    return f"""
        alle:
          - zinnen: [{_listed(words, 10)}]
          - geen: [{{rol: [medewerker, gemeente]}}]"""


def _woorden(words: Words) -> str:
    return f" {{woorden: [{_listed(words, 40)}]}}"


def _compounds(words: Words) -> str:
    return f" {{woorden: {{lijst: [{_listed(words, 40)}], samenstellingen: ja, behalve: [{_listed(words, 3)}]}}}}"


def _patroon(words: Words) -> str:
    return rf" {{patroon: '\b({next(words)}|{next(words)})\s+([a-z]+\s+){{0,2}}(op |voor )?{next(words)}\s*[0-9]+'}}"


def _links(words: Words) -> str:
    return f" {{links: {{naar: [{next(words)}.be], minstens: 2}}}}"


def _personal(words: Words) -> str:
    return f' {{persoonsgegevens: {{soorten: [rekeningnummer], behalve: ["@{next(words)}.be"]}}}}'


def _capitals(words: Words) -> str:
    del words
    return " {schreeuwen: {aandeel: 0.9, minstens: 60}}"


# Twenty kinds, in the proportions of the shipped file.
_KINDS: tuple[Callable[[Words], str], ...] = (
    *(_zinnen, _resident_only, _zinnen, _woorden, _patroon, _zinnen_or_score, _zinnen, _compounds, _resident_only),
    *(_zinnen, _patroon, _links, _zinnen, _zinnen_or_score, _personal, _resident_only, _zinnen, _woorden, _capitals),
    _patroon,
)


def with_rules(count: int) -> RuleSet:
    """Return a rule file of `count` rules."""
    words = made_up_words()
    rules = [
        f"  - id: regel-{number}\n    titel: Regel\n    huisregel: Een\n    ernst: laag\n"
        f"    wanneer:{_KINDS[number % len(_KINDS)](words)}\n    doet: [meld_moderator]\n    waarom: Daarom.\n"
        for number in range(count)
    ]
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "huisregels.yaml"
        path.write_text(_HEAD + "".join(rules), encoding="utf-8")
        return load_rules(path, score=quiet)


def measure(count: int, rounds: int) -> None:
    """Judge `count` reactions with few and with many rules, turn by turn, and print the ratio."""
    few, many, ratio = compared(with_rules(FEW), with_rules(MANY), reactions(count), rounds)
    print(shown(f"{FEW} rules", few))
    print(shown(f"{MANY} rules", many))
    print(f"{ratio:.2f} × (target: at most {TARGET} ×: {'met' if ratio <= TARGET else 'missed'})")


if __name__ == "__main__":
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--count", type=int, default=3_000, help="reactions a round")
    options.add_argument("--rounds", type=int, default=ROUNDS)
    chosen = options.parse_args()
    measure(chosen.count, chosen.rounds)
