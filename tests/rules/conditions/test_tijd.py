"""`tijd`: the clock of the town, over midnight, over days and over daylight saving."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from tests.rules.conditions.firing import fires, given
from tests.rules.helpers import loaded, rule_text

BRUSSELS = ZoneInfo("Europe/Brussels")
NIGHT = "{tijd: {van: '22:00', tot: '06:00'}}"
WEEKEND_NIGHT = "{tijd: {van: '22:00', tot: '06:00', dagen: [vr, za]}}"


def local(written: str) -> datetime:
    """Return a moment in November 2026, in which the 23rd is a Monday."""
    return datetime.fromisoformat(f"2026-11-{written}").replace(tzinfo=BRUSSELS)


@pytest.mark.parametrize(
    ("wanneer", "moment", "fired"),
    [
        ("{tijd: {van: '09:00', tot: '17:00'}}", "24T09:00:00", True),
        ("{tijd: {van: '09:00', tot: '17:00'}}", "24T08:59:59", False),
        ("{tijd: {van: '09:00', tot: '17:00'}}", "24T16:59:59", True),
        ("{tijd: {van: '09:00', tot: '17:00'}}", "24T17:00:00", False),
        (NIGHT, "24T22:00:00", True),
        (NIGHT, "24T23:59:59", True),
        (NIGHT, "24T00:00:00", True),
        (NIGHT, "24T05:59:59", True),
        (NIGHT, "24T06:00:00", False),
        (NIGHT, "24T21:59:59", False),
        ("{tijd: {van: 22u, tot: 6u30}}", "24T06:29:00", True),
        ("{tijd: {van: '22:00', tot: '24:00'}}", "24T23:59:59", True),
        ("{tijd: {van: '22:00', tot: '24:00'}}", "24T00:00:00", False),
        ("{tijd: {van: '22:00', tot: '00:00'}}", "24T23:00:00", True),
        ("{tijd: {van: '22:00', tot: '00:00'}}", "24T00:00:00", False),
        ("{tijd: {van: '24:00', tot: '06:00', dagen: za}}", "29T01:00:00", True),  # what follows Saturday's midnight
        # A night belongs to the day on which it begins.
        (WEEKEND_NIGHT, "27T23:00:00", True),  # Friday
        (WEEKEND_NIGHT, "28T02:00:00", True),  # Saturday, still Friday's night
        (WEEKEND_NIGHT, "29T02:00:00", True),  # Sunday, still Saturday's night
        (WEEKEND_NIGHT, "29T23:00:00", False),
        (WEEKEND_NIGHT, "27T02:00:00", False),  # Friday, still Thursday's night
        (WEEKEND_NIGHT, "28T12:00:00", False),
        ("{tijd: {van: '22:00', tot: '06:00', dagen: zo}}", "30T02:00:00", True),  # Monday, still Sunday's night
        ("{tijd: {dagen: [za, zo]}}", "28T00:00:00", True),
        ("{tijd: {dagen: [za, zo]}}", "29T23:59:59", True),
        ("{tijd: {dagen: [za, zo]}}", "30T00:00:00", False),
        ("{tijd: {dagen: Maandag}}", "30T12:00:00", True),
    ],
)
def test_a_stretch_of_time(wanneer: str, moment: str, fired: bool) -> None:
    assert fires(wanneer, given(moment=local(moment))) is fired


@pytest.mark.parametrize(
    ("written_utc", "fired", "why"),
    [
        (datetime(2026, 7, 1, 20, 30, tzinfo=UTC), True, "half past ten in summer"),
        (datetime(2026, 12, 1, 20, 30, tzinfo=UTC), False, "half past nine in winter"),
        (datetime(2026, 3, 29, 0, 59, tzinfo=UTC), True, "a minute before the clock goes forward"),
        (datetime(2026, 3, 29, 3, 59, tzinfo=UTC), True, "a minute before six, that night an hour sooner"),
        (datetime(2026, 3, 29, 4, 0, tzinfo=UTC), False, "six o'clock after the clock went forward"),
        (datetime(2026, 10, 25, 0, 30, tzinfo=UTC), True, "half past two, for the first time"),
        (datetime(2026, 10, 25, 1, 30, tzinfo=UTC), True, "half past two, once more"),
        (datetime(2026, 10, 25, 4, 59, tzinfo=UTC), True, "a minute before six, that night an hour later"),
        (datetime(2026, 10, 25, 5, 0, tzinfo=UTC), False, "six o'clock after the clock went back"),
    ],
)
def test_the_towns_clock_counts_in_summer_in_winter_and_in_between(
    written_utc: datetime, fired: bool, why: str
) -> None:
    assert fires(NIGHT, given(moment=written_utc.astimezone(BRUSSELS))) is fired, why


def test_an_unknown_time_matters_only_where_the_rule_hangs_on_it(tmp_path: Path) -> None:
    rules = loaded(tmp_path, rule_text(f"{{alle: [{{woorden: lawaai}}, {NIGHT}]}}"))
    assert dict(rules.evaluate(given("wat een lawaai")).not_evaluated) == {"regel": "het tijdstip is niet bekend"}
    ruled_out = rules.evaluate(given("wat een rust"))
    assert (ruled_out.hits, dict(ruled_out.not_evaluated)) == ((), {})
    decided = loaded(tmp_path, rule_text(f"{{alle: [{{woorden: lawaai}}, {{een: [{{woorden: wat}}, {NIGHT}]}}]}}"))
    assert decided.evaluate(given("wat een lawaai")).hits
