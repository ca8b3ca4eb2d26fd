from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.errors import ConfigError
from bot.jobs.hours import WorkingHours, working_hours, zone_of
from bot.settings import ReviewSettings

BRUSSELS = ZoneInfo("Europe/Brussels")
HOUR = timedelta(hours=1)


def hours(working_day: str = "09:00-17:00", *closing_days: str) -> WorkingHours:
    return working_hours(ReviewSettings(working_day=working_day, closing_days=closing_days), "Europe/Brussels")


def local(written: str, *, fold: int = 0) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=BRUSSELS, fold=fold).astimezone(UTC)


@pytest.mark.parametrize(
    ("start", "end", "expected", "why"),
    [
        ("2026-11-24 10:00", "2026-11-24 12:30", 2.5, "within one day"),
        ("2026-11-24 07:00", "2026-11-24 10:00", 1, "before opening does not count"),
        ("2026-11-24 16:00", "2026-11-25 10:00", 2, "the night does not count"),
        ("2026-11-27 16:00", "2026-11-30 10:00", 2, "nor does the weekend"),
        ("2026-11-28 08:00", "2026-11-29 20:00", 0, "a whole weekend"),
        ("2026-11-10 16:00", "2026-11-12 10:00", 2, "Armistice Day is a holiday"),
        ("2027-07-20 16:00", "2027-07-22 10:00", 2, "so is the National Day"),
        ("2027-03-26 16:00", "2027-03-30 10:00", 2, "Easter Monday, and the clock changes in that weekend"),
        ("2027-05-05 16:00", "2027-05-07 10:00", 2, "Ascension Day"),
        ("2026-11-24 12:00", "2026-11-24 12:00", 0, "no time at all"),
        ("2026-11-25 12:00", "2026-11-24 12:00", 0, "a clock that went back gives nothing, and no negative time"),
        ("2026-12-24 09:00", "2027-01-04 09:00", 5 * 8, "five working days: Christmas and New Year fall on a Friday"),
    ],
)  # fmt: skip
def test_working_time_between_two_moments(start: str, end: str, expected: float, why: str) -> None:
    assert hours().between(local(start), local(end)) == expected * HOUR, why


@pytest.mark.parametrize(
    ("start", "end", "expected", "why"),
    [
        # Clocks change on Sundays, so a town that works round the clock on weekdays never meets it; a day of 24 hours
        # on the Monday after is still 24 hours.
        ("2027-03-26 00:00", "2027-03-29 00:00", 24, "Friday only; the short Sunday does not count"),
        ("2026-10-23 00:00", "2026-10-27 00:00", 48, "Friday and Monday around the long Sunday"),
    ],
)
def test_a_town_that_works_round_the_clock(start: str, end: str, expected: float, why: str) -> None:
    assert hours("00:00-24:00").between(local(start), local(end)) == expected * HOUR, why


@pytest.mark.parametrize(
    ("zone", "day", "expected", "why"),
    [
        # Cairo's clock changes in the night of a Thursday to a Friday: a working day of 23 and one of 25 hours.
        ("Africa/Cairo", "2024-04-26", 23, "spring: midnight to one does not exist"),
        ("Africa/Cairo", "2024-10-31", 25, "autumn: an hour comes twice"),
    ],
)
def test_a_working_day_on_which_the_clock_changes_has_the_hours_it_really_has(
    zone: str, day: str, expected: int, why: str
) -> None:
    found = working_hours(ReviewSettings(working_day="00:00-24:00"), zone)
    midnight = datetime.fromisoformat(day).replace(tzinfo=ZoneInfo(zone))
    assert found.between(midnight - 12 * HOUR, midnight + 36 * HOUR) >= expected * HOUR
    start, end = found._span(date.fromisoformat(day))
    assert end - start == expected * HOUR, why


@pytest.mark.parametrize(
    ("now", "amount", "expected", "why"),
    [
        ("2026-11-24 13:00", 2, "2026-11-24 11:00", "earlier today"),
        ("2026-11-24 10:00", 2, "2026-11-23 16:00", "yesterday afternoon"),
        ("2026-11-30 10:00", 2, "2026-11-27 16:00", "over the weekend"),
        ("2026-11-29 13:00", 2, "2026-11-27 15:00", "asked on a Sunday"),
        ("2026-11-12 10:00", 2, "2026-11-10 16:00", "over a holiday"),
        ("2026-11-24 20:00", 8, "2026-11-24 09:00", "the whole of today, asked in the evening"),
        ("2026-11-24 08:00", 8, "2026-11-23 09:00", "the whole of yesterday"),
        ("2026-10-26 10:00", 2, "2026-10-23 16:00", "over the night in which the clock goes back"),
    ],
)
def test_the_moment_from_which_so_much_working_time_passed(now: str, amount: float, expected: str, why: str) -> None:
    assert hours().before(local(now), amount * HOUR) == local(expected), why


@given(
    now=st.integers(0, 3 * 365 * 24 * 60).map(
        lambda minutes: datetime(2025, 1, 1, tzinfo=UTC) + timedelta(minutes=minutes)
    ),
    minutes=st.integers(1, 60 * 60),
)
def test_looking_back_and_counting_agree(now: datetime, minutes: int) -> None:
    amount = timedelta(minutes=minutes)
    assert hours().between(hours().before(now, amount), now) == amount


def test_closing_days_of_the_town_once_and_every_year() -> None:
    found = hours("09:00-17:00", "2026-11-24", "07-11")
    assert not found.is_working_day(date(2026, 11, 24))
    assert found.is_working_day(date(2027, 11, 24))
    # The Flemish holiday is not a Belgian public holiday: 11 July 2028 is a Tuesday.
    assert not found.is_working_day(date(2028, 7, 11))
    assert hours().is_working_day(date(2028, 7, 11))


@pytest.mark.parametrize(
    ("at", "expected"),
    [
        ("2026-11-24 08:59", False),
        ("2026-11-24 09:00", True),
        ("2026-11-24 16:59", True),
        ("2026-11-24 17:00", False),
        ("2026-11-28 12:00", False),
        ("2026-11-11 12:00", False),
    ],
)
def test_open_or_closed(at: str, expected: bool) -> None:
    assert hours().is_open(local(at)) is expected


def test_a_town_that_never_works_is_not_looked_for_without_end() -> None:
    every_day = [f"{date(2024, 1, 1) + timedelta(days=n):%m-%d}" for n in range(366)]
    closed = hours("09:00-17:00", *every_day)
    now = local("2026-11-24 12:00")
    assert closed.before(now, HOUR) < now - timedelta(days=300)


@pytest.mark.parametrize(
    ("working_day", "closing_days", "timezone", "words"),
    [
        ("25:00-26:00", (), "Europe/Brussels", "25:00"),
        ("17:00-09:00", (), "Europe/Brussels", "eindigt voor het begint"),
        ("09:00-09:00", (), "Europe/Brussels", "eindigt voor het begint"),
        ("09:00-17:00", ("11 juli",), "Europe/Brussels", "11 juli"),
        ("09:00-17:00", ("02-30",), "Europe/Brussels", "02-30"),
        ("09:00-17:00", ("2027-02-29",), "Europe/Brussels", "2027-02-29"),
        ("09:00-17:00", (), "Europe/Brusel", "Europe/Brusel"),
        ("09:00-17:00", (), "../etc/passwd", "tijdzone"),
    ],
)
def test_settings_that_make_no_sense_are_refused_by_name(
    working_day: str, closing_days: tuple[str, ...], timezone: str, words: str
) -> None:
    with pytest.raises(ConfigError, match=words) as caught:
        working_hours(ReviewSettings(working_day=working_day, closing_days=closing_days), timezone)
    assert "VERBINDER_" in str(caught.value)
    assert caught.value.remedy


def test_a_leap_day_can_be_named() -> None:
    assert not hours("09:00-17:00", "02-29").is_working_day(date(2028, 2, 29))


def test_the_zone_is_the_towns() -> None:
    assert zone_of("Europe/Brussels").key == "Europe/Brussels"
