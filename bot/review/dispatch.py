"""Carry decisions out: one worker a channel takes effects from the outbox, in order, and sends each once.

Before a platform is asked anything, `bezig` is committed. Found again in that state, an effect may or may not have
happened: the channel is asked to look, and where it cannot tell, the reply goes back to its author instead of being
sent twice (trap 28). A removal can be repeated without harm.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine, Mapping
from datetime import datetime, timedelta

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditData, AuditEvent, AuditName
from bot.core.cases import CaseState, EffectKind, EffectState
from bot.core.clock import Clock
from bot.core.errors import (
    ChannelError,
    MissingPermission,
    RateLimited,
    Rejected,
    Revoked,
    TargetChanged,
    TargetGone,
    Transient,
)
from bot.core.messages import Author, AuthorRole, Message, MessageKind, MessageRef
from bot.review import retry
from bot.review.bulletin import Bulletin, Topic
from bot.review.notices import WRONG, tell_administrators
from bot.review.ports import RemoveEffect, ReplyEffect, Sender, Sent
from bot.store import audit, casebook, inbox, outbox
from bot.store.database import Database
from bot.store.types import AnyRow

POLL_SECONDS = 1.0
SEND_TIMEOUT_SECONDS = 60.0
FINISH_SECONDS = 2.0  # of the five in which the service stops

GONE = "De reactie is intussen verwijderd. Er is niets geplaatst."
CHANGED = "De schrijver paste de reactie intussen aan. Er is niets uitgevoerd; bekijk de nieuwe tekst."
UNSURE = (
    "Het antwoord is misschien geplaatst, maar het kanaal gaf geen bericht terug. Kijk het na voor u opnieuw beslist."
)
NO_PERMISSION = "De bot mist een recht op het kanaal: {permission}. Een beheerder kan dat geven."
ALREADY_GONE = "De reactie was al verwijderd."

_log = structlog.get_logger(__name__)


class Dispatcher:
    """Sends what people decided, when its grace time is over."""

    def __init__(self, database: Database, clock: Clock, bulletin: Bulletin, senders: Mapping[str, Sender]) -> None:
        self._database = database
        self._clock = clock
        self._bulletin = bulletin
        self._senders = senders

    async def run(self, channel: str) -> None:
        """Send the effects of one channel for as long as the service runs."""
        async with self._bulletin.listen(Topic.OUTBOX) as bell:
            while True:
                wait = await self.step(channel)
                if wait > timedelta():
                    await bell.wait(min(wait.total_seconds(), POLL_SECONDS))

    async def step(self, channel: str) -> timedelta:
        """Deal with the effect that is due first; return how long to wait before looking again."""
        now = self._clock()
        async with self._database.read() as tx:
            due = await outbox.next_due(tx, channel)
        if due is None:
            return timedelta(seconds=POLL_SECONDS)
        if due.not_before > now:
            wait: timedelta = due.not_before - now
            return wait
        await self._finish(self._deal(due.id, self._senders[channel]))
        self._bulletin.ring(Topic.CASES)
        return timedelta()

    @staticmethod
    async def _finish(dealing: Coroutine[None, None, None]) -> None:
        """Deal with an effect; when the service stops meanwhile, give it a moment to hear what came of it."""
        task = asyncio.ensure_future(dealing)
        try:
            await asyncio.shield(task)
        except asyncio.CancelledError:
            await asyncio.wait({task}, timeout=FINISH_SECONDS)
            task.cancel()
            raise

    async def _deal(self, effect_id: int, sender: Sender) -> None:
        now = self._clock()
        async with self._database.write() as tx:
            row = await outbox.lock(tx, effect_id)
            if row.state not in {EffectState.WAITING, EffectState.SENDING}:
                return  # undone between looking and locking
            if not _unsure(row) and await self._overtaken(tx, row, now):
                return
            await outbox.settle(tx, effect_id, EffectState.SENDING, now, attempts=row.attempts + 1)
        try:
            async with asyncio.timeout(SEND_TIMEOUT_SECONDS):
                sent = await (self._look(row, sender) if _unsure(row) else self._send(row, sender))
        except TimeoutError:
            late = Transient("Het kanaal antwoordde niet op tijd.", sent=not _unsure(row))
            await self._failed(row, late)
        except ChannelError as error:
            await self._failed(row, error)
        else:
            await self._succeeded(row, sent)

    async def _overtaken(self, tx: AsyncConnection, row: AnyRow, now: datetime) -> bool:
        """Check the target once more, just before (traps 7 and 25); settle the effect when it is not what it was."""
        if row.deleted_at is not None:
            await self._give_up(tx, row, TargetGone(GONE), now)
            return True
        if row.newest != row.judged:
            await self._give_up(tx, row, TargetChanged(CHANGED), now)
            return True
        return False

    async def _look(self, row: AnyRow, sender: Sender) -> Sent | None:
        """Look whether an earlier try placed the reply; None means that it certainly did not."""
        return await sender.find(_reply(row))

    async def _send(self, row: AnyRow, sender: Sender) -> Sent | None:
        if row.kind == EffectKind.REPLY:
            return await sender.reply(_reply(row))
        try:
            await sender.remove(RemoveEffect(row.key, _target(row), row.judged_text, row.author_key))
        except TargetGone:
            return None  # what a removal wants is so
        return None

    async def _succeeded(self, row: AnyRow, sent: Sent | None) -> None:
        now = self._clock()
        async with self._database.write() as tx:
            if row.kind == EffectKind.REPLY and sent is None:  # looked, and it is not there: try again
                await outbox.settle(tx, row.id, EffectState.WAITING, now, not_before=now)
                return
            values = {} if sent is None else {"sent_message_id": sent.message_id, "link": sent.link}
            await outbox.settle(tx, row.id, EffectState.SENT, now, error="", **values)
            if sent is not None:
                own = _own_message(row, sent, now)
                await inbox.store_message(tx, own, author_key="gemeente", now=now)
            else:
                await inbox.mark_deleted(tx, _target(row), now)
            await casebook.touch(tx, row.case_id, now)
            data: AuditData = {"kind": row.kind, "effect": row.key}
            await audit.append(
                tx, now, AuditEvent(AuditName.EFFECT_SENT, row.channel, row.case_id, row.message_pk, data)
            )

    async def _failed(self, row: AnyRow, error: ChannelError) -> None:
        now = self._clock()
        attempts = row.attempts + 1
        _log.warning("effect failed", effect=row.key, attempt=attempts, error=error.message)
        async with self._database.write() as tx:
            cannot_tell = isinstance(error, Transient) and error.sent and _unsure(row)
            again = isinstance(error, Transient | RateLimited | Revoked) and retry.worth_another(error, attempts)
            if cannot_tell or not again:
                await self._give_up(tx, row, error, now)
                return
            ambiguous = _unsure(row) or (isinstance(error, Transient) and error.sent)
            await outbox.settle(
                tx,
                row.id,
                EffectState.SENDING if ambiguous else EffectState.WAITING,
                now,
                not_before=now + retry.delay(error, attempts),
                attempts=attempts if isinstance(error, Transient) else row.attempts,  # the others cost no try
                error=error.message,
            )
            await casebook.touch(tx, row.case_id, now)

    async def _give_up(self, tx: AsyncConnection, row: AnyRow, error: ChannelError, now: datetime) -> None:
        """Settle an effect that will not be tried again, and bring the case back to people where they should know."""
        state, because = _outcome(row, error)
        await outbox.settle(tx, row.id, state, now, error=because)
        name = AuditName.EFFECT_UNCERTAIN if state is EffectState.UNCERTAIN else AuditName.EFFECT_FAILED
        data: AuditData = {
            "kind": row.kind,
            "effect": row.key,
            "why": type(error).__name__,
        }
        await audit.append(tx, now, AuditEvent(name, row.channel, row.case_id, row.message_pk, data))
        if isinstance(error, MissingPermission):
            text = f"{row.channel}: {NO_PERMISSION.format(permission=error.permission)} {error.remedy}".strip()
            await tell_administrators(tx, now, f"permission:{row.channel}:{error.permission}", text, level=WRONG)
        if state is EffectState.CANCELLED:
            await casebook.touch(tx, row.case_id, now)
            return
        await casebook.touch(tx, row.case_id, now, meaning=True, state=CaseState.RETURNED, returned_because=because)
        await audit.append(tx, now, AuditEvent(AuditName.CASE_RETURNED, case_id=row.case_id))


def _unsure(row: AnyRow) -> bool:
    """Tell whether an earlier try may have placed this reply: it was found in `bezig`."""
    return bool(row.state == EffectState.SENDING and row.kind == EffectKind.REPLY)


def _outcome(row: AnyRow, error: ChannelError) -> tuple[EffectState, str]:
    if _unsure(row):  # whatever kept the channel from looking, nobody may conclude that nothing was placed
        return EffectState.UNCERTAIN, UNSURE
    if isinstance(error, TargetGone):
        if row.kind == EffectKind.REMOVE:
            return EffectState.CANCELLED, ALREADY_GONE
        return EffectState.FAILED, GONE
    if isinstance(error, TargetChanged):
        return EffectState.FAILED, CHANGED
    if isinstance(error, MissingPermission):
        return EffectState.FAILED, NO_PERMISSION.format(permission=error.permission)
    if isinstance(error, Transient) and error.sent and row.kind == EffectKind.REPLY:
        return EffectState.UNCERTAIN, UNSURE
    word = "geweigerd door het kanaal" if isinstance(error, Rejected) else "niet gelukt, ook na herhaalde pogingen"
    return EffectState.FAILED, f"Dit is {word}: {error.message}"


def _target(row: AnyRow) -> MessageRef:
    return MessageRef(row.channel, row.chat_id, row.message_id)


def _reply(row: AnyRow) -> ReplyEffect:
    return ReplyEffect(row.key, _target(row), row.text, row.thread_id)


def _own_message(row: AnyRow, sent: Sent, now: datetime) -> Message:
    return Message(
        ref=MessageRef(row.channel, row.chat_id, sent.message_id),
        author=Author("gemeente", role=AuthorRole.MUNICIPALITY),
        text=row.text,
        sent_at=now,
        kind=MessageKind.OWN,
        thread_id=row.thread_id,
        post_id=row.post_id,
        reply_to=row.message_id,
        link=sent.link,
    )
