"""Replies and removals on Discord, over a real socket: once, to the right message, or not at all."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.channels.discord.sender import DiscordSender
from bot.core.errors import (
    MissingPermission,
    RateLimited,
    Rejected,
    Revoked,
    TargetChanged,
    TargetGone,
    Transient,
)
from bot.core.messages import MessageRef
from bot.review.ports import RemoveEffect, ReplyEffect
from tests.channels.discord.conftest import Bot, MakeBot, Town
from tests.standins.discord import Json, User, world

POST = "POST /channels/{channel}/messages"
DELETE = "DELETE /channels/{channel}/messages/{message}"
FETCH = "GET /channels/{channel}/messages/{message}"


def reply_to(message: Json, text: str = "Dank u, Marleen. We kijken het na.") -> ReplyEffect:
    ref = MessageRef("discord", message["channel_id"], message["id"])
    return ReplyEffect("effect-000000000000000001", ref, text)


def removal_of(bot: Bot, message: Json, author: User) -> RemoveEffect:
    ref = MessageRef("discord", message["channel_id"], message["id"])
    return RemoveEffect("effect-2", ref, message["content"], bot.services.intake.author_key("discord", str(author.id)))


async def test_a_reply_is_placed_under_its_target_and_notifies_nobody(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Waarom @everyone?")
    sent = await bot.channel.sender.reply(reply_to(asked, "Dank u @everyone, zie https://zonnedorp.be"))
    placed = town.discord.messages(town.square)[-1]
    assert placed["id"] == sent.message_id
    assert placed["message_reference"]["message_id"] == asked["id"]
    assert placed["flags"] & 4, "link previews are on"
    assert town.discord.posted[-1].pings == []
    assert sent.link == f"https://discord.com/channels/{town.guild.id}/{town.square.id}/{sent.message_id}"


async def test_trap_28_the_same_reply_asked_twice_is_placed_once(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    first = await bot.channel.sender.reply(reply_to(asked))
    second = await bot.channel.sender.reply(reply_to(asked))
    assert first == second
    assert len(town.discord.messages(town.square)) == 2


async def test_trap_28_a_reply_whose_answer_was_lost_may_have_been_placed(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    town.discord.fail_next(POST, None, after_effect=True)
    with pytest.raises(Transient) as caught:
        await bot.channel.sender.reply(reply_to(asked))
    assert caught.value.sent
    found = await bot.channel.sender.find(reply_to(asked))
    assert found is not None
    assert found.message_id == town.discord.messages(town.square)[-1]["id"]


async def test_trap_28_looking_for_a_reply_that_was_never_placed_finds_nothing(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    other = town.discord.post(town.square, town.karim, "Hoe laat?")
    await bot.channel.sender.reply(replace(reply_to(other), key="effect-3"))  # the same words, to someone else
    town.discord.post(town.square, town.karim, reply_to(asked).text, reply_to=asked)  # the same words, by someone else
    assert await bot.channel.sender.find(reply_to(asked)) is None


async def test_trap_28_too_much_was_written_since_to_be_sure(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    await bot.channel.sender.reply(reply_to(asked))
    for n in range(200):
        town.discord.post(town.square, town.karim, f"iets anders {n}")
    with pytest.raises(Transient) as caught:
        await bot.channel.sender.find(reply_to(asked))
    assert caught.value.sent


async def test_looking_without_a_connection_is_tried_again_later(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    town.discord.fail_next("GET /channels/{channel}/messages", None, times=2)  # aiohttp asks a GET again once
    with pytest.raises(Transient) as caught:
        await bot.channel.sender.find(reply_to(asked))
    assert not caught.value.sent


async def test_looking_where_the_history_is_hidden_never_says_that_nothing_is_there(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    await bot.channel.sender.reply(reply_to(asked))
    await bot.stop()
    town.square.deny_bot = world.READ_MESSAGE_HISTORY
    await bot.start()
    with pytest.raises(MissingPermission) as caught:
        await bot.channel.sender.find(reply_to(asked))
    assert caught.value.permission == "Read Message History"


async def test_trap_25_a_reply_to_a_deleted_message_is_not_posted_into_the_void(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Laat maar")
    town.discord.delete(asked)
    with pytest.raises(TargetGone):
        await bot.channel.sender.reply(reply_to(asked))
    assert town.discord.messages(town.square) == []


async def test_a_reply_goes_into_the_thread_of_its_target(bot: Bot, town: Town) -> None:
    thread = town.discord.add_thread(town.forum, "Speelplein", town.marleen, "Waar?")
    (asked,) = town.discord.messages(thread)
    town.discord.archive(thread)
    sent = await bot.channel.sender.reply(reply_to(asked))
    assert [m["id"] for m in town.discord.messages(thread)] == [asked["id"], sent.message_id]


async def test_trap_29_a_429_of_discord_is_waited_for_and_the_reply_placed_once(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    town.discord.limit_next(POST, 0.3, times=2)
    await bot.channel.sender.reply(reply_to(asked))
    assert town.discord.state.requests[POST] == 3
    assert len(town.discord.messages(town.square)) == 2


async def test_trap_29_a_429_without_via_is_handed_to_us_with_its_wait(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    town.discord.limit_next(POST, 7, via=False)
    with pytest.raises(RateLimited) as caught:
        await bot.channel.sender.reply(reply_to(asked))
    assert caught.value.retry_after == timedelta(seconds=7)


async def test_trap_21_a_long_429_is_not_slept_through_but_planned(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    town.discord.limit_next(POST, 300)
    with pytest.raises(RateLimited) as caught:
        await bot.channel.sender.reply(reply_to(asked))
    assert caught.value.retry_after == timedelta(seconds=300)


async def test_trap_21_a_missing_permission_is_named(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    town.square.deny_bot = world.SEND_MESSAGES
    with pytest.raises(MissingPermission) as caught:
        await bot.channel.sender.reply(reply_to(asked))
    assert caught.value.permission == "Send Messages"
    assert "#dorpsplein" in str(caught.value)


async def test_trap_21_a_server_error_is_transient_and_may_have_had_its_effect(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    town.discord.fail_next(POST, 503, after_effect=True)
    with pytest.raises(Transient) as caught:
        await bot.channel.sender.reply(reply_to(asked))
    assert caught.value.sent


async def test_trap_21_a_token_that_was_reset_is_revoked(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    town.discord.fail_next(POST, 401)
    with pytest.raises(Revoked):
        await bot.channel.sender.reply(reply_to(asked))


async def test_what_discord_will_never_take_is_rejected(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    with pytest.raises(Rejected):
        await bot.channel.sender.reply(reply_to(asked, "x" * 2001))
    with pytest.raises(Rejected):
        await bot.channel.sender.reply(replace(reply_to(asked), key="k" * 26))
    with pytest.raises(Rejected):
        await bot.channel.sender.reply(replace(reply_to(asked), target=MessageRef("discord", "plein", "1")))


async def test_a_removal_removes_the_message(bot: Bot, town: Town) -> None:
    insult = town.discord.post(town.square, town.marleen, "Stelletje idioten")
    await bot.channel.sender.remove(removal_of(bot, insult, town.marleen))
    assert town.discord.messages(town.square) == []


async def test_trap_7_a_message_that_was_edited_since_is_not_removed(bot: Bot, town: Town) -> None:
    insult = town.discord.post(town.square, town.marleen, "Stelletje idioten")
    effect = removal_of(bot, dict(insult), town.marleen)
    town.discord.edit(insult, "Sorry, dat had ik niet mogen zeggen")
    with pytest.raises(TargetChanged):
        await bot.channel.sender.remove(effect)
    assert len(town.discord.messages(town.square)) == 1


async def test_trap_7_a_message_of_somebody_else_is_not_removed(bot: Bot, town: Town) -> None:
    insult = town.discord.post(town.square, town.marleen, "Stelletje idioten")
    with pytest.raises(TargetChanged):
        await bot.channel.sender.remove(removal_of(bot, insult, town.karim))
    assert len(town.discord.messages(town.square)) == 1


async def test_a_quoting_message_is_compared_by_its_own_words(bot: Bot, town: Town) -> None:
    insult = town.discord.post(town.square, town.marleen, "> het zwembad is dicht\nStelletje idioten")
    effect = replace(removal_of(bot, insult, town.marleen), text="Stelletje idioten")
    await bot.channel.sender.remove(effect)
    assert town.discord.messages(town.square) == []


async def test_removing_what_is_gone_says_so(bot: Bot, town: Town) -> None:
    insult = town.discord.post(town.square, town.marleen, "Stelletje idioten")
    effect = removal_of(bot, dict(insult), town.marleen)
    town.discord.delete(insult)
    with pytest.raises(TargetGone):
        await bot.channel.sender.remove(effect)


@pytest.mark.parametrize(
    ("status", "code", "expected"),
    [
        (403, 50013, MissingPermission),  # no right to remove another's message
        (404, 10008, TargetGone),  # removed between looking and removing
        (400, 50083, Rejected),  # the thread was archived
        (503, 0, Transient),
    ],
)
async def test_a_removal_that_discord_refuses(bot: Bot, town: Town, status: int, code: int, expected: type) -> None:
    insult = town.discord.post(town.square, town.marleen, "Stelletje idioten")
    town.discord.fail_next(DELETE, status, code=code)
    with pytest.raises(expected) as caught:
        await bot.channel.sender.remove(removal_of(bot, insult, town.marleen))
    if isinstance(caught.value, MissingPermission):
        assert caught.value.permission == "Manage Messages"


async def test_without_a_connection_an_effect_is_tried_again_later(make_bot: MakeBot, town: Town) -> None:
    bot = make_bot()
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    with pytest.raises(Transient) as caught:
        await bot.channel.sender.reply(reply_to(asked))
    assert not caught.value.sent


async def test_a_session_that_closes_under_a_request_is_our_error_too(bot: Bot, town: Town) -> None:
    asked = town.discord.post(town.square, town.marleen, "Hoe laat?")
    sender = bot.channel.sender
    assert isinstance(sender, DiscordSender)
    await sender._link.client.http.close()  # aiohttp answers with a bare RuntimeError from here on
    with pytest.raises(Transient):
        await sender.reply(reply_to(asked))
    with pytest.raises(Transient):
        await sender.find(reply_to(asked))
