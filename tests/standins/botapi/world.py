"""What lives on the other side: users, chats, their messages, and the updates that wait for the bot.

Everything a test does as a resident or colleague stands in `controls.py`; everything the bot does in `methods.py`.
One lock guards it all: tests and the server live in different threads. What is given out is a copy.
"""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from tests.standins.botapi.errors import bad_request, forbidden

Json = dict[str, Any]

ANONYMOUS_ADMIN = 1087968824
CHANNEL_BOT = 136817688
TELEGRAM_SERVICE = 777000
FUTURE_TOLERANCE = 10
"""An offset further ahead than this is answered from the head of the queue (tdlib `TQueue::get`)."""

_BY_DEFAULT = frozenset({"message", "edited_message", "channel_post", "callback_query", "my_chat_member"})
RIGHTS = (
    "can_manage_chat",
    "can_delete_messages",
    "can_manage_video_chats",
    "can_restrict_members",
    "can_promote_members",
    "can_change_info",
    "can_invite_users",
    "can_post_stories",
    "can_edit_stories",
    "can_delete_stories",
)


@dataclass
class User:
    id: int
    first_name: str
    last_name: str | None = None
    username: str | None = None
    is_bot: bool = False

    def json(self) -> Json:
        given = {"last_name": self.last_name, "username": self.username}
        known = {name: value for name, value in given.items() if value}
        return {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name, **known}


@dataclass
class Chat:
    id: int
    type: str
    title: str
    username: str | None = None
    is_forum: bool = False
    linked_chat_id: int | None = None
    migrated_to: int | None = None
    members: dict[int, Json] = field(default_factory=dict)
    messages: dict[int, Json] = field(default_factory=dict)
    next_message: int = 1
    topics: set[int] = field(default_factory=set)

    def json(self) -> Json:
        if self.type == "private":
            return {"id": self.id, "type": self.type, "first_name": self.title}
        out: Json = {"id": self.id, "type": self.type, "title": self.title}
        if self.username:
            out["username"] = self.username
        return {**out, "is_forum": True} if self.is_forum else out

    @property
    def kind(self) -> str:
        """Return the word that Telegram uses in a refusal."""
        return {"group": "group chat", "supergroup": "supergroup chat", "channel": "channel chat"}.get(
            self.type, "chat"
        )


@dataclass
class Failure:
    """What the next calls of a method meet. `status` None: the connection breaks."""

    status: int | None
    times: int
    retry_after: int | None
    after_effect: bool
    description: str | None
    delay: float


class World:
    """The state. `on_update` is called, with the lock held, whenever an update starts to wait."""

    def __init__(self, bot: User) -> None:
        self.lock = threading.RLock()
        self.bot = bot
        self.users: dict[int, User] = {bot.id: bot}
        self.chats: dict[int, Chat] = {}
        self.queue: deque[Json] = deque()
        self.next_update = 700_000_000
        self.allowed = _BY_DEFAULT
        self.privacy = True
        self.webhook = ""
        self.queries: dict[str, Json] = {}
        self.previews: set[tuple[int, int]] = set()
        self.reactions: dict[tuple[int, int], list[str]] = {}
        self.commands: list[Json] = []
        self.calls: list[tuple[str, Json]] = []
        self.failures: dict[str, list[Failure]] = {}
        self.on_update: Callable[[], None] = lambda: None

    def chat(self, chat_id: int | str) -> Chat:
        """Return the chat; raise the refusal of Telegram where the bot cannot know it."""
        for chat in self.chats.values():
            if chat_id == chat.id or (chat.username and chat_id == f"@{chat.username}"):
                if chat.migrated_to is not None:
                    wording = "group chat was upgraded to a supergroup chat"
                    raise bad_request(wording, migrate_to_chat_id=chat.migrated_to)
                return chat
        raise bad_request("chat not found")

    def present(self, chat: Chat) -> Json:
        """Return the bot's membership of `chat`; raise 403 when it has none."""
        member = chat.members.get(self.bot.id)
        if member is None:
            raise (
                bad_request("chat not found")
                if chat.username is None and chat.type == "group"
                else forbidden(f"bot is not a member of the {chat.kind}")
            )
        if member["status"] == "kicked":
            raise forbidden(f"bot was kicked from the {chat.kind}")
        if member["status"] == "left":
            raise forbidden(f"bot is not a member of the {chat.kind}")
        return member

    def may(self, chat: Chat, right: str) -> bool:
        member = chat.members.get(self.bot.id, {})
        return member.get("status") == "creator" or bool(member.get("status") == "administrator" and member.get(right))

    def store(self, chat: Chat, message: Json) -> Json:
        """Give `message` its id, place and date, and keep it."""
        message_id = chat.next_message
        chat.next_message += 1
        stored = {"message_id": message_id, "date": int(time.time()), "chat": chat.json(), **message}
        chat.messages[message_id] = stored
        return stored

    def thread_fields(self, chat: Chat, reply_to: int | None, thread: int | None) -> Json:
        """Return `reply_to_message`, `message_thread_id` and `is_topic_message` as Telegram would fill them in."""
        out: Json = {}
        target = chat.messages.get(reply_to) if reply_to is not None else None
        if target is not None:
            out["reply_to_message"] = {k: v for k, v in target.items() if k not in {"reply_to_message", "quote"}}
        if chat.is_forum:
            topic = thread or (target or {}).get("message_thread_id")
            if topic is not None:
                out |= {"message_thread_id": topic, "is_topic_message": True}
                out.setdefault("reply_to_message", dict(chat.messages[topic]))
        elif target is not None and chat.type == "supergroup":
            out["message_thread_id"] = target.get("message_thread_id", target["message_id"])
        return out

    def visible(self, chat: Chat, message: Mapping[str, Any]) -> bool:
        """Tell whether the bot is told of `message` (privacy mode, its place in the chat)."""
        member = chat.members.get(self.bot.id, {"status": "left"})
        writer = message.get("from", {}).get("id")
        if member["status"] in {"left", "kicked"} or writer == self.bot.id:
            return False
        if chat.type in {"private", "channel"} or member["status"] in {"administrator", "creator"} or not self.privacy:
            return True
        text = str(message.get("text", ""))
        answered = message.get("reply_to_message", {}).get("from", {}).get("id")
        service = any(name in message for name in ("new_chat_members", "left_chat_member", "migrate_to_chat_id"))
        return text.startswith("/") or f"@{self.bot.username}" in text or answered == self.bot.id or service

    def announce(self, kind: str, payload: Json) -> None:
        """Queue an update for the bot, if it asked for this kind."""
        if kind in self.allowed:
            self.push({kind: payload})

    def push(self, update: Json) -> int:
        """Queue a raw update under the next number."""
        number = self.next_update
        self.next_update += 1
        self.queue.append({"update_id": number, **update})
        self.on_update()
        return number

    def pending(self, offset: int, limit: int) -> list[Json]:
        """Forget what `offset` confirms and return what waits, oldest first. Nothing else ever forgets an update."""
        if offset < 0:
            while len(self.queue) > -offset:
                self.queue.popleft()
        elif 0 < offset <= self.next_update - 1 + FUTURE_TOLERANCE:
            while self.queue and self.queue[0]["update_id"] < offset:
                self.queue.popleft()
        return list(self.queue)[: min(max(limit, 1), 100)]

    def failure(self, method: str) -> Failure | None:
        """Take the next failure that a test ordered for `method`."""
        ordered = self.failures.get(method) or self.failures.get("*")
        if not ordered:
            return None
        first = ordered[0]
        first.times -= 1
        if first.times <= 0:
            ordered.pop(0)
        return first
