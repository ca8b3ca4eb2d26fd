"""The token stays inside: not in a log, an error, a repr or a notice, whatever happens (trap 20)."""

from __future__ import annotations

import logging
import traceback

import pytest
import structlog
from pydantic import SecretStr

from bot.channels.discord.doctor import examine
from bot.channels.discord.sender import DiscordSender
from bot.core.errors import ChannelError
from tests.channels.discord.conftest import Bot, MakeBot, Town, eventually
from tests.channels.discord.test_sender import POST, reply_to
from tests.standins.discord import TOKEN

SECRET_PARTS = (TOKEN, TOKEN.split(".")[2])


@pytest.fixture(autouse=True)
def _everything_is_logged(caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)


async def through_a_bad_day(bot: Bot, town: Town) -> list[str]:
    """Let everything go wrong once; return what was raised, with its whole traceback."""
    said = []
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    for status in (401, 403, 404, 429, 503, None):
        town.discord.fail_next(POST, status)
        with pytest.raises(ChannelError) as caught:
            await bot.channel.sender.reply(reply_to(asked))
        said += [*traceback.format_exception(caught.value), repr(caught.value)]
    town.discord.drop_connections()
    await eventually(lambda: town.discord.state.gateway.counts["resume"])
    town.discord.close_connections(4004)
    said += traceback.format_exception(await bot.ends())
    return said


async def test_trap_20_no_error_log_or_notice_holds_the_token(
    bot: Bot, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    with structlog.testing.capture_logs() as own:
        said = await through_a_bad_day(bot, town)
    said += [record.getMessage() + str(record.exc_text or "") for record in caplog.records]
    said += [repr(entry) for entry in own] + await bot.notices()
    assert len(said) > 20
    for part in SECRET_PARTS:
        assert not [text for text in said if part in text]


async def test_trap_20_no_repr_holds_the_token(bot: Bot, town: Town) -> None:
    sender = bot.channel.sender
    assert isinstance(sender, DiscordSender)
    for thing in (bot.channel, bot.channel.gateway, sender, sender._link.client, town.settings()):
        assert TOKEN not in repr(thing)


async def test_trap_20_the_doctor_does_not_repeat_a_token(make_bot: MakeBot, town: Town) -> None:
    wrong = "MTIz.abc.een-ander-token"
    checks = await examine(town.settings(token=SecretStr(wrong)))
    assert wrong not in repr(checks)


async def test_trap_20_debug_logs_hold_no_residents_words_or_interaction_tokens(
    bot: Bot, town: Town, caplog: pytest.LogCaptureFixture
) -> None:
    town.discord.post(town.square, town.marleen, "Mijn nummer is 0470 12 34 56")
    await bot.stored("Mijn nummer is 0470 12 34 56")
    asked = town.discord.slash(town.staff, "wachtrij", town.karim)
    await eventually(lambda: asked.ephemeral)
    logged = "\n".join(record.getMessage() for record in caplog.records if record.name.startswith("discord"))
    assert logging.getLogger("discord.webhook.async_").getEffectiveLevel() == logging.WARNING
    assert "0470" not in logged
    assert asked.token not in logged
