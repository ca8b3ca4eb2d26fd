"""Tell administrators something: once, until it is settled, with a line in the log of decisions when it is news."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditEvent, AuditName
from bot.store import audit, journal
from bot.text.personal import mask

WARNING, WRONG = "waarschuwing", "fout"


async def tell_administrators(tx: AsyncConnection, now: datetime, key: str, text: str, *, level: str = WARNING) -> bool:
    """Raise a notice, once per `key` until it is settled; tell whether it is news.

    `text` is ours; it holds no words of residents. Should it quote some after all, no personal data is among them.
    """
    if not await journal.raise_notice(tx, key, mask(text), level, now):
        return False
    await audit.append(tx, now, AuditEvent(AuditName.NOTICE_RAISED, data={"key": key, "level": level}))
    return True
