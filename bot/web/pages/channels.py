"""The channels as residents see them: posts, reactions, and the replies of the municipality under what they answer."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy.ext.asyncio import AsyncConnection
from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.cases import ThreadMessage
from bot.core.messages import MessageKind
from bot.store import views
from bot.web import queries
from bot.web.access import EVERYONE, Page
from bot.web.console import Visit
from bot.web.rendering import page

SHOWN = 150  # messages on one page


@dataclass(frozen=True, slots=True)
class Shown:
    """A message and the replies of the municipality under it."""

    message: ThreadMessage
    answers: tuple[ThreadMessage, ...]


async def every(visit: Visit) -> Response:
    async with visit.console.database.read() as tx:
        found = await queries.channels(tx)
    return await page(visit, "channels.html", channels=found)


async def one(visit: Visit) -> Response:
    channel = visit.request.path_params["channel"]
    async with visit.console.database.read() as tx:
        known = {row.channel for row in await queries.channels(tx)}
        if channel not in known:
            raise HTTPException(404)
        feed = [await _with_post(tx, *thread) for thread in await views.channel_feed(tx, channel, limit=SHOWN)]
        stamp = await queries.channel_stamp(tx, channel)
        everything = [item for top, below in feed for item in (top, *below)]
        links = await queries.cases_about(tx, channel, everything)
    return await page(
        visit,
        "channel.html",
        sheet=f"kanaal:{channel}",
        stamp=stamp,
        channel=channel,
        threads=[(top, under(below)) for top, below in feed],
        links=links,
        full=len(everything) >= SHOWN,
    )


async def _with_post(
    tx: AsyncConnection, top: ThreadMessage, below: tuple[ThreadMessage, ...]
) -> tuple[ThreadMessage, tuple[ThreadMessage, ...]]:
    """Put the post above new reactions where it is itself too old to be among the newest messages."""
    if top.kind is MessageKind.POST:
        return top, below
    first = (await views.thread_of(tx, top.ref, limit=1))[0]
    return (first, (top, *below)) if first.kind is MessageKind.POST else (top, below)


def under(messages: Sequence[ThreadMessage]) -> Sequence[Shown]:
    """Put each reply of the municipality under the reaction that it answers; without one it stands by itself."""
    ids = {item.ref.message_id for item in messages if item.kind is not MessageKind.OWN}
    answers: dict[str, list[ThreadMessage]] = {}
    loose = []
    for item in messages:
        if item.kind is MessageKind.OWN and item.reply_to in ids:
            answers.setdefault(str(item.reply_to), []).append(item)
        else:
            loose.append(item)
    return [Shown(item, tuple(answers.get(item.ref.message_id, ()))) for item in loose]


PAGES = (Page("GET", "/kanalen", every, EVERYONE), Page("GET", "/kanalen/{channel}", one, EVERYONE))
