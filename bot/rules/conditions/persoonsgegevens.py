"""`persoonsgegevens`: personal data in the text, all kinds or some."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from bot.rules.conditions.base import OneOrMore, Spec
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict, found
from bot.text.personal import PersonalKind, find_personal_data


class Persoonsgegevens(Spec):
    """Gegevens van een persoon: telefoonnummer, e-mailadres, rekeningnummer, rijksregisternummer, nummerplaat."""

    short: ClassVar[str] = "soorten"
    bare: ClassVar[frozenset[str]] = frozenset({"elke"})

    soorten: OneOrMore = Field(default=(), description="Alleen deze soorten. Zonder `soorten` tellen ze allemaal.")
    behalve: OneOrMore = Field(
        default=(), description="Gegevens die mogen, bijvoorbeeld `info@gemeente.be` of het nummer van het onthaal."
    )

    @field_validator("soorten")
    @classmethod
    def _kinds(cls, kinds: tuple[str, ...]) -> tuple[str, ...]:
        for kind in kinds:
            if kind not in list(PersonalKind):
                known = ", ".join(PersonalKind)
                raise PydanticCustomError(
                    "soort", "`{kind}` is geen soort; kies uit {known}", {"kind": kind, "known": known}
                )
        return kinds

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists
        kinds = frozenset(self.soorten) or frozenset(PersonalKind)
        allowed = frozenset(map(_bare, self.behalve))

        def check(subject: Subject) -> Verdict:
            text = subject.given.text
            return found(
                [
                    data.span
                    for data in find_personal_data(text)
                    if data.kind in kinds and not _is_allowed(_bare(text[slice(*data.span)]), allowed)
                ]
            )

        return check


def _bare(text: str) -> str:
    return "".join([character for character in text.casefold() if character.isalnum() or character in "@+"])


def _is_allowed(found_data: str, allowed: frozenset[str]) -> bool:
    # `@gemeente.be` allows every address of that domain.
    return found_data in allowed or any(item.startswith("@") and found_data.endswith(item) for item in allowed)
