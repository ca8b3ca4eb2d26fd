from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.messages import AuthorRole, Message, MessageKind
from bot.importing.discord import DiscordChat, parse
from bot.importing.skipping import Reason, Skipped
from tests.importing.builders import FORUM_POST, GUILD, discord_author, discord_message, reply_to
from tests.importing.test_telegram_message import json_values

CHANNEL = DiscordChat(GUILD, 802222222222222222, "GuildTextChat", 801, "vragen", "Gemeente")
THREAD = DiscordChat(GUILD, FORUM_POST, "GuildPublicThread", 805, "Speeltuin", "ideeën")
NOBODY: frozenset[str] = frozenset()


def read(value: Any, chat: DiscordChat = CHANNEL, *, own: frozenset[str] = NOBODY) -> Message:
    result = parse(value, chat, own=own)
    assert isinstance(result, Message), result
    return result


def test_an_ordinary_message() -> None:
    message = read(discord_message(900, "Wanneer?", timestampEdited="2026-03-02T09:20:00+01:00"))
    assert (message.ref.channel, message.ref.chat_id, message.ref.message_id) == ("discord", CHANNEL.id, "900")
    assert (message.author.id, message.author.name) == ("701", "Mieke")
    assert (message.kind, message.author.role) == (MessageKind.REACTION, AuthorRole.RESIDENT)
    assert message.sent_at == datetime(2026, 3, 2, 8, 14, 5, 123000, tzinfo=UTC)
    assert message.edited_at == datetime(2026, 3, 2, 8, 20, tzinfo=UTC)
    assert message.link == f"https://discord.com/channels/{GUILD}/{CHANNEL.id}/900"
    assert (message.chat_name, message.thread_id, message.post_id) == ("#vragen", None, None)


def test_seven_digits_of_a_second_are_read() -> None:  # .NET counts in ticks of 100 ns
    message = read(discord_message(1, timestamp="2026-03-02T08:00:00.1234567+00:00"))
    assert message.sent_at.microsecond == 123456


@pytest.mark.parametrize(
    ("fields", "expected"),
    [
        (reply_to(55), "55"),
        (reply_to(None), None),  # the answered message was deleted
        (reply_to(55, channel=1), None),
        ({"type": "Reply"}, None),
        ({"reference": {"type": "Forward", "messageId": "55", "channelId": None, "guildId": None}}, None),
        ({"type": "Reply", "reference": {"messageId": "55", "channelId": CHANNEL.id}}, "55"),  # before 2024: no type
    ],
)
def test_replies(fields: dict[str, Any], expected: str | None) -> None:
    assert read(discord_message(1, **fields)).reply_to == expected


def test_a_forwarded_message_is_not_the_authors_own_words() -> None:
    original = {"timestamp": "2026-02-27T18:30:00+01:00", "content": "Vreselijk", "attachments": []}
    message = read(discord_message(1, "", forwardedMessage=original))
    assert (message.text, message.forwarded) == ("", "Vreselijk")


def test_attachments_are_sorts_of_files() -> None:
    names = ["a.PNG", "b.mp4", "c.mp3", "d.pdf", "zonder extensie", ""]
    files = [{"id": "1", "url": "https://x", "fileName": name, "fileSizeBytes": 1} for name in names]
    message = read(discord_message(1, "", attachments=files, stickers=[{"id": "1", "name": "hoi"}]))
    assert message.attachments == ("foto", "video", "audio", "bestand", "bestand", "bestand", "sticker")


def test_a_thread_is_its_own_chat_under_its_post() -> None:
    message = read(discord_message(FORUM_POST + 5), THREAD)
    assert (message.ref.chat_id, message.thread_id, message.post_id) == (str(FORUM_POST),) * 3
    assert message.chat_name == "#ideeën › Speeltuin"
    assert THREAD.watched_as == {str(FORUM_POST), "805"}


@pytest.mark.parametrize(
    ("own", "kind", "role"),
    [
        (NOBODY, MessageKind.POST, AuthorRole.RESIDENT),  # nobody said who is ours: a starter is context
        (frozenset({"701"}), MessageKind.POST, AuthorRole.MUNICIPALITY),
        (frozenset({"999"}), MessageKind.REACTION, AuthorRole.RESIDENT),  # started by a resident: judged
    ],
)
def test_the_message_that_starts_a_thread(own: frozenset[str], kind: MessageKind, role: AuthorRole) -> None:
    message = read(discord_message(FORUM_POST), THREAD, own=own)
    assert (message.kind, message.author.role, message.post_id) == (kind, role, None)


@pytest.mark.parametrize("own", ["701", "mieke", "Mieke"])
def test_own_authors_post_and_answer_for_the_municipality(own: str) -> None:
    ours = frozenset({own})
    cases = [
        (read(discord_message(1), own=ours), MessageKind.POST),
        (read(discord_message(1, **reply_to(5)), own=ours), MessageKind.REACTION),
        (read(discord_message(FORUM_POST + 1), THREAD, own=ours), MessageKind.REACTION),
    ]
    for message, kind in cases:
        assert (message.kind, message.author.role) == (kind, AuthorRole.MUNICIPALITY)


def test_a_webhook_of_the_municipality_is_read_when_it_is_named() -> None:
    webhook = discord_message(1, author=discord_author(66, name="nieuws", bot=True))
    assert parse(webhook, CHANNEL, own=NOBODY) == Skipped(Reason.BOT)
    assert read(webhook, own=frozenset({"66"})).kind is MessageKind.POST


SKIPPED: list[tuple[Any, Reason]] = [
    *((discord_message(1, type=type_), Reason.SERVICE) for type_ in ("ThreadCreated", "GuildMemberJoin", "Call")),
    (discord_message(1, type="21"), Reason.SERVICE),  # the start of a thread under a message; the exporter has no name
    (discord_message(1, type=["Default"]), Reason.SERVICE),
    (discord_message(1, author=discord_author(bot=True)), Reason.BOT),
    (discord_message(1, ""), Reason.EMPTY),
    (discord_message(1, embeds=[{"title": "voorbeeld"}], content=""), Reason.EMPTY),
    (discord_message(0), Reason.NO_ID),
    (discord_message(1, id="abc"), Reason.NO_ID),
    (discord_message(1, timestamp="0001-01-01T00:00:00+14:00"), Reason.NO_TIME),
    (discord_message(1, timestamp=None), Reason.NO_TIME),
    ({}, Reason.NOT_A_MESSAGE),
    (17, Reason.NOT_A_MESSAGE),
]


@pytest.mark.parametrize(("value", "reason"), SKIPPED)
def test_what_is_left_out_says_why(value: Any, reason: Reason) -> None:
    assert parse(value, CHANNEL, own=NOBODY) == Skipped(reason)


@pytest.mark.parametrize("type_", ["DirectTextChat", "DirectGroupTextChat"])
def test_direct_messages_are_never_read(type_: str) -> None:
    assert parse(discord_message(1), DiscordChat(0, 1, type_), own=NOBODY) == Skipped(Reason.PRIVATE)


@given(json_values)
def test_any_value_in_place_of_a_message_is_left_out(value: Any) -> None:
    assert isinstance(parse(value, CHANNEL, own=NOBODY), Skipped)


FIELDS = sorted({*discord_message(1), "reference", "forwardedMessage"})


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=5))
def test_any_value_in_any_field_raises_nothing(fields: dict[str, Any]) -> None:
    assert isinstance(parse(discord_message(1) | fields, THREAD, own=frozenset({"701"})), Message | Skipped)
