"""From a reaction on Discord to the approved reply under it, with every part real."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import timedelta

import pytest

from bot.core.cases import CaseState, EffectState
from bot.core.people import Face
from bot.review.cardkeeper import CardKeeper
from bot.review.desk import Desk, DeskRules
from bot.review.dispatch import Dispatcher
from tests.builders import PRIVACY, RESPECT, Services
from tests.channels.discord.conftest import Bot, MakeBot, Town, eventually
from tests.standins.discord import User, buttons

GRACE = timedelta(seconds=0.3)


@pytest.fixture
def desk_services(desk_services: Services) -> Services:
    """Return the services with a short grace, so that decisions leave at once."""
    rules = DeskRules(GRACE, timedelta(minutes=15), lambda: (RESPECT, PRIVACY), lambda rule: rule.reason, {})
    desk_services.desk = Desk(desk_services.database, desk_services.clock, desk_services.bulletin, rules)
    return desk_services


@pytest.fixture
async def running(make_bot: MakeBot, town: Town) -> AsyncIterator[Bot]:
    """Yield a bot with its triage, card keeper and dispatcher at work, as the service runs them."""
    bot = await make_bot().start()
    services, surface = bot.services, bot.channel.surface
    assert surface is not None
    parts = (services.database, services.clock, services.bulletin)

    async def triage() -> None:
        while True:
            if not await services.triage.run_once():
                await asyncio.sleep(0.05)

    tasks = [
        asyncio.create_task(triage()),
        asyncio.create_task(CardKeeper(*parts, Face.DISCORD, surface).run()),
        asyncio.create_task(Dispatcher(*parts, {"discord": bot.channel.sender}).run("discord")),
    ]
    yield bot
    for task in tasks:
        task.cancel()
    # Every one of them, not the first: what still writes must not lose its database halfway.
    await asyncio.gather(*tasks, return_exceptions=True)


@pytest.fixture
async def an(running: Bot, town: Town) -> User:
    user = town.discord.add_user("An")
    await running.services.person("An", accounts={Face.DISCORD: str(user.id)})
    return user


async def test_a_question_becomes_a_card_and_the_approved_reply_stands_under_it(
    running: Bot, town: Town, an: User
) -> None:
    news = town.discord.post(town.square, town.clerk, "Het zwembad gaat open")
    asked = town.discord.post(town.square, town.marleen, "Een vraag: vanaf wanneer?", reply_to=news)
    await eventually(lambda: town.discord.messages(town.staff))
    card = town.discord.messages(town.staff)[-1]
    town.discord.press(card, buttons(card)["Goedkeuren"], an)
    await eventually(lambda: len(town.discord.messages(town.square)) == 3)
    reply = town.discord.messages(town.square)[-1]
    assert reply["content"] == "Dank u voor uw vraag."
    assert reply["message_reference"]["message_id"] == asked["id"]
    await eventually(lambda: not town.discord.messages(town.staff)[-1]["components"])
    done = town.discord.messages(town.staff)[-1]["embeds"][-1]["fields"]
    assert any(reply["id"] in entry["value"] for entry in done), "the card does not link to the reply"


async def test_a_removal_leaves_after_its_grace_and_can_be_taken_back_until_then(
    running: Bot, town: Town, an: User
) -> None:
    insult = town.discord.post(town.square, town.marleen, "alarm! wat een idioten")
    await eventually(lambda: town.discord.messages(town.staff))
    card = town.discord.messages(town.staff)[-1]
    asked = town.discord.press(card, buttons(card)["Verwijderen"], an)
    await eventually(lambda: asked.ephemeral)
    (select,) = asked.ephemeral[0]["components"][0]["components"]
    chosen = town.discord.choose(asked.ephemeral[0], select["custom_id"], [select["options"][0]["value"]], an)
    await eventually(lambda: chosen.modal)
    town.discord.submit_modal(chosen, {})
    await eventually(lambda: town.discord.messages(town.square) == [])
    assert insult["id"] not in [message["id"] for message in town.discord.messages(town.square)]
    await running.stored()


async def test_an_edit_before_the_reply_leaves_brings_the_case_back(running: Bot, town: Town, an: User) -> None:
    asked = town.discord.post(town.square, town.marleen, "Een vraag: vanaf wanneer?")
    await eventually(lambda: town.discord.messages(town.staff))
    card = town.discord.messages(town.staff)[-1]
    (case,) = await running.services.desk.queue()
    town.discord.press(card, buttons(card)["Goedkeuren"], an)
    town.discord.edit(asked, "Laat maar, gevonden")
    for _ in range(200):
        now = await running.services.now_is(case)
        if now.state in {CaseState.RETURNED, CaseState.CLOSED}:
            break
        await asyncio.sleep(0.05)
    assert now.state in {CaseState.RETURNED, CaseState.CLOSED}
    assert len(town.discord.messages(town.square)) == 1
    assert now.decision is None or now.decision.effects[0].state is not EffectState.SENT
