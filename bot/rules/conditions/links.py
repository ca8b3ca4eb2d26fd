"""`links`: links in the text, all of them or by the site that they lead to."""

from __future__ import annotations

import re
from typing import ClassVar

from pydantic import Field, field_validator
from pydantic_core import PydanticCustomError

from bot.rules.conditions.base import OneOrMore, Spec
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import NO, Check, Verdict, found
from bot.text.links import find_links, host_within

_DOMAIN = re.compile(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}")


class Links(Spec):
    """Links in de tekst. `elke` telt alle links; met `behalve` tellen de sites die u vertrouwt niet mee."""

    bare: ClassVar[frozenset[str]] = frozenset({"elke"})

    behalve: OneOrMore = Field(default=(), description="Sites die mogen, bijvoorbeeld `gemeente.be`.")
    naar: OneOrMore = Field(default=(), description="Alleen links naar deze sites tellen mee.")
    minstens: int = Field(default=1, ge=1, le=50, description="Hoeveel links er minstens moeten staan. Standaard 1.")

    @field_validator("behalve", "naar")
    @classmethod
    def _domains(cls, domains: tuple[str, ...]) -> tuple[str, ...]:
        for domain in domains:
            if not _DOMAIN.fullmatch(domain):
                raise PydanticCustomError(
                    "site", "`{site}` is geen site; schrijf alleen de naam, zoals gemeente.be", {"site": domain}
                )
        return domains

    def compile(self, lists: Lists) -> Check:
        """Return the check."""
        del lists

        def check(subject: Subject) -> Verdict:
            spans = [link.span for link in find_links(subject.given.text) if self._counts(link.host)]
            return found(spans) if len(spans) >= self.minstens else NO

        return check

    def _counts(self, host: str) -> bool:
        if any(host_within(host, domain) for domain in self.behalve):
            return False
        return not self.naar or any(host_within(host, domain) for domain in self.naar)
