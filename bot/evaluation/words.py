"""The Dutch words and numbers of a report, the same on a terminal and on a page."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.evaluation.grids import CLEAN, NO_FRAME, TOXIC
from bot.evaluation.items import Doubt, Part
from bot.evaluation.metrics import Figure, Share

NOTHING = "–"
"""What stands where a figure does not exist."""

PARTS: Mapping[Part, str] = MappingProxyType(
    {
        Part.TOXICITY: "Toxiciteit",
        Part.FRAMES: "Kaders",
        Part.VALUES: "Waarden",
        Part.TONE: "Toon",
        Part.TENSION: "Spanning",
    }
)
_LABELS: Mapping[str, str] = MappingProxyType(
    {
        "toxicity": "kwetsend",
        "severe_toxicity": "zwaar kwetsend",
        "obscene": "grof",
        "identity_attack": "aanval op een groep",
        "insult": "belediging",
        "threat": "bedreiging",
        "sexual_explicit": "seksueel",
        TOXIC: "kwetsend",
        CLEAN: "niet kwetsend",
    }
)
_TENSIONS: Mapping[str, str] = MappingProxyType({"geen": "geen spanning"})
VERSIONS: Mapping[str, str] = MappingProxyType(
    {
        "program": "Verbinder",
        "normaliser": "voorbereiding van de tekst",
        "scorer": "toxiciteit",
        "rules": "huisregels",
        "frames": "kaders",
    }
)
DOUBTS: Mapping[Doubt, str] = MappingProxyType(
    {
        Doubt.LEFT_OUT: "Twijfelgevallen (0.5) tellen niet mee: dat label is bij die tekst weggelaten.",
        Doubt.NO: "Twijfelgevallen (0.5) tellen als nee.",
        Doubt.YES: "Twijfelgevallen (0.5) tellen als ja.",
    }
)


def class_word(part: Part, name: str) -> str:
    """Return what people call a class of `part`."""
    if part is Part.TOXICITY:
        return _LABELS.get(name, name)
    if part is Part.FRAMES and name == NO_FRAME:
        return "geen kader"
    if part is Part.TENSION:
        return _TENSIONS.get(name, name)
    return name.replace("_", " ")


def curve_word(name: str) -> str:
    """Return what people call what a curve or a calibration is of."""
    return _LABELS.get(name, "alle kaders samen")


def names(part: Part, found: tuple[str, ...]) -> str:
    """Return classes as a list of words, or that there are none."""
    nothing = "geen kader" if part is Part.FRAMES else "niets"
    return ", ".join(class_word(part, name) for name in found) or nothing


def number(count: int) -> str:
    """Return a number as it is written in Flanders."""
    return f"{count:,}".replace(",", ".")


def counted(count: int, one: str, more: str) -> str:
    """Return a number with the word that goes with it."""
    return f"{number(count)} {one if count == 1 else more}"


def decimal(value: float | None, digits: int = 2) -> str:
    """Return a figure between 0 and 1, such as 0,82."""
    return NOTHING if value is None else f"{value:.{digits}f}".replace(".", ",")


def exact(value: float | None) -> str:
    """Return a figure with all the decimals that it has, of at most four and at least two: 0,5 is 0,50."""
    whole, comma, rest = decimal(value, 4).partition(",")
    return f"{whole}{comma}{rest[:2]}{rest[2:].rstrip('0')}"


def percent(value: float | None) -> str:
    """Return a share, such as 82%."""
    return NOTHING if value is None else f"{value:.0%}"


def score(figure: Figure | None) -> str:
    """Return a figure with its interval, such as 0,82 (0,74 tot 0,88)."""
    if figure is None or figure.value is None:
        return NOTHING
    return f"{decimal(figure.value)} ({decimal(figure.low)} tot {decimal(figure.high)})"


def share(found: Share | None) -> str:
    """Return a share with its interval, such as 12% (9% tot 16%)."""
    return NOTHING if found is None else proportion(found.figure)


def proportion(figure: Figure) -> str:
    """Return a figure as a percentage with its interval."""
    if figure.value is None:
        return NOTHING
    return f"{percent(figure.value)} ({percent(figure.low)} tot {percent(figure.high)})"


def of_all(found: Share, what: str) -> str:
    """Return a share in full, such as "3 van 20 teksten, 15% (5% tot 36%)"."""
    return f"{number(found.count)} van {number(found.of)} {what}, {share(found)}"
