from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.messages import AuthorRole, Message, MessageKind
from bot.importing.chat_memory import ChatMemory
from bot.importing.skipping import Reason, Skipped
from bot.importing.telegram import TelegramChat, bot_api_id, parse
from bot.importing.telegram_text import text_and_quote
from tests.importing.builders import CHANNEL, GROUP, automatic_forward, telegram_message, telegram_service

SUPERGROUP = TelegramChat(GROUP, "public_supergroup", "Zandbeke praat")
NOBODY: frozenset[str] = frozenset()


def read(value: Any, chat: TelegramChat = SUPERGROUP, *, own: frozenset[str] = NOBODY) -> Message:
    result = parse(value, chat, own=own, memory=ChatMemory())
    assert isinstance(result, Message), result
    return result


def read_all(values: list[dict[str, Any]], *, own: frozenset[str] = NOBODY) -> dict[str, Message]:
    memory = ChatMemory()
    results = [parse(value, SUPERGROUP, own=own, memory=memory) for value in values]
    return {result.ref.message_id: result for result in results if isinstance(result, Message)}


@pytest.mark.parametrize(
    ("kind", "bare", "expected"),
    [
        ("channel", 123, "-1000000000123"),  # a short number: the shift is added, not the text "-100" put before it
        ("channel", 1234567890, "-1001234567890"),
        ("chat", 123, "-123"),
        ("user", 123, "123"),
    ],
)
def test_ids_are_those_of_the_bot_api(kind: str, bare: int, expected: str) -> None:
    assert bot_api_id(kind, bare) == expected


@pytest.mark.parametrize(
    ("type_", "expected"),
    [
        ("private_group", "-55"),
        ("private_supergroup", "-1000000000055"),
        ("public_supergroup", "-1000000000055"),
        ("private_channel", "-1000000000055"),
        ("public_channel", "-1000000000055"),
    ],
)
def test_the_chat_is_the_one_that_the_live_channel_names(type_: str, expected: str) -> None:
    assert read(telegram_message(1), TelegramChat(55, type_)).ref.chat_id == expected


@pytest.mark.parametrize("type_", ["personal_chat", "bot_chat", "saved_messages", "replies", "verify_codes", ""])
def test_private_conversations_are_never_read(type_: str) -> None:
    result = parse(telegram_message(1), TelegramChat(55, type_), own=NOBODY, memory=ChatMemory())
    assert result == Skipped(Reason.PRIVATE)


TEXTS: list[tuple[Any, str, str]] = [
    ("gewoon", "gewoon", ""),
    ("", "", ""),
    (["een ", {"type": "bold", "text": "vet"}, " woord"], "een vet woord", ""),
    ([{"type": "mention_name", "text": "Mia", "user_id": 5}, " en @iemand"], "Mia en @iemand", ""),
    ([{"type": "pre", "text": "x = 1", "language": "python"}], "x = 1", ""),
    ([{"type": "custom_emoji", "text": "🚲", "document_id": "(File not included.)"}], "🚲", ""),
    ([{"type": "blockquote", "text": "wat jij zei"}, "\nniet akkoord"], "niet akkoord", "wat jij zei"),
    (["eerst ", {"type": "blockquote", "text": "a"}, {"type": "blockquote", "text": "b"}], "eerst", "a\nb"),
    # a quotation from end to end is the author's own: an insult cannot hide in it
    ([{"type": "blockquote", "text": "jij zot"}], "jij zot", ""),
    (["  spaties blijven  "], "  spaties blijven  ", ""),
    ([{"type": "bold"}, 7, None, ["x"], "rest"], "rest", ""),  # broken entities cost only themselves
    (None, "", ""),
    (7, "", ""),
]


@pytest.mark.parametrize("field", ["text", "text_entities"])
@pytest.mark.parametrize(("source", "text", "quoted"), TEXTS)
def test_text_comes_as_a_string_or_as_parts(field: str, source: Any, text: str, quoted: str) -> None:
    assert text_and_quote({field: source}) == (text, quoted)


def test_an_ordinary_reply() -> None:
    message = read(telegram_message(9, "Wanneer?", reply_to_message_id=4, edited="…", edited_unixtime="1772439000"))
    assert (message.ref.message_id, message.author.id, message.reply_to) == ("9", "501", "4")
    assert (message.kind, message.author.role) == (MessageKind.REACTION, AuthorRole.RESIDENT)
    assert message.sent_at == datetime(2026, 3, 2, 8, 9, tzinfo=UTC)
    assert message.edited_at == datetime(2026, 3, 2, 8, 10, tzinfo=UTC)
    assert message.link == f"https://t.me/c/{GROUP}/9"
    assert message.chat_name == "Zandbeke praat"


def test_a_time_without_zone_is_belgian_time() -> None:
    summer = read(telegram_message(1, date="2020-07-01T12:00:00", date_unixtime=None))
    assert summer.sent_at == datetime(2020, 7, 1, 10, 0, tzinfo=UTC)


def test_a_reply_to_a_message_that_is_gone_keeps_its_number() -> None:
    assert read(telegram_message(9, reply_to_message_id=3)).reply_to == "3"


@pytest.mark.parametrize(
    ("peer", "expected"),
    [(f"channel{GROUP}", "4"), ("channel999", None), ("user501", None), (["odd"], None)],
)
def test_a_reply_to_another_chat_is_no_reply_here(peer: Any, expected: str | None) -> None:
    assert read(telegram_message(9, reply_to_message_id=4, reply_to_peer_id=peer)).reply_to == expected


@pytest.mark.parametrize(
    ("fields", "author"),
    [
        ({"from": None, "from_id": "user77"}, "77"),  # a deleted account: a number, no name
        ({"from": "Kanaal van Jan", "from_id": "channel88"}, "-1000000000088"),
        ({"from": "Oud", "from_id": 4410}, "4410"),  # before 2021: a bare number
        ({"from": "Oud", "from_id": Decimal(4410)}, "4410"),
    ],
)
def test_authors(fields: dict[str, Any], author: str) -> None:
    message = read(telegram_message(1, **fields))
    assert (message.author.id, message.author.role) == (author, AuthorRole.RESIDENT)


def test_two_messages_of_nobody_are_not_of_one_person() -> None:
    first, second = (read(telegram_message(number, by=None)) for number in (1, 2))
    assert first.author.id != second.author.id


def test_a_forwarded_message_is_not_the_residents_own_words() -> None:
    for origin in ("Buurtkrant", None):  # null: the origin has no name any more
        message = read(telegram_message(1, "Vreselijk nieuws", forwarded_from=origin))
        assert (message.text, message.forwarded) == ("", "Vreselijk nieuws")


def test_the_post_of_the_linked_channel_is_context() -> None:
    message = read(automatic_forward(2, "Nieuw fietspad"))
    assert (message.kind, message.author.role) == (MessageKind.POST, AuthorRole.MUNICIPALITY)
    assert (message.text, message.forwarded) == ("Nieuw fietspad", "")


def test_a_resident_who_writes_as_a_channel_of_their_own_is_judged() -> None:
    forwarding = telegram_message(1, "Zever", by="channel5", forwarded_from="Ergens")
    for message in (read(telegram_message(1, "Zever", by="channel5")), read(forwarding)):
        assert (message.kind, message.author.role) == (MessageKind.REACTION, AuthorRole.RESIDENT)


def test_the_linked_channel_that_answers_speaks_for_the_municipality() -> None:
    found = read_all(
        [automatic_forward(2, "Post"), telegram_message(3, "Ja", by=f"channel{CHANNEL}", reply_to_message_id=2)]
    )
    assert (found["3"].kind, found["3"].author.role) == (MessageKind.REACTION, AuthorRole.MUNICIPALITY)


@pytest.mark.parametrize("own", ["501", "user501", "Bewoner 501"])
def test_own_authors_post_and_answer_for_the_municipality(own: str) -> None:
    found = read_all([telegram_message(1), telegram_message(2, reply_to_message_id=9)], own=frozenset({own}))
    assert (found["1"].kind, found["1"].author.role) == (MessageKind.POST, AuthorRole.MUNICIPALITY)
    assert (found["2"].kind, found["2"].author.role) == (MessageKind.REACTION, AuthorRole.MUNICIPALITY)


def test_an_anonymous_administrator_speaks_for_the_municipality() -> None:
    assert read(telegram_message(1, by=f"channel{GROUP}")).author.role is AuthorRole.MUNICIPALITY


def test_everything_in_a_channel_is_a_post() -> None:
    message = read(telegram_message(1, "Post", by=None), TelegramChat(CHANNEL, "public_channel"))
    assert (message.kind, message.author.id) == (MessageKind.POST, f"-100{CHANNEL}")


def test_topics_follow_from_the_service_message_that_opened_them() -> None:
    found = read_all(
        [
            telegram_message(1, "algemeen"),
            telegram_service(2, "topic_created", title="Verkeer"),
            telegram_message(3, "in het onderwerp", reply_to_message_id=2),
            telegram_message(4, "antwoord daarop", reply_to_message_id=3),
            telegram_message(5, "antwoord op algemeen", reply_to_message_id=1),
        ]
    )
    assert {number: (m.thread_id, m.reply_to) for number, m in found.items()} == {
        "1": (None, None),
        "3": ("2", None),  # answers the opening of the topic, so nobody
        "4": ("2", "3"),
        "5": (None, "1"),
    }
    assert found["4"].link == f"https://t.me/c/{GROUP}/2/4"


MEDIA: list[tuple[dict[str, Any], tuple[str, ...]]] = [
    ({"photo": "photos/photo_1.jpg", "width": 1, "height": 1}, ("foto",)),
    ({"file": "x.pdf", "mime_type": "application/pdf"}, ("bestand",)),
    ({"file": "x.mp4", "media_type": "video_file"}, ("video",)),
    ({"file": "x.mp4", "media_type": "animation"}, ("animatie",)),
    ({"file": "x.mp4", "media_type": "video_message"}, ("videoboodschap",)),
    ({"file": "x.ogg", "media_type": "voice_message"}, ("spraakbericht",)),
    ({"file": "x.mp3", "media_type": "audio_file", "performer": "P"}, ("geluidsbestand",)),
    ({"file": "x.webp", "media_type": "sticker", "sticker_emoji": "🚲"}, ("sticker 🚲",)),
    ({"file": "x.webp", "media_type": "sticker"}, ("sticker",)),
    ({"contact_information": {"first_name": "Mia", "phone_number": "0470"}}, ("contact",)),
    (
        {"place_name": "Markt", "location_information": {"latitude": Decimal("51.0")}},
        ("locatie",),
    ),
    ({"location_information": None}, ("locatie",)),
    ({"game_title": "Schaak"}, ("spel",)),
    ({"invoice_information": "{}"}, ("factuur",)),
]


@pytest.mark.parametrize(("fields", "attachments"), MEDIA)
def test_attachments_are_named_as_the_live_channel_names_them(
    fields: dict[str, Any], attachments: tuple[str, ...]
) -> None:
    message = read(telegram_message(1, "", **fields))
    assert (message.text, message.attachments) == ("", attachments)


def test_a_hidden_link_is_shown() -> None:
    link = {"type": "text_link", "text": "hier", "href": "https://kwaad.example"}
    assert read(telegram_message(1, ["Kijk ", link])).attachments == ("verborgen link: https://kwaad.example",)


def test_a_poll_is_its_authors_words() -> None:
    answers = [{"text": "Ja", "voters": 3, "chosen": False}, {"text": "Nee", "voters": 1, "chosen": True}]
    poll = {"question": "Meer groen?", "closed": False, "total_voters": 4, "answers": answers}
    message = read(telegram_message(1, "", poll=poll))
    assert (message.text, message.attachments) == ("Meer groen?\n- Ja\n- Nee", ("peiling",))


def test_a_message_from_before_a_migration_has_no_link() -> None:
    message = read(telegram_message(1, id=-999999987))
    assert (message.ref.message_id, message.link) == ("-999999987", None)


SKIPPED: list[tuple[Any, Reason]] = [
    (telegram_service(1, "invite_members", members=["Mia", None]), Reason.SERVICE),
    (telegram_service(1, "pin_message", message_id=4), Reason.SERVICE),
    ({"id": 1, "type": "unsupported"}, Reason.UNSUPPORTED),
    (telegram_message(1, ""), Reason.EMPTY),
    (telegram_message(1, id=None), Reason.NO_ID),
    (telegram_message(1, id=True), Reason.NO_ID),
    (telegram_message(1, id=0), Reason.NO_ID),
    (telegram_message(1, id=Decimal("1.5")), Reason.NO_ID),
    (telegram_message(1, id=2**70), Reason.NO_ID),
    (telegram_message(1, date="gisteren", date_unixtime="99999999999999999"), Reason.NO_TIME),
    (telegram_message(1, date=None, date_unixtime=None), Reason.NO_TIME),
    (telegram_message(1, type="story"), Reason.NOT_A_MESSAGE),
    ({}, Reason.NO_ID),
    ("tekst", Reason.NOT_A_MESSAGE),
    (None, Reason.NOT_A_MESSAGE),
    ([1, 2], Reason.NOT_A_MESSAGE),
]


@pytest.mark.parametrize(("value", "reason"), SKIPPED)
def test_what_is_left_out_says_why(value: Any, reason: Reason) -> None:
    assert parse(value, SUPERGROUP, own=NOBODY, memory=ChatMemory()) == Skipped(reason)


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.decimals() | st.text(),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8), inner, max_size=4),
    max_leaves=12,
)


@given(json_values)
def test_any_value_in_place_of_a_message_is_left_out(value: Any) -> None:
    assert isinstance(parse(value, SUPERGROUP, own=NOBODY, memory=ChatMemory()), Skipped)


FIELDS = sorted({*telegram_message(1), "media_type", "poll", "reply_to_message_id", "reply_to_peer_id", "saved_from"})


@settings(max_examples=300)
@given(st.dictionaries(st.sampled_from(FIELDS), json_values, max_size=5))
def test_any_value_in_any_field_raises_nothing(fields: dict[str, Any]) -> None:
    memory = ChatMemory()
    memory.note_topic(3)
    result = parse(telegram_message(1) | fields, SUPERGROUP, own=frozenset({"501"}), memory=memory)
    assert isinstance(result, Message | Skipped)


@given(json_values)
def test_entities_of_any_shape_give_text(value: Any) -> None:
    text, quoted = text_and_quote({"text": value, "text_entities": value})
    assert isinstance(text, str)
    assert isinstance(quoted, str)
