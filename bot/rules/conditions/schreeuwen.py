"""`schreeuwen`: most of a text of some length is in capitals."""

from __future__ import annotations

import string
from typing import ClassVar

from pydantic import Field

from bot.rules.conditions.base import Spec
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import NO, Check, Verdict

_CAPITALS = string.ascii_uppercase.encode()
_SMALL = string.ascii_lowercase.encode()


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
            if len(text) < self.minstens:
                return NO
            capitals, letters = _count(text)
            if letters < self.minstens or capitals < self.aandeel * letters:
                return NO
            return Verdict(True, ((0, len(text)),))

        return check


def _count(text: str) -> tuple[int, int]:
    """Return how many capitals a text has, and how many letters that are capital or small."""
    if text.isascii():
        plain = text.encode()
        without = plain.translate(None, _CAPITALS)
        return len(plain) - len(without), len(plain) - len(without.translate(None, _SMALL))
    capitals = sum(map(str.isupper, text))
    return capitals, capitals + sum(map(str.islower, text))
