"""A stretch of time as people write it: `10 minuten`, `1 uur`, `2 dagen`. From text to `timedelta`, and back.

One whole number and one unit, nothing else: a bare number would leave everyone guessing.
"""

from __future__ import annotations

import difflib
import re
from datetime import timedelta
from typing import Annotated

from pydantic import BeforeValidator, PlainSerializer, WithJsonSchema
from pydantic_core import PydanticCustomError

LOOKED_BACK = timedelta(days=1)
"""How far back conditions look. What is older is not fetched from the store either."""

_UNITS = {
    "seconde": timedelta(seconds=1),
    "seconden": timedelta(seconds=1),
    "minuut": timedelta(minutes=1),
    "minuten": timedelta(minutes=1),
    "uur": timedelta(hours=1),
    "uren": timedelta(hours=1),
    "dag": timedelta(days=1),
    "dagen": timedelta(days=1),
}
# The word for one and for more, the largest first: what a duration is written back with.
_WRITTEN = (("dag", "dagen"), ("uur", "uur"), ("minuut", "minuten"), ("seconde", "seconden"))
_ABBREVIATED = {"s": "seconden", "sec": "seconden", "m": "minuten", "min": "minuten", "u": "uur", "d": "dagen"}
_FORM = re.compile(r"(?P<number>\d{1,6})\s*(?P<unit>[^\W\d_]*)")
_EXAMPLE = "schrijf een getal en een eenheid, zoals `10 minuten`, `1 uur` of `1 dag`"


def parse_duration(text: str) -> timedelta:
    """Return the stretch of time that is written; raise PydanticCustomError, in Dutch and with a hint, otherwise."""
    match = _FORM.fullmatch(text.strip().casefold())
    if match is None:
        raise _error(text, _EXAMPLE)
    number, unit = int(match["number"]), match["unit"]
    if not unit:
        raise _error(text, f"zeg erbij wat u telt, zoals `{number} minuten`")
    if unit not in _UNITS:
        close = difflib.get_close_matches(unit, _UNITS, n=1)
        meant = _ABBREVIATED.get(unit) or (close[0] if close else "")
        raise _error(text, f"bedoelt u `{number} {meant}`?" if meant else _EXAMPLE)
    if number == 0:
        raise PydanticCustomError("duur", "`{text}` duurt niet lang genoeg om iets te zien", {"text": text})
    return number * _UNITS[unit]


def write_duration(duration: timedelta) -> str:
    """Return `duration`, in whole seconds, as it would be written: the largest unit that fits a whole number."""
    for one, more in _WRITTEN:
        number, rest = divmod(duration, _UNITS[one])
        if number and not rest:
            return f"{number} {one if number == 1 else more}"
    raise ValueError(f"{duration} is no whole number of seconds")


def _error(text: str, hint: str) -> PydanticCustomError:
    return PydanticCustomError("duur", "`{text}` is geen duur", {"text": text, "hint": hint})


def _read(value: object) -> object:
    if isinstance(value, str):
        return parse_duration(value)
    if isinstance(value, timedelta):
        return value
    raise PydanticCustomError("duur", "hier hoort een duur te staan", {"hint": _EXAMPLE})


def _at_most_a_day(value: object) -> object:
    duration = _read(value)
    if isinstance(duration, timedelta) and duration > LOOKED_BACK:
        raise PydanticCustomError(
            "duur",
            "`{text}` is te lang: het programma kijkt hoogstens {longest} terug",
            {"text": str(value), "longest": write_duration(LOOKED_BACK)},
        )
    return duration


_SCHEMA = {
    "type": "string",
    "pattern": r"^\s*[0-9]{1,6}\s*(seconden?|minuut|minuten|uur|uren|dag|dagen)\s*$",
    "examples": ["10 minuten", "1 uur", "1 dag"],
}

Duration = Annotated[
    timedelta,
    BeforeValidator(_read),
    PlainSerializer(write_duration, return_type=str),
    WithJsonSchema(_SCHEMA),
]
"""Any stretch of time of at least a second."""

RecentDuration = Annotated[
    timedelta,
    BeforeValidator(_at_most_a_day),
    PlainSerializer(write_duration, return_type=str),
    WithJsonSchema(_SCHEMA),
]
"""A stretch of time that lies in what is looked back upon: at most a day."""
