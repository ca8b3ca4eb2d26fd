"""From the message to the case, with the shipped rules: a raid is one alert, and a text tried out loose is none."""

from __future__ import annotations

from datetime import timedelta
from functools import partial

import pytest

from bot.analysis import analyse
from bot.app import build_engine
from bot.core.cases import CaseKind
from bot.core.messages import Message
from bot.engine import Engine
from bot.review.triage import Triage
from bot.settings import Settings
from tests.builders import NOON, Services, message
from tests.review.looking import all_cases

RAID = "Zaterdag allemaal samen naar het plein, zegt het voort"
MINUTE = timedelta(minutes=1)


@pytest.fixture(scope="module")
def engine() -> Engine:
    return build_engine(Settings())


@pytest.fixture
def town(sqlite_services: Services, engine: Engine) -> Services:
    services = sqlite_services
    services.triage = Triage(
        services.database, services.clock, services.bulletin, partial(analyse, engine=engine),
        raid_window=timedelta(hours=1),
    )  # fmt: skip
    return services


def said(number: int, author: str, text: str, after: timedelta) -> Message:
    return message(text, id=str(number), author=author, sent_at=NOON + after)


async def test_a_raid_is_one_alert_that_counts(town: Services) -> None:
    dressed = [RAID, RAID.upper(), f"{RAID}!!!", f"  {RAID} 😡", RAID.replace("a", "á"), RAID]
    for number, text in enumerate(dressed, 1):
        await town.receive(said(number, f"account-{number}", text, number * MINUTE))
    (alert,) = [case for case in await all_cases(town) if case.kind is CaseKind.ALERT]
    assert alert.message.ref.message_id == "5", "the fifth author makes it a raid"
    assert alert.like_count == 2, "the sixth is counted, not told again"
    assert alert.reasons[0] == "Huisregel 10 (Rustig praten): Veel mensen plaatsen tegelijk dezelfde tekst"


async def test_who_repeats_is_told_of_once(town: Services) -> None:
    for number in range(1, 6):
        await town.receive(said(number, "account", RAID, number * MINUTE))
    (alert,) = [case for case in await all_cases(town) if case.kind is CaseKind.ALERT]
    assert (alert.message.ref.message_id, alert.like_count) == ("3", 3)
    assert "Niet telkens hetzelfde plaatsen" in alert.reasons[0]


async def test_the_same_words_spread_over_a_day_are_nobodys_business(town: Services) -> None:
    for number in range(1, 7):
        await town.receive(said(number, f"account-{number}", RAID, number * timedelta(hours=2)))
    assert [case for case in await all_cases(town) if case.kind is CaseKind.ALERT] == []


def test_a_loose_text_has_no_past(engine: Engine) -> None:
    analysis = analyse(message(RAID), engine)
    assert (analysis.rules.hits, dict(analysis.rules.not_evaluated)) == ((), {})
