"""`draad`: the thread, topic or post that the message stands in or under."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bot.rules.conditions.base import OneOrMore, Spec
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict


class Draad(Spec):
    """In welke draad of welk onderwerp het staat, of onder welk bericht. Het nummer staat achteraan in de link."""

    short: ClassVar[str] = "draden"

    draden: OneOrMore = Field(description="Een of meer nummers.")

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists
        places = frozenset(self.draden)

        def check(subject: Subject) -> Verdict:
            return Verdict(not places.isdisjoint((subject.given.thread_id, subject.given.post_id)))

        return check
