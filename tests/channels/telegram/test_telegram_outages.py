"""The update loop when Telegram, the network or the store fails, for a moment or for good."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any

import httpx
import pytest

from bot.channels.telegram import gateway
from bot.channels.telegram.gateway import LONGEST_PAUSE, pause_after
from bot.core.errors import Rejected, Revoked, StoreError
from bot.core.messages import Incoming, Message
from bot.core.people import Face, Person
from bot.review.desk import Desk
from bot.review.intake import Intake
from tests.channels.telegram.town import Town, until

pytestmark = pytest.mark.e2e


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


async def test_a_second_reader_that_comes_later_ends_the_channel_with_the_same_message(town: Town) -> None:
    running = asyncio.create_task(town.channel.run())
    await until(lambda: town.api.calls("getUpdates"), "the first poll")
    async with httpx.AsyncClient() as other:
        await until(lambda: _reads_along(town, other, running), "the conflict")
    with pytest.raises(Rejected, match="ander programma"):
        await running


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


async def _reads_along(town: Town, other: httpx.AsyncClient, running: asyncio.Task[None]) -> bool:
    """Ask for updates as another program would; tell whether that ended ours."""
    await other.get(f"{town.api.url}/bot{town.api.token}/getUpdates", params={"timeout": 0})
    return running.done()


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
