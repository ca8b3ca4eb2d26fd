"""`overval`: several authors write almost the same within a time: a raid."""

from __future__ import annotations

from pydantic import Field

from bot.core.messages import SAME_AUTHOR
from bot.rules.conditions.base import Spec
from bot.rules.durations import RecentDuration
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict


class Overval(Spec):
    """Verschillende mensen schrijven kort na elkaar (bijna) hetzelfde. Eén persoon telt één keer."""

    auteurs: int = Field(ge=2, le=50, description="Vanaf hoeveel verschillende schrijvers het telt.")
    binnen: RecentDuration = Field(description="Binnen welke tijd, hoogstens 1 dag. Bijvoorbeeld `10 minuten`.")
    minstens: int = Field(default=3, ge=1, le=100, description="Vanaf hoeveel woorden een bericht telt. Standaard 3.")

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists

        def check(subject: Subject) -> Verdict:
            alike = subject.given.recent.alike
            authors = {SAME_AUTHOR, *(author for author, age in alike if age <= self.binnen)}
            return Verdict(len(authors) >= self.auteurs and len(subject.tokens) >= self.minstens)

        return check
