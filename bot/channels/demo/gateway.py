"""Play the script: one step after another, at a visible pace, each stored together with how far the script is.

A restart goes on where it stopped. Nothing here judges or decides.
"""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence
from typing import NoReturn

import structlog

from bot.channels.demo.mapping import CHANNEL, STANDARD_PACE, Step
from bot.channels.demo.sender import DemoSender
from bot.core.clock import Clock
from bot.review.intake import Intake

STEP = "step"
TOLD = "told"
BEAT_SECONDS = 30.0
ENDED = "demo:ended"
ENDED_TEXT = (
    "De demonstratie is afgelopen: alle reacties zijn binnen. Wat nog wacht, kunt u gewoon behandelen. Wilt u ze "
    "opnieuw zien, stop dan Verbinder en verwijder de databank van de demonstratie. Wilt u echt beginnen, zet dan een "
    "token van Telegram of Discord in het bestand .env."
)

_log = structlog.get_logger(__name__)


class Gateway:
    """Plays until it is cancelled. `pace`: seconds between two reactions where the script does not say."""

    def __init__(
        self,
        steps: Sequence[Step],
        intake: Intake,
        sender: DemoSender,
        *,
        pace: float,
        clock: Clock,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._steps = steps
        self._intake = intake
        self._sender = sender
        self._speed = pace / STANDARD_PACE
        self._clock = clock
        self._sleep = sleep

    async def run(self) -> None:
        """Play what is left, then stay: a channel does not end."""
        tasks = [asyncio.create_task(self._beat(), name="demo-beat"), asyncio.create_task(self._play(), name="demo")]
        try:
            ended, _ = await asyncio.wait(tasks, return_when=asyncio.FIRST_EXCEPTION)
            for task in ended:
                task.result()
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _play(self) -> None:
        done = int(await self._intake.cursor(CHANNEL, STEP) or 0)
        if done == 0:
            await self._sender.clear()
        for number, step in enumerate(self._steps[done:], start=done + 1):
            await self._sleep(step.pause.total_seconds() * self._speed)
            # Nobody edits what was removed here: on a platform it would be gone.
            happens = [] if await self._sender.removed(step.message.ref) else [step.at(self._clock())]
            await self._intake.receive_all(happens, cursor=(CHANNEL, STEP, str(number)))
        if await self._intake.cursor(CHANNEL, TOLD) is None:  # not again at every start
            _log.info("demonstration ended", steps=len(self._steps))
            await self._intake.notice(ENDED, ENDED_TEXT)
            await self._intake.receive_all([], cursor=(CHANNEL, TOLD, "yes"))

    async def _beat(self) -> NoReturn:
        while True:
            await self._intake.seen(CHANNEL)
            await asyncio.sleep(BEAT_SECONDS)
