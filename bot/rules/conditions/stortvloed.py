"""`stortvloed`: many messages of one author within a time, whatever their words."""

from __future__ import annotations

from pydantic import Field

from bot.rules.conditions.base import Spec
from bot.rules.durations import RecentDuration
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict


class Stortvloed(Spec):
    """Iemand plaatst heel veel berichten na elkaar, wat er ook in staat."""

    berichten: int = Field(ge=2, le=100, description="Vanaf het hoeveelste bericht het telt.")
    binnen: RecentDuration = Field(description="Binnen welke tijd, hoogstens 1 dag. Bijvoorbeeld `5 minuten`.")

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists

        def check(subject: Subject) -> Verdict:
            before = sum(age <= self.binnen for age in subject.given.recent.own)
            return Verdict(before + 1 >= self.berichten)

        return check
