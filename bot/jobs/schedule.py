"""When a job is due. Pure: a schedule turns a moment into the name of a slot, and a slot is run once.

The scheduler only ticks. What it may not decide is whether a job runs: that is the slot's name and whether it was taken
before, so that a clock that jumps, daylight saving and a second process change nothing (trap 24). A slot of an interval
is named in UTC; a slot of a day by the town's own date, so that an hour that comes twice is one slot and an hour that
does not come is made up for at the next tick.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from typing import Protocol
from zoneinfo import ZoneInfo


class Schedule(Protocol):
    """Names the slot that a moment falls in."""

    def slot(self, now: datetime) -> str | None:
        """Return the name of the slot that is due at `now` (aware), None when none is; at most 40 characters."""


@dataclass(frozen=True, slots=True)
class Every:
    """Once in each stretch of `interval`, counted from the hour's beginning in UTC."""

    interval: timedelta

    def slot(self, now: datetime) -> str | None:
        seconds = int(self.interval.total_seconds())
        start = int(now.timestamp()) // seconds * seconds
        return datetime.fromtimestamp(start, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


@dataclass(frozen=True, slots=True)
class Daily:
    """Once a day, from `at` on the town's clock. A service that starts later catches up, at most `within` late."""

    at: time
    zone: ZoneInfo
    within: timedelta

    def slot(self, now: datetime) -> str | None:
        day = now.astimezone(self.zone).date()
        due = datetime.combine(day, self.at, self.zone).astimezone(UTC)
        return day.isoformat() if due <= now < due + self.within else None
