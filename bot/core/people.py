"""People who work with Verbinder, and where they do so."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Role(StrEnum):
    """A role. A person may hold several. What each may do stands in `bot.review.permissions`."""

    ADMINISTRATOR = "administrator"
    MODERATOR = "moderator"
    COMMUNITY_MANAGER = "community_manager"
    AUDITOR = "auditor"


class Face(StrEnum):
    """A place where people see cases and decide."""

    WEB = "web"
    TELEGRAM = "telegram"
    DISCORD = "discord"


@dataclass(frozen=True, slots=True)
class Person:
    """A named colleague. Rights follow the person, not the platform."""

    id: int
    name: str
    roles: frozenset[Role]
