"""Who wants to know that something changed: the workers wake up, the browsers refresh.

A ring says *that*, never *what*: whoever wakes reads the store, so a missed ring costs a moment and loses nothing.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator
from enum import StrEnum


class Topic(StrEnum):
    INBOX = "inbox"
    CASES = "cases"
    OUTBOX = "outbox"
    BACKTEST = "backtest"


class Bell:
    """One listener's memory of rings that came while it was busy."""

    def __init__(self) -> None:
        self._event = asyncio.Event()

    def ring(self) -> None:
        self._event.set()

    async def wait(self, timeout: float) -> bool:  # noqa: ASYNC109 - a wait with an end is the point
        """Wait for a ring, at most `timeout` seconds; tell whether it rang."""
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._event.wait(), timeout)
        rang = self._event.is_set()
        self._event.clear()
        return rang


class Bulletin:
    """Rings the bells of a topic."""

    def __init__(self) -> None:
        self._bells: dict[Topic, set[Bell]] = {topic: set() for topic in Topic}

    def ring(self, *topics: Topic) -> None:
        for topic in topics:
            for bell in self._bells[topic]:
                bell.ring()

    @contextlib.asynccontextmanager
    async def listen(self, *topics: Topic) -> AsyncIterator[Bell]:
        """Yield a bell for these topics, and take it away at the end of the block."""
        bell = Bell()
        for topic in topics:
            self._bells[topic].add(bell)
        try:
            yield bell
        finally:
            for topic in topics:
                self._bells[topic].discard(bell)
