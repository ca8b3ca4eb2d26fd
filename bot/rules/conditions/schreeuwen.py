"""`schreeuwen`: most of a text of some length is in capitals."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bot.rules.conditions.base import Spec
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import NO, Check, Verdict


class Schreeuwen(Spec):
    """Een tekst die voor een groot deel in hoofdletters staat. `ja` gebruikt de standaardwaarden."""

    bare: ClassVar[frozenset[str]] = frozenset({"ja"})

    aandeel: float = Field(
        default=0.7, gt=0, le=1, allow_inf_nan=False, description="Welk deel hoofdletters. Standaard 0.7."
    )
    minstens: int = Field(
        default=20, ge=1, le=200, description="Vanaf hoeveel letters een tekst meetelt. Standaard 20."
    )

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists

        def check(subject: Subject) -> Verdict:
            text = subject.given.text
            capitals = sum(map(str.isupper, text))
            letters = capitals + sum(map(str.islower, text))
            if letters < self.minstens or capitals < self.aandeel * letters:
                return NO
            return Verdict(True, ((0, len(text)),))

        return check
