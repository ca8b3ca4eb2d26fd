"""The event stream: tell an open page that it is out of date, so that it can renew itself.

An event says *that* something changed, with the numbers for the menu and a stamp; what changed is read from the page
itself. A stream ends when its person is signed out, when the service stops, or when the browser goes away.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response, StreamingResponse

from bot.core.cases import CaseKind
from bot.review.bulletin import Topic
from bot.store import views
from bot.web import queries
from bot.web.access import OPEN, Page
from bot.web.console import Console, Visit

BEAT_SECONDS = 15.0  # proxies close what is silent for longer; the session is looked at again too
GATHER_SECONDS = 0.3  # changes often come several at once
MOST_STREAMS = 200
RETRY_MILLISECONDS = 3000
BACKTEST = "terugblik"
"""The sheet of the backtest: what it shows is not in the store."""


async def stream(visit: Visit) -> Response:
    console = visit.console
    if visit.person is None:
        return PlainTextResponse("niet aangemeld", 401)
    if console.closing or console.streams >= MOST_STREAMS:
        return PlainTextResponse("even niet", 503)
    if visit.request.method == "HEAD":
        return Response(media_type="text/event-stream")
    return StreamingResponse(_events(visit.request, console, visit.token), media_type="text/event-stream")


async def _events(request: Request, console: Console, token: str) -> AsyncIterator[str]:
    sheet = request.query_params.get("blad", "")
    topics = (Topic.CASES, Topic.BACKTEST) if sheet == BACKTEST else (Topic.CASES,)
    console.streams += 1
    try:
        async with console.bulletin.listen(*topics) as bell:
            yield f"retry: {RETRY_MILLISECONDS}\n\n"
            told = ""
            while not console.closing:
                news = await _look(console, token, sheet)
                if news is None:
                    yield "event: afgemeld\ndata: {}\n\n"
                    return
                yield f"event: stand\ndata: {news}\n\n" if news != told else ": hier\n\n"
                told = news
                if await bell.wait(BEAT_SECONDS) and not console.closing:
                    await asyncio.sleep(GATHER_SECONDS)
    finally:
        console.streams -= 1


async def _look(console: Console, token: str, sheet: str) -> str | None:
    if await console.sessions.find(token, touch=False) is None:
        return None
    async with console.database.read() as tx:
        counts = await views.queue_counts(tx)
        stamp = console.backtests.stamp if sheet == BACKTEST else await stamp_of(tx, sheet)
    return json.dumps({"stempel": stamp, "meldingen": counts[CaseKind.ALERT], "voorstellen": counts[CaseKind.REPLY]})


async def stamp_of(tx: AsyncConnection, sheet: str) -> str:
    """Return the stamp of a sheet: `wachtrij`, `zaak:<id>` or `kanaal:<name>`; empty for any other."""
    kind, _, key = sheet.partition(":")
    if kind == "wachtrij":
        return await queries.queue_stamp(tx)
    if kind == "zaak" and key.isascii() and key.isdigit() and len(key) < 10:
        return await queries.case_stamp(tx, int(key))
    if kind == "kanaal":
        return await queries.channel_stamp(tx, key)
    return ""


# Open, because a stream cannot follow a redirect to the sign-in page: it answers 401 itself.
PAGES = (Page("GET", "/stroom", stream, OPEN),)
