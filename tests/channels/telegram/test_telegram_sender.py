"""Replies and removals against the stand-in."""

from __future__ import annotations

import pytest

from bot.core.errors import MissingPermission, RateLimited, Rejected, Revoked, TargetGone, Transient
from bot.core.messages import MessageRef
from bot.review.ports import RemoveEffect, ReplyEffect, Sent
from tests.channels.telegram.town import Town

pytestmark = pytest.mark.e2e


def reply_to(town: Town, message: int, text: str = "Dank u voor uw vraag.", thread: int | None = None) -> ReplyEffect:
    ref = MessageRef("telegram", str(town.group), str(message))
    return ReplyEffect("key-1", ref, text, None if thread is None else str(thread))


def removal_of(town: Town, message: int) -> RemoveEffect:
    return RemoveEffect("key-2", MessageRef("telegram", str(town.group), str(message)), "Dag", "author")


async def test_a_reply_stands_under_the_reaction_it_answers(town: Town) -> None:
    question = town.api.post(town.group, town.ann, "Wanneer?")
    sent = await town.channel.sender.reply(reply_to(town, question))
    (posted,) = town.api.from_bot(town.group)
    assert posted["text"] == "Dank u voor uw vraag."
    assert posted["reply_to_message"]["message_id"] == question
    assert sent == Sent(str(posted["message_id"]), f"https://t.me/c/{str(town.group)[4:]}/{posted['message_id']}")


async def test_a_reply_in_a_forum_stands_in_its_topic(town: Town) -> None:
    town.group = town.api.add_group("Forum", forum=True, bot="administrator")
    topic = town.api.add_topic(town.group, "Zwembad")
    question = town.api.post(town.group, town.ann, "Wanneer?", thread=topic)
    sent = await town.channel.sender.reply(reply_to(town, question, thread=topic))
    (posted,) = town.api.from_bot(town.group)
    assert (posted["message_thread_id"], posted["is_topic_message"]) == (topic, True)
    assert sent.link == f"https://t.me/c/{str(town.group)[4:]}/{topic}/{posted['message_id']}"


async def test_trap_15_a_reply_is_plain_text_without_a_preview(town: Town) -> None:
    question = town.api.post(town.group, town.ann, "Wanneer?")
    text = "Zie https://velddorp.example/zwembad: <b>nu</b> & *later* [x](y)"
    await town.channel.sender.reply(reply_to(town, question, text))
    (posted,) = town.api.from_bot(town.group)
    assert posted["text"] == text
    assert {entity["type"] for entity in posted["entities"]} == {"url"}
    assert not town.api.has_preview(town.group, posted["message_id"])


async def test_trap_25_a_reply_to_a_deleted_message_is_not_posted_into_the_void(town: Town) -> None:
    question = town.api.post(town.group, town.ann, "Wanneer?")
    town.api.remove(town.group, question)
    with pytest.raises(TargetGone):
        await town.channel.sender.reply(reply_to(town, question))
    assert town.api.from_bot(town.group) == []


@pytest.mark.parametrize("text", ["", "  \n", "a" * 4097, "😀" * 2049])
async def test_trap_19_what_does_not_fit_is_refused_before_it_is_sent(town: Town, text: str) -> None:
    question = town.api.post(town.group, town.ann, "Wanneer?")
    with pytest.raises(Rejected, match="4096"):
        await town.channel.sender.reply(reply_to(town, question, text))
    assert town.api.calls("sendMessage") == []


async def test_what_telegram_cannot_carry_is_left_out(town: Town) -> None:
    question = town.api.post(town.group, town.ann, "Wanneer?")
    await town.channel.sender.reply(reply_to(town, question, "half \ud83d en\x00 nul\r\nklaar "))
    assert town.api.from_bot(town.group)[0]["text"] == "half \ufffd en nul\nklaar"


@pytest.mark.parametrize("status", [None, 502, 500])
async def test_trap_28_a_reply_whose_answer_was_lost_may_have_been_posted(town: Town, status: int | None) -> None:
    question = town.api.post(town.group, town.ann, "Wanneer?")
    town.api.fail_next("sendMessage", status, after_effect=True)
    with pytest.raises(Transient) as caught:
        await town.channel.sender.reply(reply_to(town, question))
    assert caught.value.sent is True
    assert len(town.api.from_bot(town.group)) == 1


async def test_trap_28_without_a_connection_nothing_was_posted(town: Town) -> None:
    question = town.api.post(town.group, town.ann, "Wanneer?")
    town.api.stop()
    with pytest.raises(Transient) as caught:
        await town.channel.sender.reply(reply_to(town, question))
    assert caught.value.sent is False


async def test_trap_28_telegram_cannot_look_back(town: Town) -> None:
    question = town.api.post(town.group, town.ann, "Wanneer?")
    with pytest.raises(Transient) as caught:
        await town.channel.sender.find(reply_to(town, question))
    assert caught.value.sent is True


async def test_trap_21_a_429_carries_its_wait_and_sent_nothing(town: Town) -> None:
    question = town.api.post(town.group, town.ann, "Wanneer?")
    town.api.fail_next("sendMessage", 429, retry_after=41)
    with pytest.raises(RateLimited) as caught:
        await town.channel.sender.reply(reply_to(town, question))
    assert caught.value.retry_after.total_seconds() == 41
    assert town.api.from_bot(town.group) == []


async def test_trap_21_outside_the_group_the_missing_right_is_named(town: Town) -> None:
    question = town.api.post(town.group, town.ann, "Wanneer?")
    town.api.set_bot(town.group, "kicked")
    with pytest.raises(MissingPermission) as caught:
        await town.channel.sender.reply(reply_to(town, question))
    assert caught.value.permission == "member"


async def test_a_removal_removes(town: Town) -> None:
    message = town.api.post(town.group, town.ann, "Dag")
    await town.channel.sender.remove(removal_of(town, message))
    assert town.api.messages(town.group) == []


async def test_removing_what_is_gone_says_so(town: Town) -> None:
    message = town.api.post(town.group, town.ann, "Dag")
    town.api.remove(town.group, message)
    with pytest.raises(TargetGone):
        await town.channel.sender.remove(removal_of(town, message))


async def test_trap_21_a_removal_without_the_right_to_do_so_names_it(town: Town) -> None:
    message = town.api.post(town.group, town.ann, "Dag")
    town.api.set_bot(town.group, "administrator", can_delete_messages=False)
    with pytest.raises(MissingPermission) as caught:
        await town.channel.sender.remove(removal_of(town, message))
    assert caught.value.permission == "can_delete_messages"
    assert town.api.messages(town.group) != []


async def test_a_revoked_token_is_told_apart(town: Town) -> None:
    question = town.api.post(town.group, town.ann, "Wanneer?")
    town.api.token = "7000000001:AnotherTokenSinceThisMorning0000000"
    with pytest.raises(Revoked):
        await town.channel.sender.reply(reply_to(town, question))
