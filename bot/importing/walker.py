"""Walk through the events of a JSON parser: recognise the export by its head, and give out message after message.

Only one message is held at a time. A message may hold any JSON value; what is nested deeper than any exporter nests
is left out, so that a hostile file cannot fill the memory with levels.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, TypeAlias

from bot.importing.discord import DiscordChat
from bot.importing.telegram import TelegramChat
from bot.importing.values import as_id, as_text

Chat: TypeAlias = TelegramChat | DiscordChat
Event: TypeAlias = tuple[str, Any]

_MAX_DEPTH = 40
_ANY = "*"
_CHAT_LISTS = frozenset({("chats", "list"), ("left_chats", "list")})
_HEADS: dict[tuple[str, ...], tuple[str, ...]] = {
    ("messages",): (),
    **{(*chats, _ANY, "messages"): (*chats, _ANY) for chats in _CHAT_LISTS},
}
"""Where an export keeps messages → where the head of their chat stands."""

_HEAD_FIELDS = frozenset(
    {(*head, field) for head in _HEADS.values() for field in ("name", "type", "id")}
    | {("channel", field) for field in ("id", "type", "categoryId", "category", "name")}
    | {("guild", "id")}
)
_DEEPEST = 4
_STARTS = frozenset({"start_map", "start_array"})
_ENDS = frozenset({"end_map", "end_array"})


class Unrecognised(Exception):
    """The file holds messages without the head that either of the exporters writes before them."""


class Private(Exception):
    """The file is the export of one private conversation."""


@dataclass(frozen=True, slots=True)
class Found:
    """One exported message, as any JSON value, and the chat it stands in."""

    chat: Chat
    value: Any


class Walker:
    """Takes parser events in any portions.

    `recognised` tells whether the messages of a chat, or a list of chats, began.
    """

    def __init__(self) -> None:
        self.recognised = False
        self._path: list[str] = []
        self._head: dict[tuple[str, ...], Any] = {}
        self._chat: Chat | None = None
        self._builder: _Builder | None = None

    def walk(self, events: Iterable[Event]) -> Iterator[Found]:
        """Yield every message that is complete.

        Raise Unrecognised at messages without a known head, Private at the messages of a single private conversation.
        """
        for event, value in events:
            chat = self._chat
            if chat is None or (self._builder is None and event in _ENDS):
                self._outside(event, value)
                continue
            self._builder = self._builder or _Builder()
            if self._builder.take(event, value):
                yield Found(chat, self._builder.result)
                self._builder = None

    def _outside(self, event: str, value: Any) -> None:
        if event == "map_key":
            self._path[-1] = value
        elif event in _ENDS:
            self._path.pop()
            self._chat = None
        elif event in _STARTS:
            here = tuple(self._path) if len(self._path) <= _DEEPEST else (_ANY,)
            self._path.append(_ANY if event == "start_array" else "")
            self._open(event, here)
        elif len(self._path) <= _DEEPEST and (place := tuple(self._path)) in _HEAD_FIELDS:
            self._head[place] = value

    def _open(self, event: str, here: tuple[str, ...]) -> None:
        if event == "start_map":
            if here in _HEADS.values():
                self._head.clear()  # of the chat before this one
        elif here in _CHAT_LISTS:
            self.recognised = True
        elif here in _HEADS:
            self._chat = self._chat_of(_HEADS[here])
            self.recognised = True

    def _chat_of(self, head: tuple[str, ...]) -> Chat:
        number, kind = as_id(self._head.get((*head, "id"))), as_text(self._head.get((*head, "type")))
        name = as_text(self._head.get((*head, "name")))
        # In an account with all its chats, one without a known type or number is not readable either.
        telegram = TelegramChat(number or 0, kind if number and number > 0 else "", name)
        if head:
            return telegram
        chat: Chat = telegram if number and kind else self._discord()
        if not chat.readable:
            raise Private
        return chat

    def _discord(self) -> DiscordChat:
        channel_id = as_id(self._head.get(("channel", "id")))
        if channel_id is None:
            raise Unrecognised
        return DiscordChat(
            as_id(self._head.get(("guild", "id"))),
            channel_id,
            as_text(self._head.get(("channel", "type"))),
            as_id(self._head.get(("channel", "categoryId"))),
            as_text(self._head.get(("channel", "name"))),
            as_text(self._head.get(("channel", "category"))),
        )


class _Builder:
    """Builds one JSON value out of its events."""

    def __init__(self) -> None:
        self.result: Any = None
        self._open: list[Any] = []
        self._keys: list[str] = []
        self._too_deep = 0

    def take(self, event: str, value: Any) -> bool:
        """Take one event; return whether the value is complete."""
        if event == "map_key":
            if not self._too_deep:
                self._keys[-1] = value
        elif event in _STARTS:
            self._start({} if event == "start_map" else [])
        elif event in _ENDS:
            self._end()
        elif not self._too_deep:
            self._add(value)
        return not self._open

    def _start(self, container: Any) -> None:
        if self._too_deep or len(self._open) >= _MAX_DEPTH:
            self._too_deep += 1
            return
        self._add(container)
        self._open.append(container)
        self._keys.append("")

    def _end(self) -> None:
        if self._too_deep:
            self._too_deep -= 1
        else:
            self._open.pop()
            self._keys.pop()

    def _add(self, value: Any) -> None:
        if not self._open:
            self.result = value
        elif isinstance(self._open[-1], dict):
            self._open[-1][self._keys[-1]] = value
        else:
            self._open[-1].append(value)
