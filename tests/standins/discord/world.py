"""What exists on the stand-in: guilds, roles, members, channels, threads and messages, as Discord would render them.

Holds data and renders payloads; it opens no socket and knows nothing of sessions. Permissions are computed the way
Discord documents it (everyone, roles, overwrites; a thread follows its parent).
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

Json = dict[str, Any]

DISCORD_EPOCH_MS = 1_420_070_400_000

TEXT, ANNOUNCEMENT, PUBLIC_THREAD, FORUM = 0, 5, 11, 15
THREADS = frozenset({10, 11, 12})

ADMINISTRATOR = 1 << 3
MANAGE_CHANNELS = 1 << 4
VIEW_CHANNEL = 1 << 10
SEND_MESSAGES = 1 << 11
MANAGE_MESSAGES = 1 << 13
EMBED_LINKS = 1 << 14
READ_MESSAGE_HISTORY = 1 << 16
MENTION_EVERYONE = 1 << 17
SEND_MESSAGES_IN_THREADS = 1 << 38
EVERYTHING = (1 << 50) - 1

RESIDENT_PERMISSIONS = VIEW_CHANNEL | SEND_MESSAGES | READ_MESSAGE_HISTORY | SEND_MESSAGES_IN_THREADS
BOT_PERMISSIONS = RESIDENT_PERMISSIONS | MANAGE_MESSAGES | EMBED_LINKS


class Snowflakes:
    """Ids that grow with time and are never equal."""

    def __init__(self) -> None:
        self._last = 0

    def next(self) -> int:
        now = (int(time.time() * 1000) - DISCORD_EPOCH_MS) << 22
        self._last = max(now, self._last + 1)
        return self._last


def timestamp() -> str:
    return datetime.now(UTC).isoformat()


@dataclass
class User:
    id: int
    name: str
    bot: bool = False

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "username": self.name.lower().replace(" ", "_"),
            "global_name": self.name,
            "discriminator": "0",
            "avatar": None,
            "bot": self.bot,
        }


@dataclass
class Role:
    id: int
    name: str
    permissions: int

    def payload(self) -> Json:
        return {
            "id": str(self.id),
            "name": self.name,
            "permissions": str(self.permissions),
            "color": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
            "hoist": False,
            "position": 0,
            "managed": False,
            "mentionable": False,
            "flags": 0,
        }


@dataclass
class Member:
    user: User
    roles: list[int] = field(default_factory=list)
    nick: str | None = None

    def payload(self, *, with_user: bool = True) -> Json:
        payload: Json = {
            "roles": [str(role) for role in self.roles],
            "nick": self.nick,
            "joined_at": "2024-01-01T00:00:00+00:00",
            "deaf": False,
            "mute": False,
            "flags": 0,
        }
        if with_user:
            payload["user"] = self.user.payload()
        return payload


@dataclass
class Channel:
    id: int
    guild_id: int
    name: str
    type: int = TEXT
    parent_id: int | None = None
    owner_id: int | None = None
    archived: bool = False
    archived_at: str = "2024-01-01T00:00:00+00:00"
    deny_everyone: int = 0
    deny_bot: int = 0
    lists_nothing: bool = False  # the history is empty although each message can be fetched
    messages: dict[int, Json] = field(default_factory=dict)

    @property
    def is_thread(self) -> bool:
        return self.type in THREADS

    def payload(self, bot_id: int) -> Json:
        payload: Json = {
            "id": str(self.id),
            "guild_id": str(self.guild_id),
            "name": self.name,
            "type": self.type,
            "last_message_id": str(max(self.messages)) if self.messages else None,
            "rate_limit_per_user": 0,
        }
        if self.is_thread:
            return payload | {
                "parent_id": str(self.parent_id),
                "owner_id": str(self.owner_id),
                "message_count": len(self.messages),
                "member_count": 1,
                "thread_metadata": {
                    "archived": self.archived,
                    "archive_timestamp": self.archived_at,
                    "auto_archive_duration": 1440,
                    "locked": False,
                },
            }
        overwrites = [
            {"id": str(target), "type": kind, "allow": "0", "deny": str(deny)}
            for target, kind, deny in ((self.guild_id, 0, self.deny_everyone), (bot_id, 1, self.deny_bot))
            if deny
        ]
        payload |= {"position": 0, "parent_id": None, "topic": None, "nsfw": False, "permission_overwrites": overwrites}
        if self.type == FORUM:
            payload |= {
                "available_tags": [],
                "default_reaction_emoji": None,
                "default_sort_order": None,
                "default_forum_layout": 0,
                "default_thread_rate_limit_per_user": 0,
            }
        return payload


@dataclass
class Guild:
    id: int
    name: str
    owner_id: int
    roles: dict[int, Role] = field(default_factory=dict)
    members: dict[int, Member] = field(default_factory=dict)
    channels: dict[int, Channel] = field(default_factory=dict)

    def payload(self) -> Json:
        """Return the partial guild that REST gives."""
        return {
            "id": str(self.id),
            "name": self.name,
            "owner_id": str(self.owner_id),
            "roles": [role.payload() for role in self.roles.values()],
            "icon": None,
            "splash": None,
            "emojis": [],
            "stickers": [],
            "features": [],
            "afk_timeout": 300,
            "verification_level": 1,
            "default_message_notifications": 0,
            "explicit_content_filter": 0,
            "mfa_level": 0,
            "nsfw_level": 0,
            "premium_tier": 0,
            "preferred_locale": "nl",
            "system_channel_flags": 0,
        }

    def threads(self, *, archived: bool) -> list[Channel]:
        return [c for c in self.channels.values() if c.is_thread and c.archived is archived]

    def permissions(self, user_id: int, channel: Channel) -> int:
        """Return what `user_id` may do in `channel`; a member without a role has those of everyone."""
        if user_id == self.owner_id:
            return EVERYTHING
        member = self.members.get(user_id)
        allowed = self.roles[self.id].permissions
        for role in member.roles if member else ():
            allowed |= self.roles[role].permissions
        if allowed & ADMINISTRATOR:
            return EVERYTHING
        if channel.is_thread and channel.parent_id in self.channels:
            channel = self.channels[channel.parent_id]
        allowed &= ~channel.deny_everyone
        if member and member.user.bot:
            allowed &= ~channel.deny_bot
        return allowed


def message_payload(
    message_id: int, channel: Channel, author: User, content: str, *, reference: Json | None = None, **extra: Any
) -> Json:
    """Return a complete message as REST renders it; `extra` overrides any field."""
    payload: Json = {
        "id": str(message_id),
        "channel_id": str(channel.id),
        "author": author.payload(),
        "content": content,
        "timestamp": datetime.fromtimestamp(((message_id >> 22) + DISCORD_EPOCH_MS) / 1000, UTC).isoformat(),
        "edited_timestamp": None,
        "tts": False,
        "mention_everyone": False,
        "mentions": [],
        "mention_roles": [],
        "attachments": [],
        "embeds": [],
        "components": [],
        "pinned": False,
        "flags": 0,
        "type": 19 if reference else 0,
    }
    if reference:
        payload["message_reference"] = {"type": 0, "guild_id": str(channel.guild_id)} | reference
    return payload | extra
