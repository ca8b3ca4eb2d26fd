from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.cases import ActionKind, CaseKind
from bot.core.errors import MissingPermission, Transient
from bot.core.people import Face
from bot.jobs import telling
from bot.jobs.hours import working_hours
from bot.jobs.remind import Remind
from bot.settings import ReviewSettings
from bot.store import audit, journal
from tests.builders import MemorySurface, Services, message

BRUSSELS = ZoneInfo("Europe/Brussels")
URL = "http://127.0.0.1:8642"
HOUR = timedelta(hours=1)


def local(written: str) -> datetime:
    return datetime.fromisoformat(written).replace(tzinfo=BRUSSELS).astimezone(UTC)


def job(services: Services, surfaces: dict[Face, MemorySurface]) -> Remind:
    hours = working_hours(ReviewSettings(), "Europe/Brussels")
    return Remind(services.database, services.clock, surfaces, hours=hours, after=2 * HOUR, console_url=URL)


async def open_case(services: Services, at: str, text: str = "alarm", number: str = "101") -> None:
    services.clock.now = local(at)
    await services.receive(message(text, id=number))


@pytest.mark.parametrize(
    ("opened", "now", "reminds", "why"),
    [
        ("2026-11-24 10:00", "2026-11-24 11:59", False, "not two hours yet"),
        ("2026-11-24 10:00", "2026-11-24 12:00", True, "two working hours"),
        ("2026-11-24 16:00", "2026-11-25 09:59", False, "the night does not count"),
        ("2026-11-24 16:00", "2026-11-25 10:00", True, "an hour yesterday and an hour today"),
        ("2026-11-27 16:30", "2026-11-28 12:00", False, "nobody is bothered on Saturday"),
        ("2026-11-27 16:30", "2026-11-30 10:30", True, "Monday"),
        ("2026-11-24 10:00", "2026-11-24 20:00", False, "nor in the evening"),
    ],
)
async def test_a_case_is_reminded_of_after_two_working_hours(
    services: Services, surfaces: dict[Face, MemorySurface], surface: MemorySurface,
    opened: str, now: str, reminds: bool, why: str,
) -> None:  # fmt: skip
    await open_case(services, opened)
    services.clock.now = local(now)
    await job(services, surfaces)()
    assert bool(surface.said) is reminds, why


async def test_the_reminder_says_how_many_since_when_and_where(
    services: Services, surfaces: dict[Face, MemorySurface], surface: MemorySurface
) -> None:
    await open_case(services, "2026-11-24 09:05", "alarm vraag geheime woorden")
    await open_case(services, "2026-11-24 09:20", "alarm", number="102")
    services.clock.now = local("2026-11-24 12:00")
    await job(services, surfaces)()
    (said,) = surface.said
    assert said == (
        "Herinnering: 2 meldingen en 1 voorstel van antwoord wachten al langer dan 2 werkuren op een beslissing, "
        f"de oudste sinds dinsdag 24 november om 09.05 uur. Bekijk de wachtrij: {URL}"
    )


async def test_one_case_is_linked_to_directly(
    services: Services, surfaces: dict[Face, MemorySurface], surface: MemorySurface
) -> None:
    await open_case(services, "2026-11-24 09:05")
    services.clock.now = local("2026-11-24 12:00")
    await job(services, surfaces)()
    assert "1 melding wacht al" in surface.said[0]
    assert surface.said[0].endswith(f"{URL}/zaken/1")


async def test_a_case_is_reminded_of_once_in_each_period(
    services: Services, surfaces: dict[Face, MemorySurface], surface: MemorySurface
) -> None:
    await open_case(services, "2026-11-24 10:00")
    remind = job(services, surfaces)
    for minutes in range(0, 7 * 60, 5):
        services.clock.now = local("2026-11-24 10:00") + timedelta(minutes=minutes)
        await remind()
    assert len(surface.said) == 3, "at noon, and after every further two working hours: 14.05 and 16.10"


async def test_a_case_that_somebody_works_on_is_not_left_alone(
    services: Services, surfaces: dict[Face, MemorySurface], surface: MemorySurface
) -> None:
    an = await services.person("An")
    await open_case(services, "2026-11-24 10:00")
    services.clock.now = local("2026-11-24 12:00")
    await services.do(ActionKind.CLAIM, await services.one(CaseKind.ALERT), an)
    await job(services, surfaces)()
    assert surface.said == []


async def test_a_decided_case_is_not_reminded_of(
    services: Services, surfaces: dict[Face, MemorySurface], surface: MemorySurface
) -> None:
    an = await services.person("An")
    await open_case(services, "2026-11-24 10:00")
    await services.do(ActionKind.FINE, await services.one(CaseKind.ALERT), an)
    services.clock.now = local("2026-11-24 12:00")
    await job(services, surfaces)()
    assert surface.said == []


async def test_reminders_are_written_down_and_leave_the_card_as_it_is(
    services: Services, surfaces: dict[Face, MemorySurface]
) -> None:
    await open_case(services, "2026-11-24 10:00")
    before = await services.one(CaseKind.ALERT)
    services.clock.now = local("2026-11-24 12:00")
    await job(services, surfaces)()
    async with services.database.read() as tx:
        (line, *_rest) = await audit.recent(tx)
    assert (line.event.name, line.event.case_id) == ("job:case:reminded", before.id)
    assert line.event.data == {"faces": "discord"}
    assert (await services.one(CaseKind.ALERT)).version == before.version


async def test_without_a_staff_channel_the_console_shows_the_reminder(services: Services) -> None:
    await open_case(services, "2026-11-24 10:00")
    services.clock.now = local("2026-11-24 12:00")
    await job(services, {})()
    async with services.database.read() as tx:
        (notice,) = await journal.open_notices(tx)
    assert notice.text.startswith("Herinnering: 1 melding")


async def test_a_staff_channel_that_fails_keeps_nothing_from_the_others(services: Services) -> None:
    broken = MemorySurface(faults=[MissingPermission("mag niet", permission="SEND_MESSAGES")])
    working = MemorySurface()
    await open_case(services, "2026-11-24 10:00")
    services.clock.now = local("2026-11-24 12:00")
    await job(services, {Face.DISCORD: broken, Face.TELEGRAM: working})()
    assert len(working.said) == 1


async def test_a_reminder_that_arrived_nowhere_is_tried_again(
    services: Services, surfaces: dict[Face, MemorySurface], surface: MemorySurface
) -> None:
    await open_case(services, "2026-11-24 10:00")
    services.clock.now = local("2026-11-24 12:00")
    surface.faults = [MissingPermission("mag niet", permission="SEND_MESSAGES")]
    with pytest.raises(MissingPermission):
        await job(services, surfaces)()
    await job(services, surfaces)()
    assert len(surface.said) == 1


async def test_a_platform_that_stumbles_is_asked_again_with_patience() -> None:
    surface = MemorySurface(faults=[Transient("even weg"), Transient("even weg")])
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    faces = await telling.say_everywhere({Face.TELEGRAM: surface}, "hallo", sleep=sleep)
    assert faces == (Face.TELEGRAM,)
    assert surface.said == ["hallo"]
    assert waits == [2.0, 4.0]


async def test_patience_has_an_end() -> None:
    surface = MemorySurface(faults=[Transient("weg") for _ in range(10)])

    async def sleep(seconds: float) -> None:
        pass

    with pytest.raises(Transient):
        await telling.say_everywhere({Face.TELEGRAM: surface}, "hallo", sleep=sleep)
    assert len(surface.faults) == 10 - telling.ATTEMPTS
