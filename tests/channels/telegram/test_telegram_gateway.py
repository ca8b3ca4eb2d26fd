"""The update loop against the stand-in, over a real socket, with the real python-telegram-bot and the real store."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import event

from bot.channels.telegram import gateway
from bot.channels.telegram.gateway import LONGEST_PAUSE, pause_after
from bot.core.errors import Rejected, Revoked, StoreError
from bot.core.messages import Incoming, Message
from bot.core.people import Face, Person
from bot.review.desk import Desk
from bot.review.intake import Intake
from tests.channels.telegram.conftest import Town, until

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


@pytest.mark.parametrize("status", [502, 500, None])
async def test_trap_21_what_passes_is_tried_again_with_backoff(town: Town, status: int | None) -> None:
    town.api.post(town.group, town.ann, "Dag")
    town.api.fail_next("getMe", status)  # `initialize()` of the library would have given up here
    town.api.fail_next("getUpdates", status)
    async with town.listening():
        await town.until_texts("Dag")


async def test_trap_21_a_429_is_waited_out_as_long_as_it_says(town: Town) -> None:
    town.api.post(town.group, town.ann, "Dag")
    town.api.fail_next("getUpdates", 429, retry_after=2)
    began = time.monotonic()
    async with town.listening():
        await town.until_texts("Dag")
    assert time.monotonic() - began >= 2


def test_backoff_doubles_up_to_a_minute() -> None:
    seconds = [pause_after(failures).total_seconds() for failures in (1, 2, 3, 4, 7, 50)]
    assert seconds == [1, 2, 4, 8, 60, LONGEST_PAUSE.total_seconds()]


async def test_trap_21_a_revoked_token_ends_the_channel_with_what_to_do(town: Town) -> None:
    town.api.token = "7000000001:AnotherTokenSinceThisMorning0000000"
    with pytest.raises(Revoked) as caught:
        await town.channel.run()
    assert "BotFather" in caught.value.remedy


async def test_a_token_revoked_while_listening_ends_the_channel_too(town: Town) -> None:
    running = asyncio.create_task(town.channel.run())
    await until(lambda: town.api.calls("getUpdates"), "the first poll")
    town.api.token = "7000000001:AnotherTokenSinceThisMorning0000000"
    with pytest.raises(Revoked):
        await asyncio.wait_for(running, 5)


async def test_a_second_reader_of_the_same_token_is_named_as_such(town: Town) -> None:
    town.api.set_webhook("https://elsewhere.example/hook")
    with pytest.raises(Rejected, match="ander programma") as caught:
        await town.channel.run()
    assert "webhook" in caught.value.remedy


async def test_trap_22_an_outage_of_more_than_a_day_is_reported_as_a_gap_with_its_times(town: Town) -> None:
    began = town.services.clock()
    async with town.listening():
        await until(lambda: town.services.intake.last_seen("telegram"), "a heartbeat")
    town.services.clock.advance(timedelta(hours=23))
    async with town.listening(town.connect()):
        await until(lambda: _seen_at(town, town.services.clock()), "another heartbeat")
    assert not any(key.startswith("gap:") for key in await town.notices())
    town.services.clock.advance(timedelta(hours=30))
    async with town.listening(town.connect()):
        await until(lambda: _gaps(town), "the gap")
    (text,) = await _gaps(town)
    since, until_ = began + timedelta(hours=23), began + timedelta(hours=29)
    assert since.isoformat(timespec="minutes") in text
    assert until_.isoformat(timespec="minutes") in text


async def test_the_first_start_ever_is_no_gap(town: Town) -> None:
    assert town.services.clock() > datetime(2020, 1, 1, tzinfo=UTC)
    async with town.listening():
        await until(lambda: town.services.intake.last_seen("telegram"), "a heartbeat")
    assert await _gaps(town) == []


async def test_reactions_of_an_outage_of_the_network_come_in_afterwards(town: Town) -> None:
    async with town.listening():
        await until(lambda: town.api.calls("getUpdates"), "the first poll")
        town.api.stop()
        town.api.post(town.group, town.ann, "tijdens de storing")
        await asyncio.sleep(0.5)
        town.api.start()
        await town.until_texts("tijdens de storing")


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


async def _gaps(town: Town) -> list[str]:
    return [text for key, text in (await town.notices()).items() if key.startswith("gap:")]


async def _has_notice(town: Town, key: str) -> bool:
    return key in await town.notices()


async def _seen_at(town: Town, when: datetime) -> bool:
    return await town.services.intake.last_seen("telegram") == when


async def test_what_the_store_cannot_take_is_kept_raw_and_stalls_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "pause_after", lambda failures: timedelta(milliseconds=10))
    real = Intake.receive_all

    async def picky(self: Intake, incoming: Sequence[Incoming], **given: Any) -> int:
        if any(isinstance(item, Message) and "gif" in item.text for item in incoming):
            raise ValueError("this text does not fit in a column")
        return await real(self, incoming, **given)

    monkeypatch.setattr(Intake, "receive_all", picky)
    for text in ("ervoor", "vergif", "erna"):
        town.api.post(town.group, town.ann, text)
    async with town.listening():
        await town.until_texts("ervoor", "erna")
        await town.until_confirmed()
    (kept,) = await town.unread()
    assert "vergif" in kept.payload


async def test_a_hiccup_of_the_store_is_tried_again(town: Town, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(gateway, "pause_after", lambda failures: timedelta(milliseconds=10))
    real = Intake.receive_all
    hiccups = [OSError("disk busy"), OSError("disk busy")]

    async def hiccuping(self: Intake, incoming: Sequence[Incoming], **given: Any) -> int:
        if incoming and hiccups:
            raise hiccups.pop()
        return await real(self, incoming, **given)

    monkeypatch.setattr(Intake, "receive_all", hiccuping)
    town.api.post(town.group, town.ann, "Dag")
    async with town.listening():
        await town.until_texts("Dag")
    assert await town.unread() == []


async def test_a_database_that_is_gone_ends_the_channel_and_confirms_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def gone(self: Intake, incoming: Sequence[Incoming], **given: Any) -> int:
        raise StoreError("De databank is onbereikbaar.")

    town.api.post(town.group, town.ann, "Dag")
    waiting = town.api.waiting()
    with monkeypatch.context() as patch:
        patch.setattr(Intake, "receive_all", gone)
        with pytest.raises(StoreError):
            await town.channel.run()
    assert town.api.waiting() == waiting
    async with town.listening():
        await town.until_texts("Dag")


async def test_a_press_that_breaks_the_desk_is_kept_raw_and_stalls_nothing(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "pause_after", lambda failures: timedelta(milliseconds=10))

    async def broken(self: Desk, face: Face, platform_id: str) -> Person | None:
        raise RuntimeError("a mistake of ours")

    monkeypatch.setattr(Desk, "person_for", broken)
    markup = {"inline_keyboard": [[{"text": "In orde", "callback_data": "v1:fi:1:1"}]]}
    card = town.api.post(town.staff, town.api.world.bot.id, "kaart", reply_markup=markup)
    town.api.press(town.staff, card, town.colleague, "In orde")
    town.api.post(town.group, town.ann, "Dag")
    async with town.listening():
        await town.until_texts("Dag")
        await town.until_confirmed()
    assert len(await town.unread()) == 1


async def test_trouble_that_lasts_is_told_and_settled_when_it_is_over(
    town: Town, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(gateway, "pause_after", lambda failures: timedelta(milliseconds=100))
    async with town.listening():
        await until(lambda: town.api.calls("getUpdates"), "the first poll")
        town.api.fail_next("getUpdates", 502, times=15)
        await until(lambda: _has_notice(town, gateway.UNREACHABLE), "the notice")
        town.api.post(town.group, town.ann, "weer daar")
        await town.until_texts("weer daar")
    assert gateway.UNREACHABLE not in await town.notices()


async def test_a_server_that_does_not_hold_a_poll_open_is_not_hammered(town: Town) -> None:
    town.api.hold_polls = False
    async with town.listening():
        await town.until_confirmed()
        before = len(town.api.calls("getUpdates"))
        await asyncio.sleep(2)
        assert 1 <= len(town.api.calls("getUpdates")) - before <= 4
