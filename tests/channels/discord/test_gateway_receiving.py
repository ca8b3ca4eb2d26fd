"""What is written, changed and deleted on Discord reaches the store, over a real socket and the real discord.py."""

from __future__ import annotations

import asyncio

from tests.channels.discord.conftest import Bot, MakeBot, Town
from tests.standins.discord import world


async def test_a_message_is_stored_with_its_place_and_its_reply(bot: Bot, town: Town) -> None:
    news = town.discord.post(town.square, town.clerk, "Het zwembad gaat open.")
    town.discord.post(town.square, town.marleen, "Hoeveel kost dat?", reply_to=news)
    await bot.stored("Het zwembad gaat open.", "Hoeveel kost dat?")
    post, reaction = await bot.rows()
    assert (post.kind, post.author_role) == ("post", "gemeente")
    assert (reaction.kind, reaction.author_role) == ("reaction", "bewoner")
    assert reaction.reply_to == reaction.post_id == news["id"]
    assert reaction.chat_id == str(town.square.id)


async def test_an_edit_becomes_a_revision_and_a_delete_is_noted(bot: Bot, town: Town) -> None:
    first = town.discord.post(town.square, town.marleen, "Wat een onzin")
    second = town.discord.post(town.square, town.karim, "Akkoord")
    await bot.stored("Wat een onzin", "Akkoord")
    town.discord.edit(first, "Ik begrijp dit niet goed")
    await bot.stored("Ik begrijp dit niet goed", "Akkoord")
    town.discord.delete(second)
    await bot.stored("Ik begrijp dit niet goed")


async def test_a_bulk_delete_is_noted_for_each_message(bot: Bot, town: Town) -> None:
    gone = [town.discord.post(town.square, town.marleen, f"reclame {n}") for n in range(3)]
    town.discord.post(town.square, town.karim, "blijft")
    await bot.stored("reclame 0", "reclame 1", "reclame 2", "blijft")
    town.discord.delete(*gone)
    await bot.stored("blijft")


async def test_forum_posts_and_threads_are_followed(bot: Bot, town: Town) -> None:
    question = town.discord.add_thread(town.forum, "Speelplein", town.clerk, "Waar wilt u een speelplein?")
    town.discord.post(question, town.marleen, "Aan de kerk")
    news = town.discord.post(town.square, town.clerk, "Werken in de Kerkstraat")
    under = town.discord.add_thread(town.square, "Werken", town.karim, under=news)
    town.discord.post(under, town.karim, "Hoe lang nog?")
    await bot.stored(
        "Waar wilt u een speelplein?",
        "Aan de kerk",
        "Werken in de Kerkstraat",
        "Werken in de Kerkstraat",
        "Hoe lang nog?",
    )
    starter, answer, _, context, reaction = await bot.rows()
    assert starter.kind == "post"
    assert (answer.thread_id, answer.post_id) == (str(question.id), starter.message_id)
    assert (context.kind, context.chat_id, context.message_id) == ("post", str(under.id), str(under.id))
    assert reaction.post_id == context.message_id


async def test_bots_webhooks_system_messages_and_other_channels_are_left_alone(bot: Bot, town: Town) -> None:
    robot = town.discord.add_user("Robot", bot=True)
    town.discord.post(town.square, robot, "piep")
    town.discord.post(town.square, town.marleen, "via een webhook", webhook_id="77")
    town.discord.post(town.square, town.marleen, "", type=7)
    town.discord.post(town.staff, town.marleen, "in het teamkanaal")
    town.discord.post(town.square, town.marleen, "van mij")
    await bot.stored("van mij")


async def test_staff_who_react_are_stored_as_staff_and_not_judged(bot: Bot, town: Town) -> None:
    question = town.discord.post(town.square, town.marleen, "Tot hoe laat is de balie open?")
    town.discord.post(town.square, town.clerk, "Tot 17 uur", reply_to=question)
    await bot.stored("Tot hoe laat is de balie open?", "Tot 17 uur")
    _, answer = await bot.rows()
    assert (answer.kind, answer.author_role, answer.state) == ("reaction", "medewerker", "skipped")


async def test_a_deleted_thread_takes_its_messages_with_it(bot: Bot, town: Town) -> None:
    thread = town.discord.add_thread(town.forum, "Vraag", town.marleen, "Waar is de bib?")
    town.discord.post(thread, town.karim, "In de Dorpsstraat")
    await bot.stored("Waar is de bib?", "In de Dorpsstraat")
    ids = {"id": str(thread.id), "guild_id": str(town.guild.id), "parent_id": str(town.forum.id), "type": 11}
    town.discord.dispatch_raw("THREAD_DELETE", ids)
    await bot.stored()


async def test_an_odd_message_is_kept_raw_and_stepped_over(make_bot: MakeBot, town: Town) -> None:
    first = await make_bot().start()
    await first.stop()
    odd = town.discord.post(town.square, town.marleen, "vreemd")
    odd["timestamp"] = odd["attachments"] = None
    town.discord.post(town.square, town.karim, "gewoon")
    bot = await make_bot().start()
    await bot.stored("gewoon")
    (payload,) = await bot.unreadable()
    assert "vreemd" in payload


async def test_a_pin_or_a_preview_of_an_old_message_is_no_new_message(make_bot: MakeBot, town: Town) -> None:
    old = town.discord.post(town.square, town.marleen, "van voor de eerste start")
    bot = await make_bot().start()
    town.discord.edit(old, pinned=True)
    town.discord.post(town.square, town.karim, "nieuw")
    await bot.stored("nieuw")


async def test_a_message_in_a_thread_that_discord_py_does_not_know_is_found_all_the_same(bot: Bot, town: Town) -> None:
    thread = world.Channel(town.discord.state.snowflakes.next(), town.guild.id, "Oud", world.PUBLIC_THREAD)
    thread.parent_id, thread.owner_id = town.forum.id, town.marleen.id
    town.guild.channels[thread.id] = thread  # as if it had been archived all along
    town.discord.post(thread, town.marleen, "nog een vraag")
    elsewhere = world.Channel(town.discord.state.snowflakes.next(), town.guild.id, "Ander", world.PUBLIC_THREAD)
    elsewhere.parent_id, elsewhere.owner_id = town.staff.id, town.marleen.id
    town.guild.channels[elsewhere.id] = elsewhere
    town.discord.post(elsewhere, town.marleen, "intern")
    town.discord.post(thread, town.karim, "een antwoord")
    await bot.stored("nog een vraag", "een antwoord")


async def test_a_server_that_invites_the_bot_later_is_followed_without_a_restart(make_bot: MakeBot, town: Town) -> None:
    bot = await make_bot(channels=("4242",)).start()
    assert len(await bot.notices()) == 1
    later = town.discord.add_guild("Maandorp")
    channel = world.Channel(4242, later.id, "marktplein")
    later.channels[4242] = channel
    town.discord.dispatch_raw("GUILD_CREATE", town.discord.state.guild_event(later))
    while await bot.notices():
        await asyncio.sleep(0.02)
    town.discord.post(channel, town.discord.add_user("Fatima"), "Dag allemaal")
    await bot.stored("Dag allemaal")


async def test_a_deleted_channel_takes_its_messages_with_it(bot: Bot, town: Town) -> None:
    town.discord.post(town.square, town.marleen, "weg")
    await bot.stored("weg")
    town.discord.dispatch_raw("CHANNEL_DELETE", town.square.payload(0))
    await bot.stored()
