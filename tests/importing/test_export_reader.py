from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.core.errors import ImportFileError
from bot.importing.discord import DiscordChat
from bot.importing.reader import Damage, ExportReader
from bot.importing.telegram import TelegramChat
from bot.importing.walker import Found
from tests.importing.builders import (
    GROUP,
    as_file,
    discord_export,
    discord_forum_post,
    discord_message,
    telegram_account,
    telegram_chat,
    telegram_message,
)

DATA = Path(__file__).parent / "data"


def read(path: Path) -> list[Found]:
    return list(ExportReader(path).read())


def read_damaged(path: Path) -> tuple[list[Found], Damage]:
    found: list[Found] = []
    with pytest.raises(Damage) as caught:
        found.extend(ExportReader(path).read())
    # `extend` keeps what came before the damage
    return found, caught.value


def test_one_telegram_chat(tmp_path: Path) -> None:
    found = read(as_file(tmp_path / "result.json", telegram_chat([telegram_message(1), telegram_message(2)])))
    assert [item.value["id"] for item in found] == [1, 2]
    assert {item.chat for item in found} == {TelegramChat(GROUP, "private_supergroup", "Zandbeke praat")}


def test_a_whole_telegram_account_with_the_chats_that_were_left(tmp_path: Path) -> None:
    account = telegram_account(
        [
            telegram_chat([telegram_message(1)]),
            {"type": "saved_messages", "id": 501, "messages": [telegram_message(2)]},  # has no name
            telegram_chat([telegram_message(3)], kind="private_group", number=9, name=None),
            telegram_chat([], number=10),
        ],
        left=[telegram_chat([telegram_message(4)], number=11, name="Vroeger")],
    )
    found = read(as_file(tmp_path / "result.json", account))
    assert [(item.chat, item.value["id"]) for item in found] == [
        (TelegramChat(GROUP, "private_supergroup", "Zandbeke praat"), 1),
        (TelegramChat(501, "saved_messages", ""), 2),  # not the name of the chat before it
        (TelegramChat(9, "private_group", ""), 3),
        (TelegramChat(11, "private_supergroup", "Vroeger"), 4),
    ]


def test_a_discord_channel_and_a_forum_post(tmp_path: Path) -> None:
    (channel,) = read(as_file(tmp_path / "a.json", discord_export([discord_message(1)])))
    assert channel.chat == DiscordChat(
        801111111111111111, 802222222222222222, "GuildTextChat", 801999999999999999, "vragen", "Gemeente"
    )
    (post,) = read(as_file(tmp_path / "b.json", discord_forum_post([discord_message(1)])))
    assert post.chat.watched_as == {"803333333333333333", "805"}


def test_an_export_without_messages_is_fine(tmp_path: Path) -> None:
    assert read(as_file(tmp_path / "a.json", telegram_chat([]))) == []
    assert read(as_file(tmp_path / "b.json", discord_export([]))) == []


def test_odd_values_between_messages_come_out_as_they_are(tmp_path: Path) -> None:
    odd: list[Any] = [None, 7, "tekst", [1, [2]], {}, {"a": {"b": [True]}}]
    assert [item.value for item in read(as_file(tmp_path / "a.json", telegram_chat(odd)))] == odd


def test_levels_without_end_do_not_fill_the_memory(tmp_path: Path) -> None:
    path = as_file(tmp_path / "a.json", telegram_chat(["diep"]))
    deep = 200_000
    path.write_text(path.read_text().replace('"diep"', "[" * deep + "]" * deep + ", 8"))
    values = [item.value for item in read(path)]
    assert len(values) == 2
    assert values[1] == 8
    depth = 0
    level = values[0]
    while level:
        level, depth = level[0], depth + 1
    assert depth < 50


def test_a_control_character_of_telegram_does_not_stop_the_file() -> None:
    found = read(DATA / "telegram_result.json")
    assert found[2].value["text"] == "Kan mijn dochter dan nog veilig naar school?\x0b"


def test_a_byte_order_mark_is_stepped_over(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_bytes(b"\xef\xbb\xbf" + json.dumps(telegram_chat([telegram_message(1)])).encode())
    assert len(read(path)) == 1


GOOD = json.dumps(telegram_chat([telegram_message(1)])).encode()
REFUSED = [
    (b"", "is leeg"),
    (b" \n\t ", "is leeg"),
    (b"\x00" * 900, "is leeg"),  # a full disk leaves zeros
    (b"\xef\xbb\xbf", "geen export"),
    (GOOD.decode().encode("utf-16"), "UTF-16"),
    (GOOD.decode().encode("utf-16-le"), "UTF-16"),
    (b"<!DOCTYPE html><html>", "HTML-export"),
    (b"PK\x03\x04rest", "zip-bestand"),
    (b"hallo", "geen export"),
    (b"[]", "geen export"),
    (b"{}", "geen export"),
    (b'{"a": tru', "geen export"),  # damaged before anything was recognised
    (b'{"messages": [{"id": 1}]}', "geen export"),  # messages without a head
    (b'{"name": "x", "version": "1", "scripts": {}}', "geen export"),
    (json.dumps(telegram_chat([], kind="personal_chat")).encode(), "privégesprek"),
    (json.dumps(discord_export([], type="DirectTextChat")).encode(), "privégesprek"),
]


@pytest.mark.parametrize(("content", "words"), REFUSED)
def test_a_file_that_is_something_else_is_refused_in_one_message(tmp_path: Path, content: bytes, words: str) -> None:
    path = tmp_path / "bestand.json"
    path.write_bytes(content)
    with pytest.raises(ImportFileError) as caught:
        read(path)
    assert words in caught.value.message
    assert str(path) in caught.value.message
    assert caught.value.remedy


def test_the_two_accepted_formats_are_named(tmp_path: Path) -> None:
    path = tmp_path / "bestand.json"
    path.write_bytes(b"{}")
    with pytest.raises(ImportFileError, match=r"(?s)Telegram Desktop.*DiscordChatExporter"):
        read(path)


def test_a_folder_and_a_file_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(ImportFileError, match="is een map"):
        read(tmp_path)
    with pytest.raises(ImportFileError, match="bestaat niet"):
        read(tmp_path / "nergens.json")


@pytest.mark.parametrize(
    ("error", "words"), [(PermissionError(13, "x"), "mag niet"), (OSError(5, "I/O"), "niet worden geopend")]
)
def test_a_file_that_may_not_be_opened(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, error: OSError, words: str
) -> None:
    def refuse(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr(Path, "open", refuse)  # tests may run as root, whom no permission stops
    with pytest.raises(ImportFileError, match=words):
        read(tmp_path / "a.json")


@pytest.mark.parametrize("share", [0.3, 0.6, 0.999])
def test_what_stands_before_the_end_of_a_cut_file_is_read(tmp_path: Path, share: float) -> None:
    whole = as_file(tmp_path / "whole.json", telegram_chat([telegram_message(n) for n in range(1, 1001)])).read_bytes()
    cut = whole[: int(len(whole) * share)]
    path = tmp_path / "cut.json"
    path.write_bytes(cut)
    found, damage = read_damaged(path)
    assert [item.value["id"] for item in found] == list(range(1, cut.count(b"\n  }") + 1))
    assert (damage.byte, damage.line, damage.cut_off) == (len(cut), cut.count(b"\n") + 1, True)


@pytest.mark.parametrize("at", [5, 900])  # in the first piece that is read, and in a later one
def test_damage_is_found_to_the_byte(tmp_path: Path, at: int) -> None:
    path = as_file(tmp_path / "a.json", telegram_chat([telegram_message(n, "a\x0b") for n in range(1, 1001)]))
    content = path.read_bytes().replace(rb"\u000b", rb"\x0B")  # escapes before it are rewritten: the place stays right
    place = content.index(b'"id": %d,' % at)
    path.write_bytes(content[:place] + b"%" + content[place:])
    found, damage = read_damaged(path)
    assert [item.value["id"] for item in found] == list(range(1, at))
    assert (damage.byte, damage.line, damage.cut_off) == (place, content[:place].count(b"\n") + 1, False)


def test_another_encoding_is_named(tmp_path: Path) -> None:
    path = as_file(tmp_path / "a.json", telegram_chat([telegram_message(1), telegram_message(2, "één")]))
    path.write_bytes(path.read_text().encode("windows-1252"))
    found, damage = read_damaged(path)
    assert len(found) == 1
    assert damage.encoding


def test_progress_is_counted_in_bytes(tmp_path: Path) -> None:
    path = as_file(tmp_path / "a.json", telegram_chat([telegram_message(n) for n in range(1, 1001)]))
    reader = ExportReader(path)
    seen = [reader.done for _ in reader.read()]
    assert seen == sorted(seen)
    assert reader.done == reader.total == path.stat().st_size
