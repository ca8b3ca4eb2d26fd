"""`zinnen`: words in order, with alternatives, lists and room for a few words in between."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bot.rules.conditions.base import OneOrMore, Spec
from bot.rules.conditions.exceptions import Exceptions, compile_phrases
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Gated, Verdict, found


class Zinnen(Spec):
    """Woorden na elkaar. `je|jij` is een keuze, `…` staat voor hoogstens drie woorden, `@naam` voor een lijst."""

    short: ClassVar[str] = "lijst"

    lijst: OneOrMore = Field(description="Een zin of meer zinnen, bijvoorbeeld `ik maak je … kapot`.")
    behalve: OneOrMore = Field(default=(), description="Woorden of zinnen die niet meetellen.")

    def compile(self, lists: Lists) -> Check:
        """Return the check; raise ConditionError on a phrase that cannot be read."""
        book = compile_phrases(self.lijst, lists, key="lijst")
        exceptions = Exceptions(self.behalve, lists)

        def check(subject: Subject) -> Verdict:
            return found(exceptions.leave_out(book.find(subject.tokens), subject.tokens))

        return Gated(check, book.needs)
