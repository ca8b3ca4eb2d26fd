"""What was written shortly before each of many reactions: as `bot.store.recent` says it, in a few queries for all.

For a replay, where one query for each reaction would take longer than the rules do. A test holds both to the same
answers. Reactions are taken together as long as they lie within a day of each other, so what is read at once is what
was written in their time and the day before.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import and_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.messages import SAME_AUTHOR, Recent
from bot.store.recent import LOOKED_BACK, MOST_ALIKE, MOST_OWN
from bot.store.schema import messages, revisions
from bot.store.types import AnyRow


@dataclass(frozen=True, slots=True)
class Written:
    """A reaction of which the past is asked: who wrote it where and when, and the fingerprint of its words."""

    revision_pk: int
    message_pk: int
    channel: str
    chat_id: str
    author_key: str
    fingerprint: str
    moment: datetime


async def recent_of_chunk(tx: AsyncConnection, chunk: Sequence[Written]) -> Mapping[int, Recent]:
    """Return what stands before each of these reactions, by the key of its revision."""
    earliest = await _earliest(tx, chunk)
    found: dict[int, Recent] = {}
    for together in _within_a_day(chunk):
        around = _Around(await _between(tx, together[0].moment - LOOKED_BACK, together[-1].moment))
        for written in together:
            found[written.revision_pk] = around.before(written, earliest[written.revision_pk])
    return found


def _within_a_day(chunk: Sequence[Written]) -> Iterator[Sequence[Written]]:
    """Yield the reactions in order of time, cut where a day or more lies between two."""
    together: list[Written] = []
    for written in sorted(chunk, key=lambda one: one.moment):
        if together and written.moment - together[-1].moment > LOOKED_BACK:
            yield together
            together = []
        together.append(written)
    yield together


async def _earliest(tx: AsyncConnection, chunk: Sequence[Written]) -> Mapping[int, datetime | None]:
    """Return when the author of each reaction wrote here first, that message itself left out."""
    other = messages.alias("other")
    first = (
        select(other.c.sent_at)
        .where(
            other.c.channel == messages.c.channel,
            other.c.chat_id == messages.c.chat_id,
            other.c.author_key == messages.c.author_key,
            other.c.id != messages.c.id,
        )
        .order_by(other.c.sent_at)
        .limit(1)
        .scalar_subquery()
    )
    query = (
        select(revisions.c.id, first.label("earliest"))
        .join(messages, messages.c.id == revisions.c.message_pk)
        .where(revisions.c.id.in_([written.revision_pk for written in chunk]))
    )
    return {row.id: row.earliest for row in await tx.execute(query)}


async def _between(tx: AsyncConnection, since: datetime, until: datetime) -> Sequence[AnyRow]:
    """Return every message of a stretch of time, as it now reads, the oldest first."""
    newest = and_(revisions.c.message_pk == messages.c.id, revisions.c.number == messages.c.revision)
    query = (
        # No word of the chat: an index on time serves every chat at once, and each is asked for anyway.
        select(
            messages.c.id,
            messages.c.channel,
            messages.c.chat_id,
            messages.c.author_key,
            messages.c.sent_at,
            revisions.c.fingerprint,
            revisions.c.received_at,
        )
        .join_from(messages, revisions, newest)
        .where(messages.c.sent_at.between(since, until))
        .order_by(messages.c.sent_at, messages.c.id)
    )
    return (await tx.execute(query)).all()


class _Around:
    """The messages of a stretch of time, by author and by fingerprint."""

    def __init__(self, rows: Sequence[AnyRow]) -> None:
        self._by_author: dict[tuple[str, str, str], list[AnyRow]] = defaultdict(list)
        self._by_words: dict[tuple[str, str, str], list[AnyRow]] = defaultdict(list)
        for row in rows:
            self._by_author[row.channel, row.chat_id, row.author_key].append(row)
            if row.fingerprint:
                self._by_words[row.channel, row.chat_id, row.fingerprint].append(row)

    def before(self, written: Written, earliest: datetime | None) -> Recent:
        """Return what stands before `written`, whose author wrote here first at `earliest`."""
        moment, since = written.moment, written.moment - LOOKED_BACK
        place = (written.channel, written.chat_id)
        own = [row for row in self._by_author.get((*place, written.author_key), ()) if _earlier(row, written)]
        own = own[::-1][:MOST_OWN]
        alike = [(SAME_AUTHOR, moment - row.sent_at) for row in own if _alike(row, written)]
        others = [
            row
            for row in self._by_words.get((*place, written.fingerprint), ())
            if row.author_key != written.author_key and _earlier(row, written)
        ]
        others = sorted(others, key=lambda row: row.received_at, reverse=True)[:MOST_ALIKE]
        alike += [(row.author_key, moment - row.sent_at) for row in others]
        return Recent(
            own=tuple([moment - row.sent_at for row in own]),
            alike=tuple(alike),
            first=not own and (earliest is None or earliest >= since),
        )


def _earlier(row: AnyRow, written: Written) -> bool:
    """Tell whether a message stands before another, at most a day back; of the same second, by order of storing."""
    if row.id == written.message_pk or row.sent_at < written.moment - LOOKED_BACK:
        return False
    return bool((row.sent_at, row.id) < (written.moment, written.message_pk))


def _alike(row: AnyRow, written: Written) -> bool:
    return bool(written.fingerprint and row.fingerprint == written.fingerprint)
