"""How Verbinder is doing: the health checks, what waits, and what was counted today."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import structlog
from starlette.responses import PlainTextResponse, Response

from bot.core.cases import EffectState
from bot.core.health import Check, Verdict
from bot.store import inbox, journal, views
from bot.web import queries
from bot.web.access import EVERYONE, OPEN, Page
from bot.web.console import Visit
from bot.web.rendering import page

LONGEST_SECONDS = 10.0

_log = structlog.get_logger(__name__)


async def show(visit: Visit) -> Response:
    async with visit.console.database.read() as tx:
        counted = await journal.counts(tx, visit.now.date().isoformat())
        unjudged = await inbox.count_pending(tx)
        effects = await queries.waiting_effects(tx)
        waiting = await views.queue_counts(tx)
    return await page(
        visit,
        "health.html",
        checks=await _checks(visit),
        counted=counted,
        pending=[
            ("Reacties die nog beoordeeld worden", unjudged),
            *((f"{kind.value.capitalize()}: wacht op een beslissing", number) for kind, number in waiting.items()),
            ("Antwoorden en verwijderingen die klaarstaan", effects[EffectState.WAITING]),
            ("Antwoorden en verwijderingen onderweg", effects[EffectState.SENDING]),
        ],
    )


async def alive(_visit: Visit) -> Response:
    """Answer whoever asks whether the console listens; it tells nothing else."""
    return PlainTextResponse("ok")


async def _checks(visit: Visit) -> Sequence[Check]:
    try:
        async with asyncio.timeout(LONGEST_SECONDS):
            return await visit.console.health()
    except TimeoutError:
        detail = f"De controle duurde langer dan {LONGEST_SECONDS:.0f} seconden."
    except Exception:  # noqa: BLE001 - the page that tells what is wrong must not fall over itself
        _log.exception("health check failed")
        detail = "De controle zelf is mislukt."
    return [Check("Controle", Verdict.BAD, detail, "Start `verbinder doctor` op de machine zelf.")]


PAGES = (Page("GET", "/toestand", show, EVERYONE), Page("GET", "/gezond", alive, OPEN))
