"""Times of day and days of the week as people write them: `22:00`, `6u30`, `za`, `zaterdag`, `za 23:30`.

Knows no time zone: the moments that it compares are on the town's own clock already.
"""

from __future__ import annotations

import difflib
import re
from datetime import UTC, datetime, timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

DAY_NAMES = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
MINUTES_OF_A_DAY = 24 * 60

_SHORTEST_NAME = 2  # letters of the short name of a day: ma, di, wo, do, vr, za, zo
_DAYS = {form: number for number, name in enumerate(DAY_NAMES) for form in (name, name[:_SHORTEST_NAME])}
_CLOCK = re.compile(r"(?P<hour>\d{1,2})(?:[:.u](?P<minute>\d{2})|u)", re.IGNORECASE)
_CLOCK_EXAMPLE = "schrijf uren en minuten, zoals `22:00`"
_A_MONDAY = datetime(2024, 1, 1, tzinfo=UTC)  # any will do: only the day of the week and the clock are looked at
_USUAL_DAY = "wo"  # of an example that names none: not a weekend, not the edge of one


def parse_clock(text: str) -> int:
    """Return a time of day in minutes after midnight, 24:00 included; raise PydanticCustomError otherwise."""
    match = _CLOCK.fullmatch(text.strip())
    if match is not None:
        minutes = 60 * int(match["hour"]) + int(match["minute"] or 0)
        if int(match["minute"] or 0) < 60 and minutes <= MINUTES_OF_A_DAY:
            return minutes
    bare = text.strip().isdecimal() and len(text.strip()) <= 2 and int(text) <= 24
    hint = f"bedoelt u `{text.strip()}:00`?" if bare else _CLOCK_EXAMPLE
    raise PydanticCustomError("tijdstip", "`{text}` is geen tijdstip", {"text": text, "hint": hint})


def write_clock(minutes: int) -> str:
    """Return a time of day as `22:00`."""
    return f"{minutes // 60:02}:{minutes % 60:02}"


def parse_day(text: str) -> int:
    """Return the number of a day of the week, Monday 0; raise PydanticCustomError for what is none."""
    word = text.strip().casefold()
    if word in _DAYS:
        return _DAYS[word]
    close = difflib.get_close_matches(word, _DAYS, n=1)
    hint = f"bedoelt u `{close[0]}`?" if close else f"kies uit {', '.join(name[:_SHORTEST_NAME] for name in DAY_NAMES)}"
    raise PydanticCustomError("dag", "`{text}` is geen dag", {"text": text, "hint": hint})


def parse_moment(text: str) -> datetime:
    """Return a moment of some week, written as `23:30` or `za 23:30`; raise PydanticCustomError otherwise."""
    day, _, clock = text.strip().rpartition(" ")
    minutes = parse_clock(clock)
    return _A_MONDAY + timedelta(days=parse_day(day or _USUAL_DAY), minutes=minutes)


def _read_clock(value: object) -> object:
    if isinstance(value, str):
        return parse_clock(value)
    if isinstance(value, int):
        return value
    raise PydanticCustomError("tijdstip", "hier hoort een tijdstip te staan", {"hint": _CLOCK_EXAMPLE})


def _read_days(value: object) -> object:
    days = [value] if isinstance(value, str) else value
    return [_read_day(day) for day in days] if isinstance(days, list) else days


def _read_day(value: object) -> int:
    return value if isinstance(value, int) else parse_day(str(value))


def write_days(days: tuple[int, ...]) -> list[str]:
    """Return days by their short names."""
    return [DAY_NAMES[day][:_SHORTEST_NAME] for day in days]


def _read_moment(value: object) -> object:
    if isinstance(value, str):
        return parse_moment(value)
    if isinstance(value, datetime):
        return value
    raise PydanticCustomError("tijdstip", "hier hoort een tijdstip te staan", {"hint": _CLOCK_EXAMPLE})


_CLOCK_PATTERN = r"([01]?[0-9]|2[0-4])([:.u][0-5][0-9]|u)"
_DAY_WORDS = sorted(_DAYS)

ClockTime = Annotated[
    int,
    BeforeValidator(_read_clock),
    PlainSerializer(write_clock, return_type=str),
    WithJsonSchema({"type": "string", "pattern": rf"^\s*{_CLOCK_PATTERN}\s*$", "examples": ["22:00", "06:30"]}),
]
"""A time of day, in minutes after midnight."""

Days = Annotated[
    tuple[int, ...],
    BeforeValidator(_read_days),
    PlainSerializer(write_days, return_type=list[str]),
    WithJsonSchema(
        {"anyOf": [{"enum": _DAY_WORDS}, {"type": "array", "items": {"enum": _DAY_WORDS}, "minItems": 1}]},
    ),
]
"""Days of the week, Monday 0: one, or a list."""

Moment = Annotated[
    datetime,
    BeforeValidator(_read_moment),
    WithJsonSchema({"type": "string", "examples": ["23:30", "za 23:30"]}),
]
"""A moment of some week."""
