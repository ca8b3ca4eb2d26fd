"""`patroon`: a pattern of the administrator, run by RE2 in linear time on the normalised views (trap 17)."""

from __future__ import annotations

import itertools
from typing import ClassVar

import re2
from pydantic import Field

from bot.core.findings import Span
from bot.rules.conditions.base import ConditionError, Spec, Text
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.verdicts import Check, Verdict, found

_MOST_MATCHES = 50  # spans shown of one pattern in one view; more would help nobody
_LONGEST_PATTERN = 2000  # characters
_MEMORY = 8 << 20  # bytes that RE2 may use for one pattern

REASONS = {
    "missing )": "er ontbreekt een haakje `)`",
    "missing ]": "er ontbreekt een haakje `]`",
    "unexpected )": "er staat een haakje `)` te veel",
    "no argument for repetition operator": "er staat niets om te herhalen voor dit teken",
    "bad repetition operator": "zo kan er niet herhaald worden",
    "invalid repetition size": "zo vaak kan er niet herhaald worden",
    "invalid escape sequence": "dit betekent niets na een omgekeerde schuine streep",
    "trailing \\": "het eindigt op een omgekeerde schuine streep",
    "invalid character class range": "deze groep van tekens kan niet",
    "invalid perl operator": "dit kan RE2 niet",
    "invalid named capture group": "deze naam van een groep kan niet",
}  # what RE2 says, and what that is in Dutch


class Patroon(Spec):
    """Een patroon (RE2) op de tekst in kleine letters zonder accenten. Alleen als woorden en zinnen niet volstaan."""

    short: ClassVar[str] = "uitdrukking"

    uitdrukking: Text = Field(description="Het patroon, bijvoorbeeld `stem\\s+(op|voor)\\s+lijst\\s+[0-9]+`.")

    def compile(self, lists: Lists) -> Check:
        """Return the check; raise ConditionError on a pattern that RE2 refuses or that fits everything."""
        del lists
        if len(self.uitdrukking) > _LONGEST_PATTERN:
            raise ConditionError(f"het patroon is langer dan {_LONGEST_PATTERN} tekens", key="uitdrukking")
        options = re2.Options()
        options.case_sensitive = False
        options.log_errors = False
        options.max_mem = _MEMORY
        try:
            pattern = re2.compile(self.uitdrukking, options)
        except (re2.error, UnicodeError) as error:
            raise ConditionError(
                f"het patroon klopt niet: {_reason(error)}",
                key="uitdrukking",
                hint="patronen volgen RE2: vooruitkijken `(?=…)` en terugverwijzen `\\1` bestaan daar niet",
            ) from error
        if pattern.search(""):
            raise ConditionError("het patroon past op een lege tekst en dus op alles", key="uitdrukking")

        def check(subject: Subject) -> Verdict:
            spans: set[Span] = set()
            for view in subject.given.normalised.views():
                for match in itertools.islice(pattern.finditer(view.text), _MOST_MATCHES):
                    if match.end() > match.start():
                        spans.add(view.to_original(match.span()))
            return found(sorted(spans))

        return check


def _reason(error: Exception) -> str:
    """Return what RE2 says of a pattern that it refuses, in Dutch where we know the words."""
    reason = error.args[0] if error.args else ""
    said = reason.decode("utf-8", "replace") if isinstance(reason, bytes) else str(reason)
    what, _, where = said.partition(": ")
    return f"{REASONS.get(what, what)}: {where}" if where else REASONS.get(what, what)
