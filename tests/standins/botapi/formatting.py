"""Texts as Telegram reads them: limits, entities given, HTML, and the entities that Telegram finds by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from html.parser import HTMLParser
from typing import Any

from tests.standins.botapi.errors import bad_request

TEXT_LIMIT = 4096
CALLBACK_BYTES = 64
BUTTONS_LIMIT = 100

Entity = dict[str, Any]

_KINDS = frozenset(
    {
        "bold",
        "italic",
        "underline",
        "strikethrough",
        "spoiler",
        "blockquote",
        "expandable_blockquote",
        "code",
        "pre",
        "text_link",
        "text_mention",
        "mention",
        "hashtag",
        "cashtag",
        "bot_command",
        "url",
        "email",
        "phone_number",
        "custom_emoji",
    }
)
_FOUND = (
    ("url", re.compile(r"(?:https?://|tg://)[^\s]+", re.IGNORECASE)),
    ("email", re.compile(r"[\w.+-]+@[\w-]+\.[a-z]{2,}", re.IGNORECASE)),
    ("mention", re.compile(r"(?<![\w@])@[A-Za-z]\w{3,31}")),
    ("hashtag", re.compile(r"(?<![\w#])#\w+")),
    ("bot_command", re.compile(r"(?<![\w/<>])/[A-Za-z0-9_]{1,64}(?:@\w{3,32})?(?![\w/<>])")),
)


def units(text: str) -> int:
    """Return the length in UTF-16 code units, as Telegram counts offsets."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def formatted(text: str, *, parse_mode: str | None, entities: Sequence[Mapping[str, Any]]) -> tuple[str, list[Entity]]:
    """Return the text and entities of a message as it would be stored.

    Raises:
        ApiError: 400 for an empty or too long text, broken HTML, or an entity outside the text.
    """
    if parse_mode and entities:
        raise bad_request("parse_mode and entities are mutually exclusive")
    if parse_mode:
        if parse_mode.lower() != "html":
            raise bad_request("unsupported parse_mode")
        text, given = parse_html(text)
    else:
        given = [_checked(text, entity) for entity in entities]
    kept = text.strip(" \n\t\r\x00")
    if not kept:
        raise bad_request("message text is empty")
    if units(kept) > TEXT_LIMIT:
        raise bad_request("message is too long")
    shift = units(text) - units(text.lstrip(" \n\t\r\x00"))
    moved = [{**entity, "offset": entity["offset"] - shift} for entity in given]
    return kept, sorted([*moved, *_detected(kept, moved)], key=lambda entity: (entity["offset"], entity["type"]))


def keyboard(markup: Mapping[str, Any] | None) -> dict[str, Any] | None:
    """Return a valid inline keyboard, or None where there is none.

    Raises:
        ApiError: 400 for a shape, label or callback data that Telegram refuses.
    """
    if markup is None:
        return None
    if set(markup) != {"inline_keyboard"} or not isinstance(markup["inline_keyboard"], list):
        raise bad_request("object expected as reply markup")
    rows = [[_button(button) for button in row] for row in markup["inline_keyboard"]]
    if sum(len(row) for row in rows) > BUTTONS_LIMIT:
        raise bad_request("reply markup is too long")
    return {"inline_keyboard": rows} if any(rows) else None


def _button(button: Mapping[str, Any]) -> dict[str, Any]:
    if not button.get("text"):
        raise bad_request("can't parse inline keyboard button: text buttons must be non-empty")
    if set(button) - {"text", "callback_data", "url", "style"}:
        raise bad_request("can't parse inline keyboard button: unknown field")
    if button.get("style", "primary") not in {"primary", "success", "danger"}:
        raise bad_request("can't parse inline keyboard button: unknown style")
    kinds = [kind for kind in ("callback_data", "url") if button.get(kind)]
    if len(kinds) != 1:
        raise bad_request("can't parse inline keyboard button: text buttons are not allowed in the inline keyboard")
    if len(str(button.get("callback_data", "")).encode()) > CALLBACK_BYTES:
        raise bad_request("BUTTON_DATA_INVALID")
    return dict(button)


def _checked(text: str, entity: Mapping[str, Any]) -> Entity:
    kind, offset, length = entity.get("type"), entity.get("offset"), entity.get("length")
    if kind not in _KINDS:
        raise bad_request("can't parse entities: unsupported entity type")
    if not isinstance(offset, int) or not isinstance(length, int):
        raise bad_request("can't parse MessageEntity: field must be of type Number")
    if offset < 0 or length <= 0 or offset + length > units(text):
        raise bad_request("ENTITY_BOUNDS_INVALID")
    wide = text.encode("utf-16-le", "surrogatepass")
    for edge in (offset, offset + length):
        if 0 < edge < len(wide) // 2 and 0xDC00 <= int.from_bytes(wide[2 * edge : 2 * edge + 2], "little") <= 0xDFFF:
            raise bad_request(f"entity beginning at UTF-16 offset {offset} ends in a middle of a UTF-16 symbol")
    return dict(entity)


def _detected(text: str, given: Sequence[Entity]) -> Iterator[Entity]:
    """Yield what Telegram makes of a plain text by itself: nothing is found inside code, and links come first."""
    taken = [(e["offset"], e["offset"] + e["length"]) for e in given if e["type"] in {"code", "pre", "text_link"}]
    for kind, pattern in _FOUND:
        for match in pattern.finditer(text):
            start, end = units(text[: match.start()]), units(text[: match.end()])
            if not any(start < right and left < end for left, right in taken):
                taken.append((start, end))
                yield {"type": kind, "offset": start, "length": end - start}


_TAGS = {
    "b": "bold",
    "strong": "bold",
    "i": "italic",
    "em": "italic",
    "u": "underline",
    "s": "strikethrough",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
    "a": "text_link",
}


class _Html(HTMLParser):
    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.text = ""
        self.entities: list[Entity] = []
        self.open: list[tuple[str, int, dict[str, Any]]] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag not in _TAGS:
            raise bad_request(f'can\'t parse entities: Unsupported start tag "{tag}" at byte offset {self.getpos()[1]}')
        extra = {"url": dict(attrs).get("href")} if tag == "a" else {}
        self.open.append((tag, units(self.text), extra))

    def handle_endtag(self, tag: str) -> None:
        if not self.open or self.open[-1][0] != tag:
            raise bad_request(f"can't parse entities: Unexpected end tag at byte offset {self.getpos()[1]}")
        _, start, extra = self.open.pop()
        if length := units(self.text) - start:
            self.entities.append({"type": _TAGS[tag], "offset": start, "length": length, **extra})

    def handle_data(self, data: str) -> None:
        self.text += data


def parse_html(text: str) -> tuple[str, list[Entity]]:
    """Return the plain text and the entities of Telegram's HTML style."""
    parser = _Html()
    parser.feed(text)
    parser.close()
    if parser.open:
        raise bad_request(
            f"can't parse entities: Can't find end tag corresponding to start tag \"{parser.open[-1][0]}\""
        )
    return parser.text, parser.entities
