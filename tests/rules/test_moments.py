"""Times of day, days and moments are read as people write them, and what is none is explained."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from pydantic_core import PydanticCustomError

from bot.rules.moments import DAY_NAMES, parse_clock, parse_day, parse_moment, write_clock


@pytest.mark.parametrize(
    ("written", "minutes"),
    [
        ("22:00", 1320), ("06:30", 390), ("6:30", 390), ("6u30", 390), ("6u", 360), ("22.15", 1335), ("0:00", 0),
        ("24:00", 1440), (" 22:00 ", 1320), ("22U", 1320),
    ],
)  # fmt: skip
def test_a_time_of_day(written: str, minutes: int) -> None:
    assert parse_clock(written) == minutes
    assert parse_clock(write_clock(minutes)) == minutes


def test_every_day_has_a_long_name_and_a_short_one() -> None:
    assert [parse_day(name) for name in DAY_NAMES] == list(range(7))
    assert [parse_day(name) for name in ("ma", "DI", "wo", "do", "vr", " za ", "zo")] == list(range(7))


@pytest.mark.parametrize(
    ("written", "weekday", "clock"),
    [("23:30", 2, "23:30"), ("za 23:30", 5, "23:30"), ("zondag 6u", 6, "06:00"), ("ma 00:00", 0, "00:00")],
)
def test_a_moment_has_a_day_and_a_clock(written: str, weekday: int, clock: str) -> None:
    moment = parse_moment(written)
    assert (moment.weekday(), f"{moment:%H:%M}") == (weekday, clock)


@pytest.mark.parametrize(
    ("read", "written", "hint"),
    [
        (parse_clock, "22", "bedoelt u `22:00`?"),
        (parse_clock, "25", "schrijf uren en minuten"),
        (parse_clock, "25:00", "schrijf uren en minuten"),
        (parse_clock, "24:01", "schrijf uren en minuten"),
        (parse_clock, "22:60", "schrijf uren en minuten"),
        (parse_clock, "10 uur", "schrijf uren en minuten"),
        (parse_clock, "²", "schrijf uren en minuten"),
        (parse_clock, "", "schrijf uren en minuten"),
        (parse_day, "zaterdga", "bedoelt u `zaterdag`?"),
        (parse_day, "sunday", "kies uit ma, di"),
        (parse_day, "", "kies uit ma, di"),
        (parse_moment, "za", "schrijf uren en minuten"),
        (parse_moment, "za 25:00", "schrijf uren en minuten"),
        (parse_moment, "feestdag 10:00", "bedoelt u `"),
    ],
)
def test_what_is_none_is_explained(read: Callable[[str], object], written: str, hint: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        read(written)
    assert "is geen" in refused.value.message()
    assert hint in (refused.value.context or {})["hint"]
