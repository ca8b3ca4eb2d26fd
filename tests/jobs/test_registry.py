from __future__ import annotations

import pytest

from bot.core.errors import ConfigError
from bot.jobs import JOBS, build_jobs, claims
from bot.jobs.job import JobKind
from bot.jobs.registry import registered
from bot.review.bulletin import Bulletin
from bot.settings import ReviewSettings, Settings
from bot.store.database import Database
from tests.builders import FakeClock


def kind(name: str) -> JobKind:
    return JobKind(name, claims.KIND.schedule, claims.KIND.make)


@pytest.mark.parametrize(
    ("names", "why"),
    [
        (("a", "a"), "a name given twice"),
        (("",), "a job without a name"),
        (("x" * 41,), "longer than the column of its slots"),
    ],
)
def test_a_wrong_name_fails_at_import(names: tuple[str, ...], why: str) -> None:
    with pytest.raises(ValueError, match="name of its own"):
        registered(*(kind(name) for name in names))


def test_every_job_is_built_and_all_are_there(sqlite_database: Database, clock: FakeClock, bulletin: Bulletin) -> None:
    jobs = build_jobs(sqlite_database, clock, bulletin, {}, Settings())
    assert [job.name for job in jobs] == [kind.name for kind in JOBS]
    assert {"claims teruggeven", "herinneringen", "dagoverzicht", "bewaartermijnen", "gezondheid"} == {
        job.name for job in jobs
    }


def test_settings_that_make_no_sense_stop_the_start_with_a_clear_message(
    sqlite_database: Database, clock: FakeClock, bulletin: Bulletin
) -> None:
    settings = Settings(review=ReviewSettings(digest_at="29:00"))
    with pytest.raises(ConfigError, match="DIGEST_AT"):
        build_jobs(sqlite_database, clock, bulletin, {}, settings)


async def test_every_job_runs_on_an_empty_database(database: Database, clock: FakeClock, bulletin: Bulletin) -> None:
    for job in JOBS:
        settings = Settings()
        built = build_jobs(database, clock, bulletin, {}, settings)
        work = next(entry for entry in built if entry.name == job.name)._work
        await work()
