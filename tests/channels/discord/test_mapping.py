"""What a Discord message is to Verbinder, on messages that discord.py itself made."""

from __future__ import annotations

from typing import Any

import pytest

from bot.channels.discord import mapping
from bot.core.messages import AuthorRole, MessageKind
from tests.channels.discord.objects import BOT_ID, Offline

IMAGE = {"id": "1", "filename": "x.png", "size": 1, "url": "u", "proxy_url": "u", "content_type": "image/png"}
POLL = {
    "question": {"text": "Zwembad of bib?"},
    "answers": [{"answer_id": 1, "poll_media": {"text": "Zwembad"}}, {"answer_id": 2, "poll_media": {"text": "Bib"}}],
    "expiry": "2026-12-24T10:00:00+00:00",
    "allow_multiselect": False,
    "layout_type": 1,
}
SNAPSHOT = {
    "message": {
        "type": 0,
        "content": "doorgestuurde woorden",
        "timestamp": "2026-11-24T10:00:00+00:00",
        "edited_timestamp": None,
        "flags": 0,
        "embeds": [],
        "attachments": [],
    }
}


@pytest.fixture
def offline() -> Offline:
    return Offline()


@pytest.mark.parametrize(
    ("extra", "reason"),
    [
        ({"author": "robot"}, "a bot"),
        ({"author": "verbinder"}, "ourselves"),
        ({"webhook_id": "5"}, "a webhook"),
        ({"type": 6}, "a pinned message"),
        ({"type": 7}, "somebody joined"),
        ({"type": 18}, "a thread was made"),
        ({"type": 46}, "a poll ended"),
    ],
)
def test_nobody_wrote_it(offline: Offline, extra: dict[str, Any], reason: str) -> None:
    if "author" in extra:
        extra = {"author": getattr(offline, extra["author"])}
    found = offline.message("tekst", **extra)
    assert mapping.to_message(found, staff=False, own_id=BOT_ID) is None, reason


@pytest.mark.parametrize(
    ("where", "staff", "extra", "kind", "role"),
    [
        ("square", False, {}, MessageKind.REACTION, AuthorRole.RESIDENT),
        ("square", True, {}, MessageKind.POST, AuthorRole.MUNICIPALITY),  # opens a subject in the channel
        ("square", True, {"type": 19}, MessageKind.REACTION, AuthorRole.STAFF),  # answers somebody
        ("post", True, {"id": 61}, MessageKind.POST, AuthorRole.MUNICIPALITY),  # the starter has the post's id
        ("post", True, {}, MessageKind.REACTION, AuthorRole.STAFF),  # reacts in the post
        ("post", False, {"id": 61}, MessageKind.REACTION, AuthorRole.RESIDENT),  # a resident's forum post is judged
        ("thread", True, {}, MessageKind.REACTION, AuthorRole.STAFF),
    ],
)
def test_what_staff_write_is_a_post_where_it_opens(
    offline: Offline, where: str, staff: bool, extra: dict[str, Any], kind: MessageKind, role: AuthorRole
) -> None:
    message = offline.message(channel=getattr(offline, where), **extra)
    found = mapping.to_message(message, staff=staff, own_id=BOT_ID)
    assert found is not None
    assert (found.kind, found.author.role) == (kind, role)


def test_a_message_keeps_its_address_author_time_and_link(offline: Offline) -> None:
    found = mapping.to_message(offline.message("Dag"), staff=False, own_id=BOT_ID)
    assert found is not None
    assert (found.ref.channel, found.ref.chat_id, found.ref.message_id) == ("discord", "50", "1500000000000000000")
    assert (found.author.id, found.author.name, found.chat_name) == ("1", "Marleen", "#dorpsplein")
    assert found.link == f"https://discord.com/channels/{offline.guild.id}/50/1500000000000000000"
    assert found.sent_at.utcoffset() is not None
    assert (found.thread_id, found.post_id, found.reply_to, found.edited_at) == (None, None, None, None)


def test_a_message_in_a_forum_post_knows_its_thread_and_post(offline: Offline) -> None:
    found = mapping.to_message(offline.message(channel=offline.post), staff=False, own_id=BOT_ID)
    assert found is not None
    assert (found.ref.chat_id, found.thread_id, found.post_id) == ("61", "61", "61")
    assert found.chat_name == "#vragen › Fietspad"


def test_the_starter_of_a_forum_post_reacts_to_nothing(offline: Offline) -> None:
    found = mapping.to_message(offline.message(channel=offline.post, id=61), staff=False, own_id=BOT_ID)
    assert found is not None
    assert (found.thread_id, found.post_id) == ("61", None)


@pytest.mark.parametrize(
    ("kind", "expected"),
    [
        (19, "7"),  # a reply
        (0, None),  # a forward has a reference too, and answers nobody
    ],
)
def test_only_a_reply_answers_something(offline: Offline, kind: int, expected: str | None) -> None:
    reference = {"message_id": "7", "channel_id": "50", "guild_id": str(offline.guild.id), "type": 0}
    message = offline.message(type=kind, message_reference=reference)
    found = mapping.to_message(message, staff=False, own_id=BOT_ID)
    assert found is not None
    assert found.reply_to == expected


def test_a_reply_to_a_deleted_message_still_says_what_it_answered(offline: Offline) -> None:
    reference = {"message_id": "7", "channel_id": "50", "guild_id": str(offline.guild.id), "type": 0}
    message = offline.message(type=19, message_reference=reference, referenced_message=None)
    found = mapping.to_message(message, staff=False, own_id=BOT_ID)
    assert found is not None
    assert found.reply_to == "7"


def test_trap_14_forwarded_words_are_not_the_forwarders(offline: Offline) -> None:
    reference = {"message_id": "7", "channel_id": "50", "guild_id": str(offline.guild.id), "type": 1}
    message = offline.message("", message_reference=reference, message_snapshots=[SNAPSHOT], flags=1 << 14)
    found = mapping.to_message(message, staff=False, own_id=BOT_ID)
    assert found is not None
    assert (found.text, found.forwarded, found.reply_to) == ("", "doorgestuurde woorden", None)


def test_an_edit_keeps_its_time(offline: Offline) -> None:
    message = offline.message("nieuw", edited_timestamp="2026-11-24T10:00:00+00:00")
    found = mapping.to_message(message, staff=False, own_id=BOT_ID)
    assert found is not None
    assert found.edited_at is not None
    assert found.edited_at.isoformat() == "2026-11-24T10:00:00+00:00"


@pytest.mark.parametrize(
    ("extra", "kinds"),
    [
        ({"attachments": [IMAGE]}, ("foto",)),
        ({"attachments": [IMAGE | {"content_type": "application/pdf"}]}, ("bestand",)),
        ({"attachments": [{k: v for k, v in IMAGE.items() if k != "content_type"}]}, ("bestand",)),
        ({"sticker_items": [{"id": "9", "name": "zwaai", "format_type": 1}]}, ("sticker",)),
        ({"poll": POLL}, ("peiling",)),
    ],
)
def test_what_hangs_under_a_message_is_named(offline: Offline, extra: dict[str, Any], kinds: tuple[str, ...]) -> None:
    found = mapping.to_message(offline.message("", **extra), staff=False, own_id=BOT_ID)
    assert found is not None
    assert found.attachments == kinds


def test_the_words_of_a_poll_are_judged_too(offline: Offline) -> None:
    found = mapping.to_message(offline.message("Kies maar", poll=POLL), staff=False, own_id=BOT_ID)
    assert found is not None
    assert found.text == "Kies maar\nZwembad of bib?\nZwembad\nBib"


@pytest.mark.parametrize(
    ("where", "watched", "expected"),
    [
        ("square", {"50"}, True),
        ("thread", {"50"}, True),  # a thread of a watched channel
        ("post", {"60"}, True),  # a post of a watched forum
        ("thread", {"70"}, True),  # the thread alone
        ("square", {"70"}, False),
        ("post", {"50"}, False),
    ],
)
def test_a_thread_is_watched_with_its_channel(offline: Offline, where: str, watched: set[str], expected: bool) -> None:
    channel = offline.real_guild.get_channel_or_thread(getattr(offline, where).id)
    assert mapping.is_watched(channel, watched) is expected
