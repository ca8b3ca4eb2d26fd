"""Messages for the next page that someone opens: shown once, kept in memory, lost at a restart without harm."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from bot.store.people import token_hash

_MOST_SESSIONS = 1000

Tone = Literal["goed", "let-op", "fout"]


@dataclass(frozen=True, slots=True)
class Flash:
    """A sentence for one person. `link` is a path of the console with its words."""

    text: str
    tone: Tone = "goed"
    link: tuple[str, str] | None = None


class Flashes:
    """Keeps flashes by session."""

    def __init__(self) -> None:
        self._waiting: dict[str, list[Flash]] = {}

    def put(self, token: str, flash: Flash) -> None:
        if len(self._waiting) >= _MOST_SESSIONS:
            self._waiting.pop(next(iter(self._waiting)))
        self._waiting.setdefault(token_hash(token), []).append(flash)

    def take(self, token: str) -> tuple[Flash, ...]:
        return tuple(self._waiting.pop(token_hash(token), ()))
