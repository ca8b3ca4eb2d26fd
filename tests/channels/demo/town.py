"""A small script of our own, and what plays it: a sleep that takes no time, and a look at what is stored."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from sqlalchemy import select

from bot.channels.demo.gateway import TOLD, Gateway
from bot.channels.demo.mapping import CHANNEL, Step, steps_of
from bot.channels.demo.sender import LEDGER_NAME, DemoSender
from bot.review.intake import Intake
from bot.review.ports import RemoveEffect, ReplyEffect
from bot.store.schema import messages, revisions
from bot.store.types import AnyRow
from tests.builders import Services, message

CONSOLE = "http://127.0.0.1:8642"
SMALL: Mapping[str, Any] = {
    "gemeente": "Zavelrode",
    "kanaal": {"id": "plein", "naam": "Zavelrode praat mee"},
    "berichten": [{"id": "p1", "tekst": "Er komt een zwembad."}, {"id": "p2", "tekst": "De markt verhuist."}],
    "reacties": [
        {"id": "r1", "bericht": "p1", "wie": "b1", "naam": "Marleen", "tekst": "Wanneer?", "na": 1},
        {
            "id": "r2", "bericht": "p1", "wie": "b2", "naam": "Tibo", "tekst": "Vraag: waar?", "antwoord_op": "r1",
            "bewerkt": {"na": 6, "tekst": "Vraag: waar precies?"},
        },
        {"id": "r3", "bericht": "p2", "wie": "b3", "naam": "Luk", "tekst": "Spijtig", "citaat": "verhuist", "na": 3},
        {"id": "r4", "bericht": "p1", "wie": "b1", "naam": "Marleen", "tekst": "Weg", "na": 2, "verwijderd_na": 2},
    ],
}  # fmt: skip
STEPS = steps_of(SMALL)


class Ended(Exception):
    """The time that a test gives is over."""


@dataclass
class Naps:
    """A sleep that takes no time. `limit` ends it: seconds of playing, or a number of naps (`crash_at`, from 1)."""

    taken: list[float] = field(default_factory=list)
    limit: float = float("inf")
    crash_at: int = 0

    async def __call__(self, seconds: float) -> None:
        self.taken.append(seconds)
        if len(self.taken) == self.crash_at or sum(self.taken) > self.limit:
            raise Ended
        await asyncio.sleep(0)


@dataclass
class Stage:
    """A demonstration on the services of a test."""

    services: Services
    folder: Path
    steps: tuple[Step, ...] = STEPS

    @property
    def ledger(self) -> Path:
        return self.folder / LEDGER_NAME

    @property
    def sender(self) -> DemoSender:
        return DemoSender(self.ledger, console_url=CONSOLE)

    def gateway(self, naps: Naps | None = None, *, pace: float = 4.0, intake: Intake | None = None) -> Gateway:
        services = self.services
        return Gateway(
            self.steps,
            intake or services.intake,
            self.sender,
            pace=pace,
            clock=services.clock,
            sleep=naps or Naps(),
        )

    async def play(self, naps: Naps | None = None, **more: Any) -> None:
        """Play until the script is over or `naps` ends it."""
        task = asyncio.create_task(self.gateway(naps, **more).run())
        while not task.done() and await self.services.intake.cursor(CHANNEL, "step") != str(len(self.steps)):
            await asyncio.sleep(0.005)
        while not task.done() and not await self.ended():
            await asyncio.sleep(0.005)
        task.cancel()
        with contextlib.suppress(asyncio.CancelledError, Ended):
            await task

    async def ended(self) -> bool:
        return await self.services.intake.cursor(CHANNEL, TOLD) is not None

    async def stored(self) -> list[AnyRow]:
        """Return every stored revision with its message, oldest first."""
        query = select(messages, revisions).join(revisions, revisions.c.message_pk == messages.c.id)
        async with self.services.database.read() as tx:
            return list((await tx.execute(query.order_by(revisions.c.id))).all())

    async def told(self) -> list[tuple[str, int, str]]:
        return [(row.message_id, row.number, row.text) for row in await self.stored()]


def reply(key: str = "e1", target: str = "r1", text: str = "Dank u.") -> ReplyEffect:
    return ReplyEffect(key, message(id=target, chat="plein").ref, text)


def removal(key: str = "e2", target: str = "r1") -> RemoveEffect:
    return RemoveEffect(key, message(id=target, chat="plein").ref, "Wanneer?", "author")
