"""What has to be remembered while the messages of one Telegram chat go by, in the order of the file.

An export names neither the topic of a message nor the channel that a discussion group belongs to. Both follow from
earlier messages: a topic begins with a service message, whose number its messages answer; the linked channel is the
writer of the posts that Telegram forwarded into the group. Kept as packed numbers: 16 bytes for a message in a topic.
"""

from __future__ import annotations

from array import array
from bisect import bisect_left


class ChatMemory:
    """Topics and linked channels of one chat, as far as it was read."""

    def __init__(self) -> None:
        self._topics: set[int] = set()
        self._ids = array("q")
        self._topic_of = array("q")
        self._channels: set[str] = set()

    def note_topic(self, topic: int) -> None:
        """Remember that service message `topic` opened a topic."""
        self._topics.add(topic)

    def is_topic(self, message_id: int | None) -> bool:
        return message_id in self._topics

    def topic(self, message_id: int, reply_to: int | None) -> int | None:
        """Return the topic that a message stands in, and remember it for those that answer this message."""
        if reply_to is None or not self._topics:
            return None
        found = reply_to if reply_to in self._topics else self._look_up(reply_to)
        in_order = not self._ids or message_id > self._ids[-1]
        if found is not None and in_order and abs(message_id) < 2**63:
            self._ids.append(message_id)
            self._topic_of.append(found)
        return found

    def note_channel(self, author_id: str) -> None:
        """Remember that posts of this channel are forwarded into the chat by Telegram itself."""
        self._channels.add(author_id)

    def is_linked_channel(self, author_id: str) -> bool:
        return author_id in self._channels

    def _look_up(self, message_id: int) -> int | None:
        place = bisect_left(self._ids, message_id)
        if place < len(self._ids) and self._ids[place] == message_id:
            return self._topic_of[place]
        return None
