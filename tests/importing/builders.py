"""Export files as the two programs write them: the same fields, in the same order, with the same indentation."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

START = datetime(2026, 3, 2, 8, 0, tzinfo=UTC)
GROUP = 1234567890
CHANNEL = 1987654321
GUILD = 801111111111111111
FORUM_POST = 803333333333333333


def entities(text: Any) -> list[dict[str, Any]]:
    """Return `text_entities` for a value of `text`, as Telegram Desktop writes both."""
    parts = text if isinstance(text, list) else [text] if text else []
    return [part if isinstance(part, dict) else {"type": "plain", "text": part} for part in parts]


def telegram_message(number: int, text: Any = "Goeiedag", *, by: int | str | None = 501, **more: Any) -> dict[str, Any]:
    """Return one exported message; `by` is a user's number, a whole `from_id`, or None for nobody."""
    at = START + timedelta(minutes=number)
    message: dict[str, Any] = {
        "id": number,
        "type": "message",
        "date": at.strftime("%Y-%m-%dT%H:%M:%S"),
        "date_unixtime": str(int(at.timestamp())),
    }
    if by is not None:
        message |= {"from": f"Bewoner {by}", "from_id": by if isinstance(by, str) else f"user{by}"}
    message |= more | {"text": text, "text_entities": entities(text)}
    return message


def telegram_service(number: int, action: str, **more: Any) -> dict[str, Any]:
    message = telegram_message(number, "", by=None)
    actor = {"actor": "Bewoner 501", "actor_id": "user501", "action": action}
    return {
        **{key: message[key] for key in ("id", "date", "date_unixtime")},
        "type": "service",
        **actor,
        **more,
        "text": "",
        "text_entities": [],
    }


def automatic_forward(number: int, text: Any) -> dict[str, Any]:
    """Return a post of the linked channel, as it stands in its discussion group."""
    names = {"forwarded_from": "Gemeente Zandbeke", "saved_from": "Gemeente Zandbeke"}
    message = telegram_message(number, text, by=f"channel{CHANNEL}", **names)
    message["from"] = "Gemeente Zandbeke"
    return message


def telegram_chat(
    messages: Iterable[Any],
    *,
    kind: str = "private_supergroup",
    number: int = GROUP,
    name: str | None = "Zandbeke praat",
) -> dict[str, Any]:
    return {"name": name, "type": kind, "id": number, "messages": list(messages)}


def telegram_account(chats: Iterable[dict[str, Any]], left: Iterable[dict[str, Any]] = ()) -> dict[str, Any]:
    """Return the export of a whole account, with what stands before its chats."""
    return {
        "about": "Here is the data you requested.",
        "personal_information": {"user_id": 501, "first_name": "Bewoner", "last_name": "501", "phone_number": "+32 0"},
        "profile_pictures": [{"date": "2024-01-01T00:00:00", "date_unixtime": "1704067200", "photo": "x.jpg"}],
        "contacts": {"about": "…", "list": [{"user_id": 502, "first_name": "Mia", "last_name": "", "date": "…"}]},
        "frequent_contacts": {
            "about": "…",
            "list": [{"id": 502, "category": "people", "type": "user", "name": "Mia", "rating": 1.25}],
        },
        "chats": {"about": "This page lists all chats.", "list": list(chats)},
        "left_chats": {"about": "This page lists chats you left.", "list": list(left)},
    }


def discord_author(number: int = 701, *, name: str = "mieke", bot: bool = False) -> dict[str, Any]:
    return {
        "id": str(number),
        "name": name,
        "discriminator": "0000",
        "nickname": name.title(),
        "color": None,
        "isBot": bot,
        "roles": [],
        "avatarUrl": "https://cdn.discordapp.com/embed/avatars/0.png",
    }


def discord_message(number: int, content: str = "Goeiedag", **more: Any) -> dict[str, Any]:
    """Return one exported message; `more` replaces or adds fields."""
    message: dict[str, Any] = {
        "id": str(number),
        "type": "Default",
        "timestamp": "2026-03-02T09:14:05.123+01:00",
        "timestampEdited": None,
        "callEndedTimestamp": None,
        "isPinned": False,
        "content": content,
        "author": discord_author(),
        "attachments": [],
        "embeds": [],
        "stickers": [],
        "reactions": [],
        "mentions": [],
        "inlineEmojis": [],
    }
    return message | more


def reply_to(number: int | None, *, channel: int = 802222222222222222) -> dict[str, Any]:
    """Return the fields of an answer; `number` None is an answer to a message that is gone."""
    reference = {
        "type": "Default",
        "messageId": None if number is None else str(number),
        "channelId": str(channel),
        "guildId": str(GUILD),
    }
    return {"type": "Reply", "reference": reference}


def discord_export(messages: Iterable[Any], **channel: Any) -> dict[str, Any]:
    """Return an export of a text channel; `channel` replaces fields of its head."""
    listed = list(messages)
    head = {
        "id": "802222222222222222",
        "type": "GuildTextChat",
        "categoryId": "801999999999999999",
        "category": "Gemeente",
        "name": "vragen",
        "topic": None,
    }
    return {
        "guild": {"id": str(GUILD), "name": "Zandbeke", "iconUrl": "https://cdn.discordapp.com/embed/avatars/0.png"},
        "channel": head | channel,
        "dateRange": {"after": None, "before": None},
        "exportedAt": "2026-03-09T10:00:00+01:00",
        "messages": listed,
        "messageCount": len(listed),
    }


def discord_forum_post(messages: Iterable[Any]) -> dict[str, Any]:
    thread = {"id": str(FORUM_POST), "type": "GuildPublicThread", "categoryId": "805", "category": "ideeën"}
    return discord_export(messages, **thread, name="Speeltuin")


def as_file(path: Path, export: dict[str, Any]) -> Path:
    """Write an export the way Telegram Desktop indents it."""
    path.write_text(json.dumps(export, ensure_ascii=False, indent=1), encoding="utf-8")
    return path


def large_telegram_file(path: Path, size: int) -> int:
    """Write an export of at least `size` bytes message by message; return how many messages it holds."""
    count = 0
    with path.open("w", encoding="utf-8") as file:
        file.write(f'{{\n "name": "Zandbeke praat",\n "type": "public_supergroup",\n "id": {GROUP},\n "messages": [')
        for message in _chatter():
            file.write(("," if count else "") + "\n  " + json.dumps(message, ensure_ascii=False, indent=1))
            count += 1
            if count % 1000 == 0 and file.tell() >= size:
                break
        file.write("\n ]\n}")
    return count


def _chatter() -> Iterator[dict[str, Any]]:
    number = 0
    while True:
        number += 1
        bold = {"type": "bold", "text": f"straat {number % 97}"}
        more = {"reply_to_message_id": number - 7} if number % 3 == 0 else {}
        yield telegram_message(number, ["Er staat weer water in de ", bold, ", al weken."], by=number % 400 + 1, **more)
