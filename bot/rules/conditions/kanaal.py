"""`kanaal`: the channel that the message came from."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bot.rules.conditions.base import OneOrMore, Spec
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict


class Kanaal(Spec):
    """Via welk kanaal het kwam, bijvoorbeeld telegram of discord."""

    short: ClassVar[str] = "kanalen"

    kanalen: OneOrMore = Field(description="Een of meer kanalen.")

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists

        def check(subject: Subject) -> Verdict:
            return Verdict(subject.given.channel in self.kanalen)

        return check
