"""The audit log: every step, who and when, and whether the chain still holds."""

from __future__ import annotations

from starlette.responses import Response

from bot.store import audit
from bot.web import queries
from bot.web.access import OVERSEERS, Page
from bot.web.console import Visit
from bot.web.rendering import page

PER_PAGE = 100


async def show(visit: Visit) -> Response:
    verified = visit.query("nakijken") == "1"
    async with visit.console.database.read() as tx:
        lines = await queries.log_page(tx, limit=PER_PAGE + 1, before=visit.number("voor"))
        broken = await audit.verify(tx) if verified else None
    older = lines[PER_PAGE - 1].id if len(lines) > PER_PAGE else None
    return await page(
        visit, "log.html", lines=lines[:PER_PAGE], older=older, verified=verified, broken=broken,
        first=visit.number("voor") is None,
    )  # fmt: skip


PAGES = (Page("GET", "/verslag", show, OVERSEERS),)
