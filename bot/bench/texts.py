"""The texts of the benchmarks: the reactions of the demonstration town, and as many variations as are asked for."""

from __future__ import annotations

import random

from ruamel.yaml import YAML

from bot.settings import ROOT

TOWN = ROOT / "bot" / "channels" / "demo" / "town.yaml"
_SEED = 20261124


def reactions(count: int) -> list[str]:
    """Return `count` different texts, the same every time: first the town's own, then with words exchanged."""
    chance = random.Random(_SEED)  # noqa: S311 (the same texts every time)
    script = YAML(typ="safe", pure=True).load(TOWN.read_text(encoding="utf-8"))
    own = [str(reaction["tekst"]) for reaction in script["reacties"]]
    chance.shuffle(own)
    words = [word for text in own for word in text.split()]
    found = dict.fromkeys(own)
    while len(found) < count:
        text = chance.choice(own).split()
        for _ in range(3):
            text[chance.randrange(len(text))] = chance.choice(words)
        found[" ".join(text)] = None
    return list(found)[:count]
