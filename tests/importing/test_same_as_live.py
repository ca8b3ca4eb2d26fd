"""The same Telegram message, once as the Bot API delivers it and once as Telegram Desktop exports it."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from bot.channels.telegram import mapping as live
from bot.core.messages import Message
from bot.importing.chat_memory import ChatMemory
from bot.importing.telegram import TelegramChat, parse
from tests.importing.builders import CHANNEL, GROUP, START, automatic_forward, telegram_message

AT = int(START.timestamp())
CHAT = {"id": -(10**12 + GROUP), "type": "supergroup", "title": "Zandbeke praat"}
LINKED = {"id": -(10**12 + CHANNEL), "type": "channel", "title": "Gemeente Zandbeke"}
RESIDENT = {"id": 501, "is_bot": False, "first_name": "Bewoner", "last_name": "501"}
BOLD = {"type": "bold", "text": "niet"}
QUOTE = {"type": "blockquote", "text": "Dat lukt nooit."}
LINK = {"type": "text_link", "text": "hier", "href": "https://zandbeke.example/"}

PAIRS: list[tuple[str, dict[str, Any], dict[str, Any]]] = [
    (
        "a reply with bold text, edited",
        {
            "text": "Dat is niet waar",
            "entities": [{"type": "bold", "offset": 7, "length": 4}],
            "edit_date": AT + 600,
            "reply_to_message": {"message_id": 3, "date": AT, "chat": CHAT, "from": RESIDENT, "text": "x"},
        },
        telegram_message(
            9, ["Dat is ", BOLD, " waar"], edited="…", edited_unixtime=str(AT + 600), reply_to_message_id=3
        ),
    ),
    (
        "a quotation with an answer",
        {"text": "Dat lukt nooit.\nToch wel 🙂", "entities": [{"type": "blockquote", "offset": 0, "length": 15}]},
        telegram_message(9, [QUOTE, "\nToch wel 🙂"]),
    ),
    (
        "nothing but a quotation",
        {"text": "Dat lukt nooit.", "entities": [{"type": "blockquote", "offset": 0, "length": 15}]},
        telegram_message(9, [QUOTE]),
    ),
    (
        "a hidden link",
        {
            "text": "Kijk hier",
            "entities": [{"type": "text_link", "offset": 5, "length": 4, "url": "https://zandbeke.example/"}],
        },
        telegram_message(9, ["Kijk ", LINK]),
    ),
    (
        "a forwarded message",
        {
            "text": "Winkeliers vrezen verlies.",
            "forward_origin": {"type": "hidden_user", "date": AT, "sender_user_name": "Buurtkrant"},
        },
        telegram_message(9, "Winkeliers vrezen verlies.", forwarded_from="Buurtkrant"),
    ),
    (
        "the post of the linked channel",
        {
            "text": "Nieuw fietspad",
            "from": {"id": 777000, "is_bot": False, "first_name": "Telegram"},
            "sender_chat": LINKED,
            "is_automatic_forward": True,
            "forward_origin": {"type": "channel", "date": AT, "chat": LINKED, "message_id": 4},
        },
        automatic_forward(9, "Nieuw fietspad"),
    ),
    (
        "a photo with words",
        {"caption": "Kijk", "photo": [{"file_id": "a", "file_unique_id": "b", "width": 1, "height": 1}]},
        telegram_message(9, "Kijk", photo="photos/photo_1@02-03-2026_09-00-00.jpg", width=1, height=1),
    ),
    (
        "a sticker",
        {
            "sticker": {
                "file_id": "a",
                "file_unique_id": "b",
                "width": 1,
                "height": 1,
                "is_animated": False,
                "is_video": False,
                "type": "regular",
                "emoji": "🚲",
            }
        },
        telegram_message(9, "", file="stickers/sticker.webp", media_type="sticker", sticker_emoji="🚲"),
    ),
    (
        "a poll",
        {
            "poll": {
                "id": "1",
                "question": "Meer groen?",
                "options": [
                    {"text": "Ja", "voter_count": 1, "persistent_id": "0"},
                    {"text": "Nee", "voter_count": 0, "persistent_id": "1"},
                ],
                "total_voter_count": 1,
                "is_closed": False,
                "is_anonymous": True,
                "type": "regular",
                "allows_multiple_answers": False,
                "allows_revoting": False,
                "members_only": False,
            }
        },
        telegram_message(
            9,
            "",
            poll={
                "question": "Meer groen?",
                "closed": False,
                "total_voters": 1,
                "answers": [
                    {"text": "Ja", "voters": 1, "chosen": False},
                    {"text": "Nee", "voters": 0, "chosen": False},
                ],
            },
        ),
    ),
]


@pytest.mark.parametrize(("delivered", "exported"), [pair[1:] for pair in PAIRS], ids=[pair[0] for pair in PAIRS])
def test_an_exported_message_is_the_message_that_was_delivered(
    delivered: dict[str, Any], exported: dict[str, Any]
) -> None:
    raw = {"message_id": 9, "date": AT + 9 * 60, "chat": CHAT, "from": RESIDENT} | delivered
    update = Update.de_json({"update_id": 1, "message": raw}, None)
    assert update.message is not None
    wanted = live.message_of(update.message)
    chat = TelegramChat(GROUP, "private_supergroup", "Zandbeke praat")
    assert parse(exported, chat, own=frozenset(), memory=ChatMemory()) == wanted
    assert isinstance(wanted, Message)
