"""`herhaling`: the same author writes almost the same again, within a time."""

from __future__ import annotations

from pydantic import Field

from bot.core.messages import SAME_AUTHOR
from bot.rules.conditions.base import Spec
from bot.rules.durations import RecentDuration
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict


class Herhaling(Spec):
    """Iemand schrijft opnieuw (bijna) hetzelfde. Hoofdletters, leestekens, emoji en cijfers maken geen verschil."""

    keer: int = Field(ge=2, le=50, description="Vanaf de hoeveelste keer het telt, het eerste bericht meegerekend.")
    binnen: RecentDuration = Field(description="Binnen welke tijd, hoogstens 1 dag. Bijvoorbeeld `10 minuten`.")
    minstens: int = Field(default=3, ge=1, le=100, description="Vanaf hoeveel woorden een bericht telt. Standaard 3.")

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists

        def check(subject: Subject) -> Verdict:
            alike = subject.given.recent.alike
            before = sum(author == SAME_AUTHOR and age <= self.binnen for author, age in alike)
            return Verdict(before + 1 >= self.keer and len(subject.tokens) >= self.minstens)

        return check
