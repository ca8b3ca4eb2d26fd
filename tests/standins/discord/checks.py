"""What Discord accepts in a message, a component and a modal: its documented limits, each refused with 50035.

Limits are from the API reference (message: 2,000; embed: title 256, description 4,096, field 256/1,024, total 6,000;
custom_id 100; label 80; five rows of five buttons; nonce 25).
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from tests.standins.discord.faults import ApiError, invalid_form
from tests.standins.discord.world import Json

MESSAGE_FIELDS = frozenset(
    {"content", "nonce", "enforce_nonce", "tts", "embeds", "flags", "allowed_mentions"}
    | {"message_reference", "components", "attachments"}
)
_TOO_LONG = "BASE_TYPE_MAX_LENGTH"


def length(value: Any, limit: int, where: str, *, least: int = 0) -> int:
    """Return the length of `value` in characters; refuse what is no text, too short or too long."""
    if not isinstance(value, str):
        raise invalid_form(where, "BASE_TYPE_STRING", "This is not a string.")
    if not least <= len(value) <= limit:
        raise invalid_form(where, _TOO_LONG, f"Must be between {least} and {limit} in length.")
    try:
        value.encode()
    except UnicodeEncodeError:
        raise ApiError(400, 50109, "The request body contains invalid JSON.") from None
    return len(value)


def message(body: Json) -> None:
    """Refuse a body that Discord would refuse."""
    unknown = set(body) - MESSAGE_FIELDS
    if unknown:
        raise invalid_form(min(unknown), "UNKNOWN_FIELD", "The stand-in knows no such field.")
    content = body.get("content")
    embeds_, components_ = body.get("embeds") or [], body.get("components") or []
    if not (content or embeds_ or components_):
        raise ApiError(400, 50006, "Cannot send an empty message")
    if content:
        length(content, 2000, "content")
    if body.get("nonce") is not None:
        length(str(body["nonce"]), 25, "nonce")
    embeds(embeds_)
    components(components_)


def embeds(items: list[Json]) -> None:
    if len(items) > 10:
        raise invalid_form("embeds", "BASE_TYPE_MAX_LENGTH", "Must be 10 or fewer in length.")
    total = 0
    for index, item in enumerate(items):
        where = f"embeds.{index}"
        for key, limit in (("title", 256), ("description", 4096)):
            if item.get(key) is not None:
                total += length(item[key], limit, f"{where}.{key}")
        if item.get("footer"):
            total += length(item["footer"]["text"], 2048, f"{where}.footer.text", least=1)
        if item.get("author"):
            total += length(item["author"]["name"], 256, f"{where}.author.name", least=1)
        fields = item.get("fields", [])
        if len(fields) > 25:
            raise invalid_form(f"{where}.fields", "BASE_TYPE_MAX_LENGTH", "Must be 25 or fewer in length.")
        for number, entry in enumerate(fields):
            total += length(entry["name"], 256, f"{where}.fields.{number}.name", least=1)
            total += length(entry["value"], 1024, f"{where}.fields.{number}.value", least=1)
    if total > 6000:
        raise invalid_form("embeds", "MAX_EMBED_SIZE_EXCEEDED", "Embed size exceeds maximum size of 6000")


def components(rows: list[Json]) -> None:
    if len(rows) > 5:
        raise invalid_form("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    seen: set[str] = set()
    for index, row in enumerate(rows):
        where = f"components.{index}"
        items = row.get("components", [])
        if row.get("type") != 1 or not 1 <= len(items) <= 5:
            raise invalid_form(where, "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
        for number, item in enumerate(items):
            _component(item, f"{where}.components.{number}", seen)


def _component(item: Json, where: str, seen: set[str]) -> None:
    if item["type"] == 2 and item["style"] == 5:
        length(item["url"], 512, f"{where}.url", least=1)
        length(item.get("label") or "", 80, f"{where}.label", least=1)
        return
    length(item["custom_id"], 100, f"{where}.custom_id", least=1)
    if item["custom_id"] in seen:
        raise invalid_form(where, "COMPONENT_CUSTOM_ID_DUPLICATED", "Component custom id cannot be duplicated")
    seen.add(item["custom_id"])
    if item["type"] == 2:
        length(item.get("label") or "", 80, f"{where}.label", least=1)
    elif item["type"] == 3:
        options = item["options"]
        if not 1 <= len(options) <= 25:
            raise invalid_form(f"{where}.options", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 25 in length.")
        values = [option["value"] for option in options]
        if len(set(values)) != len(values):
            raise invalid_form(where, "SELECT_COMPONENT_OPTION_VALUE_DUPLICATED", "Option values must be unique")
        for option in options:
            length(option["label"], 100, f"{where}.options.label", least=1)
            length(option["value"], 100, f"{where}.options.value", least=1)
            if option.get("description") is not None:
                length(option["description"], 100, f"{where}.options.description", least=1)
        if item.get("placeholder"):
            length(item["placeholder"], 150, f"{where}.placeholder")
    else:
        raise invalid_form(where, "UNION_TYPE_CHOICES", "Value of field type is not supported by the stand-in.")


def modal(data: Json) -> None:
    length(data["title"], 45, "title", least=1)
    length(data["custom_id"], 100, "custom_id", least=1)
    inputs = list(modal_inputs(data["components"]))
    if not 1 <= len(data["components"]) <= 5 or not inputs:
        raise invalid_form("components", "BASE_TYPE_BAD_LENGTH", "Must be between 1 and 5 in length.")
    for item in inputs:
        length(item["custom_id"], 100, "components.custom_id", least=1)
        most = item.get("max_length", 4000)
        if not 1 <= most <= 4000:
            raise invalid_form("components.max_length", "NUMBER_TYPE_MAX", "Must be between 1 and 4000.")
        if item.get("label") is not None:
            length(item["label"], 45, "components.label", least=1)
        if item.get("placeholder") is not None:
            length(item["placeholder"], 100, "components.placeholder")
        if item.get("value") is not None:
            length(item["value"], most, "components.value")


def modal_inputs(items: Iterable[Json]) -> Iterable[Json]:
    """Yield the text inputs of a modal, in rows (1) or labels (18)."""
    for item in items:
        if item["type"] == 1:
            yield from modal_inputs(item["components"])
        elif item["type"] == 18:
            length(item["label"], 45, "components.label", least=1)
            yield from modal_inputs([item["component"]])
        elif item["type"] == 4:
            yield item
        else:
            raise invalid_form("components", "UNION_TYPE_CHOICES", "Value of field type is not supported.")


def pings(body: Json) -> list[str]:
    """Return what a text would notify: Discord parses everything unless `allowed_mentions` says otherwise."""
    content = body.get("content") or ""
    allowed = body.get("allowed_mentions")
    parse = {"everyone", "users", "roles"} if allowed is None else set(allowed.get("parse", []))
    found = []
    if "everyone" in parse and ("@everyone" in content or "@here" in content):
        found.append("everyone")
    if "users" in parse and "<@" in content:
        found.append("users")
    if "roles" in parse and "<@&" in content:
        found.append("roles")
    if body.get("message_reference") and (allowed is None or allowed.get("replied_user", False)):
        found.append("replied_user")
    return found
