"""`woorden`: whole words from the rule itself or from a list, with inflections, compounds and exceptions."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from bot.rules.conditions.base import ConditionError, OneOrMore, Spec, YesNo, require_lists
from bot.rules.conditions.exceptions import Exceptions
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Gated, Verdict, found
from bot.text.words import Vocabulary, term_words


class Woorden(Spec):
    """Hele woorden, ook als ze vermomd zijn (kl00tzak, k l o o t z a k). Een deel van een woord telt niet mee."""

    short: ClassVar[str] = "lijst"

    lijst: OneOrMore = Field(description="Een woord, meer woorden, of `@naam` van een lijst.")
    verbuigingen: YesNo = Field(default=True, description="Ook meervoud, verkleinwoord en verbogen vorm. Standaard ja.")
    samenstellingen: YesNo = Field(
        default=False, description="Ook als begin of einde van een samenstelling. Standaard nee."
    )
    behalve: OneOrMore = Field(default=(), description="Woorden of zinnen die niet meetellen.")

    def compile(self, lists: Lists) -> Check:
        """Return the check; raise ConditionError on an unknown list or a word without letters."""
        require_lists(self.lijst, lists, key="lijst")
        for word in self.lijst:
            if not term_words(word):
                raise ConditionError(f"`{word}` bevat geen letters of cijfers", key="lijst")
        terms, listed_exceptions = lists.collect(self.lijst)
        exceptions = Exceptions(self.behalve, lists)
        vocabulary = Vocabulary(
            terms,
            inflections=self.verbuigingen,
            compounds=self.samenstellingen,
            exceptions=listed_exceptions,
        )

        def check(subject: Subject) -> Verdict:
            return found(exceptions.leave_out(vocabulary.find(subject.tokens), subject.tokens))

        return Gated(check, vocabulary.needs)
