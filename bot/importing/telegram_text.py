"""The text of an exported Telegram message: a string, or a list of strings and entities.

Block quotes are words of someone else and come back apart (trap 14). Any shape gives text; nothing raises.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from bot.importing.values import as_list, as_object, as_text

_QUOTES = frozenset({"blockquote", "expandable_blockquote"})


def text_and_quote(message: Mapping[str, Any]) -> tuple[str, str]:
    """Return what the author wrote and what they quoted.

    A text that is a quotation from end to end counts as the author's own, as it does live: marking an insult as a
    quotation must not hide it.
    """
    own: list[str] = []
    quoted: list[str] = []
    for entity in _entities(message):
        (quoted if as_text(entity.get("type")) in _QUOTES else own).append(as_text(entity.get("text")))
    text = "".join(own)
    if not any(quoted):
        return text, ""
    if not text.strip():
        return whole_text(message), ""
    return text.strip(), "\n".join(part.strip() for part in quoted)


def whole_text(message: Mapping[str, Any]) -> str:
    """Return the text with the quotations in it."""
    return "".join(as_text(entity.get("text")) for entity in _entities(message))


def poll_text(message: Mapping[str, Any]) -> str:
    """Return the question and the answers of a poll, one a line; they are words of its author as well."""
    poll = as_object(message.get("poll"))
    question = _plain(poll.get("question"))
    answers = [_plain(as_object(answer).get("text")) for answer in as_list(poll.get("answers"))]
    return "\n".join([question, *(f"- {answer}" for answer in answers)]) if question or answers else ""


def hidden_links(message: Mapping[str, Any]) -> list[str]:
    """Return the addresses behind words: the text does not show where they lead."""
    links = [as_text(entity.get("href")) for entity in _entities(message) if entity.get("type") == "text_link"]
    return [link for link in links if link]


def _entities(message: Mapping[str, Any]) -> list[Mapping[str, Any]]:
    """Return the parts of a text as entities.

    Every version of Telegram Desktop writes `text`; those since 2022 write the same as a list in `text_entities`.
    """
    return _parts(message.get("text_entities") or message.get("text"))


def _plain(source: Any) -> str:
    return "".join(as_text(part.get("text")) for part in _parts(source))


def _parts(source: Any) -> list[Mapping[str, Any]]:
    parts = source if isinstance(source, list) else [source]
    return [part if isinstance(part, dict) else {"text": part} for part in parts]
