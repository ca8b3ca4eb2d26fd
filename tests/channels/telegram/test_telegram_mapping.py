"""Telegram's objects as ours: whose words are whose, and what hangs where."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from typing import Any

import pytest
from telegram import Message as TelegramMessage
from telegram import Update

from bot.channels.telegram.mapping import message_of, own_words, permalink
from bot.core.messages import AuthorRole, Message, MessageKind, MessageRef

ANN = {"id": 42, "is_bot": False, "first_name": "Ann", "last_name": "Peeters"}
OTHER_BOT = {"id": 43, "is_bot": True, "first_name": "Weerbot", "username": "weerbot"}
ANONYMOUS = {"id": 1087968824, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
CHANNEL_BOT = {"id": 136817688, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}
TELEGRAM = {"id": 777000, "is_bot": False, "first_name": "Telegram"}
GROUP = {"id": -1001234567890, "type": "supergroup", "title": "Velddorp praat"}
NEWS: dict[str, Any] = {"id": -1009876543210, "type": "channel", "title": "Gemeente Velddorp", "username": "velddorp"}
STRANGER = {"id": -1005555555555, "type": "channel", "title": "Boze Burger"}
SENT = 1_790_000_000


def telegram_message(**fields: Any) -> TelegramMessage:
    """Return a message as python-telegram-bot reads it from Telegram's JSON."""
    raw = {"message_id": 7, "date": SENT, "chat": GROUP, "from": ANN, **fields}
    update = Update.de_json({"update_id": 1, "message": {k: v for k, v in raw.items() if v is not None}}, None)
    assert update.message is not None
    return update.message


def mapped(**fields: Any) -> Message:
    message = message_of(telegram_message(**fields), own_chats={NEWS["id"]})
    assert message is not None
    return message


def answered(**fields: Any) -> dict[str, Any]:
    """Return a message to be answered, as it is nested in its answer."""
    return {"message_id": 5, "date": SENT - 60, "chat": GROUP, "from": ANN, "text": "eerder", **fields}


EARLIER = answered()


def origin() -> dict[str, Any]:
    return {"type": "user", "date": SENT - 900, "sender_user": ANN}


def test_a_reaction_keeps_its_place_writer_words_and_time() -> None:
    message = mapped(text="Wanneer gaat het zwembad open?")
    assert message == Message(
        ref=MessageRef("telegram", "-1001234567890", "7"),
        author=message.author,
        text="Wanneer gaat het zwembad open?",
        sent_at=datetime.fromtimestamp(SENT, UTC),
        link="https://t.me/c/1234567890/7",
        chat_name="Velddorp praat",
    )
    assert (message.author.id, message.author.name, message.author.role) == ("42", "Ann Peeters", AuthorRole.RESIDENT)
    assert message.sent_at.utcoffset() is not None


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"from": OTHER_BOT, "text": "Morgen regen."}, "another bot"),
        ({"new_chat_members": [ANN]}, "somebody joined"),
        ({"left_chat_member": ANN}, "somebody left"),
        ({"pinned_message": answered()}, "a message was pinned"),
        ({"new_chat_title": "Velddorp"}, "the group was renamed"),
        (
            {"is_topic_message": True, "message_thread_id": 7, "forum_topic_created": {"name": "x", "icon_color": 1}},
            "topic",
        ),
        ({"migrate_to_chat_id": -1001}, "the group became a supergroup"),
        ({"video_chat_started": {}}, "a call began"),
    ],
)
def test_bots_and_service_messages_are_no_reactions(fields: dict[str, Any], why: str) -> None:
    assert message_of(telegram_message(**fields)) is None, why


@pytest.mark.parametrize(
    ("fields", "text", "quoted", "forwarded"),
    [
        ({"text": "Mee eens"}, "Mee eens", "", ""),
        ({"caption": "Kijk dit", "photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
         "Kijk dit", "", ""),
        # An answer to a passage: Telegram gives the passage apart.
        ({"text": "Dat klopt niet", "quote": {"text": "vuile profiteurs", "position": 0}, "reply_to_message": EARLIER},
         "Dat klopt niet", "vuile profiteurs", ""),
        # An answer to a message of another chat: only the quoted passage is theirs.
        ({"text": "Wat een taal", "quote": {"text": "rotzakken", "position": 0},
          "external_reply": {"origin": origin(), "chat": NEWS, "message_id": 3}}, "Wat een taal", "rotzakken", ""),
        # A forwarded message holds no word of the one who forwards.
        ({"text": "Weg met hen allemaal", "forward_origin": origin()}, "", "", "Weg met hen allemaal"),
        ({"caption": "Weg ermee", "forward_origin": origin(),
          "photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]}, "", "", "Weg ermee"),
        # A passage that the writer marked as a quotation, counted in UTF-16: the emoji is two units.
        ({"text": "😀 hij zei: tuig! Dat kan niet", "entities": [{"type": "blockquote", "offset": 12, "length": 5}]},
         "😀 hij zei:  Dat kan niet", "tuig!", ""),
        # Nothing but a quotation: then it is the writer's own word.
        ({"text": "Vuile profiteurs", "entities": [{"type": "blockquote", "offset": 0, "length": 16}]},
         "Vuile profiteurs", "", ""),
        ({"poll": {"id": "1", "question": "Te veel regels?", "options": [
            {"text": "Ja", "voter_count": 0, "persistent_id": "0"},
            {"text": "Nee", "voter_count": 0, "persistent_id": "1"}],
            "total_voter_count": 0, "is_closed": False, "is_anonymous": True, "type": "regular",
            "allows_multiple_answers": False, "allows_revoting": True, "members_only": False}},
         "Te veel regels?\n- Ja\n- Nee", "", ""),
    ],
)  # fmt: skip
def test_trap_14_nobody_is_judged_by_words_that_are_not_theirs(
    fields: dict[str, Any], text: str, quoted: str, forwarded: str
) -> None:
    message = mapped(**fields)
    assert (message.text, message.quoted, message.forwarded) == (text, quoted, forwarded)


def test_trap_14_a_display_name_is_no_part_of_the_text() -> None:
    message = mapped(text="Dag", **{"from": {**ANN, "first_name": "Vuile", "last_name": "Profiteur"}})
    assert message.text == "Dag"
    assert message.author.name == "Vuile Profiteur"


@pytest.mark.parametrize(
    ("fields", "role", "kind", "author"),
    [
        ({}, AuthorRole.RESIDENT, MessageKind.REACTION, "42"),
        # Anonymous administrators write as the group.
        ({"from": ANONYMOUS, "sender_chat": GROUP}, AuthorRole.MUNICIPALITY, MessageKind.POST, str(GROUP["id"])),
        # Somebody who writes as the municipality's own channel.
        ({"from": CHANNEL_BOT, "sender_chat": NEWS}, AuthorRole.MUNICIPALITY, MessageKind.POST, str(NEWS["id"])),
        # A resident who writes as a channel of their own is a resident.
        (
            {"from": CHANNEL_BOT, "sender_chat": STRANGER},
            AuthorRole.RESIDENT,
            MessageKind.REACTION,
            str(STRANGER["id"]),
        ),
        # Through an inline bot, but the writer's own message.
        ({"via_bot": OTHER_BOT}, AuthorRole.RESIDENT, MessageKind.REACTION, "42"),
    ],
)
def test_who_writes_as_the_group_or_its_channel_speaks_for_the_municipality(
    fields: dict[str, Any], role: AuthorRole, kind: MessageKind, author: str
) -> None:
    message = mapped(text="Beste bewoners", **fields)
    assert (message.author.role, message.kind, message.author.id) == (role, kind, author)


def test_trap_30_the_channels_own_post_is_context_and_not_a_forward() -> None:
    post = {"is_automatic_forward": True, "sender_chat": STRANGER, "from": TELEGRAM}
    forwarded = {"type": "channel", "chat": STRANGER, "message_id": 3, "date": SENT}
    message = mapped(text="Nieuw zwembad", forward_origin=forwarded, **post)
    assert (message.kind, message.author.role) == (MessageKind.POST, AuthorRole.MUNICIPALITY)
    assert (message.text, message.forwarded) == ("Nieuw zwembad", "")


@pytest.mark.parametrize(
    ("fields", "thread", "post", "reply_to"),
    [
        ({}, None, None, None),
        # A basic group knows no threads.
        ({"reply_to_message": answered()}, None, None, "5"),
        # A comment under a channel's post: the thread hangs on the post's copy in the group.
        ({"message_thread_id": 5, "reply_to_message": answered(is_automatic_forward=True)}, None, "5", "5"),
        # An answer to a comment, deeper in that thread.
        ({"message_thread_id": 3, "reply_to_message": answered(message_thread_id=3)}, None, "3", "5"),
        # In a forum topic every message "answers" the message that opened the topic.
        ({"message_thread_id": 5, "is_topic_message": True,
          "reply_to_message": answered(text=None, forum_topic_created={"name": "Zwembad", "icon_color": 1})},
         "5", None, None),
        ({"message_thread_id": 4, "is_topic_message": True, "reply_to_message": answered()}, "4", None, "5"),
        # An answer to a message of another chat answers nothing here.
        ({"reply_to_message": answered(chat=NEWS)}, None, None, None),
    ],
)  # fmt: skip
def test_a_reaction_knows_its_thread_its_post_and_what_it_answers(
    fields: dict[str, Any], thread: str | None, post: str | None, reply_to: str | None
) -> None:
    message = mapped(text="Goed idee", **fields)
    assert (message.thread_id, message.post_id, message.reply_to) == (thread, post, reply_to)


@pytest.mark.parametrize(
    ("chat", "topic", "link"),
    [
        (GROUP, None, "https://t.me/c/1234567890/7"),
        (GROUP, 4, "https://t.me/c/1234567890/4/7"),
        ({**GROUP, "username": "velddorppraat"}, None, "https://t.me/velddorppraat/7"),
        ({**GROUP, "username": "velddorppraat"}, 4, "https://t.me/velddorppraat/4/7"),
        ({"id": -4321, "type": "group", "title": "Klein"}, None, None),  # messages of a basic group have no address
    ],
)
def test_a_permalink_leads_to_the_message_where_there_is_one(chat: Any, topic: int | None, link: str | None) -> None:
    assert permalink(telegram_message(text="x", chat=chat).chat, 7, topic) == link


def test_an_edit_carries_its_time() -> None:
    assert mapped(text="Dag!", edit_date=SENT + 60).edited_at == datetime.fromtimestamp(SENT + 60, UTC)


FILE = {"file_id": "a", "file_unique_id": "b"}


@pytest.mark.parametrize(
    ("fields", "attachments"),
    [
        ({"photo": [{**FILE, "width": 1, "height": 1}]}, ("foto",)),
        ({"voice": {**FILE, "duration": 3}}, ("spraakbericht",)),
        ({"document": FILE}, ("bestand",)),
        # Telegram describes an animation twice.
        ({"animation": {**FILE, "width": 1, "height": 1, "duration": 2}, "document": FILE}, ("animatie",)),
        ({"sticker": {**FILE, "width": 1, "height": 1, "is_animated": False, "is_video": False, "type": "regular",
                      "emoji": "🤬"}}, ("sticker 🤬",)),
        ({"location": {"latitude": 51.0, "longitude": 4.0}}, ("locatie",)),
        ({"text": "klik hier", "entities": [{"type": "text_link", "offset": 0, "length": 5, "url": "https://x.example/"}]},
         ("verborgen link: https://x.example/",)),
    ],
)  # fmt: skip
def test_attachments_are_named(fields: dict[str, Any], attachments: tuple[str, ...]) -> None:
    assert mapped(**fields).attachments == attachments


@pytest.mark.parametrize(
    "text",
    [
        "nul \x00 byte",
        "half \ud83d surrogaat",
        "\u202eomgekeerd\u202c en <b>vet</b> & @gemeente [x](tg://user?id=1)",
        "k" * 50_000,
        "z\u0337a\u0334l\u0336g\u0335o",
    ],
)
def test_trap_13_whatever_a_resident_writes_is_kept_as_it_came(text: str) -> None:
    raw = json.loads(json.dumps({"text": text}))
    assert mapped(**raw).text == text


def test_a_lone_surrogate_beside_a_quotation_breaks_nothing() -> None:
    entity = telegram_message(text="x", entities=[{"type": "blockquote", "offset": 2, "length": 2}]).entities
    assert own_words("\ud83d ab c", entity) == ("\ud83d  c", "ab")
