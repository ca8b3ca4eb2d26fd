"""Judge what waits in the inbox, and open a case for whatever a person should see.

The verdict, the cases and the state of the revision commit together: killed at any line, the revision is either still
waiting or completely done. A judgement that keeps failing becomes a case that says so (law 3).
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

import structlog
from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.analysis import likeness
from bot.core import codec
from bot.core.analysis import Analysis
from bot.core.audit import AuditData, AuditEvent, AuditName
from bot.core.cases import CaseKind
from bot.core.clock import Clock
from bot.core.findings import Severity
from bot.core.messages import Author, AuthorRole, Message, MessageKind, MessageRef
from bot.review.bulletin import Bulletin, Topic
from bot.store import audit, casebook, inbox, journal, recent, rule_hits
from bot.store.casebook import NewCase
from bot.store.database import Database
from bot.store.schema import messages, revisions
from bot.store.types import AnyRow

Analyse = Callable[[Message], Analysis]

MAX_ATTEMPTS = 3
BATCH = 50
POLL_SECONDS = 2.0

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class _Waiting:
    revision_pk: int
    message_pk: int
    attempts: int
    overtaken: bool  # edited again, deleted or erased before it was judged
    history: bool
    message: Message


class Triage:
    """Takes revisions from the inbox, oldest first, one at a time."""

    def __init__(
        self, database: Database, clock: Clock, bulletin: Bulletin, analyse: Analyse, *, raid_window: timedelta
    ) -> None:
        self._database = database
        self._clock = clock
        self._bulletin = bulletin
        self._analyse = analyse
        self._raid_window = raid_window

    async def run(self) -> None:
        """Judge for as long as the service runs."""
        async with self._bulletin.listen(Topic.INBOX) as bell:
            while True:
                if not await self.run_once():
                    await bell.wait(POLL_SECONDS)

    async def run_once(self) -> int:
        """Judge one batch; return how many revisions were settled or tried."""
        async with self._database.read() as tx:
            waiting = await inbox.pending(tx, BATCH)
        for revision_pk in waiting:
            await self._judge(revision_pk)
        return len(waiting)

    async def pending(self) -> int:
        """Return how many revisions wait to be judged."""
        async with self._database.read() as tx:
            return await inbox.count_pending(tx)

    async def _judge(self, revision_pk: int) -> None:
        async with self._database.read() as tx:
            waiting = await _read(tx, revision_pk)
        if waiting is None:
            return
        if waiting.overtaken:
            async with self._database.write() as tx:
                await _set_state(tx, revision_pk, "skipped")
            return
        message = await self._with_recent(waiting)
        try:
            analysis = await asyncio.to_thread(self._analyse, message)
            stored = codec.dump(analysis)
        except Exception:  # noqa: BLE001 - whatever a check does wrong, the reaction must reach a person
            _log.exception("analysis failed", revision=revision_pk, attempt=waiting.attempts + 1)
            await self._failed(waiting)
            return
        now = self._clock()
        async with self._database.write() as tx:
            current = await _read(tx, revision_pk)
            if current is None:
                return  # erased, or judged by another process, while we were reading
            await _set_state(tx, revision_pk, "done", analysis=stored, fingerprint=analysis.fingerprint)
            await rule_hits.record(tx, revision_pk, analysis.rules.hits)
            await self._log(tx, waiting, analysis, now)
            if not waiting.history and not current.overtaken:
                for new in cases_of(waiting.message_pk, revision_pk, analysis):
                    await self._open(tx, new, now)
        self._bulletin.ring(Topic.CASES)

    async def _with_recent(self, waiting: _Waiting) -> Message:
        """Return the message with what was written just before it."""
        try:
            alike = await asyncio.to_thread(likeness, waiting.message)
        except Exception:  # noqa: BLE001 - the analysis trips over the same words, and deals with it
            alike = ""
        async with self._database.read() as tx:
            before = await recent.recent_of(tx, waiting.message, message_pk=waiting.message_pk, fingerprint=alike)
        return replace(waiting.message, recent=before)

    async def _failed(self, waiting: _Waiting) -> None:
        now = self._clock()
        attempts = waiting.attempts + 1
        async with self._database.write() as tx:
            current = await _read(tx, waiting.revision_pk)
            if current is None or current.overtaken:
                return  # the text is gone; what came instead waits its own turn
            if attempts < MAX_ATTEMPTS:
                await _set_state(tx, waiting.revision_pk, "pending", attempts=attempts)
                return
            await _set_state(tx, waiting.revision_pk, "failed", attempts=attempts)
            event = AuditEvent(AuditName.ANALYSIS_FAILED, message_pk=waiting.message_pk, data={"attempts": attempts})
            await audit.append(tx, now, event)
            if not waiting.history:
                await self._open(
                    tx,
                    NewCase(
                        kind=CaseKind.ALERT,
                        message_pk=waiting.message_pk,
                        revision_pk=waiting.revision_pk,
                        severity=Severity.MODERATE,
                        fingerprint="",
                        reasons=("Niet beoordeeld: het programma kon deze reactie niet verwerken. Bekijk ze zelf.",),
                        not_evaluated=("alles",),
                    ),
                    now,
                )
        self._bulletin.ring(Topic.CASES)

    async def _open(self, tx: AsyncConnection, new: NewCase, now: datetime) -> None:
        like = await casebook.alike(tx, new, since=now - self._raid_window)
        if like is not None:
            if await casebook.gather(tx, like, new.revision_pk, now):
                await audit.append(tx, now, AuditEvent(AuditName.CASE_GREW, case_id=like, message_pk=new.message_pk))
            return
        case_id = await casebook.open_case(tx, new, now)
        severity = None if new.severity is None else new.severity.label
        data: AuditData = {"kind": new.kind, "severity": severity}
        await audit.append(
            tx, now, AuditEvent(AuditName.CASE_OPENED, case_id=case_id, message_pk=new.message_pk, data=data)
        )

    async def _log(self, tx: AsyncConnection, waiting: _Waiting, analysis: Analysis, now: datetime) -> None:
        data: AuditData = dict(analysis.versions)
        event = AuditEvent(AuditName.ANALYSIS_DONE, message_pk=waiting.message_pk, data=data)
        await audit.append(tx, now, event)
        decision = analysis.decision
        outcome = "alert" if decision.alert else "suggestion" if decision.suggest_reply else "nothing"
        day = now.date().isoformat()
        channel = waiting.message.ref.channel
        await journal.count(tx, day, channel, f"judged_{outcome}")
        for hit in analysis.rules.hits:
            if not hit.active:
                await journal.count(tx, day, channel, f"shadow:{hit.id}"[:40])


def cases_of(message_pk: int, revision_pk: int, analysis: Analysis) -> tuple[NewCase, ...]:
    """Return the cases that a verdict asks for: an alert, a suggestion, both or none. Pure."""
    decision = analysis.decision
    base = NewCase(
        kind=CaseKind.ALERT,
        message_pk=message_pk,
        revision_pk=revision_pk,
        severity=decision.severity,
        fingerprint=analysis.fingerprint,
        reasons=decision.reasons,
        not_evaluated=decision.not_evaluated,
    )
    found = []
    if decision.alert:
        found.append(base)
    if decision.suggest_reply:
        # No severity: worries and questions are not to wait behind whoever shouts.
        found.append(
            replace(base, kind=CaseKind.REPLY, severity=None, not_evaluated=(), suggestions=analysis.suggestions)
        )
    return tuple(found)


async def _set_state(tx: AsyncConnection, revision_pk: int, state: str, **values: object) -> None:
    await tx.execute(update(revisions).where(revisions.c.id == revision_pk).values(state=state, **values))


async def _read(tx: AsyncConnection, revision_pk: int) -> _Waiting | None:
    query = (
        select(
            revisions,
            messages.c.channel,
            messages.c.chat_id,
            messages.c.message_id,
            messages.c.thread_id,
            messages.c.reply_to,
            messages.c.post_id,
            messages.c.kind,
            messages.c.author_key,
            messages.c.author_role,
            messages.c.sent_at,
            messages.c.link,
            messages.c.revision.label("newest"),
            messages.c.history,
            messages.c.deleted_at,
            messages.c.erased_at,
        )
        .join(messages, messages.c.id == revisions.c.message_pk)
        .where(revisions.c.id == revision_pk, revisions.c.state == "pending")
    )
    row = (await tx.execute(query)).one_or_none()
    if row is None:
        return None
    return _Waiting(
        revision_pk=row.id,
        message_pk=row.message_pk,
        attempts=row.attempts,
        overtaken=row.number < row.newest or row.deleted_at is not None or row.erased_at is not None,
        history=row.history,
        message=_message(row, await _post_text(tx, row)),
    )


async def _post_text(tx: AsyncConnection, row: AnyRow) -> str:
    if row.post_id is None:
        return ""
    post = await inbox.find(tx, MessageRef(row.channel, row.chat_id, row.post_id))
    if post is None:
        return ""
    query = select(revisions.c.text).where(revisions.c.message_pk == post.id, revisions.c.number == post.revision)
    return str((await tx.execute(query)).scalar_one())


def _message(row: AnyRow, post_text: str) -> Message:
    return Message(
        ref=MessageRef(row.channel, row.chat_id, row.message_id),
        author=Author(row.author_key, role=AuthorRole(row.author_role)),
        text=row.text,
        sent_at=row.sent_at,
        kind=MessageKind(row.kind),
        edited_at=row.edited_at,
        thread_id=row.thread_id,
        post_id=row.post_id,
        reply_to=row.reply_to,
        quoted=row.quoted,
        forwarded=row.forwarded,
        attachments=tuple(row.attachments),
        link=row.link,
        post_text=post_text,
    )
