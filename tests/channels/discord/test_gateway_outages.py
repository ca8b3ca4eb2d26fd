"""Outages, reconnects and a client that ends: nothing is missed and nothing comes twice (trap 27)."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.discord import gateway
from bot.channels.discord.gateway import Patience
from bot.core.errors import MissingPermission, Rejected, Revoked, Transient
from tests.channels.discord.conftest import Bot, MakeBot, Town, eventually
from tests.standins.discord import world


async def test_trap_27_after_an_outage_everything_missed_comes_in_oldest_first(make_bot: MakeBot, town: Town) -> None:
    first = await make_bot().start()
    town.discord.post(town.square, town.marleen, "voor de storing")
    await first.stored("voor de storing")
    await first.stop()
    missed = [f"bericht {n}" for n in range(230)]  # more than two pages of history
    for text in missed:
        town.discord.post(town.square, town.karim, text)
    second = await make_bot().start()
    town.discord.post(town.square, town.marleen, "na de storing")
    await second.stored("voor de storing", *missed, "na de storing")


async def test_trap_27_edits_and_deletes_during_an_outage_are_found(make_bot: MakeBot, town: Town) -> None:
    first = await make_bot().start()
    edited = town.discord.post(town.square, town.marleen, "Wat een idioten")
    deleted = town.discord.post(town.square, town.karim, "Weg ermee")
    town.discord.post(town.square, town.karim, "Dit blijft")
    await first.stored("Wat een idioten", "Weg ermee", "Dit blijft")
    await first.stop()
    town.discord.edit(edited, "Ik ben het hier niet mee eens")
    town.discord.delete(deleted)
    town.discord.post(town.square, town.karim, "En dit is nieuw")
    second = await make_bot().start()
    await second.stored("Ik ben het hier niet mee eens", "Dit blijft", "En dit is nieuw")


async def test_trap_27_edits_are_found_although_more_than_a_page_was_written_since(
    make_bot: MakeBot, town: Town
) -> None:
    first = await make_bot().start()
    edited = town.discord.post(town.square, town.marleen, "oud")
    deleted = town.discord.post(town.square, town.marleen, "verwijderd")
    await first.stored("oud", "verwijderd")
    await first.stop()
    town.discord.edit(edited, "aangepast")
    town.discord.delete(deleted)
    for n in range(120):
        town.discord.post(town.square, town.karim, f"nieuw {n}")
    second = await make_bot().start()
    await second.stored("aangepast", *(f"nieuw {n}" for n in range(120)))


async def test_a_thread_that_was_opened_and_archived_during_an_outage_is_read(make_bot: MakeBot, town: Town) -> None:
    first = await make_bot().start()
    await first.seen()
    await first.stop()
    thread = town.discord.add_thread(town.forum, "Kort", town.marleen, "Kan de vuilnis op maandag?")
    town.discord.post(thread, town.karim, "Graag op dinsdag")
    town.discord.archive(thread)
    second = await make_bot().start()
    await second.stored("Kan de vuilnis op maandag?", "Graag op dinsdag")


async def test_the_context_of_a_thread_outlives_a_restart_and_follows_its_message(
    make_bot: MakeBot, town: Town
) -> None:
    first = await make_bot().start()
    news = town.discord.post(town.square, town.clerk, "Werken in de Kerkstraat")
    thread = town.discord.add_thread(town.square, "Werken", town.karim, under=news)
    town.discord.post(thread, town.karim, "Hoe lang nog?")
    await first.stored("Werken in de Kerkstraat", "Werken in de Kerkstraat", "Hoe lang nog?")
    await first.stop()
    town.discord.edit(news, "Werken in de Molenstraat")
    second = await make_bot().start()
    await second.stored("Werken in de Molenstraat", "Werken in de Molenstraat", "Hoe lang nog?")


async def test_the_first_start_begins_now_and_keeps_the_towns_posts_as_context(make_bot: MakeBot, town: Town) -> None:
    news = town.discord.post(town.square, town.clerk, "De markt verhuist")
    town.discord.post(town.square, town.marleen, "oude reactie", reply_to=news)
    old = town.discord.add_thread(town.forum, "Oude vraag", town.marleen, "Wanneer komt de bus?")
    town.discord.post(old, town.karim, "oud antwoord")
    bot = await make_bot().start()
    town.discord.post(town.square, town.marleen, "nieuwe reactie", reply_to=news)
    town.discord.post(old, town.karim, "nieuw antwoord")
    await bot.stored("De markt verhuist", "Wanneer komt de bus?", "nieuwe reactie", "nieuw antwoord")
    post, starter, reaction, answer = await bot.rows()
    assert (post.history, starter.history, reaction.history, answer.history) == (1, 1, 0, 0)
    assert (reaction.post_id, answer.post_id) == (post.message_id, starter.message_id)


async def test_a_dropped_connection_is_resumed_and_what_was_missed_is_replayed(bot: Bot, town: Town) -> None:
    town.discord.post(town.square, town.marleen, "een")
    await bot.stored("een")
    town.discord.drop_connections()
    town.discord.post(town.square, town.marleen, "twee")
    await bot.stored("een", "twee")
    assert town.discord.state.gateway.counts["resume"] == 1
    assert town.discord.state.gateway.counts["identify"] == 1


async def test_an_order_to_reconnect_is_followed(bot: Bot, town: Town) -> None:
    town.discord.order_reconnect()
    await eventually(lambda: town.discord.state.gateway.counts["resume"] == 1)
    town.discord.post(town.square, town.marleen, "nog altijd hier")
    await bot.stored("nog altijd hier")


async def test_a_gateway_that_stops_answering_is_left_and_found_again(make_bot: MakeBot, town: Town) -> None:
    town.discord.state.gateway.heartbeat_interval = 0.2
    bot = await make_bot(patience=Patience(guilds=0.1, silence=0.7)).start()
    town.discord.state.gateway.acks = False
    await eventually(lambda: town.discord.state.gateway.counts["resume"] >= 1, why="taken for alive")
    town.discord.state.gateway.acks = True
    town.discord.post(town.square, town.marleen, "hallo?")
    await bot.stored("hallo?")


async def test_a_lost_session_ends_in_a_new_one_that_catches_up(
    bot: Bot, town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def at_once(*_: object, **__: object) -> None:
        return None

    # discord.py waits five seconds before a second IDENTIFY; the wait itself is not what is tested.
    monkeypatch.setattr(gateway.VerbinderClient, "before_identify_hook", at_once)
    town.discord.forget_sessions()
    town.discord.post(town.square, town.marleen, "door niemand gehoord")
    town.discord.drop_connections()
    await bot.stored("door niemand gehoord")
    counts = town.discord.state.gateway.counts
    assert (counts["identify"], counts["resume"]) == (2, 1)


async def test_trap_27_a_parser_that_falls_over_ends_the_run_with_our_error(bot: Bot, town: Town) -> None:
    town.discord.dispatch_raw("MESSAGE_CREATE", {"id": "1", "channel_id": str(town.square.id), "kapot": True})
    assert isinstance(await bot.ends(), Transient)


async def test_trap_27_a_first_connection_that_fails_ends_the_run_with_our_error(make_bot: MakeBot, town: Town) -> None:
    bot = make_bot()
    town.discord.go_offline()
    bot.task = asyncio.create_task(bot.channel.run())
    assert isinstance(await bot.ends(), Transient)
    town.discord.go_online()
    await bot.start()


async def test_discord_going_away_ends_the_run_and_a_new_one_catches_up(bot: Bot, town: Town) -> None:
    town.discord.post(town.square, town.marleen, "voor")
    await bot.stored("voor")
    town.discord.go_offline()
    assert isinstance(await bot.ends(), Transient)
    town.discord.post(town.square, town.marleen, "tijdens")
    town.discord.go_online()
    await bot.start()
    town.discord.post(town.square, town.marleen, "na")
    await bot.stored("voor", "tijdens", "na")


@pytest.mark.parametrize(
    ("code", "expected"),
    [
        (4004, Revoked),  # the token was reset while we were connected
        (4014, MissingPermission),  # the intent was switched off
        (4013, Rejected),  # we asked for what does not exist
    ],
)
async def test_trap_21_a_close_code_says_what_is_wrong(bot: Bot, town: Town, code: int, expected: type) -> None:
    town.discord.close_connections(code)
    assert isinstance(await bot.ends(), expected)


async def test_trap_21_a_wrong_token_stops_the_channel_and_says_so(make_bot: MakeBot, town: Town) -> None:
    bot = make_bot(token="MTIz.verkeerd.token")
    bot.task = asyncio.create_task(bot.channel.run())
    error = await bot.ends()
    assert isinstance(error, Revoked)
    assert "verkeerd" not in str(error)


async def test_a_portal_without_message_content_is_named_with_its_switch(make_bot: MakeBot, town: Town) -> None:
    town.discord.state.gateway.content_allowed = False
    bot = make_bot()
    bot.task = asyncio.create_task(bot.channel.run())
    error = await bot.ends()
    assert isinstance(error, MissingPermission)
    assert "Message Content Intent" in str(error)


async def test_trap_22_a_channel_that_cannot_be_read_is_reported_and_holds_up_no_other(
    make_bot: MakeBot, town: Town
) -> None:
    first = await make_bot().start()
    town.discord.post(town.square, town.marleen, "blijft staan")
    await first.stored("blijft staan")
    await first.seen()
    await first.stop()
    town.square.deny_bot = world.READ_MESSAGE_HISTORY
    thread = town.discord.add_thread(town.forum, "Vraag", town.marleen, "Hoe laat?")
    town.discord.post(thread, town.karim, "Om tien uur")
    bot = await make_bot().start()
    await bot.stored("blijft staan", "Hoe laat?", "Om tien uur")
    notices = await bot.notices()
    assert any("Berichtgeschiedenis lezen" in text and str(town.square.id) in text for text in notices)
    assert any("Mogelijk ontbreken er reacties" in text for text in notices)


async def test_a_watched_channel_that_does_not_exist_is_reported(make_bot: MakeBot, town: Town) -> None:
    bot = await make_bot(channels=("1", "plein", str(town.square.id))).start()
    town.discord.post(town.square, town.marleen, "toch gehoord")
    await bot.stored("toch gehoord")
    assert len([text for text in await bot.notices() if "niet volgen" in text]) == 2


async def test_a_stop_is_quick_also_when_discord_no_longer_answers(bot: Bot, town: Town) -> None:
    town.discord.go_offline()
    began = asyncio.get_running_loop().time()
    await bot.stop()
    assert asyncio.get_running_loop().time() - began < 5


async def test_a_thread_that_is_closed_to_us_holds_up_no_other(make_bot: MakeBot, town: Town) -> None:
    only_forum = (str(town.forum.id),)
    first = await make_bot(channels=only_forum).start()
    await first.stop()
    for name in ("een", "twee"):
        town.discord.add_thread(town.forum, name, town.marleen, name)
    town.discord.fail_next("GET /channels/{channel}/messages", 403, code=50001)
    second = await make_bot(channels=only_forum).start()
    await second.stored("twee")


async def test_an_emptied_history_that_was_hidden_in_between_is_not_believed(make_bot: MakeBot, town: Town) -> None:
    first = await make_bot().start()
    town.discord.post(town.square, town.marleen, "staat er nog")
    await first.stored("staat er nog")
    await first.stop()
    town.square.lists_nothing = True  # a right that changes under us
    second = await make_bot().start()
    await second.stored("staat er nog")
