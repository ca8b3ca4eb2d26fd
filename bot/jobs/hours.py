"""Working time: how much of it passed, and when so much of it began. Pure, apart from the table of holidays.

A working day is Monday to Friday, between two times on the town's own clock, except Belgian public holidays and the
town's closing days. All sums are made in UTC, so a day on which the clock changes counts the hours it really has.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

import holidays

from bot.core.errors import ConfigError
from bot.settings import ReviewSettings

_LONGEST_LOOK_BACK = timedelta(days=366)
_SATURDAY = 5


@dataclass(frozen=True, slots=True)
class WorkingHours:
    """When a town works. `closed_on` are dates, `closed_yearly` (month, day) pairs; a `closes` of 00:00 is midnight."""

    zone: ZoneInfo
    opens: time
    closes: time
    closed_on: frozenset[date] = frozenset()
    closed_yearly: frozenset[tuple[int, int]] = frozenset()

    def is_working_day(self, day: date) -> bool:
        """Tell whether the town works on `day`."""
        return not (
            day.weekday() >= _SATURDAY
            or day in self.closed_on
            or (day.month, day.day) in self.closed_yearly
            or day in _public_holidays(day.year)
        )

    def is_open(self, at: datetime) -> bool:
        """Tell whether `at` (aware) falls in working time."""
        day = at.astimezone(self.zone).date()
        if not self.is_working_day(day):
            return False
        start, end = self._span(day)
        return start <= at < end

    def between(self, start: datetime, end: datetime) -> timedelta:
        """Return how much working time lies between two aware moments; nothing when `end` is not after `start`."""
        total = timedelta()
        day = start.astimezone(self.zone).date()
        last = end.astimezone(self.zone).date()
        while day <= last:
            if self.is_working_day(day):
                opened, closed = self._span(day)
                total += max(min(end, closed) - max(start, opened), timedelta())
            day += timedelta(days=1)
        return total

    def before(self, now: datetime, amount: timedelta) -> datetime:
        """Return the latest moment from which at least `amount` of working time passed until `now`.

        Looks back a year at most: a town that works less than that has other worries than reminders.
        """
        left = amount
        for opened, closed in self._spans_back(now):
            worked = max(min(now, closed) - opened, timedelta())
            if worked >= left:
                return min(now, closed) - left
            left -= worked
        return now - _LONGEST_LOOK_BACK

    def _spans_back(self, now: datetime) -> Iterator[tuple[datetime, datetime]]:
        today = now.astimezone(self.zone).date()
        for days in range(_LONGEST_LOOK_BACK.days):
            day = today - timedelta(days=days)
            if self.is_working_day(day):
                yield self._span(day)

    def _span(self, day: date) -> tuple[datetime, datetime]:
        last = day if self.closes > self.opens else day + timedelta(days=1)
        opened = datetime.combine(day, self.opens, self.zone).astimezone(UTC)
        return opened, datetime.combine(last, self.closes, self.zone).astimezone(UTC)


def working_hours(review: ReviewSettings, timezone: str) -> WorkingHours:
    """Return the working hours that the settings describe; raise ConfigError where they make no sense."""
    opens, closes = _day(review.working_day)
    closed_on, closed_yearly = _closing_days(review.closing_days)
    return WorkingHours(zone_of(timezone), opens, closes, closed_on, closed_yearly)


def zone_of(name: str) -> ZoneInfo:
    """Return the time zone called `name`; raise ConfigError for one that does not exist."""
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ConfigError(
            f"VERBINDER_TIMEZONE: de tijdzone {name!r} bestaat niet.", remedy="Schrijf bijvoorbeeld Europe/Brussels."
        ) from None


def time_of(setting: str, written: str) -> time:
    """Return the time of day written as HH:MM in `setting`; raise ConfigError for one that does not exist."""
    try:
        return time.fromisoformat(written)
    except ValueError:
        raise ConfigError(
            f"{setting}: {written!r} is geen uur van de dag.", remedy="Schrijf het als UU:MM, bijvoorbeeld 08:30."
        ) from None


def _day(written: str) -> tuple[time, time]:
    name = "VERBINDER_REVIEW__WORKING_DAY"
    first, _, last = written.partition("-")
    opens = time_of(name, first)
    closes = time.min if last == "24:00" else time_of(name, last)
    if closes <= opens and closes != time.min:
        raise ConfigError(
            f"{name}: {written} eindigt voor het begint.",
            remedy="Schrijf eerst het begin en dan het einde van dezelfde dag, bijvoorbeeld 09:00-17:00.",
        )
    return opens, closes


def _closing_days(written: Iterable[str]) -> tuple[frozenset[date], frozenset[tuple[int, int]]]:
    once: set[date] = set()
    yearly: set[tuple[int, int]] = set()
    for entry in written:
        try:
            if len(entry) == len("MM-DD"):
                day = date.fromisoformat(f"2024-{entry}")  # a leap year, so that 02-29 can be named
                yearly.add((day.month, day.day))
            else:
                once.add(date.fromisoformat(entry))
        except ValueError:
            raise ConfigError(
                f"VERBINDER_REVIEW__CLOSING_DAYS: {entry!r} is geen datum.",
                remedy="Schrijf 2027-07-11 voor één dag of 07-11 voor elk jaar, met komma's ertussen.",
            ) from None
    return frozenset(once), frozenset(yearly)


@lru_cache(maxsize=16)
def _public_holidays(year: int) -> frozenset[date]:
    return frozenset(holidays.country_holidays("BE", years=year))
