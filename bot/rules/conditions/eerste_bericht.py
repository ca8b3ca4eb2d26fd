"""`eerste_bericht`: whether the author never wrote here before. Where nobody knows, neither answer fits."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bot.rules.conditions.base import Spec, YesNo
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict


class EersteBericht(Spec):
    """Of dit het eerste bericht is van deze schrijver op deze plek: `ja` of `nee`."""

    short: ClassVar[str] = "waarde"

    waarde: YesNo = Field(description="`ja`: nog nooit eerder geschreven. `nee`: wel al eens.")

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists

        def check(subject: Subject) -> Verdict:
            return Verdict(subject.given.recent.first is self.waarde)

        return check
