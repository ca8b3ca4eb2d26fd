from __future__ import annotations

from datetime import UTC, datetime, time, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.jobs.schedule import Daily, Every

BRUSSELS = ZoneInfo("Europe/Brussels")
HALF_PAST_TWO = Daily(time(2, 30), BRUSSELS, timedelta(hours=4))
DIGEST = Daily(time(8, 30), BRUSSELS, timedelta(hours=4))


def slots(schedule: Daily | Every, start: datetime, stretch: timedelta) -> list[str]:
    """Return the slots that come up minute by minute, each as often as it is new."""
    found: list[str] = []
    for minute in range(int(stretch.total_seconds()) // 60):
        slot = schedule.slot(start + timedelta(minutes=minute))
        if slot is not None and (not found or found[-1] != slot):
            found.append(slot)
    return found


@pytest.mark.parametrize(
    ("start", "expected", "why"),
    [
        (datetime(2027, 3, 27, 12, tzinfo=UTC), ["2027-03-28"], "half past two does not exist: run after it"),
        (datetime(2026, 10, 24, 12, tzinfo=UTC), ["2026-10-25"], "half past two comes twice: run once"),
        (datetime(2026, 11, 24, 12, tzinfo=UTC), ["2026-11-25"], "an ordinary night"),
    ],
)  # fmt: skip
def test_a_daily_job_runs_once_on_days_when_the_clock_changes(start: datetime, expected: list[str], why: str) -> None:
    assert slots(HALF_PAST_TWO, start, timedelta(hours=24)) == expected, why


@pytest.mark.parametrize(
    ("at", "expected", "why"),
    [
        ("2026-11-24T07:29:59+00:00", None, "a second before half past eight"),
        ("2026-11-24T07:30:00+00:00", "2026-11-24", "half past eight in winter"),
        ("2026-07-24T06:30:00+00:00", "2026-07-24", "half past eight in summer"),
        ("2026-11-24T11:29:00+00:00", "2026-11-24", "a service that started late catches up"),
        ("2026-11-24T11:30:00+00:00", None, "but not in the afternoon"),
        ("2026-11-24T23:30:00+00:00", None, "already tomorrow in Brussels"),
    ],
)
def test_a_daily_job_is_due_from_its_time_on(at: str, expected: str | None, why: str) -> None:
    assert DIGEST.slot(datetime.fromisoformat(at)) == expected, why


@pytest.mark.parametrize(
    ("interval", "at", "expected"),
    [
        (timedelta(minutes=1), "2026-11-24T12:00:59.999+00:00", "2026-11-24T12:00:00Z"),
        (timedelta(minutes=5), "2026-11-24T12:04:59+00:00", "2026-11-24T12:00:00Z"),
        (timedelta(minutes=5), "2026-11-24T12:05:00+00:00", "2026-11-24T12:05:00Z"),
        (timedelta(minutes=5), "2026-11-24T13:05:00+01:00", "2026-11-24T12:05:00Z"),
    ],
)
def test_an_interval_is_named_by_its_beginning_in_utc(interval: timedelta, at: str, expected: str) -> None:
    assert Every(interval).slot(datetime.fromisoformat(at)) == expected


def test_an_interval_goes_on_evenly_while_daylight_saving_begins_and_ends() -> None:
    for start in (datetime(2027, 3, 28, 0, tzinfo=UTC), datetime(2026, 10, 25, 0, tzinfo=UTC)):
        found = slots(Every(timedelta(minutes=5)), start, timedelta(hours=3))
        assert len(found) == len(set(found)) == 36


def test_names_of_slots_fit_in_their_column() -> None:
    longest = datetime(2026, 11, 24, 12, 0, 59, 999_999, tzinfo=UTC)
    assert len(Every(timedelta(seconds=1)).slot(longest) or "") <= 40
