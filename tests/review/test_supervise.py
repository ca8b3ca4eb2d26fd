"""What fails is reported, waited for and started again, and takes nothing else down with it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator
from datetime import timedelta

import pytest
from sqlalchemy import select
from structlog.testing import capture_logs

from bot.core.audit import AuditName
from bot.core.errors import (
    ChannelError,
    MissingPermission,
    RateLimited,
    Rejected,
    Revoked,
    StoreError,
    TargetGone,
    Transient,
)
from bot.review.intake import Intake
from bot.review.supervise import STEADY, Supervisor, pause_after
from bot.store.schema import events
from tests.builders import SECRET, Services
from tests.review.supervising import (
    PATIENCE_SECONDS,
    STORM,
    Act,
    FullDisk,
    Naps,
    ScriptedChannel,
    kept,
    noted,
    stays,
    supervisor_of,
    told,
    until,
)


@pytest.fixture(autouse=True)
def _quiet() -> Iterator[None]:
    with capture_logs():
        yield


@pytest.fixture
def naps(sqlite_services: Services) -> Naps:
    return Naps(sqlite_services)


@pytest.fixture
def supervisor(sqlite_services: Services, naps: Naps) -> Supervisor:
    return supervisor_of(sqlite_services, naps)


@pytest.fixture
async def disk(sqlite_url: str) -> AsyncIterator[FullDisk]:
    """Yield the supervisor's own way to the database of `sqlite_services`."""
    database = FullDisk(sqlite_url)
    yield database
    await database.close()


@pytest.fixture
def on_disk(sqlite_services: Services, disk: FullDisk, naps: Naps) -> Supervisor:
    """Return a supervisor that sees the disk fail, while channels and tests do not."""
    clock, bulletin = sqlite_services.clock, sqlite_services.bulletin
    return Supervisor(disk, clock, bulletin, Intake(disk, clock, bulletin, secret=SECRET), sleep=naps)


# ── waiting ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("failures", "seconds"),
    [
        (1, 1),
        (2, 2),
        (3, 4),
        (6, 32),
        (7, 60),  # 64 is more than a minute
        (8, 60),
        (10_000, 60),  # no overflow after a week without a connection
    ],
)
def test_the_pause_doubles_up_to_a_minute(failures: int, seconds: int) -> None:
    assert pause_after(failures) == timedelta(seconds=seconds)


async def test_a_channel_that_keeps_failing_is_started_again_after_ever_longer_pauses(
    supervisor: Supervisor, naps: Naps
) -> None:
    channel = ScriptedChannel([STORM] * 8)
    async with kept(supervisor.channel(channel)):
        await stays(channel)
    assert channel.runs == 9
    assert naps.taken == [1, 2, 4, 8, 16, 32, 60, 60]


async def test_a_rate_limit_is_waited_for_as_long_as_the_platform_says(supervisor: Supervisor, naps: Naps) -> None:
    channel = ScriptedChannel([RateLimited("Wacht.", retry_after=timedelta(seconds=seconds)) for seconds in (7, 333)])
    async with kept(supervisor.channel(channel)):
        await stays(channel)
    assert naps.taken == [7, 333]


async def test_a_long_steady_run_makes_the_next_pause_short_again(
    supervisor: Supervisor, naps: Naps, sqlite_services: Services
) -> None:
    async def steady() -> None:
        sqlite_services.clock.advance(STEADY + timedelta(seconds=1))
        raise STORM

    async def not_steady() -> None:
        sqlite_services.clock.advance(STEADY)
        raise STORM

    channel = ScriptedChannel([STORM, STORM, STORM, steady, STORM, not_steady])
    async with kept(supervisor.channel(channel)):
        await stays(channel)
    assert naps.taken == [1, 2, 4, 1, 2, 4]


# ── telling ───────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_administrators_hear_of_it_once_and_again_when_it_is_over(services: Services) -> None:
    heard = asyncio.Event()

    async def listen() -> None:
        await heard.wait()
        await services.intake.seen("demo")
        await asyncio.Event().wait()

    channel = ScriptedChannel([STORM, STORM, STORM, listen])
    await services.intake.seen("demo")  # from before this start: says nothing about now
    services.clock.advance(timedelta(hours=1))
    naps = Naps(services)
    async with kept(supervisor_of(services, naps).channel(channel)):
        await until(lambda: told(services))
        assert await told(services) == {
            "channel:demo": "Het kanaal demo is niet verbonden. Het stormt. "
            "Verbinder blijft proberen; de andere kanalen werken gewoon door."
        }
        heard.set()
        await until(lambda: noted(services, AuditName.CHANNEL_CONNECTED))
    assert await told(services) == {}
    assert naps.taken == [1, 2, 4]
    assert await noted(services, AuditName.CHANNEL_FAILED) == [("demo", {"why": "Transient"})]
    assert len(await noted(services, AuditName.NOTICE_RAISED)) == 1
    assert await noted(services, AuditName.CHANNEL_CONNECTED) == [("demo", {})]


async def test_what_a_channel_said_before_this_start_does_not_count_as_listening(
    supervisor: Supervisor, naps: Naps, sqlite_services: Services
) -> None:
    await sqlite_services.intake.seen("demo")
    channel = ScriptedChannel([STORM])  # then it is busy connecting, and not there yet

    async def looked_around() -> bool:
        return naps.looks > 5

    async with kept(supervisor.channel(channel)):
        await stays(channel)
        naps.looks = 0
        await until(looked_around)
    assert await noted(sqlite_services, AuditName.CHANNEL_CONNECTED) == []
    assert list(await told(sqlite_services)) == ["channel:demo"]


async def test_a_failure_after_it_was_over_is_news_again(supervisor: Supervisor, sqlite_services: Services) -> None:
    async def listen_for_a_moment() -> None:
        sqlite_services.clock.advance(timedelta(seconds=1))
        before = len(await noted(sqlite_services, AuditName.CHANNEL_CONNECTED))
        await sqlite_services.intake.seen("demo")

        async def connected_again() -> bool:
            return len(await noted(sqlite_services, AuditName.CHANNEL_CONNECTED)) > before

        await until(connected_again)
        raise STORM

    channel = ScriptedChannel([listen_for_a_moment, STORM, listen_for_a_moment, STORM])
    async with kept(supervisor.channel(channel)):
        await stays(channel)
    assert [name for _, name in await names(sqlite_services)] == [
        AuditName.CHANNEL_CONNECTED,
        AuditName.NOTICE_RAISED,
        AuditName.CHANNEL_FAILED,
        AuditName.CHANNEL_CONNECTED,
        AuditName.NOTICE_RAISED,
        AuditName.CHANNEL_FAILED,
    ]


async def names(services: Services) -> list[tuple[int, str]]:
    async with services.database.read() as tx:
        return [(row.id, row.name) for row in await tx.execute(select(events).order_by(events.c.id))]


async def test_what_to_do_is_told_and_what_nobody_foresaw_only_by_its_kind(
    supervisor: Supervisor, sqlite_services: Services
) -> None:
    secret = "het telefoonnummer van Marleen is 0400 12 34 56"
    channels = [
        ScriptedChannel([MissingPermission("Een recht mist.", permission="x", remedy="Geef het recht.")], "discord"),
        ScriptedChannel([ValueError(secret)], "telegram"),
    ]
    for channel in channels:
        async with kept(supervisor.channel(channel)):
            await stays(channel)
    notices = await told(sqlite_services)
    assert "Een recht mist. Geef het recht. Verbinder blijft proberen" in notices["channel:discord"]
    assert "Onverwachte fout (ValueError)." in notices["channel:telegram"]
    assert secret not in notices["channel:telegram"]


async def test_a_token_that_is_refused_replaces_what_was_told_before(
    supervisor: Supervisor, sqlite_services: Services
) -> None:
    channel = ScriptedChannel([STORM, STORM, Revoked("Het token werkt niet meer.", remedy="Maak een nieuw.")])
    await asyncio.wait_for(supervisor.channel(channel), PATIENCE_SECONDS)
    notices = await told(sqlite_services)
    assert "Maak een nieuw. Verbinder probeert het niet meer" in notices["channel:demo"]
    assert [data["why"] for _, data in await noted(sqlite_services, AuditName.CHANNEL_FAILED)] == [
        "Transient",
        "Revoked",
    ]


async def test_weather_that_changes_is_no_news(supervisor: Supervisor, sqlite_services: Services) -> None:
    channel = ScriptedChannel([STORM, Transient("Het hagelt."), RateLimited("Wacht.", retry_after=timedelta()), STORM])
    async with kept(supervisor.channel(channel)):
        await stays(channel)
    assert len(await noted(sqlite_services, AuditName.CHANNEL_FAILED)) == 1
    assert "Het stormt." in (await told(sqlite_services))["channel:demo"]


async def test_a_refusal_that_stays_the_same_is_told_once(supervisor: Supervisor, sqlite_services: Services) -> None:
    channel = ScriptedChannel([Rejected("Een ander programma leest mee.", remedy="Stop het.")] * 4)
    async with kept(supervisor.channel(channel)):
        await stays(channel)
    assert len(await noted(sqlite_services, AuditName.CHANNEL_FAILED)) == 1


# ── apart ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_revoked_token_stops_that_channel_and_no_other(supervisor: Supervisor) -> None:
    revoked = ScriptedChannel([Revoked("Het token werkt niet meer.")], "telegram")
    other = ScriptedChannel([STORM, STORM], "discord")
    async with kept(supervisor.channel(other)):
        await asyncio.wait_for(supervisor.channel(revoked), PATIENCE_SECONDS)
        await stays(other)
    assert revoked.runs == 1
    assert other.runs == 3


async def _cancel_itself() -> None:
    raise asyncio.CancelledError


async def _end() -> None:
    """Return, as no channel should."""


@pytest.mark.parametrize(
    "act",
    [
        pytest.param(RuntimeError("mis"), id="an unforeseen error"),
        pytest.param(ExceptionGroup("twee", [ValueError(), KeyError()]), id="a group of errors"),
        pytest.param(TargetGone("weg"), id="an error that belongs elsewhere"),
        pytest.param(StoreError("De schijf is vol."), id="the database"),
        pytest.param(TimeoutError(), id="a time-out"),
        pytest.param(_cancel_itself, id="something inside cancels itself"),
        pytest.param(_end, id="it ends without a reason"),
    ],
)
async def test_whatever_one_channel_dies_of_the_others_go_on(
    supervisor: Supervisor, naps: Naps, sqlite_services: Services, act: Act
) -> None:
    failing, well = ScriptedChannel([act, act], "telegram"), ScriptedChannel([], "discord")

    async def both() -> None:
        async with asyncio.TaskGroup() as group:
            running = group.create_task(supervisor.channel(well))
            group.create_task(supervisor.channel(failing))
            await stays(failing)
            assert well.runs == 1
            assert not running.done()
            raise StopAsyncIteration

    with pytest.raises(ExceptionGroup) as caught:
        await both()
    assert caught.group_contains(StopAsyncIteration), "only the end of this test stopped them"
    assert naps.taken == [1, 2]
    assert list(await told(sqlite_services)) == ["channel:telegram"]


async def test_cancelling_ends_the_channel_and_leaves_no_task_behind(supervisor: Supervisor, naps: Naps) -> None:
    channel = ScriptedChannel([])
    before = asyncio.all_tasks()
    async with kept(supervisor.channel(channel)) as task:
        await stays(channel)
    assert task.cancelled()
    assert asyncio.all_tasks() == before
    assert naps.taken == []


# ── workers ───────────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("act", [RuntimeError("mis"), ChannelError("mis"), _cancel_itself, _end])
async def test_a_worker_that_fails_is_told_of_once_and_started_again(
    supervisor: Supervisor, naps: Naps, sqlite_services: Services, act: Act
) -> None:
    work = ScriptedChannel([act, act, act])
    async with kept(supervisor.worker("beoordelen", work.run)):
        await stays(work)
    assert work.runs == 4
    assert naps.taken == [1, 2, 4]
    assert list(await told(sqlite_services)) == ["worker:beoordelen"]
    assert len(await noted(sqlite_services, AuditName.NOTICE_RAISED)) == 1


async def test_a_worker_is_never_given_up(supervisor: Supervisor, naps: Naps) -> None:
    work = ScriptedChannel([Revoked("Het token werkt niet meer."), STORM])
    async with kept(supervisor.worker("uitvoeren (demo)", work.run)):
        await stays(work)
    assert naps.taken == [1, 2]


# ── when the database itself fails ────────────────────────────────────────────────────────────────────────────────────


async def test_a_failure_that_could_not_be_noted_is_told_the_next_time(
    on_disk: Supervisor, sqlite_services: Services, disk: FullDisk
) -> None:
    async def fail_with_the_disk() -> None:
        disk.refusals = 2
        raise STORM

    work = ScriptedChannel([fail_with_the_disk, STORM, STORM])
    async with kept(on_disk.worker("beoordelen", work.run)):
        await stays(work)
    assert disk.refused == 2
    assert list(await told(sqlite_services)) == ["worker:beoordelen"]


async def test_a_channel_outlives_a_database_that_fails(
    on_disk: Supervisor, naps: Naps, sqlite_services: Services, disk: FullDisk
) -> None:
    async def fail_with_the_disk() -> None:
        disk.refusals = 6
        raise STORM

    channel = ScriptedChannel([fail_with_the_disk])
    async with kept(on_disk.channel(channel)):
        await stays(channel)
    # Without its database a channel is not even started: it could store nothing.
    assert channel.runs == 2
    assert naps.taken == [1, 2, 4, 8]
    assert disk.refused == 6


async def test_a_connection_that_could_not_be_noted_at_once_is_noted_later(
    on_disk: Supervisor, sqlite_services: Services, disk: FullDisk
) -> None:
    async def listen() -> None:
        disk.refusals = 3
        await sqlite_services.intake.seen("demo")
        await asyncio.Event().wait()

    channel = ScriptedChannel([STORM, listen])
    async with kept(on_disk.channel(channel)):
        await until(lambda: noted(sqlite_services, AuditName.CHANNEL_CONNECTED))
    assert disk.refused == 3
    assert await told(sqlite_services) == {}
