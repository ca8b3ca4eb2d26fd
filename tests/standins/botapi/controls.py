"""What a test does in the outside world: people join, write, edit, forward and press. Plain methods, any thread."""

from __future__ import annotations

import copy
import time
from collections.abc import Sequence
from typing import Any

from tests.standins.botapi.formatting import formatted
from tests.standins.botapi.world import (
    ANONYMOUS_ADMIN,
    CHANNEL_BOT,
    RIGHTS,
    TELEGRAM_SERVICE,
    Chat,
    Failure,
    Json,
    User,
    World,
)


class Controls:
    """Mixed into the server. Ids are Telegram's: positive for users, negative for groups and channels."""

    world: World

    def add_user(self, name: str, *, username: str | None = None, is_bot: bool = False, id: int | None = None) -> int:  # noqa: A002
        with self.world.lock:
            number = id or 1000 + len(self.world.users)
            first, _, last = name.partition(" ")
            self.world.users[number] = User(number, first, last or None, username, is_bot)
            return number

    def add_group(
        self,
        title: str,
        *,
        kind: str = "supergroup",
        username: str | None = None,
        forum: bool = False,
        bot: str = "member",
    ) -> int:
        """Add a `group`, `supergroup` or `channel`; `bot` is the bot's status in it (`left`: not in it)."""
        with self.world.lock:
            count = len(self.world.chats) + 1
            number = -(500 + count) if kind == "group" else -1_001_000_000_000 - count
            self.world.chats[number] = Chat(number, kind, title, username, forum)
            if bot != "left":
                self.set_bot(number, bot)
            return number

    def add_private(self, user: int) -> int:
        """Let `user` have started a private conversation with the bot."""
        with self.world.lock:
            self.world.chats[user] = Chat(user, "private", self.world.users[user].first_name)
            self.world.chats[user].members[self.world.bot.id] = {"status": "member"}
            return user

    def link(self, channel: int, group: int) -> None:
        """Make `group` the discussion group of `channel`."""
        with self.world.lock:
            self.world.chats[channel].linked_chat_id = group
            self.world.chats[group].linked_chat_id = channel

    def add_topic(self, chat: int, name: str) -> int:
        with self.world.lock:
            place = self.world.chats[chat]
            made = {"from": self._person(None), "forum_topic_created": {"name": name, "icon_color": 7322096}}
            stored = self.world.store(place, made)
            stored |= {"message_thread_id": stored["message_id"], "is_topic_message": True}
            place.topics.add(stored["message_id"])
            self._tell(place, "message", stored)
            return int(stored["message_id"])

    def set_bot(self, chat: int, status: str, **rights: bool) -> None:
        """Make the bot `member`, `administrator`, `left` or `kicked`; `rights` are an administrator's."""
        with self.world.lock:
            place = self.world.chats[chat]
            before = place.members.get(self.world.bot.id, {"status": "left"})
            after: Json = {"status": status}
            if status == "administrator":
                after |= {right: rights.get(right, False) for right in RIGHTS}
                after |= {"can_be_edited": False, "is_anonymous": False, "can_manage_chat": True}
            if status == "kicked":
                after["until_date"] = 0
            place.members[self.world.bot.id] = after
            user = self.world.bot.json()
            change = {"chat": place.json(), "from": self._person(None), "date": int(time.time())}
            change |= {"old_chat_member": {**before, "user": user}, "new_chat_member": {**after, "user": user}}
            self.world.announce("my_chat_member", change)

    def set_privacy(self, *, on: bool) -> None:
        with self.world.lock:
            self.world.privacy = on

    def set_webhook(self, url: str) -> None:
        with self.world.lock:
            self.world.webhook = url

    def post(
        self,
        chat: int,
        user: int | None,
        text: str,
        *,
        reply_to: int | None = None,
        quote: str | None = None,
        thread: int | None = None,
        entities: Sequence[Json] = (),
        sender_chat: int | None = None,
        forward_origin: Json | None = None,
        **extra: Any,
    ) -> int:
        """Write a message and return its id. `extra` are further fields of the Message (photo, poll, via_bot …)."""
        with self.world.lock:
            place = self.world.chats[chat]
            body: Json = {"from": self._writer(user, chat, sender_chat)}
            if sender_chat is not None:
                body["sender_chat"] = self.world.chats[sender_chat].json()
            body |= self.world.thread_fields(place, reply_to, thread)
            body |= {"text": text} if text else {}
            optional = {"entities": list(entities), "forward_origin": forward_origin}
            body |= {name: value for name, value in optional.items() if value}
            if quote is not None:
                body["quote"] = {"text": quote, "position": 0, "is_manual": True}
            stored = self.world.store(place, {**body, **extra})
            self._tell(place, "message", stored)
            return int(stored["message_id"])

    def publish(self, channel: int, text: str) -> tuple[int, int | None]:
        """Post in a channel; return (its id, the id of the copy in the linked discussion group)."""
        with self.world.lock:
            source = self.world.chats[channel]
            body = {"sender_chat": source.json(), "text": text}
            post = self.world.store(source, body)
            self._tell(source, "channel_post", post)
            if source.linked_chat_id is None:
                return int(post["message_id"]), None
            group = self.world.chats[source.linked_chat_id]
            origin = {"type": "channel", "chat": source.json(), "message_id": post["message_id"], "date": post["date"]}
            copied = self.world.store(
                group,
                {
                    "from": {"id": TELEGRAM_SERVICE, "is_bot": False, "first_name": "Telegram"},
                    "sender_chat": source.json(),
                    "forward_origin": origin,
                    "is_automatic_forward": True,
                    "text": text,
                },
            )
            self._tell(group, "message", copied)
            return int(post["message_id"]), int(copied["message_id"])

    def edit(self, chat: int, message_id: int, text: str) -> None:
        """Edit a message; the same text is an edit all the same (a reaction, a preview)."""
        with self.world.lock:
            place = self.world.chats[chat]
            message = place.messages[message_id]
            message |= {"text": text, "edit_date": int(time.time())}
            self._tell(place, "edited_message", message)

    def remove(self, chat: int, message_id: int) -> None:
        """Delete a message as a person does: no update tells of it."""
        with self.world.lock:
            del self.world.chats[chat].messages[message_id]

    def migrate(self, chat: int) -> int:
        """Upgrade a group to a supergroup; return the new id."""
        with self.world.lock:
            old = self.world.chats[chat]
            new = self.add_group(old.title, bot="left")
            self.world.chats[new].members = old.members
            service = {"from": self._person(None), "migrate_to_chat_id": new}
            self._tell(old, "message", self.world.store(old, service))
            old.migrated_to = new
            return new

    def press(self, chat: int, message_id: int, user: int, label: str | None = None, *, data: str | None = None) -> str:
        """Press the button called `label` (or with `data`, as an older version of the card has it)."""
        with self.world.lock:
            message = self.world.chats[chat].messages[message_id]
            if data is None:
                shown = {button["text"]: button["callback_data"] for button in self.buttons(chat, message_id)}
                data = next(value for text, value in shown.items() if label is not None and label in text)
            number = str(5_000_000 + len(self.world.queries))
            self.world.queries[number] = {"user": user, "answer": None, "old": False}
            query = {
                "id": number,
                "from": self._person(user),
                "message": message,
                "chat_instance": str(chat),
                "data": data,
            }
            self.world.announce("callback_query", copy.deepcopy(query))
            return number

    def expire(self, query: str) -> None:
        """Let a button press become too old to be answered."""
        with self.world.lock:
            self.world.queries[query]["old"] = True

    def answer(self, query: str) -> Json | None:
        """Return how the bot answered a button press: `text`, `show_alert`; None while it has not."""
        with self.world.lock:
            given = self.world.queries[query]["answer"]
            return dict(given) if given is not None else None

    def push_raw(self, update: Json) -> int:
        """Queue an update as it stands, however broken; return its number."""
        with self.world.lock:
            return self.world.push(update)

    def fail_next(
        self,
        method: str,
        status: int | None = 502,
        *,
        retry_after: int | None = None,
        times: int = 1,
        after_effect: bool = False,
        description: str | None = None,
        delay: float = 0.0,
    ) -> None:
        """Let the next `times` calls of `method` (`*`: any) fail after `delay` s; `status` None breaks the connection.

        With `after_effect` the call does what it was asked first, and only then its answer is lost.
        """
        with self.world.lock:
            failure = Failure(status, times, retry_after, after_effect, description, delay)
            self.world.failures.setdefault(method, []).append(failure)

    def messages(self, chat: int) -> list[Json]:
        with self.world.lock:
            return copy.deepcopy(list(self.world.chats[chat].messages.values()))

    def message(self, chat: int, message_id: int) -> Json:
        with self.world.lock:
            return copy.deepcopy(self.world.chats[chat].messages[message_id])

    def from_bot(self, chat: int) -> list[Json]:
        """Return what the bot wrote in `chat`, oldest first."""
        return [m for m in self.messages(chat) if m.get("from", {}).get("id") == self.world.bot.id]

    def buttons(self, chat: int, message_id: int) -> list[Json]:
        markup = self.message(chat, message_id).get("reply_markup", {"inline_keyboard": []})
        return [button for row in markup["inline_keyboard"] for button in row]

    def has_preview(self, chat: int, message_id: int) -> bool:
        with self.world.lock:
            return (chat, message_id) in self.world.previews

    def calls(self, method: str) -> list[Json]:
        """Return the parameters of every call of `method` that was understood, oldest first."""
        with self.world.lock:
            return [copy.deepcopy(given) for name, given in self.world.calls if name == method]

    def waiting(self) -> list[int]:
        """Return the numbers of the updates that are not confirmed yet."""
        with self.world.lock:
            return [update["update_id"] for update in self.world.queue]

    def _person(self, user: int | None) -> Json:
        return self.world.users[user].json() if user is not None else {"id": 1, "is_bot": False, "first_name": "Beheer"}

    def _writer(self, user: int | None, chat: int, sender_chat: int | None) -> Json:
        if sender_chat is None:
            return self._person(user)
        if sender_chat == chat:
            return {"id": ANONYMOUS_ADMIN, "is_bot": True, "first_name": "Group", "username": "GroupAnonymousBot"}
        return {"id": CHANNEL_BOT, "is_bot": True, "first_name": "Channel", "username": "Channel_Bot"}

    def _tell(self, chat: Chat, kind: str, message: Json) -> None:
        if "text" in message and not message.get("entities") and message["text"].strip(" \n\t\r\x00"):
            found = formatted(message["text"][:1000], parse_mode=None, entities=())[1]
            message |= {"entities": found} if found else {}
        if self.world.visible(chat, message):
            self.world.announce(kind, copy.deepcopy(message))
