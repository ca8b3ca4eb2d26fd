"""What is measured: labelled texts, and what the program made of each."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from bot.core.analysis import Analysis
from bot.core.findings import Tension, Tone

NO, ARGUABLY, YES = 0.0, 0.5, 1.0
GRADES = (NO, ARGUABLY, YES)
"""How far a label of toxicity applies."""


class Doubt(StrEnum):
    """What the grade 0.5 ("arguably") counts as: nothing (that label is left out of that text), no, or yes."""

    LEFT_OUT = "weg"
    NO = "nee"
    YES = "ja"


class Part(StrEnum):
    """A part of the judgement that can be labelled, by its key in `labels`."""

    TOXICITY = "toxicity"
    FRAMES = "frames"
    VALUES = "values"
    TONE = "tone"
    TENSION = "tension"


@dataclass(frozen=True, slots=True)
class Labels:
    """What people say of a text. None: nobody said, so it is not measured; empty: they looked and there is none.

    `toxicity` holds grades by label; a label that is absent has grade 0.
    """

    toxicity: Mapping[str, float] | None = None
    frames: frozenset[str] | None = None
    values: frozenset[str] | None = None
    tone: Tone | None = None
    tension: Tension | None = None


@dataclass(frozen=True, slots=True)
class Item:
    """A labelled text. `slices` are names with a value, such as `variant` → `tussentaal`.

    Items of one `source` (a file) with the same `pair` say the same thing, about another group; empty is no pair.
    """

    id: str
    text: str
    context: str = ""
    labels: Labels = Labels()
    slices: Mapping[str, str] = field(default_factory=dict)
    pair: str = ""
    source: str = ""


@dataclass(frozen=True, slots=True)
class Judged:
    """A labelled text with what the program thinks of it."""

    item: Item
    analysis: Analysis
