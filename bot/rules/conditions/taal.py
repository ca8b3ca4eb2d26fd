"""`taal`: the language of the text. A language that nobody could tell counts as each of them."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from bot.rules.conditions.base import OneOrMore, Spec
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict
from bot.text.language import UNKNOWN


class Taal(Spec):
    """De taal van de tekst, als code van twee letters (nl, fr, en). Een onbekende taal telt mee als elke taal."""

    short: ClassVar[str] = "talen"

    talen: OneOrMore = Field(description="Een of meer taalcodes.")

    @field_validator("talen")
    @classmethod
    def _codes(cls, codes: tuple[str, ...]) -> tuple[str, ...]:
        for code in codes:
            if not (len(code) == 2 and code.isascii() and code.isalpha() and code.islower()):
                raise PydanticCustomError(
                    "taalcode", "`{code}` is geen taalcode van twee kleine letters", {"code": code}
                )
        return codes

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists

        def check(subject: Subject) -> Verdict:
            return Verdict(subject.given.language in {*self.talen, UNKNOWN})

        return check
