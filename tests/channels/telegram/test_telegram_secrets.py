"""Trap 20: the token is in every address that is asked, and nowhere else."""

from __future__ import annotations

import logging
import traceback

import pytest

from bot.channels.telegram.client import connect
from bot.core.errors import ChannelError, ConfigError, Revoked
from bot.core.messages import MessageRef
from bot.review.ports import ReplyEffect
from bot.settings import TelegramSettings
from tests.channels.telegram.town import Town, until
from tests.standins.botapi import TOKEN

pytestmark = pytest.mark.e2e


async def test_trap_20_no_log_line_holds_the_token_whatever_the_level(
    town: Town, caplog: pytest.LogCaptureFixture, capfd: pytest.CaptureFixture[str]
) -> None:
    caplog.set_level(logging.DEBUG)
    town.channel = town.connect()
    for status in (502, None, 429):
        town.api.fail_next("getUpdates", status, retry_after=1 if status == 429 else None)
        town.api.fail_next("setMyCommands", status, retry_after=1 if status == 429 else None)
    message = town.api.post(town.group, town.ann, "Dag")
    async with town.listening():
        await town.until_texts("Dag")
        effect = ReplyEffect("k", MessageRef("telegram", str(town.group), str(message)), "Dag terug")
        await town.channel.sender.reply(effect)
        town.api.stop()
        with pytest.raises(ChannelError):
            await town.channel.sender.reply(effect)
        town.api.start()
        await until(lambda: town.api.calls("getUpdates"), "another poll")
    printed = capfd.readouterr()
    lines = [record.getMessage() + str(record.exc_info) + str(record.args) for record in caplog.records]
    assert "no answer" in printed.out + printed.err + "".join(lines)  # something was logged at all
    assert TOKEN not in printed.out + printed.err + "".join(lines)


async def test_trap_20_no_error_of_a_request_holds_the_token(town: Town) -> None:
    town.api.token = "7000000001:AnotherTokenSinceThisMorning0000000"
    with pytest.raises(Revoked) as caught:
        await town.channel.run()
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert TOKEN not in shown


@pytest.mark.parametrize("base", ["http://127.0.0.1:1", "nonsense://x", "http://[::1", "http://127.0.0.1:notaport"])
async def test_trap_20_no_error_of_a_wrong_address_holds_the_token(town: Town, base: str) -> None:
    effect = ReplyEffect("k", MessageRef("telegram", str(town.group), "1"), "Dag")
    with pytest.raises(ChannelError) as caught:
        await town.connect(api_base=base).sender.reply(effect)
    shown = "".join(traceback.format_exception(caught.value)) + repr(caught.value)
    assert TOKEN not in shown


def test_trap_20_nothing_that_is_printed_by_accident_holds_the_token(town: Town) -> None:
    client = connect(town.settings())
    for thing in (client, str(client), town.channel, town.channel.sender, town.channel.surface, town.settings()):
        assert TOKEN not in repr(thing)


@pytest.mark.parametrize("token", ["", "abc", None])
def test_a_token_that_is_none_is_a_setting_to_correct(token: str | None) -> None:
    with pytest.raises(ConfigError, match="VERBINDER_TELEGRAM__TOKEN"):
        connect(TelegramSettings.model_validate({"token": token}))
