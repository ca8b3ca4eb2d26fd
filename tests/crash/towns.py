"""What is outside the service and lives on when it is killed: a platform, its residents, the people who decide."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol

from bot.core.cases import ActionKind
from tests.crash.ledger import Store
from tests.crash.lives import Life

GRACE_SECONDS = 0.3


@dataclass
class Asked:
    """A decision that a person asked for. `told` is whether the service said to them that it was made."""

    case_id: int
    action: ActionKind
    person: str
    told: bool = False


@dataclass
class Report:
    """Figures for the reader."""

    figures: dict[str, int] = field(default_factory=dict)

    def add(self, name: str, count: int = 1) -> None:
        self.figures[name] = self.figures.get(name, 0) + count


@dataclass(frozen=True, slots=True)
class Expected:
    """A message of the platform: every text it ever had, oldest first, and whether it was deleted there."""

    message_id: str
    texts: tuple[str, ...]
    deleted: bool = False


class Town(Protocol):
    """One platform with everybody on it."""

    channel: str
    face: str
    removes: bool  # whether people remove whatever they may, instead of now and then

    def environ(self) -> Mapping[str, str]:
        """Return the settings that point the service at this platform."""

    def stir(self, life: Life) -> None:
        """Let residents write and colleagues decide for a moment. The service may die at any line of this."""

    def between(self) -> None:
        """Let residents go on while nobody listens."""

    def hurry(self) -> None:
        """Let no more come: from now on only what is there is dealt with."""

    def delivered(self, store: Store) -> bool:
        """Tell whether the service has received everything that the platform has."""

    def messages(self) -> Sequence[Expected]:
        """Return what residents (and the municipality itself) have written."""

    def asked(self) -> Sequence[Asked]:
        """Return the decisions that were asked for."""

    def replies(self, target: str, text: str, keys: Collection[str]) -> int:
        """Return how often these words, sent under one of `keys`, stand on the platform as a reply to `target`."""

    def replies_in_all(self) -> int:
        """Return how many replies of the service stand on the platform, whatever they say."""

    def removals(self, target: str) -> int:
        """Return how often the service had a message removed."""

    def tells_what_it_placed(self) -> bool:
        """Tell whether a sender can look on this platform what became of an earlier try."""


def common_environ(home: Path) -> dict[str, str]:
    """Return the settings that do not hang on a channel."""
    return {
        "VERBINDER_DATA_DIR": str(home / "data"),
        "VERBINDER_DATABASE__URL": f"sqlite:///{database_of(home)}",
        "VERBINDER_CONSOLE__PORT": "0",
        "VERBINDER_REVIEW__GRACE_SECONDS": str(GRACE_SECONDS),
    }


def database_of(home: Path) -> Path:
    return home / "data" / "verbinder.db"
