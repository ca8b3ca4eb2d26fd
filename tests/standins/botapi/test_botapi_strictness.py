"""The stand-in is worth something only if it refuses what Telegram refuses."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from typing import Any

import httpx
import pytest

from tests.standins.botapi import BotApiServer

pytestmark = pytest.mark.e2e

Json = dict[str, Any]


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server


@pytest.fixture
def group(api: BotApiServer) -> int:
    return api.add_group("Gemeente Velddorp")


@pytest.fixture
def ann(api: BotApiServer) -> int:
    return api.add_user("Ann Peeters")


def call(api: BotApiServer, method: str, *, token: str | None = None, **given: Any) -> tuple[int, Json]:
    response = httpx.post(f"{api.url}/bot{token or api.token}/{method}", json=given, timeout=10)
    return response.status_code, response.json()


def refusal(api: BotApiServer, method: str, **given: Any) -> tuple[int, str]:
    status, body = call(api, method, **given)
    assert body["ok"] is False
    assert body["error_code"] == status
    return status, body["description"]


def result(api: BotApiServer, method: str, **given: Any) -> Any:
    status, body = call(api, method, **given)
    assert status == 200, body
    return body["result"]


def test_a_wrong_token_is_unauthorized_and_a_malformed_one_not_found(api: BotApiServer) -> None:
    assert refusal(api, "getMe", token="7000000001:other") == (401, "Unauthorized")
    assert refusal(api, "getMe", token="nonsense") == (404, "Not Found")


def test_an_unknown_method_is_not_found(api: BotApiServer) -> None:
    assert refusal(api, "sendTelepathy") == (404, "Not Found: method not found")


@pytest.mark.parametrize(
    ("method", "given", "wording"),
    [
        ("sendMessage", {"text": "hallo"}, "chat_id is empty"),
        ("sendMessage", {"chat_id": "GROUP"}, "message text is empty"),
        ("sendMessage", {"chat_id": "GROUP", "text": "  \n"}, "message text is empty"),
        ("sendMessage", {"chat_id": 12, "text": "a"}, "chat not found"),
        ("sendMessage", {"chat_id": "GROUP", "text": "a" * 4097}, "message is too long"),
        # Counted as Telegram counts: an emoji is two units.
        ("sendMessage", {"chat_id": "GROUP", "text": "😀" * 2049}, "message is too long"),
        (
            "sendMessage",
            {"chat_id": "GROUP", "text": "a", "colour": "red"},
            'unknown parameter "colour" for sendMessage',
        ),
        ("sendMessage", {"chat_id": "GROUP", "text": "a", "parse_mode": "Markdown5"}, "unsupported parse_mode"),
        (
            "sendMessage",
            {"chat_id": "GROUP", "text": "<b>a", "parse_mode": "HTML"},
            "can't parse entities: Can't find end tag corresponding to start tag \"b\"",
        ),
        (
            "sendMessage",
            {"chat_id": "GROUP", "text": "a", "reply_parameters": {"message_id": 99}},
            "message to be replied not found",
        ),
        ("sendMessage", {"chat_id": "GROUP", "text": "a", "message_thread_id": 77}, "message thread not found"),
        (
            "sendMessage",
            {"chat_id": "GROUP", "text": "a", "entities": [{"type": "bold", "offset": 0, "length": 5}]},
            "ENTITY_BOUNDS_INVALID",
        ),
        (
            "sendMessage",
            {"chat_id": "GROUP", "text": "😀", "entities": [{"type": "bold", "offset": 0, "length": 1}]},
            "entity beginning at UTF-16 offset 0 ends in a middle of a UTF-16 symbol",
        ),
        (
            "sendMessage",
            {
                "chat_id": "GROUP",
                "text": "a",
                "reply_markup": {"inline_keyboard": [[{"text": "x", "callback_data": "é" * 33}]]},
            },
            "BUTTON_DATA_INVALID",
        ),
        ("editMessageText", {"chat_id": "GROUP", "message_id": 5, "text": "a"}, "message to edit not found"),
        ("editMessageReplyMarkup", {"chat_id": "GROUP"}, "message identifier is not specified"),
        ("deleteMessage", {"chat_id": "GROUP", "message_id": 5}, "message to delete not found"),
        (
            "answerCallbackQuery",
            {"callback_query_id": "1"},
            "query is too old and response timeout expired or query ID is invalid",
        ),
        ("getChatMember", {"chat_id": "GROUP", "user_id": 4}, "PARTICIPANT_ID_INVALID"),
        ("setMyCommands", {"commands": [{"command": "Help", "description": "x"}]}, "BOT_COMMAND_INVALID"),
    ],
)
def test_what_telegram_refuses_is_refused_in_its_words(
    api: BotApiServer, group: int, method: str, given: Json, wording: str
) -> None:
    given = {name: group if value == "GROUP" else value for name, value in given.items()}
    assert refusal(api, method, **given) == (400, f"Bad Request: {wording}")


def test_only_own_messages_are_edited_and_a_change_is_needed(api: BotApiServer, group: int, ann: int) -> None:
    theirs = api.post(group, ann, "hallo")
    assert refusal(api, "editMessageText", chat_id=group, message_id=theirs, text="x")[1].endswith("can't be edited")
    own = result(api, "sendMessage", chat_id=group, text="dag")["message_id"]
    assert "message is not modified" in refusal(api, "editMessageText", chat_id=group, message_id=own, text="dag")[1]
    result(api, "editMessageText", chat_id=group, message_id=own, text="dag!")
    assert api.message(group, own)["text"] == "dag!"


def test_deleting_takes_the_right_to_do_so(api: BotApiServer, group: int, ann: int) -> None:
    theirs = api.post(group, ann, "hallo")
    assert refusal(api, "deleteMessage", chat_id=group, message_id=theirs)[1].endswith("message can't be deleted")
    api.set_bot(group, "administrator", can_delete_messages=True)
    assert result(api, "deleteMessage", chat_id=group, message_id=theirs) is True
    assert api.messages(group) == []


def test_a_bot_outside_the_group_is_forbidden_to_write(api: BotApiServer, group: int) -> None:
    api.set_bot(group, "kicked")
    refused = refusal(api, "sendMessage", chat_id=group, text="a")
    assert refused == (403, "Forbidden: bot was kicked from the supergroup chat")


def test_an_update_stays_until_a_later_offset_confirms_it(api: BotApiServer, group: int, ann: int) -> None:
    api.set_privacy(on=False)
    api.post(group, ann, "een")
    api.post(group, ann, "twee")
    first = result(api, "getUpdates", limit=1, allowed_updates=["message"])
    again = result(api, "getUpdates")
    assert first == again[:1]
    numbers = [update["update_id"] for update in again if "message" in update]
    after = result(api, "getUpdates", offset=numbers[0] + 1)
    assert [update["message"]["text"] for update in after] == ["twee"]
    assert api.waiting() == [numbers[1]]


def test_an_offset_far_in_the_future_is_answered_from_the_head(api: BotApiServer, group: int, ann: int) -> None:
    api.set_privacy(on=False)
    api.post(group, ann, "een")
    waiting = api.waiting()
    assert [u["update_id"] for u in result(api, "getUpdates", offset=waiting[-1] + 5000)] == waiting


def test_a_long_poll_waits_for_news_and_no_longer(api: BotApiServer, group: int, ann: int) -> None:
    api.set_privacy(on=False)
    result(api, "getUpdates", offset=api.waiting()[-1] + 1)
    timer = threading.Timer(0.3, api.post, (group, ann, "nieuws"))
    began = time.monotonic()
    timer.start()
    updates = result(api, "getUpdates", timeout=5)
    assert [update["message"]["text"] for update in updates] == ["nieuws"]
    assert 0.2 < time.monotonic() - began < 3


def test_the_second_poller_ends_the_first_with_a_conflict(api: BotApiServer) -> None:
    answers: list[tuple[int, str]] = []
    first = threading.Thread(target=lambda: answers.append(refusal(api, "getUpdates", timeout=5)))
    first.start()
    time.sleep(0.3)
    assert result(api, "getUpdates", timeout=0) == []
    first.join(5)
    assert answers[0][0] == 409
    assert "terminated by other getUpdates request" in answers[0][1]


def test_a_webhook_and_a_poll_exclude_each_other(api: BotApiServer) -> None:
    api.set_webhook("https://example.org/hook")
    assert refusal(api, "getUpdates")[0] == 409
    result(api, "deleteWebhook")
    assert result(api, "getUpdates") == []


def test_privacy_mode_hides_what_is_not_for_the_bot(api: BotApiServer, group: int, ann: int) -> None:
    before = len(api.waiting())
    api.post(group, ann, "gewoon een reactie")
    assert len(api.waiting()) == before
    api.post(group, ann, "/help")
    own = result(api, "sendMessage", chat_id=group, text="dag")["message_id"]
    api.post(group, ann, "dank u", reply_to=own)
    assert len(api.waiting()) == before + 2
    api.set_bot(group, "administrator")
    api.post(group, ann, "nu wel")
    assert len(api.waiting()) == before + 4  # the change of rights is told too


def test_kinds_that_were_not_asked_for_are_not_queued(api: BotApiServer, group: int, ann: int) -> None:
    api.set_privacy(on=False)
    result(api, "getUpdates", allowed_updates=["message"])
    message = api.post(group, ann, "een")
    api.edit(group, message, "een!")
    assert [set(update) - {"update_id"} for update in result(api, "getUpdates")][-1] == {"message"}


def test_what_telegram_finds_in_a_plain_text_becomes_an_entity_except_in_code(api: BotApiServer, group: int) -> None:
    text = "@burgemeester zie https://example.org"
    sent = result(api, "sendMessage", chat_id=group, text=text)
    assert [entity["type"] for entity in sent["entities"]] == ["mention", "url"]
    assert api.has_preview(group, sent["message_id"])
    code = [{"type": "code", "offset": 0, "length": len(text)}]
    sent = result(api, "sendMessage", chat_id=group, text=text, entities=code)
    assert [entity["type"] for entity in sent["entities"]] == ["code"]


def test_a_failure_comes_before_or_after_its_effect_as_ordered(api: BotApiServer, group: int) -> None:
    api.fail_next("sendMessage", 429, retry_after=3)
    status, body = call(api, "sendMessage", chat_id=group, text="a")
    assert (status, body["parameters"]) == (429, {"retry_after": 3})
    assert api.from_bot(group) == []
    api.fail_next("sendMessage", None, after_effect=True)
    with pytest.raises(httpx.RemoteProtocolError):
        call(api, "sendMessage", chat_id=group, text="b")
    assert [message["text"] for message in api.from_bot(group)] == ["b"]


def test_a_comment_under_a_channel_post_points_to_the_copy_in_the_group(
    api: BotApiServer, group: int, ann: int
) -> None:
    api.set_privacy(on=False)
    channel = api.add_group("Nieuws", kind="channel", bot="left")
    api.link(channel, group)
    _, copy_id = api.publish(channel, "Nieuw zwembad")
    first = api.post(group, ann, "Fijn!", reply_to=copy_id)
    answer = api.post(group, ann, "Echt waar", reply_to=first)
    assert api.message(group, answer)["message_thread_id"] == copy_id
    assert api.message(group, first)["reply_to_message"]["is_automatic_forward"] is True


def test_a_press_is_answered_once_and_not_when_it_is_old(api: BotApiServer, group: int, ann: int) -> None:
    markup = {"inline_keyboard": [[{"text": "In orde", "callback_data": "x:1:1"}]]}
    card = result(api, "sendMessage", chat_id=group, text="kaart", reply_markup=markup)["message_id"]
    query = api.press(group, card, ann, "In orde")
    assert result(api, "answerCallbackQuery", callback_query_id=query, text="Goed", show_alert=True) is True
    assert api.answer(query) == {"text": "Goed", "show_alert": True}
    old = api.press(group, card, ann, "In orde")
    api.expire(old)
    assert "too old" in refusal(api, "answerCallbackQuery", callback_query_id=old)[1]


def test_an_upgraded_group_says_where_it_went(api: BotApiServer) -> None:
    group = api.add_group("Klein", kind="group")
    new = api.migrate(group)
    status, body = call(api, "sendMessage", chat_id=group, text="a")
    assert status == 400
    assert body["parameters"] == {"migrate_to_chat_id": new}


def test_the_world_goes_on_while_the_server_is_down(api: BotApiServer, group: int, ann: int) -> None:
    api.set_privacy(on=False)
    address = api.url
    api.stop()
    with pytest.raises(httpx.ConnectError):
        call(api, "getMe")
    api.post(group, ann, "tijdens de storing")
    assert api.start() == address
    assert result(api, "getUpdates")[-1]["message"]["text"] == "tijdens de storing"
