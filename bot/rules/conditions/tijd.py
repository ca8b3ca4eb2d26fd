"""`tijd`: the time of day and the day of the week, on the town's own clock."""

from __future__ import annotations

from datetime import datetime

from pydantic import Field, model_validator
from pydantic_core import PydanticCustomError

from bot.rules.conditions.base import ConditionError, Spec
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.moments import DAY_NAMES, MINUTES_OF_A_DAY, ClockTime, Days
from bot.rules.verdicts import Check, Verdict

_EVERY_DAY = frozenset(range(len(DAY_NAMES)))


class Tijd(Spec):
    """Wanneer het geschreven is, op de klok van uw gemeente. Een nacht hoort bij de dag waarop hij begint."""

    van: ClockTime | None = Field(default=None, description="Vanaf welk uur, bijvoorbeeld `22:00`.")
    tot: ClockTime | None = Field(
        default=None, description="Tot welk uur, bijvoorbeeld `06:00`. Vroeger dan `van` is de volgende ochtend."
    )
    dagen: Days | None = Field(default=None, min_length=1, description="Op welke dagen, bijvoorbeeld `[za, zo]`.")

    @model_validator(mode="after")
    def _both_or_neither(self) -> Tijd:
        if (self.van is None) != (self.tot is None):
            raise PydanticCustomError("tijd", "`van` en `tot` horen samen: vul ze allebei in")
        if self.van is None and self.dagen is None:
            raise PydanticCustomError("tijd", "vul `van` en `tot` in, of `dagen`")
        return self

    def compile(self, lists: Lists) -> Check:
        """Return the check; raise ConditionError on a time that is always."""
        del lists
        start, end = self.van or 0, MINUTES_OF_A_DAY if self.tot is None else self.tot
        days = _EVERY_DAY if self.dagen is None else frozenset(self.dagen)
        if start == end:
            raise ConditionError(
                "`van` en `tot` zijn hetzelfde", key="tot", hint="voor de hele dag laat u `van` en `tot` allebei weg"
            )
        if days == _EVERY_DAY and end - start == MINUTES_OF_A_DAY:
            raise ConditionError("deze tijd is altijd, dus de voorwaarde doet niets", hint="haal de voorwaarde weg")

        def check(subject: Subject) -> Verdict:
            moment = subject.given.moment
            if moment is None:
                return Verdict(None, why="het tijdstip is niet bekend")
            return Verdict(_begun_on(moment, start, end) in days)

        return check


def _begun_on(moment: datetime, start: int, end: int) -> int | None:
    """Return the day of the week on which the stretch around `moment` began; None outside of it."""
    minute, day = 60 * moment.hour + moment.minute, moment.weekday()
    if start < end:
        return day if start <= minute < end else None
    if minute >= start:
        return day
    return (day - 1) % len(DAY_NAMES) if minute < end else None
