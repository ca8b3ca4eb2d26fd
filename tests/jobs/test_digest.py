from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from bot.core.cases import ActionKind, CaseKind
from bot.core.people import Face
from bot.jobs.digest import Digest, Numbers, count, in_words
from bot.store import audit
from tests.builders import MemorySurface, Services, message

BRUSSELS = ZoneInfo("Europe/Brussels")
URL = "http://127.0.0.1:8642"
MONDAY = date(2026, 11, 23)


def job(services: Services, surfaces: dict[Face, MemorySurface]) -> Digest:
    return Digest(services.database, services.clock, surfaces, zone=BRUSSELS, console_url=URL)


async def test_the_digest_counts_yesterday_and_what_waits(
    services: Services, surfaces: dict[Face, MemorySurface], surface: MemorySurface
) -> None:
    an = await services.person("An Peeters")
    services.clock.now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    await services.receive(
        message("alarm Fatima woont hier", id="1", author="Jan"),
        message("vraag over het zwembad", id="2", author="Mia"),
        message("vraag over de bib", id="3", author="Els"),
        message("mooi", id="4", channel="telegram"),
    )
    await services.do(ActionKind.FINE, await services.one(CaseKind.ALERT), an)
    await services.intake.notice("gap", "Mogelijk ontbreken er reacties")
    services.clock.now = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    await services.receive(message("vandaag", id="5"))
    await job(services, surfaces)()
    (said,) = surface.said
    assert said == (
        "Goedemorgen. Dit was maandag 23 november:\n"
        "- Nieuw: 3 reacties via de demonstratie en 1 reactie via Telegram.\n"
        "- Verbinder legde voor: 1 melding en 2 voorstellen van antwoord.\n"
        "- Het team nam 1 beslissing.\n"
        "Nu wachten nog: 2 voorstellen van antwoord.\n"
        "Voor beheerders: 1 mededeling in de console.\n"
        f"{URL}"
    )


async def test_the_digest_holds_no_words_of_residents_and_no_persons(
    services: Services, surfaces: dict[Face, MemorySurface], surface: MemorySurface
) -> None:
    an = await services.person("An Peeters")
    services.clock.now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    await services.receive(message("alarm Fatima woont in de Kerkstraat", author="Jan"))
    case = await services.one(CaseKind.ALERT)
    await services.do(ActionKind.REMOVE, case, an, rule_id="privacy", reason="Fatima")
    services.clock.now = datetime(2026, 11, 24, 7, 30, tzinfo=UTC)
    await job(services, surfaces)()
    for word in ("Fatima", "Kerkstraat", "Jan", "Peeters", case.message.author):
        assert word not in surface.said[0]


async def test_the_digest_is_written_down_in_numbers(services: Services, surfaces: dict[Face, MemorySurface]) -> None:
    await job(services, surfaces)()
    async with services.database.read() as tx:
        (line,) = await audit.recent(tx)
    assert line.event.name == "job:digest:sent"
    assert line.event.data == {"day": "2026-11-23", "waiting": 0, "faces": "discord"}


async def test_without_a_staff_channel_there_is_nobody_to_tell(services: Services) -> None:
    await job(services, {})()
    async with services.database.read() as tx:
        assert await audit.recent(tx) == []


async def test_a_day_of_decisions_is_a_day_on_the_towns_clock(services: Services) -> None:
    an = await services.person("An")
    # 23.30 UTC on Sunday is half past midnight on Monday in Brussels.
    services.clock.now = datetime(2026, 11, 22, 23, 30, tzinfo=UTC)
    await services.receive(message("alarm"))
    await services.do(ActionKind.FINE, await services.one(CaseKind.ALERT), an)
    async with services.database.read() as tx:
        assert (await count(tx, MONDAY, BRUSSELS)).decided == 1
        assert (await count(tx, MONDAY - timedelta(days=1), BRUSSELS)).decided == 0


async def test_a_decision_that_was_taken_back_does_not_count(services: Services) -> None:
    an = await services.person("An")
    services.clock.now = datetime(2026, 11, 23, 10, tzinfo=UTC)
    await services.receive(message("vraag"))
    case = await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    await services.do(ActionKind.UNDO, case, an)
    async with services.database.read() as tx:
        assert (await count(tx, MONDAY, BRUSSELS)).decided == 0


@pytest.mark.parametrize(
    ("numbers", "says"),
    [
        (Numbers(MONDAY), "Er kwamen geen nieuwe reacties binnen."),
        (Numbers(MONDAY), "Het team nam 0 beslissingen."),
        (Numbers(MONDAY), "Er wacht nu niets op een beslissing."),
        (Numbers(MONDAY, received={"demo": 1}), "Nieuw: 1 reactie via de demonstratie."),
        (Numbers(MONDAY, received={"demo": 1}), "Geen daarvan vroeg iets van het team."),
        (
            Numbers(MONDAY, received={"telegram": 2, "discord": 3, "demo": 1}),
            "1 reactie via de demonstratie, 3 reacties via Discord en 2 reacties via Telegram.",
        ),
        (Numbers(MONDAY, waiting={CaseKind.ALERT: 2}), "Nu wachten nog: 2 meldingen."),
    ],
)
def test_the_digest_in_words(numbers: Numbers, says: str) -> None:
    assert says in in_words(numbers, URL)
