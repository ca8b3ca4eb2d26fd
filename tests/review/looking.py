"""Looking in the store: what the tests of review compare with what should stand there."""

from __future__ import annotations

from collections.abc import Sequence

from sqlalchemy import Table, select

from bot.core.audit import AuditEvent, AuditName
from bot.core.cases import Case
from bot.store import audit, journal
from bot.store.schema import cases, metadata
from bot.store.types import AnyRow
from tests.builders import Services


async def rows(services: Services, table: Table) -> Sequence[AnyRow]:
    """Return everything in a table, oldest first."""
    async with services.database.read() as tx:
        return (await tx.execute(select(table).order_by(*table.primary_key.columns))).all()


async def log(services: Services, name: AuditName | None = None) -> list[AuditEvent]:
    """Return the audit log (or its lines with this name), oldest first."""
    async with services.database.read() as tx:
        lines = await audit.recent(tx, limit=10_000)
    return [line.event for line in reversed(lines) if name is None or line.event.name == name]


async def notices(services: Services) -> dict[str, str]:
    """Return the text of every notice that still holds, by its key."""
    async with services.database.read() as tx:
        return {row.key: row.text for row in await journal.open_notices(tx)}


async def counted(services: Services) -> dict[str, int]:
    """Return today's counters."""
    async with services.database.read() as tx:
        return {row.name: row.value for row in await journal.counts(tx, services.clock().date().isoformat())}


async def all_cases(services: Services) -> list[Case]:
    """Return every case, in whatever state, oldest first."""
    found = [await services.desk.case(row.id) for row in await rows(services, cases)]
    return [case for case in found if case is not None]


async def everything(services: Services) -> str:
    """Return all that stands in the store, as one text to search."""
    return "\n".join([str(row) for table in metadata.sorted_tables for row in await rows(services, table)])
