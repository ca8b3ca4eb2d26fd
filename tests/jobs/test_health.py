from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import update

from bot.core.cases import ActionKind, CaseKind
from bot.core.people import Face
from bot.jobs.health import Health
from bot.store import journal
from bot.store.schema import effects
from tests.builders import MemorySurface, Services, message

MINUTE = timedelta(minutes=1)


def job(services: Services, surfaces: dict[Face, MemorySurface], *channels: str) -> Health:
    return Health(services.database, services.clock, surfaces, channels=channels)


async def notices(services: Services) -> dict[str, str]:
    async with services.database.read() as tx:
        return {row.key: row.text for row in await journal.open_notices(tx)}


async def test_a_healthy_service_says_nothing(
    services: Services, surfaces: dict[Face, MemorySurface], surface: MemorySurface
) -> None:
    await services.intake.seen("telegram")
    await job(services, surfaces, "telegram")()
    assert await notices(services) == {}
    assert surface.said == []


@pytest.mark.parametrize(("minutes", "silent"), [(15, False), (16, True)])
async def test_a_channel_that_does_not_listen_is_reported(
    services: Services, surfaces: dict[Face, MemorySurface], minutes: int, silent: bool
) -> None:
    health = job(services, surfaces, "telegram")
    await services.intake.seen("telegram")
    services.clock.advance(minutes * MINUTE)
    await health()
    assert ("health:silent:telegram" in await notices(services)) is silent


async def test_the_notice_goes_away_when_the_channel_is_back(
    services: Services, surfaces: dict[Face, MemorySurface]
) -> None:
    health = job(services, surfaces, "telegram")
    services.clock.advance(20 * MINUTE)
    await health()
    assert "Telegram" in (await notices(services))["health:silent:telegram"]
    await services.intake.seen("telegram")
    await health()
    assert await notices(services) == {}


async def test_a_weekend_with_the_service_off_is_no_silence_now(
    services: Services, surfaces: dict[Face, MemorySurface]
) -> None:
    await services.intake.seen("telegram")
    services.clock.advance(timedelta(days=3))
    await job(services, surfaces, "telegram")()
    assert await notices(services) == {}


async def test_an_inbox_that_does_not_move_is_reported(services: Services, surfaces: dict[Face, MemorySurface]) -> None:
    await services.intake.receive(message("alarm"))
    services.clock.advance(11 * MINUTE)
    await job(services, surfaces)()
    assert "1 reactie wacht" in (await notices(services))["health:inbox"]
    await services.triage.run_once()
    await job(services, surfaces)()
    assert await notices(services) == {}


async def test_a_decision_that_does_not_leave_is_reported(
    services: Services, surfaces: dict[Face, MemorySurface]
) -> None:
    an = await services.person("An")
    await services.receive(message("vraag"))
    await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    services.clock.advance(31 * MINUTE)
    async with services.database.write() as tx:
        await tx.execute(update(effects).values(not_before=services.clock() - 31 * MINUTE))
    services.clock.advance(MINUTE)
    await job(services, surfaces)()
    assert "1 beslissing wacht" in (await notices(services))["health:outbox"]


async def test_what_is_wrong_is_said_once_in_the_staff_channels(
    services: Services, surfaces: dict[Face, MemorySurface], surface: MemorySurface
) -> None:
    await services.intake.notice("permission:demo", "De bot mist een recht.", level="fout")
    await services.intake.notice("gap:demo", "Er ontbreken misschien reacties.")
    for _ in range(3):
        await job(services, surfaces)()
    assert surface.said == ["Voor de beheerders van Verbinder:\n- De bot mist een recht."]


async def test_what_comes_back_is_said_again(
    services: Services, surfaces: dict[Face, MemorySurface], surface: MemorySurface
) -> None:
    for _ in range(2):
        await services.intake.notice("permission:demo", "De bot mist een recht.", level="fout")
        await job(services, surfaces)()
        await services.intake.settle("permission:demo")
        services.clock.advance(MINUTE)
    assert len(surface.said) == 2
