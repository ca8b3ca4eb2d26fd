"""Which parameters each method takes, and how strictly they are read.

Stricter than Telegram on purpose: Telegram ignores a parameter that it does not know, which hides spelling mistakes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from tests.standins.botapi.errors import bad_request


@dataclass(frozen=True, slots=True)
class Param:
    """`kind` is int, str, bool, object or array; `missing` is the refusal when it is not given (None: optional)."""

    kind: str
    missing: str | None = None


_CHAT = Param("chat", missing="chat_id is empty")
_MESSAGE = Param("int", missing="message identifier is not specified")
_EDITED: dict[str, Param] = {"chat_id": _CHAT, "message_id": _MESSAGE}

METHODS: Mapping[str, Mapping[str, Param]] = {
    "getMe": {},
    "getUpdates": {
        "offset": Param("int"),
        "limit": Param("int"),
        "timeout": Param("int"),
        "allowed_updates": Param("array"),
    },
    "sendMessage": {
        "chat_id": _CHAT,
        "text": Param("str", missing="message text is empty"),
        "message_thread_id": Param("int"),
        "parse_mode": Param("str"),
        "entities": Param("array"),
        "link_preview_options": Param("object"),
        "disable_notification": Param("bool"),
        "protect_content": Param("bool"),
        "reply_parameters": Param("object"),
        "reply_markup": Param("object"),
    },
    "editMessageText": {
        **_EDITED,
        "text": Param("str", missing="message text is empty"),
        "parse_mode": Param("str"),
        "entities": Param("array"),
        "link_preview_options": Param("object"),
        "reply_markup": Param("object"),
    },
    "editMessageReplyMarkup": {**_EDITED, "reply_markup": Param("object")},
    "deleteMessage": _EDITED,
    "answerCallbackQuery": {
        "callback_query_id": Param(
            "str", missing="query is too old and response timeout expired or query ID is invalid"
        ),
        "text": Param("str"),
        "show_alert": Param("bool"),
        "url": Param("str"),
        "cache_time": Param("int"),
    },
    "getChat": {"chat_id": _CHAT},
    "getChatMember": {"chat_id": _CHAT, "user_id": Param("int", missing="invalid user_id specified")},
    "getChatAdministrators": {"chat_id": _CHAT},
    "setMyCommands": {
        "commands": Param("array", missing="can't parse commands: expected an Array"),
        "scope": Param("object"),
        "language_code": Param("str"),
    },
    "setMessageReaction": {**_EDITED, "reaction": Param("array"), "is_big": Param("bool")},
    "getWebhookInfo": {},
    "deleteWebhook": {"drop_pending_updates": Param("bool")},
}

_REPLY_PARAMETERS = {"message_id", "chat_id", "allow_sending_without_reply", "quote", "quote_position"}
_PREVIEW_OPTIONS = {"is_disabled", "url", "prefer_small_media", "prefer_large_media", "show_above_text"}
_NESTED = {"reply_parameters": _REPLY_PARAMETERS, "link_preview_options": _PREVIEW_OPTIONS}


def read(method: str, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the typed parameters of a call to `method`.

    Raises:
        ApiError: 400 for a parameter that is missing, unknown, or not of its kind.
    """
    known = METHODS[method]
    for name in given:
        if name not in known:
            raise bad_request(f'unknown parameter "{name}" for {method}')
    values = {name: _typed(name, param.kind, given[name]) for name, param in known.items() if name in given}
    for name, param in known.items():
        if param.missing is not None and values.get(name) in (None, ""):
            raise bad_request(param.missing)
    for name, keys in _NESTED.items():
        if unknown := set(values.get(name) or {}) - keys:
            raise bad_request(f'unknown field "{min(unknown)}" in {name}')
    return values


def _typed(name: str, kind: str, raw: Any) -> Any:
    try:
        return _READERS[kind](raw)
    except (ValueError, TypeError):
        raise bad_request(_WORDING.get(kind, 'parameter "{name}" is invalid').format(name=name)) from None


def _int(raw: Any) -> int:
    if isinstance(raw, bool):
        raise TypeError
    return int(raw)


def _str(raw: Any) -> str:
    if not isinstance(raw, str):
        raise TypeError
    return raw


def _bool(raw: Any) -> bool:
    return {"true": True, "1": True, "false": False, "0": False}[str(raw).lower()] if raw != "" else False


def _json(raw: Any, kind: type) -> Any:
    value = json.loads(raw) if isinstance(raw, str) else raw
    if not isinstance(value, kind):
        raise TypeError
    return value


def _chat(raw: Any) -> int | str:
    text = str(raw)
    return text if text.startswith("@") else int(text)


_READERS: Mapping[str, Any] = {
    "int": _int,
    "str": _str,
    "bool": _bool,
    "chat": _chat,
    "object": lambda raw: _json(raw, dict),
    "array": lambda raw: _json(raw, list),
}
_WORDING = {
    "object": "can't parse {name} JSON object",
    "array": "can't parse {name} JSON array",
    "chat": "chat not found",
}
