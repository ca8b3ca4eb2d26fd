"""The update loop against the stand-in, over a real socket, with the real python-telegram-bot and the real store."""

from __future__ import annotations

import asyncio
import time

import pytest
from sqlalchemy import event

from tests.channels.telegram.town import Town, until

pytestmark = pytest.mark.e2e


async def test_a_reaction_is_stored_and_only_then_confirmed(town: Town) -> None:
    town.api.post(town.group, town.ann, "Wanneer gaat het zwembad open?")
    async with town.listening():
        await town.until_texts("Wanneer gaat het zwembad open?")
        await town.until_confirmed()
    (row,) = await town.stored()
    assert (row.channel, row.chat_id, row.kind) == ("telegram", str(town.group), "reaction")
    assert row.author_key == town.services.intake.author_key("telegram", str(town.ann))


async def test_trap_26_a_crash_before_the_commit_loses_nothing(town: Town) -> None:
    for number in range(3):
        town.api.post(town.group, town.ann, f"reactie {number}")
    waiting = town.api.waiting()

    def crash(*_: object) -> None:
        raise SystemExit("the process dies while it stores")

    engine = town.services.database.engine.sync_engine
    event.listen(engine, "commit", crash)
    with pytest.raises(SystemExit):
        await town.channel.run()
    event.remove(engine, "commit", crash)
    assert await town.texts() == []
    assert town.api.waiting() == waiting
    async with town.listening(town.connect()):
        await town.until_texts("reactie 0", "reactie 1", "reactie 2")


async def test_trap_26_a_crash_after_the_commit_stores_nothing_twice(town: Town) -> None:
    town.api.post(town.group, town.ann, "een keer")
    async with town.listening():
        await town.until_texts("een keer")
    # As if the process died before it could ask for the next offset, and had no memory of it either.
    town.api.push_raw({"message": town.api.message(town.group, 1)})
    town.api.post(town.group, town.ann, "nog een")
    async with town.listening(town.connect()):
        await town.until_texts("een keer", "nog een")


@pytest.mark.parametrize(
    "broken",
    [
        {"message": {"message_id": "seven"}},
        {"message": {"message_id": 7, "date": "yesterday", "chat": {"id": 1, "type": "group"}}},
        {"message": [1, 2, 3]},
        {"callback_query": {"id": "1"}},
    ],
)
async def test_trap_26_an_update_that_cannot_be_parsed_is_kept_raw_and_stepped_over(
    town: Town, broken: dict[str, object]
) -> None:
    town.api.post(town.group, town.ann, "ervoor")
    number = town.api.push_raw(broken)
    town.api.post(town.group, town.ann, "erna")
    async with town.listening():
        await town.until_texts("ervoor", "erna")
        await town.until_confirmed()
    (kept,) = await town.unread()
    assert kept.channel == "telegram"
    assert str(number) in kept.payload
    assert any(key.startswith("unreadable:telegram") for key in await town.notices())


async def test_an_edit_is_a_new_revision_and_an_edit_without_a_change_of_text_is_none(town: Town) -> None:
    message = town.api.post(town.group, town.ann, "Dag")
    town.api.edit(town.group, message, "Dag")
    async with town.listening():
        await town.until_texts("Dag")
        await asyncio.sleep(1.1)  # Telegram's clock counts seconds
        town.api.edit(town.group, message, "Dag allemaal")
        await town.until_texts("Dag", "Dag allemaal")
    assert [row.number for row in await town.stored()] == [1, 2]


async def test_trap_30_a_channels_post_in_the_discussion_group_is_context_for_its_comments(town: Town) -> None:
    news = town.api.add_group("Gemeente Velddorp", kind="channel", bot="left")
    town.api.link(news, town.group)
    _, copied = town.api.publish(news, "Het zwembad gaat open")
    comment = town.api.post(town.group, town.ann, "Eindelijk", reply_to=copied)
    town.api.post(town.group, None, "Dank voor uw geduld", sender_chat=news, reply_to=comment)
    async with town.listening():
        await town.until_texts("Het zwembad gaat open", "Eindelijk", "Dank voor uw geduld")
    post, reaction, answer = await town.stored()
    assert [row.kind for row in (post, reaction, answer)] == ["post", "reaction", "post"]
    assert reaction.post_id == post.message_id
    assert [row.state for row in (post, reaction, answer)] == ["skipped", "pending", "skipped"]


async def test_what_is_written_elsewhere_by_bots_or_by_staff_is_no_reaction(town: Town) -> None:
    elsewhere = town.api.add_group("Ander dorp", bot="administrator")
    robot = town.api.add_user("Weerbot", is_bot=True)
    town.api.set_bot(town.staff, "administrator")
    town.api.post(elsewhere, town.ann, "niet van ons")
    town.api.post(town.group, robot, "Morgen regen")
    town.api.post(town.staff, town.colleague, "Wat een dag, collega's")
    town.api.post(town.group, town.ann, "Dag")
    async with town.listening():
        await town.until_texts("Dag")
        await town.until_confirmed()
    assert await town.texts() == ["Dag"]


async def test_an_offset_of_another_bot_or_server_is_not_used(town: Town) -> None:
    far = town.api.waiting()[0] + 5
    await town.services.intake.receive_all([], cursor=("telegram", "offset", f"{far} 123@https://api.telegram.org"))
    town.api.post(town.group, town.ann, "Dag")
    async with town.listening():
        await town.until_texts("Dag")


async def test_numbers_that_start_over_after_a_quiet_week_are_followed(town: Town) -> None:
    async with town.listening():
        await town.until_confirmed()
        town.api.world.next_update -= 400_000_000
        town.api.post(town.group, town.ann, "na een stille week")
        await town.until_texts("na een stille week")
        await town.until_confirmed()


async def test_a_group_that_becomes_a_supergroup_is_followed_also_after_a_restart(town: Town) -> None:
    old = town.api.add_group("Klein dorp", kind="group", bot="administrator")
    async with town.listening(town.connect(chats=(str(old),))):
        new = town.api.migrate(old)
        town.api.post(new, town.ann, "na de verhuizing")
        await town.until_texts("na de verhuizing")
    assert str(new) in (await town.notices())[f"telegram:moved:{old}"]
    async with town.listening(town.connect(chats=(str(old),))):
        town.api.post(new, town.ann, "na de herstart")
        await town.until_texts("na de verhuizing", "na de herstart")


async def test_being_put_out_of_a_group_is_told_until_the_bot_is_back(town: Town) -> None:
    key = f"telegram:left:{town.group}"
    async with town.listening():
        town.api.set_bot(town.group, "kicked")
        await until(lambda: _has_notice(town, key), "the notice")
        town.api.set_bot(town.group, "member")
        await town.until_confirmed()
    assert key not in await town.notices()


async def test_stopping_is_prompt_and_running_again_works(town: Town) -> None:
    async with town.listening():
        await until(lambda: town.api.calls("getUpdates"), "the first poll")
        began = time.monotonic()
    assert time.monotonic() - began < 3
    town.api.post(town.group, town.ann, "tweede keer")
    async with town.listening():
        await town.until_texts("tweede keer")


async def _has_notice(town: Town, key: str) -> bool:
    return key in await town.notices()
