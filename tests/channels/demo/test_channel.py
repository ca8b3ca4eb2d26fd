"""The demonstration as a channel among the others."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from bot.analysis import analyse
from bot.app import build_engine
from bot.channels.demo import build_demo
from bot.channels.demo.mapping import CHANNEL, STANDARD_PACE, read_script
from bot.channels.demo.sender import LEDGER_NAME
from bot.core.cases import ActionKind, CaseKind, EffectState
from bot.engine import Engine
from bot.review.triage import Triage
from bot.settings import DemoSettings, Settings
from tests.builders import Services
from tests.channels.demo.town import CONSOLE, Naps, Stage, reply


async def test_its_platform_is_a_file_in_the_folder_with_data(sqlite_services: Services, tmp_path: Path) -> None:
    channel = build_demo(
        DemoSettings(), sqlite_services.intake, data_dir=tmp_path, console_url=CONSOLE, clock=sqlite_services.clock
    )
    await channel.sender.reply(reply())
    assert channel.name == CHANNEL
    assert channel.surface is None
    assert (tmp_path / LEDGER_NAME).exists()


async def test_it_plays_until_it_is_cancelled(sqlite_services: Services, tmp_path: Path) -> None:
    channel = build_demo(
        DemoSettings(pace=0.001),
        sqlite_services.intake,
        data_dir=tmp_path,
        console_url=CONSOLE,
        clock=sqlite_services.clock,
    )
    running = asyncio.create_task(channel.run())
    steps = str(len(read_script()))
    while await sqlite_services.intake.cursor(CHANNEL, "step") != steps:
        assert not running.done()
        await asyncio.sleep(0.01)
    running.cancel()
    await asyncio.gather(running, return_exceptions=True)
    assert running.cancelled()


def test_the_standard_pace_is_that_of_the_settings() -> None:
    assert DemoSettings().pace == STANDARD_PACE


@pytest.fixture(scope="module")
def engine() -> Engine:
    return build_engine(Settings())


@pytest.fixture
def judging(sqlite_services: Services, engine: Engine) -> Services:
    """Return the services with the real judgement."""
    services = sqlite_services
    services.triage = Triage(
        services.database,
        services.clock,
        services.bulletin,
        lambda message: analyse(message, engine),
        raid_window=services.triage._raid_window,
    )
    return services


async def test_the_first_minute_has_alerts_and_suggestions_to_decide_on(judging: Services, tmp_path: Path) -> None:
    stage = Stage(judging, tmp_path, read_script())
    await stage.play(Naps(limit=60))
    assert len(await stage.stored()) < len(stage.steps), "a minute is not the whole script"
    while await judging.triage.run_once():
        pass
    alerts = await judging.desk.queue(kinds=[CaseKind.ALERT])
    suggestions = [case for case in await judging.desk.queue(kinds=[CaseKind.REPLY]) if case.suggestion is not None]
    assert len(alerts) >= 2
    assert len(suggestions) >= 3


async def test_an_approved_reply_is_placed_once_and_stands_in_the_thread(judging: Services, tmp_path: Path) -> None:
    stage = Stage(judging, tmp_path, read_script())
    await stage.play(Naps(limit=60))
    while await judging.triage.run_once():
        pass
    judging.dispatcher._senders = {CHANNEL: stage.sender}
    person = await judging.person()
    case = (await judging.desk.queue(kinds=[CaseKind.REPLY]))[0]
    assert case.suggestion is not None
    await judging.do(ActionKind.APPROVE, case, person)
    await judging.dispatch()
    after = await judging.now_is(case)
    assert after.decision is not None
    (effect,) = after.decision.effects
    assert effect.state is EffectState.SENT
    assert effect.link == f"{CONSOLE}/kanalen/demo#b-demo-antwoord-1"
    own = [row for row in await stage.stored() if row.kind == "own"]
    assert [(row.reply_to, row.text) for row in own] == [(case.message.ref.message_id, case.suggestion.text)]
