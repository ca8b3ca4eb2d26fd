"""`zinnen`: words in order, with alternatives, lists and room for a few words in between."""

from __future__ import annotations

import difflib
from typing import ClassVar

from pydantic import Field

from bot.rules.conditions.base import ConditionError, OneOrMore, Spec, require_lists
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict, found
from bot.text.phrases import Phrase, PhraseBook, PhraseError, compile_phrase
from bot.text.words import Vocabulary


class Zinnen(Spec):
    """Woorden na elkaar. `je|jij` is een keuze, `…` staat voor hoogstens drie woorden, `@naam` voor een lijst."""

    short: ClassVar[str] = "lijst"

    lijst: OneOrMore = Field(description="Een zin of meer zinnen, bijvoorbeeld `ik maak je … kapot`.")
    behalve: OneOrMore = Field(default=(), description="Woorden of zinnen die niet meetellen.")

    def compile(self, lists: Lists) -> Check:
        """Return the check; raise ConditionError on a phrase that cannot be read."""
        require_lists(self.behalve, lists, key="behalve")
        needed = {part[1:] for phrase in self.lijst for part in phrase.split() if part.startswith("@")}
        vocabularies = {name: lists.usable[name].vocabulary() for name in needed if name in lists.usable}
        vocabularies |= {name: Vocabulary(()) for name in needed & lists.broken}
        book = PhraseBook([self._phrase(text, vocabularies, lists) for text in self.lijst])
        exceptions = Vocabulary(lists.collect(self.behalve)[0], inflections=True) if self.behalve else None

        def check(subject: Subject) -> Verdict:
            spans = book.find(subject.tokens)
            if spans and exceptions:
                excepted = exceptions.find(subject.tokens)
                spans = tuple(s for s in spans if not any(a < s[1] and s[0] < b for a, b in excepted))
            return found(spans)

        return check

    @staticmethod
    def _phrase(text: str, vocabularies: dict[str, Vocabulary], lists: Lists) -> Phrase:
        try:
            return compile_phrase(text, vocabularies)
        except PhraseError as error:
            unknown = [part[1:] for part in text.split() if part.startswith("@") and part[1:] not in vocabularies]
            close = difflib.get_close_matches(unknown[0], lists.names(), n=1) if unknown else []
            hint = f"bedoelt u `@{close[0]}`?" if close else ""
            raise ConditionError(f"{error} (in `{text}`)", key="lijst", hint=hint) from error
