"""What was decided and what was closed, newest first."""

from __future__ import annotations

from starlette.responses import Response

from bot.review.card import card_of
from bot.store import views
from bot.web.access import EVERYONE, Page
from bot.web.console import Visit
from bot.web.rendering import page

PER_PAGE = 30


async def show(visit: Visit) -> Response:
    async with visit.console.database.read() as tx:
        ids = await views.recent_ids(tx, limit=PER_PAGE + 1, before=visit.number("voor"))
        cases = await views.load_cases(tx, ids[:PER_PAGE])
    rows = [(case, card_of(case, now=visit.now, console_url="")) for case in cases]
    older = ids[PER_PAGE - 1] if len(ids) > PER_PAGE else None
    return await page(visit, "history.html", rows=rows, older=older, first=visit.number("voor") is None)


PAGES = (Page("GET", "/geschiedenis", show, EVERYONE),)
