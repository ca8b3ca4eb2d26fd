"""Short help: who does what, and the keys."""

from __future__ import annotations

from starlette.responses import Response

from bot.web.access import EVERYONE, Page
from bot.web.console import Visit
from bot.web.rendering import page


async def show(visit: Visit) -> Response:
    return await page(visit, "help.html", grace=visit.console.settings.review.grace_seconds)


PAGES = (Page("GET", "/hulp", show, EVERYONE),)
