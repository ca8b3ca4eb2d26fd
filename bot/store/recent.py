"""What was written shortly before a message, in the same chat: one query, of which every part follows an index.

Times are the messages' own, so imported history counts by when it was written. A message that was edited since counts
as it now reads; one that was deleted still was written. Says what there is; what it means is for the rules.
"""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from sqlalchemy import Select, and_, bindparam, literal_column, or_, select, union_all
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.messages import SAME_AUTHOR, Message, Recent
from bot.store.schema import messages, revisions

LOOKED_BACK = timedelta(days=1)
MOST_OWN = 100  # earlier messages of the author
MOST_ALIKE = 100  # like messages of others

# The platform's clock says when a message was written, ours when it came in. They never differ more than this.
_CLOCKS_DIFFER = timedelta(hours=1)


async def recent_of(tx: AsyncConnection, message: Message, *, message_pk: int, fingerprint: str) -> Recent:
    """Return what stands before `message`, whose author is named by key and whose words have this `fingerprint`."""
    moment = message.written_at
    since = moment - LOOKED_BACK
    values = {
        "channel": message.ref.channel,
        "chat_id": message.ref.chat_id,
        "author_key": message.author.id,
        "message_pk": message_pk,
        "moment": moment,
        "since": since,
    }
    if fingerprint:
        alike_values = {"fingerprint": fingerprint, "received_since": since - _CLOCKS_DIFFER}
        rows = (await tx.execute(_OWN_AND_ALIKE, values | alike_values)).all()
    else:
        rows = (await tx.execute(_OWN, values)).all()
    own = [row for row in rows if row.part == "own"]
    alike = [(SAME_AUTHOR, moment - row.sent_at) for row in own if fingerprint and row.fingerprint == fingerprint]
    alike += [(row.author_key, moment - row.sent_at) for row in rows if row.part == "alike"]
    return Recent(
        own=tuple([moment - row.sent_at for row in own]),
        alike=tuple(alike),
        first=not any(row.part in {"own", "before"} for row in rows),
    )


# ── the query, built once: putting it together costs more than running it ────────────────────────────────────────────

_IN_CHAT = and_(messages.c.channel == bindparam("channel"), messages.c.chat_id == bindparam("chat_id"))
_BY_AUTHOR = and_(_IN_CHAT, messages.c.author_key == bindparam("author_key"))
# Of messages of the same second, the one that was stored first is the earlier.
_EARLIER = and_(
    messages.c.id != bindparam("message_pk"),
    messages.c.sent_at <= bindparam("moment"),
    or_(messages.c.sent_at < bindparam("moment"), messages.c.id < bindparam("message_pk")),
)
_WITHIN_A_DAY = messages.c.sent_at >= bindparam("since")


def _part(name: str) -> Select[Any]:
    """Return what is known of messages, in the words that they have now, as part `name` of the answer."""
    newest = and_(revisions.c.message_pk == messages.c.id, revisions.c.number == messages.c.revision)
    columns = messages.c.author_key, messages.c.sent_at, revisions.c.fingerprint
    return select(literal_column(f"'{name}'").label("part"), *columns).join_from(messages, revisions, newest)


_OWN_PARTS = (
    _part("own").where(_BY_AUTHOR, _WITHIN_A_DAY, _EARLIER).order_by(messages.c.sent_at.desc()).limit(MOST_OWN),
    _part("before")
    .where(_BY_AUTHOR, messages.c.sent_at < bindparam("since"), messages.c.id != bindparam("message_pk"))
    .order_by(messages.c.sent_at.desc())
    .limit(1),
)
_ALIKE_PART = (
    _part("alike")
    .where(
        revisions.c.fingerprint == bindparam("fingerprint"),
        revisions.c.received_at >= bindparam("received_since"),  # nobody receives what is not written yet
        _IN_CHAT,
        messages.c.author_key != bindparam("author_key"),
        _WITHIN_A_DAY,
        _EARLIER,
    )
    .order_by(revisions.c.received_at.desc())
    .limit(MOST_ALIKE)
)


def _together(*parts: Select[Any]) -> Select[Any]:
    # SQLite wants each part that is limited in a query of its own.
    return select(union_all(*(part.subquery().select() for part in parts)).subquery())


_OWN = _together(*_OWN_PARTS)
_OWN_AND_ALIKE = _together(*_OWN_PARTS, _ALIKE_PART)
