"""Everything that comes in is stored first, once, and with its place in the stream."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import datetime, timedelta

import pytest
from sqlalchemy.exc import StatementError

from bot.core.audit import AuditName
from bot.core.messages import Author, AuthorRole, Deleted, Gap, MessageKind, Unreadable
from bot.review.bulletin import Bulletin, Topic
from bot.review.intake import Intake
from bot.store.schema import messages, revisions, unreadable
from tests.builders import NOON, SECRET, FakeClock, Services, message, post
from tests.review.looking import counted, everything, log, notices, rows

CURSOR = ("demo", "updates", "43")
UNSTORABLE = replace(message(id="102"), sent_at=datetime(2026, 11, 24, 12, 0))  # noqa: DTZ001 - naive, so refused


async def test_a_message_is_stored_before_anything_else_happens_to_it(services: Services) -> None:
    await services.intake.receive(message("Hoe laat sluit het zwembad?", quoted="open tot 20 uur", link="https://x/1"))
    (stored,) = await rows(services, messages)
    (revision,) = await rows(services, revisions)
    assert (stored.channel, stored.chat_id, stored.message_id) == ("demo", "-100", "101")
    assert (stored.sent_at, stored.link, stored.revision) == (NOON, "https://x/1", 1)
    assert (revision.text, revision.quoted) == ("Hoe laat sluit het zwembad?", "open tot 20 uur")
    assert (revision.state, revision.analysis) == ("pending", None)


async def test_whoever_is_woken_finds_the_message_in_the_store(services: Services) -> None:
    async def woken() -> int:
        assert await bell.wait(5)
        return await services.triage.pending()

    async with services.bulletin.listen(Topic.INBOX) as bell:
        found = asyncio.create_task(woken())
        await services.intake.receive(message())
        assert await found == 1


async def test_the_cursor_moves_with_the_messages(services: Services) -> None:
    new = await services.intake.receive_all([message(id="101"), message(id="102")], cursor=CURSOR)
    assert new == 2
    assert await services.intake.cursor("demo", "updates") == "43"


async def test_an_item_that_fails_leaves_neither_message_nor_cursor(services: Services) -> None:
    await services.intake.receive_all([], cursor=("demo", "updates", "41"))
    with pytest.raises(StatementError):
        await services.intake.receive_all([message(id="101"), UNSTORABLE], cursor=CURSOR)
    assert await rows(services, messages) == []
    assert await log(services) == []
    assert await services.intake.cursor("demo", "updates") == "41"


async def test_a_cursor_that_cannot_be_kept_leaves_no_message(
    services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fail(*_: object) -> None:
        raise OSError("the disk is full")

    monkeypatch.setattr("bot.store.inbox.set_cursor", fail)
    with pytest.raises(OSError, match="disk"):
        await services.intake.receive_all([message()], cursor=CURSOR)
    assert await rows(services, messages) == [], "it will be delivered again"


async def test_nobody_is_woken_for_what_was_not_stored(services: Services) -> None:
    async with services.bulletin.listen(*Topic) as bell:
        with pytest.raises(StatementError):
            await services.intake.receive(UNSTORABLE)
        assert not await bell.wait(0.01)


async def test_a_cursor_that_was_never_set_is_none(services: Services) -> None:
    assert await services.intake.cursor("demo", "updates") is None


async def test_a_redelivered_message_adds_nothing(services: Services) -> None:
    assert await services.intake.receive_all([message()]) == 1
    before = await everything(services)
    assert await services.intake.receive_all([message()]) == 0
    assert await everything(services) == before


async def test_the_same_number_in_another_chat_or_channel_is_another_message(services: Services) -> None:
    assert await services.intake.receive_all([message(), message(chat="-200"), message(channel="telegram")]) == 3


async def test_what_comes_in_is_logged_and_counted_without_a_word_of_it(services: Services) -> None:
    await services.intake.receive_all([post(), message("Wat een geheimzinnige tekst")])
    received = await log(services, AuditName.MESSAGE_RECEIVED)
    assert [(event.actor, event.data) for event in received] == [("demo", {"revision": 1, "history": False})] * 2
    assert "geheimzinnig" not in str(await log(services))
    assert await counted(services) == {"received": 1}, "a post is no reaction"


@pytest.mark.parametrize(
    ("changes", "why"),
    [
        ({"kind": MessageKind.POST}, "the municipality's own post is context"),
        ({"kind": MessageKind.OWN}, "a reply that we placed"),
        ({"author": Author("u2", role=AuthorRole.STAFF)}, "a colleague is not judged"),
        ({"author": Author("u2", role=AuthorRole.MUNICIPALITY)}, "nor is the municipality"),
    ],
)
async def test_only_the_words_of_residents_wait_to_be_judged(
    services: Services, changes: dict[str, object], why: str
) -> None:
    await services.intake.receive(replace(message(), **changes))  # type: ignore[arg-type]
    (revision,) = await rows(services, revisions)
    assert revision.state == "skipped", why
    assert await services.triage.pending() == 0


async def test_a_reply_is_filed_under_the_post_of_what_it_answers(services: Services) -> None:
    await services.intake.receive_all(
        [post(id="100"), message(id="101", reply_to="100"), message(id="102", reply_to="101"), message(id="103")]
    )
    assert {row.message_id: row.post_id for row in await rows(services, messages)} == {
        "100": None,
        "101": "100",
        "102": "100",
        "103": None,
    }


async def test_a_stretch_that_may_be_missing_becomes_a_notice_with_its_times(services: Services) -> None:
    until = NOON + timedelta(hours=30)
    await services.intake.receive(Gap("telegram", NOON, until, "Telegram bewaart 24 uur.", chat_id="-100"))
    (text,) = (await notices(services)).values()
    assert "2026-11-24T12:00+00:00" in text
    assert "2026-11-25T18:00+00:00" in text
    assert "Telegram bewaart 24 uur." in text
    (line,) = await log(services, AuditName.GAP)
    assert line.data == {"since": "2026-11-24T12:00+00:00", "until": "2026-11-25T18:00+00:00", "chat": "-100"}
    assert len(await log(services, AuditName.NOTICE_RAISED)) == 1


async def test_two_gaps_are_two_notices_and_one_told_twice_is_one(services: Services) -> None:
    first = Gap("telegram", NOON, NOON + timedelta(hours=30), "Uitval.")
    second = replace(first, since=NOON + timedelta(days=3), until=NOON + timedelta(days=5))
    await services.intake.receive_all([first, first, second])
    assert len(await notices(services)) == 2


async def test_what_cannot_be_read_is_kept_raw_reported_and_stepped_over(services: Services) -> None:
    broken = Unreadable("telegram", '{"update_id": 9}', "KeyError: 'message'")
    assert await services.intake.receive_all([broken, message()], cursor=CURSOR) == 1
    (kept,) = await rows(services, unreadable)
    assert (kept.channel, kept.payload, kept.error, kept.at) == (
        "telegram", '{"update_id": 9}', "KeyError: 'message'", NOON,
    )  # fmt: skip
    assert list(await notices(services)) == ["unreadable:telegram"]
    assert len(await log(services, AuditName.UPDATE_UNREADABLE)) == 1
    assert await services.intake.cursor("demo", "updates") == "43"


async def test_a_notice_is_raised_once_until_it_is_settled(services: Services) -> None:
    for _ in range(2):
        await services.intake.notice("x", "Er is iets.")
    assert len(await log(services, AuditName.NOTICE_RAISED)) == 1
    await services.intake.settle("x")
    assert await notices(services) == {}
    await services.intake.notice("x", "Er is weer iets.")
    assert await notices(services) == {"x": "Er is weer iets."}
    assert len(await log(services, AuditName.NOTICE_RAISED)) == 2


def test_the_pseudonym_of_an_author_is_stable_and_worthless_without_the_secret(
    clock: FakeClock, services: Services
) -> None:
    other = Intake(services.database, clock, Bulletin(), secret=b"another town")
    again = Intake(services.database, clock, Bulletin(), secret=SECRET)
    key = services.intake.author_key("telegram", "7351")
    assert key == again.author_key("telegram", "7351")
    assert key != other.author_key("telegram", "7351")
    assert key != services.intake.author_key("discord", "7351"), "the same number elsewhere is someone else"
    assert key != services.intake.author_key("telegram", "7352")
    assert len(key) == 16
    assert "7351" not in key


async def test_no_name_or_number_of_an_author_enters_the_store(services: Services) -> None:
    author = Author("7351846290", name="Marleen Vandenbroucke")
    await services.receive(replace(message("alarm vraag"), author=author))
    stored = await everything(services)
    assert "alarm vraag" in stored
    assert author.id not in stored
    assert "Marleen" not in stored


async def test_imported_history_is_judged_and_opens_no_case(services: Services) -> None:
    await services.intake.receive_all([message("alarm vraag"), message("crash", id="102")], history=True)
    while await services.triage.run_once():
        pass
    assert [row.state for row in await rows(services, revisions)] == ["done", "failed"]
    assert await services.desk.queue() == ()
    assert [event.data["history"] for event in await log(services, AuditName.MESSAGE_RECEIVED)] == [True, True]


async def test_the_newest_message_is_found_by_number_and_by_thread(services: Services) -> None:
    await services.intake.receive_all(
        [message(id="9"), message(id="10", thread_id="5"), message(id="11", chat="-200"), message(id="2")]
    )
    assert await services.intake.newest("demo", "-100") == "10"
    assert await services.intake.newest("demo", "-200") == "11"
    assert await services.intake.newest("demo", "-100", "5") == "10"
    assert await services.intake.newest("demo", "-100", "6") is None


async def test_what_was_stored_since_leaves_out_what_is_deleted(services: Services) -> None:
    await services.intake.receive_all([message(id=number) for number in ("8", "9", "10", "11")])
    await services.intake.receive(Deleted(message(id="10").ref, NOON))
    assert await services.intake.stored_since("demo", "-100", "8") == {"9", "11"}


async def test_it_is_known_when_a_channel_was_last_listening(services: Services) -> None:
    assert await services.intake.last_seen("demo") is None
    await services.intake.seen("demo")
    services.clock.advance(timedelta(minutes=1))
    await services.intake.seen("demo")
    assert await services.intake.last_seen("demo") == NOON + timedelta(minutes=1)
