"""Times and durations in Dutch words, in the town's time zone. Pure: the present moment is an argument."""

from __future__ import annotations

from datetime import datetime, timedelta, tzinfo

_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_MINUTE = timedelta(minutes=1)
_HOUR = timedelta(hours=1)
_DAY = timedelta(days=1)


def moment(at: datetime, now: datetime, zone: tzinfo) -> str:
    """Return `at` as people say it: "vandaag om 14:05", "3 maart om 9:10", with the year where it is another."""
    local, today = at.astimezone(zone), now.astimezone(zone).date()
    time = f"om {local.hour}:{local.minute:02}"
    if local.date() == today:
        return f"vandaag {time}"
    if local.date() == today - _DAY:
        return f"gisteren {time}"
    year = "" if local.year == today.year else f" {local.year}"
    return f"{local.day} {_MONTHS[local.month - 1]}{year} {time}"


def ago(at: datetime, now: datetime) -> str:
    """Return how long ago `at` was: "zonet", "1 minuut geleden", "3 dagen geleden"."""
    passed = now - at
    if passed < _MINUTE:
        return "zonet"
    if passed < _HOUR:
        count = passed // _MINUTE
        return f"{count} {'minuut' if count == 1 else 'minuten'} geleden"
    if passed < _DAY:
        return f"{passed // _HOUR} uur geleden"
    count = passed // _DAY
    return f"{count} {'dag' if count == 1 else 'dagen'} geleden"


def seconds_left(until: datetime, now: datetime) -> int:
    """Return the whole seconds until then, rounded up, never below zero."""
    return max(-((now - until) // timedelta(seconds=1)), 0)


def left(seconds: int) -> str:
    """Return a countdown in words: "8 seconden", "1 minuut en 5 seconden"."""
    minutes, rest = divmod(seconds, 60)
    words = f"{rest} {'seconde' if rest == 1 else 'seconden'}"
    if not minutes:
        return words
    return f"{minutes} {'minuut' if minutes == 1 else 'minuten'}" + (f" en {words}" if rest else "")
