"""`tijd`: the time of day and the day of the week, on the town's own clock."""

from __future__ import annotations

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
        start, end, days = self._stretch()
        if start == end or (start, end) == (MINUTES_OF_A_DAY, 0):  # 24:00 is 0:00: neither would ever be
            raise ConditionError(
                "`van` en `tot` zijn hetzelfde", key="tot", hint="voor de hele dag laat u `van` en `tot` allebei weg"
            )
        if days == _EVERY_DAY and end - start == MINUTES_OF_A_DAY:
            raise ConditionError("deze tijd is altijd, dus de voorwaarde doet niets", hint="haal de voorwaarde weg")

        def check(subject: Subject) -> Verdict:
            moment = subject.given.moment
            if moment is None:
                return Verdict(None, why="het tijdstip is niet bekend")
            return Verdict(_begun_on(moment.weekday(), 60 * moment.hour + moment.minute, start, end) in days)

        return check

    @property
    def minutes(self) -> int:
        """Return the minutes of the week at which it holds, as bits: the lowest is Monday 0:00."""
        start, end, days = self._stretch()
        length = (end - start) % MINUTES_OF_A_DAY or MINUTES_OF_A_DAY
        bits = 0
        for day in days:
            bits |= ((1 << length) - 1) << (day * MINUTES_OF_A_DAY + start)
        week = len(DAY_NAMES) * MINUTES_OF_A_DAY
        return (bits | bits >> week) & ((1 << week) - 1)  # a night that begins on Sunday ends on Monday

    def _stretch(self) -> tuple[int, int, frozenset[int]]:
        """Return the first minute of the day, the minute after the last, and the days."""
        days = _EVERY_DAY if self.dagen is None else frozenset(self.dagen)
        return self.van or 0, MINUTES_OF_A_DAY if self.tot is None else self.tot, days


def _begun_on(day: int, minute: int, start: int, end: int) -> int | None:
    """Return the day of the week on which the stretch around a minute of a day began; None outside of it."""
    if start < end:
        return day if start <= minute < end else None
    if minute >= start:
        return day
    return (day - 1) % len(DAY_NAMES) if minute < end else None
