"""Where everything from a channel comes in: stored first, in one transaction, before anything else happens to it.

Intake also settles what an edit or a delete means for the cases that stand open about the older text.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditEvent, AuditName
from bot.core.clock import Clock
from bot.core.messages import Deleted, Gap, Incoming, Message, MessageKind, Unreadable
from bot.review.bulletin import Bulletin, Topic
from bot.review.notices import WARNING, WRONG, tell_administrators
from bot.store import audit, clusters, inbox, journal
from bot.store.database import Database

EDITED = "De schrijver paste de reactie aan; de nieuwe tekst wordt opnieuw bekeken."
DELETED = "De reactie is verwijderd op het kanaal zelf."
_SEEN = "seen"


class Intake:
    """Stores what channels hand over. `secret` is the key of the pseudonyms; it never leaves this process."""

    def __init__(self, database: Database, clock: Clock, bulletin: Bulletin, *, secret: bytes) -> None:
        self._database = database
        self._clock = clock
        self._bulletin = bulletin
        self._secret = secret

    async def receive(self, incoming: Incoming) -> None:
        """Store one item; it is safe once this returns."""
        await self.receive_all([incoming])

    async def receive_all(
        self, incoming: Sequence[Incoming], *, cursor: tuple[str, str, str] | None = None, history: bool = False
    ) -> int:
        """Store a batch and a cursor (channel, name, value) in one transaction; return how many were new.

        With `history` the messages are imported history: judged, but no case is opened for them.
        """
        now = self._clock()
        new = 0
        async with self._database.write() as tx:
            for item in incoming:
                if isinstance(item, Message):
                    new += await self._store_message(tx, item, now, history=history)
                elif isinstance(item, Deleted):
                    await self._delete(tx, item, now)
                elif isinstance(item, Gap):
                    await self._gap(tx, item, now)
                else:
                    await self._unreadable(tx, item, now)
            if cursor is not None:
                await inbox.set_cursor(tx, *cursor, now)
        self._bulletin.ring(Topic.INBOX, Topic.CASES)
        return new

    async def cursor(self, channel: str, name: str) -> str | None:
        """Return the value of a channel's cursor, None when it was never set."""
        async with self._database.read() as tx:
            found = await inbox.cursor(tx, channel, name)
        return found[0] if found else None

    async def newest(self, channel: str, chat_id: str, thread_id: str | None = None) -> str | None:
        """Return the newest stored message id of a chat or thread, to fetch what came after it."""
        async with self._database.read() as tx:
            return await inbox.newest(tx, channel, chat_id, thread_id)

    async def stored_since(self, channel: str, chat_id: str, after: str) -> frozenset[str]:
        """Return the stored, undeleted message ids above `after`, to find what was deleted meanwhile."""
        async with self._database.read() as tx:
            return await inbox.stored_since(tx, channel, chat_id, after)

    async def seen(self, channel: str) -> None:
        """Note that a channel was listening now."""
        now = self._clock()
        async with self._database.write() as tx:
            await inbox.set_cursor(tx, channel, _SEEN, now.isoformat(), now)

    async def last_seen(self, channel: str) -> datetime | None:
        """Return when a channel was last listening, None when it never was."""
        async with self._database.read() as tx:
            found = await inbox.cursor(tx, channel, _SEEN)
        return found[1] if found else None

    def author_key(self, channel: str, author_id: str) -> str:
        """Return the pseudonym of an author: the same every time, and of no use without the secret."""
        digest = hmac.digest(self._secret, f"{channel}:{author_id}".encode(errors="surrogatepass"), hashlib.sha256)
        return base64.b32encode(digest)[:16].decode().lower()

    async def notice(self, key: str, text: str, *, level: str = WARNING) -> None:
        """Tell administrators something, once per `key` until it is settled."""
        now = self._clock()
        async with self._database.write() as tx:
            await tell_administrators(tx, now, key, text, level=level)
        self._bulletin.ring(Topic.CASES)

    async def settle(self, key: str) -> None:
        """Note that what a notice told of is over."""
        async with self._database.write() as tx:
            await journal.settle_notice(tx, key, self._clock())

    async def _store_message(self, tx: AsyncConnection, message: Message, now: datetime, *, history: bool) -> int:
        author_key = self.author_key(message.ref.channel, message.author.id)
        stored = await inbox.store_message(tx, message, author_key=author_key, now=now, history=history)
        if stored.revision_pk is None:
            return 0
        edited = stored.number > 1
        if edited:
            # A decided case keeps its place: the check just before sending finds that the text moved (trap 7).
            closed = await clusters.settle_changed(tx, stored.message_pk, EDITED, now, keep_returned=True)
            await self._log_closed(tx, closed, now)
        name = AuditName.MESSAGE_EDITED if edited else AuditName.MESSAGE_RECEIVED
        event = AuditEvent(
            name,
            message.ref.channel,
            message_pk=stored.message_pk,
            data={"revision": stored.number, "history": history},
        )
        await audit.append(tx, now, event)
        if message.kind is MessageKind.REACTION:
            await journal.count(tx, now.date().isoformat(), message.ref.channel, "edited" if edited else "received")
        return 1

    async def _delete(self, tx: AsyncConnection, item: Deleted, now: datetime) -> None:
        message_pk = await inbox.mark_deleted(tx, item.ref, item.at)
        if message_pk is None:
            return
        await audit.append(tx, now, AuditEvent(AuditName.MESSAGE_DELETED, item.ref.channel, message_pk=message_pk))
        await self._log_closed(tx, await clusters.settle_changed(tx, message_pk, DELETED, now), now)

    async def _gap(self, tx: AsyncConnection, gap: Gap, now: datetime) -> None:
        since, until = gap.since.isoformat(timespec="minutes"), gap.until.isoformat(timespec="minutes")
        where = f"{gap.channel} ({gap.chat_id})" if gap.chat_id else gap.channel
        text = f"Mogelijk ontbreken er reacties van {where}, tussen {since} en {until}. {gap.reason}"
        await audit.append(
            tx, now, AuditEvent(AuditName.GAP, gap.channel, data={"since": since, "until": until, "chat": gap.chat_id})
        )
        await tell_administrators(tx, now, f"gap:{gap.channel}:{gap.chat_id}:{since}", text)

    async def _unreadable(self, tx: AsyncConnection, item: Unreadable, now: datetime) -> None:
        await inbox.keep_unreadable(tx, item.channel, item.payload, item.error, now)
        await audit.append(tx, now, AuditEvent(AuditName.UPDATE_UNREADABLE, item.channel))
        text = (
            f"Een bericht van {item.channel} kon niet gelezen worden. Het is bewaard zoals het binnenkwam; "
            "de rest gaat gewoon door. Meld dit aan wie Verbinder onderhoudt."
        )
        await tell_administrators(tx, now, f"unreadable:{item.channel}", text, level=WRONG)

    async def _log_closed(self, tx: AsyncConnection, closed: Sequence[int], now: datetime) -> None:
        await audit.append(tx, now, *(AuditEvent(AuditName.CASE_CLOSED, case_id=case_id) for case_id in closed))
