from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.web.moments import ago, left, moment, seconds_left

NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
BRUSSELS = ZoneInfo("Europe/Brussels")


@pytest.mark.parametrize(
    ("at", "said"),
    [
        (datetime(2026, 11, 24, 8, 5, tzinfo=UTC), "vandaag om 9:05"),  # winter: an hour ahead of UTC
        (datetime(2026, 11, 23, 23, 30, tzinfo=UTC), "vandaag om 0:30"),  # today there, yesterday in UTC
        (datetime(2026, 11, 23, 12, 0, tzinfo=UTC), "gisteren om 13:00"),
        (datetime(2026, 7, 1, 12, 0, tzinfo=UTC), "1 juli om 14:00"),  # summer: two hours ahead
        (datetime(2025, 12, 31, 22, 59, tzinfo=UTC), "31 december 2025 om 23:59"),
    ],
)
def test_a_moment_is_said_in_the_time_of_the_town(at: datetime, said: str) -> None:
    assert moment(at, NOW, BRUSSELS) == said


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=-5), "zonet"),  # a clock that runs ahead
        (timedelta(seconds=59), "zonet"),
        (timedelta(minutes=1), "1 minuut geleden"),
        (timedelta(minutes=59), "59 minuten geleden"),
        (timedelta(hours=23, minutes=59), "23 uur geleden"),
        (timedelta(days=1), "1 dag geleden"),
        (timedelta(days=40), "40 dagen geleden"),
    ],
)
def test_how_long_ago(passed: timedelta, said: str) -> None:
    assert ago(NOW - passed, NOW) == said


@pytest.mark.parametrize(
    ("until", "seconds"),
    [(timedelta(seconds=9.1), 10), (timedelta(seconds=10), 10), (timedelta(), 0), (timedelta(seconds=-3), 0)],
)
def test_a_countdown_rounds_up_and_stops_at_zero(until: timedelta, seconds: int) -> None:
    assert seconds_left(NOW + until, NOW) == seconds


@pytest.mark.parametrize(
    ("seconds", "said"),
    [
        (0, "0 seconden"),
        (1, "1 seconde"),
        (60, "1 minuut"),
        (61, "1 minuut en 1 seconde"),
        (130, "2 minuten en 10 seconden"),
    ],
)
def test_a_countdown_in_words(seconds: int, said: str) -> None:
    assert left(seconds) == said
