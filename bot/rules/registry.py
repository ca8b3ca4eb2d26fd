"""Every condition there is, by the key that the rule file uses. To add one: write its file, add its line.

`seeks` tells conditions that look for something from those that only say where a rule applies: a rule of only the
latter would fire on everything, and is refused. `of_text` tells those that the words of a message decide from those
that look at its circumstances.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from bot.rules.conditions.base import Spec
from bot.rules.conditions.bijlage import Bijlage
from bot.rules.conditions.draad import Draad
from bot.rules.conditions.eerste_bericht import EersteBericht
from bot.rules.conditions.herhaling import Herhaling
from bot.rules.conditions.kanaal import Kanaal
from bot.rules.conditions.links import Links
from bot.rules.conditions.overval import Overval
from bot.rules.conditions.patroon import Patroon
from bot.rules.conditions.persoonsgegevens import Persoonsgegevens
from bot.rules.conditions.rol import Rol
from bot.rules.conditions.schreeuwen import Schreeuwen
from bot.rules.conditions.stortvloed import Stortvloed
from bot.rules.conditions.taal import Taal
from bot.rules.conditions.tijd import Tijd
from bot.rules.conditions.toxiciteit import Toxiciteit
from bot.rules.conditions.woorden import Woorden
from bot.rules.conditions.zinnen import Zinnen

COMBINATIONS = ("alle", "een", "geen")


@dataclass(frozen=True, slots=True)
class Entry:
    """A condition: its key in the file, its model, whether it looks for something, and whether in the text."""

    name: str
    spec: type[Spec]
    seeks: bool = True
    of_text: bool = True


def register(entries: Iterable[Entry]) -> dict[str, Entry]:
    """Return the entries by name; raise ValueError on a name that is missing, taken or doubled."""
    registry: dict[str, Entry] = {}
    for entry in entries:
        if not entry.name.strip():
            raise ValueError(f"condition {entry.spec.__name__} has no name")
        if entry.name in registry or entry.name in COMBINATIONS:
            raise ValueError(f"condition name {entry.name!r} is taken")
        registry[entry.name] = entry
    return registry


CONDITIONS = register(
    [
        Entry("woorden", Woorden),
        Entry("zinnen", Zinnen),
        Entry("patroon", Patroon),
        Entry("toxiciteit", Toxiciteit),
        Entry("links", Links),
        Entry("persoonsgegevens", Persoonsgegevens),
        Entry("schreeuwen", Schreeuwen),
        Entry("bijlage", Bijlage, of_text=False),
        Entry("herhaling", Herhaling, of_text=False),
        Entry("stortvloed", Stortvloed, of_text=False),
        Entry("overval", Overval, of_text=False),
        Entry("taal", Taal, seeks=False),
        Entry("rol", Rol, seeks=False, of_text=False),
        Entry("kanaal", Kanaal, seeks=False, of_text=False),
        Entry("draad", Draad, seeks=False, of_text=False),
        Entry("tijd", Tijd, seeks=False, of_text=False),
        Entry("eerste_bericht", EersteBericht, seeks=False, of_text=False),
    ]
)
