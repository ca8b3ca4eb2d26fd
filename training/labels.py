"""The labels of the codebook as values: the compact form in which people write them, and vectors to learn from."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

from bot.core.findings import TOXICITY_LABELS

DIGITS = ("toxicity", "severe_toxicity", "obscene", "identity_attack", "insult", "threat", "sexual_explicit")
FRAMES = {
    "bb": "botsende_beschavingen",
    "vi": "vijandige_indringer",
    "kb": "kosten_en_baten",
    "co": "controle",
    "os": "onschuldig_slachtoffer",
    "am": "allemaal_mensen",
    "di": "diversiteit",
    "ww": "win_win",
    "dh": "de_held",
    "pr": "panta_rhei",
    "kl": "de_kloof",
}
VALUES = {
    "we": "welvaart",
    "se": "sociale_erkenning",
    "ge": "gelijkheid",
    "vr": "vrijheid",
    "on": "onafhankelijkheid",
    "lo": "loyaliteit",
    "wk": "wederkerigheid",
    "tr": "respect_voor_traditie",
    "vb": "gevoel_van_verbondenheid",
}
TONES = {"v": "vraag", "z": "zorg", "k": "kritiek", "h": "vijandig", "b": "verbindend", "n": "neutraal"}
TENSIONS = {"g": "geen", "c": "conflict", "i": "ideologisch", "a": "affectief"}
VARIETIES = {"s": "standaard", "t": "tussentaal", "d": "dialect", "f": "frans", "e": "engels", "m": "gemengd"}
GROUPS = frozenset(
    ("herkomst", "geloof", "huidskleur", "geslacht", "gender", "geaardheid", "beperking", "leeftijd", "armoede", "taal")
)
KINDS = (
    "gewoon", "zorg", "neutraal", "anders", "vloek", "beleid", "citaat", "geuzen", "ontkenning", "spiegel", "impliciet",
    "beleefd", "omzeild", "sarcasme", "kort", "lang",
)  # fmt: skip
GRADES = (0.0, 0.5, 1.0)

LABELS = (
    *(f"toxicity:{name}" for name in DIGITS),
    *(f"frame:{name}" for name in FRAMES.values()),
    *(f"value:{name}" for name in VALUES.values()),
    *(f"tone:{name}" for name in TONES.values()),
    *(f"tension:{name}" for name in TENSIONS.values()),
)
"""Every label that the encoder learns, in the order of its heads."""

assert set(DIGITS) == set(TOXICITY_LABELS)


@dataclass(frozen=True, slots=True)
class Labels:
    """What one person said of one reaction. `toxicity`: a grade of 0, 1 or 2 for each of `DIGITS`."""

    toxicity: tuple[int, ...]
    groups: frozenset[str]
    frames: frozenset[str]
    values: frozenset[str]
    tone: str
    tension: str

    @classmethod
    def read(cls, line: str) -> Self:
        """Read `2002000 geloof bb - h a`. Raises ValueError where that is not the form."""
        digits, groups, frames, values, tone, tension = line.split()
        found = cls(
            tuple(map(int, digits)),
            _named(groups),
            frozenset(FRAMES[code] for code in _named(frames)),
            frozenset(VALUES[code] for code in _named(values)),
            TONES[tone],
            TENSIONS[tension],
        )
        if len(digits) != len(DIGITS) or not set(digits) <= set("012") or not found.groups <= GROUPS:
            raise ValueError(line)
        return found

    def grade(self, label: str) -> float:
        return GRADES[self.toxicity[DIGITS.index(label)]]


def _named(codes: str) -> frozenset[str]:
    return frozenset() if codes == "-" else frozenset(codes.split(","))
