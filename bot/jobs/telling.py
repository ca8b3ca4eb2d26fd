"""How jobs speak to staff channels, in our own words.

Nothing that passes here holds words of residents. A staff channel that cannot be reached keeps nothing from the others.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from datetime import timedelta

import structlog

from bot.core.errors import ChannelError, RateLimited, Transient
from bot.core.people import Face
from bot.review import retry
from bot.review.ports import StaffSurface

ATTEMPTS = 4  # 2, 4 and 8 seconds between them: a restart of the platform's connection, not an outage
LONGEST_WAIT = timedelta(minutes=1)

Sleep = Callable[[float], Awaitable[None]]

_log = structlog.get_logger(__name__)


async def say_everywhere(
    surfaces: Mapping[Face, StaffSurface], text: str, *, sleep: Sleep = asyncio.sleep
) -> tuple[Face, ...]:
    """Say `text` in every staff channel; return the faces where it arrived.

    Raises:
        ChannelError: it arrived nowhere, and there was somewhere to go.
    """
    arrived: list[Face] = []
    failure: ChannelError | None = None
    for face, surface in surfaces.items():
        try:
            await _say(surface, text, sleep)
        except ChannelError as error:
            _log.warning("staff channel not reached", face=face, error=error.message)
            failure = error
        else:
            arrived.append(face)
    if failure is not None and not arrived:
        raise failure
    return tuple(arrived)


async def _say(surface: StaffSurface, text: str, sleep: Sleep) -> None:
    for attempt in range(1, ATTEMPTS + 1):
        try:
            await surface.say(text)
        except (Transient, RateLimited) as error:
            # Said twice is a nuisance, never said is a duty missed: an answer that got lost is tried again.
            if attempt == ATTEMPTS:
                raise
            await sleep(min(retry.delay(error, attempt), LONGEST_WAIT).total_seconds())
        else:
            return
