"""A stretch of time is read as people write it, and what is no such thing is explained."""

from __future__ import annotations

from datetime import timedelta

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError
from pydantic_core import PydanticCustomError

from bot.rules.durations import Duration, RecentDuration, parse_duration, write_duration


@pytest.mark.parametrize(
    ("written", "duration"),
    [
        ("90 seconden", timedelta(seconds=90)),
        ("1 seconde", timedelta(seconds=1)),
        ("1 minuut", timedelta(minutes=1)),
        ("10 minuten", timedelta(minutes=10)),
        ("1 uur", timedelta(hours=1)),
        ("24 uur", timedelta(days=1)),
        ("3 uren", timedelta(hours=3)),
        ("1 dag", timedelta(days=1)),
        ("2 dagen", timedelta(days=2)),
        (" 10  Minuten ", timedelta(minutes=10)),
        ("10minuten", timedelta(minutes=10)),
    ],
)
def test_a_duration_is_read_as_people_write_it(written: str, duration: timedelta) -> None:
    assert parse_duration(written) == duration
    schema = TypeAdapter(Duration).json_schema()
    jsonschema.validate(written.casefold(), schema)


@pytest.mark.parametrize(
    ("written", "said", "hint"),
    [
        ("10", "geen duur", "zeg erbij wat u telt, zoals `10 minuten`"),
        ("10 min", "geen duur", "bedoelt u `10 minuten`?"),
        ("2 u", "geen duur", "bedoelt u `2 uur`?"),
        ("10 minuuten", "geen duur", "bedoelt u `10 minuten`?"),
        ("3 weken", "geen duur", "schrijf een getal en een eenheid"),
        ("tien minuten", "geen duur", "schrijf een getal en een eenheid"),
        ("1,5 uur", "geen duur", "schrijf een getal en een eenheid"),
        ("1.5 uur", "geen duur", "schrijf een getal en een eenheid"),
        ("-5 minuten", "geen duur", "schrijf een getal en een eenheid"),
        ("1 uur 30 minuten", "geen duur", "schrijf een getal en een eenheid"),
        ("9999999 dagen", "geen duur", "schrijf een getal en een eenheid"),
        ("", "geen duur", "schrijf een getal en een eenheid"),
        ("0 minuten", "niet lang genoeg", ""),
    ],
)
def test_what_is_no_duration_is_explained(written: str, said: str, hint: str) -> None:
    with pytest.raises(PydanticCustomError) as refused:
        parse_duration(written)
    assert said in refused.value.message()
    assert hint in (refused.value.context or {}).get("hint", "")


@pytest.mark.parametrize(("written", "accepted"), [("1 dag", True), ("24 uur", True), ("25 uur", False)])
def test_conditions_look_back_at_most_a_day(written: str, accepted: bool) -> None:
    adapter = TypeAdapter(RecentDuration)
    if accepted:
        assert adapter.validate_python(written) == timedelta(days=1)
        return
    with pytest.raises(ValidationError, match="hoogstens 1 dag terug"):
        adapter.validate_python(written)


@given(st.integers(min_value=1, max_value=999_999))
def test_a_duration_that_is_written_back_reads_the_same(seconds: int) -> None:
    duration = timedelta(seconds=seconds)
    assert parse_duration(write_duration(duration)) == duration


@pytest.mark.parametrize(
    ("duration", "written"),
    [
        (timedelta(days=1), "1 dag"),
        (timedelta(hours=36), "36 uur"),
        (timedelta(seconds=90), "90 seconden"),
        (timedelta(minutes=1), "1 minuut"),
    ],
)
def test_a_duration_is_written_in_its_largest_unit(duration: timedelta, written: str) -> None:
    assert write_duration(duration) == written


def test_a_part_of_a_second_is_not_written() -> None:
    with pytest.raises(ValueError, match="whole number"):
        write_duration(timedelta(milliseconds=1500))
