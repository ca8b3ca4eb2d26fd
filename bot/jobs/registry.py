"""Every job there is, in one list. A nameless job or a name given twice fails when this module is imported."""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.clock import Clock
from bot.core.people import Face
from bot.jobs import claims, digest, health, remind, retention
from bot.jobs.job import Job, JobKind, Needs
from bot.review.bulletin import Bulletin
from bot.review.ports import StaffSurface
from bot.settings import Settings
from bot.store.database import Database

_LONGEST_NAME = 40  # characters; the column of `job_runs`


def registered(*kinds: JobKind) -> tuple[JobKind, ...]:
    """Return `kinds`; raise ValueError for a name that is missing, too long or given twice."""
    names = [kind.name for kind in kinds]
    for name in names:
        if not name or len(name) > _LONGEST_NAME or names.count(name) > 1:
            msg = f"a job needs a name of its own of at most {_LONGEST_NAME} characters, not {name!r}"
            raise ValueError(msg)
    return kinds


JOBS = registered(claims.KIND, remind.KIND, digest.KIND, retention.KIND, health.KIND)


def build_jobs(
    database: Database,
    clock: Clock,
    bulletin: Bulletin,
    surfaces: Mapping[Face, StaffSurface],
    settings: Settings,
) -> tuple[Job, ...]:
    """Return every job, ready to tick; raise ConfigError where a setting makes no sense."""
    needs = Needs(database, clock, bulletin, surfaces, settings)
    return tuple(Job(kind.name, kind.schedule(settings), kind.make(needs), needs) for kind in JOBS)
