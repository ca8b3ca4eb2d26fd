"""Small requests that nobody waits for: the answer to a press, a line of help.

Decides only that they never hold up, and never bring down, the loop that receives. What fails is logged.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, Final

import structlog

from bot.core.errors import ChannelError

LAST_SECONDS: Final = 2.0

_log = structlog.get_logger(__name__)


class Errands:
    """Runs coroutines beside the caller."""

    def __init__(self) -> None:
        self._running: set[asyncio.Task[None]] = set()

    def run(self, errand: Coroutine[Any, Any, object], what: str) -> None:
        """Start an errand. `what` names it in the log, without a word of anyone's."""
        task = asyncio.create_task(_quietly(errand, what))
        self._running.add(task)
        task.add_done_callback(self._running.discard)

    async def finish(self) -> None:
        """Wait a moment for what is under way, then let go of it."""
        if not self._running:
            return
        _, late = await asyncio.wait(set(self._running), timeout=LAST_SECONDS)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


async def _quietly(errand: Coroutine[Any, Any, object], what: str) -> None:
    try:
        await errand
    except ChannelError as error:
        _log.warning("errand failed", what=what, error=error.message)
    except Exception as error:  # noqa: BLE001 - nobody waits for it, so it ends here
        _log.error("errand broke", what=what, error=type(error).__name__)
