"""What the bot can ask. Each function takes the world and typed parameters and returns the result, or refuses."""

from __future__ import annotations

import copy
import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.standins.botapi.errors import bad_request, forbidden
from tests.standins.botapi.formatting import formatted, keyboard, units
from tests.standins.botapi.world import Chat, Json, World

ANSWER_LIMIT = 200
COMMANDS_LIMIT = 100

_SAME = (
    "message is not modified: specified new message content and reply markup are exactly the same as a current content "
    "and reply markup of the message"
)


def get_me(world: World, given: Json) -> Json:
    return {
        **world.bot.json(),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


def send_message(world: World, given: Json) -> Json:
    chat = _place(world, given["chat_id"])
    text, entities = _text(given)
    markup = keyboard(given.get("reply_markup"))
    thread = given.get("message_thread_id")
    if thread is not None and thread not in chat.topics and thread not in chat.messages:
        raise bad_request("message thread not found")
    answered = _answered(chat, given.get("reply_parameters"))
    body: Json = {"from": world.bot.json(), **world.thread_fields(chat, answered, thread), "text": text}
    body |= {name: value for name, value in (("entities", entities), ("reply_markup", markup)) if value}
    stored = world.store(chat, body)
    _preview(world, chat, stored, given)
    return copy.deepcopy(stored)


def edit_message_text(world: World, given: Json) -> Json:
    chat, message = _own(world, given)
    text, entities = _text(given)
    changed = {**message, "text": text, "entities": entities, "reply_markup": keyboard(given.get("reply_markup"))}
    stored = _replace(chat, message, changed)
    _preview(world, chat, stored, given)
    return copy.deepcopy(stored)


def edit_message_reply_markup(world: World, given: Json) -> Json:
    chat, message = _own(world, given)
    changed = _replace(chat, message, {**message, "reply_markup": keyboard(given.get("reply_markup"))})
    return copy.deepcopy(changed)


def delete_message(world: World, given: Json) -> bool:
    chat = world.chat(given["chat_id"])
    world.present(chat)
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to delete not found")
    own = message.get("from", {}).get("id") == world.bot.id
    if not own and chat.type != "private" and not world.may(chat, "can_delete_messages"):
        raise bad_request("message can't be deleted")
    del chat.messages[given["message_id"]]
    return True


def answer_callback_query(world: World, given: Json) -> bool:
    query = world.queries.get(given["callback_query_id"])
    if query is None or query["old"] or query["answer"] is not None:
        raise bad_request("query is too old and response timeout expired or query ID is invalid")
    if units(given.get("text", "")) > ANSWER_LIMIT:
        raise bad_request("MESSAGE_TOO_LONG")
    query["answer"] = {"text": given.get("text", ""), "show_alert": given.get("show_alert", False)}
    return True


def get_chat(world: World, given: Json) -> Json:
    chat = world.chat(given["chat_id"])
    world.present(chat)
    limits = {"accent_color_id": 0, "max_reaction_count": 11, "accepted_gift_types": _GIFTS}
    linked = {"linked_chat_id": chat.linked_chat_id} if chat.linked_chat_id else {}
    return {**chat.json(), **limits, **linked}


def get_chat_member(world: World, given: Json) -> Json:
    chat = world.chat(given["chat_id"])
    user = world.users.get(given["user_id"])
    if user is None:
        raise bad_request("PARTICIPANT_ID_INVALID")
    if user is not world.bot:
        world.present(chat)
    return {**chat.members.get(user.id, {"status": "left"}), "user": user.json()}


def get_chat_administrators(world: World, given: Json) -> list[Json]:
    chat = world.chat(given["chat_id"])
    world.present(chat)
    if chat.type == "private":
        raise bad_request("there are no administrators in the private chat")
    powerful = ((number, member) for number, member in chat.members.items() if member["status"] != "member")
    return [{**member, "user": world.users[number].json()} for number, member in powerful]


def set_my_commands(world: World, given: Json) -> bool:
    if len(given["commands"]) > COMMANDS_LIMIT:
        raise bad_request("too many commands specified")
    for command in given["commands"]:
        if set(command) != {"command", "description"}:
            raise bad_request("can't parse BotCommand: command and description are needed")
        if not command["command"].islower() or len(command["command"]) > 32:
            raise bad_request("BOT_COMMAND_INVALID")
        if not 1 <= len(command["description"]) <= 256:
            raise bad_request("BOT_COMMAND_DESCRIPTION_INVALID")
    scope = given.get("scope", {"type": "default"})
    if scope["type"] == "chat":
        world.present(world.chat(scope["chat_id"]))
    world.commands = list(given["commands"])
    return True


def set_message_reaction(world: World, given: Json) -> bool:
    chat = _place(world, given["chat_id"])
    if given["message_id"] not in chat.messages:
        raise bad_request("message to react not found")
    for reaction in given.get("reaction", ()):
        if reaction.get("type") != "emoji" or reaction.get("emoji") not in {"👍", "👎", "❤", "👀"}:
            raise bad_request("REACTION_INVALID")
    world.reactions[(chat.id, given["message_id"])] = [item["emoji"] for item in given.get("reaction", ())]
    return True


def get_webhook_info(world: World, given: Json) -> Json:
    return {"url": world.webhook, "has_custom_certificate": False, "pending_update_count": len(world.queue)}


def delete_webhook(world: World, given: Json) -> bool:
    world.webhook = ""
    if given.get("drop_pending_updates"):
        world.queue.clear()
    return True


CALLS: Mapping[str, Callable[[World, Json], Any]] = {
    "getMe": get_me,
    "sendMessage": send_message,
    "editMessageText": edit_message_text,
    "editMessageReplyMarkup": edit_message_reply_markup,
    "deleteMessage": delete_message,
    "answerCallbackQuery": answer_callback_query,
    "getChat": get_chat,
    "getChatMember": get_chat_member,
    "getChatAdministrators": get_chat_administrators,
    "setMyCommands": set_my_commands,
    "setMessageReaction": set_message_reaction,
    "getWebhookInfo": get_webhook_info,
    "deleteWebhook": delete_webhook,
}

_GIFTS = {
    "unlimited_gifts": False,
    "limited_gifts": False,
    "unique_gifts": False,
    "premium_subscription": False,
    "gifts_from_channels": False,
}


def _place(world: World, chat_id: int | str) -> Chat:
    if isinstance(chat_id, int) and chat_id > 0 and chat_id not in world.chats:
        raise (
            forbidden("bot can't initiate conversation with a user")
            if chat_id in world.users
            else bad_request("chat not found")
        )
    chat = world.chat(chat_id)
    member = world.present(chat)
    if chat.type == "channel" and member["status"] != "administrator":
        raise bad_request("need administrator rights in the channel chat")
    if member["status"] == "restricted" and not member.get("can_send_messages"):
        raise bad_request("not enough rights to send text messages to the chat")
    return chat


def _text(given: Json) -> tuple[str, list[Json]]:
    return formatted(given["text"], parse_mode=given.get("parse_mode"), entities=given.get("entities", ()))


def _answered(chat: Chat, parameters: Json | None) -> int | None:
    if parameters is None:
        return None
    if "message_id" not in parameters:
        raise bad_request("can't parse reply parameters JSON object")
    if parameters["message_id"] in chat.messages:
        return int(parameters["message_id"])
    if parameters.get("allow_sending_without_reply"):
        return None
    raise bad_request("message to be replied not found")


def _own(world: World, given: Json) -> tuple[Chat, Json]:
    chat = _place(world, given["chat_id"])
    message = chat.messages.get(given["message_id"])
    if message is None:
        raise bad_request("message to edit not found")
    if message.get("from", {}).get("id") != world.bot.id:
        raise bad_request("message can't be edited")
    return chat, message


def _replace(chat: Chat, message: Json, changed: Json) -> Json:
    changed = {name: value for name, value in changed.items() if value not in (None, [])}
    compared = ("text", "entities", "reply_markup")
    if all(changed.get(name) == message.get(name) for name in compared):
        raise bad_request(_SAME)
    chat.messages[message["message_id"]] = {**changed, "edit_date": int(time.time())}
    return chat.messages[message["message_id"]]


def _preview(world: World, chat: Chat, message: Json, given: Json) -> None:
    place = (chat.id, message["message_id"])
    world.previews.discard(place)
    links = any(entity["type"] in {"url", "text_link"} for entity in message.get("entities", ()))
    if links and not given.get("link_preview_options", {}).get("is_disabled"):
        world.previews.add(place)
