"""Places in the service where it can be told to die, wrapped around its public seams from the outside.

Only a child of `tests.crash.child` imports this. Each passage of a place is written down in a file that survives the
process (the *witness*): first the place that was passed last, then the place where it was told to die. The service
itself knows of none of this.
"""

from __future__ import annotations

import contextlib
import functools
import os
import signal
import threading
from collections.abc import AsyncIterator, Callable
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.channels.demo.mapping import Step
from bot.channels.demo.sender import DemoSender
from bot.channels.telegram.client import Client
from bot.channels.telegram.sender import TelegramSender
from bot.channels.telegram.surface import TelegramSurface
from bot.core.cases import EffectKind
from bot.review.desk import Desk
from bot.review.dispatch import Dispatcher
from bot.review.intake import Intake
from bot.review.triage import Triage
from bot.store import outbox
from bot.store.database import Database
from tests.crash.places import SLOT, Place

_stage: ContextVar[str] = ContextVar("stage", default="")


@dataclass
class Death:
    """Kill this process at passage number `nth` of `place`, `lag` seconds later where that is not 0."""

    witness: int
    place: str
    nth: int
    lag: float

    def passed(self, place: str) -> None:
        """Note a passage, and die where that was ordered."""
        os.pwrite(self.witness, place.encode().ljust(SLOT), 0)
        if place != self.place:
            return
        self.nth -= 1
        if self.nth == 0 and self.lag:
            timer = threading.Timer(self.lag, self._die)
            timer.daemon = True
            timer.start()
        elif self.nth == 0:
            self._die()

    def _die(self) -> None:
        os.pwrite(self.witness, self.place.encode().ljust(SLOT), SLOT)
        os.kill(os.getpid(), signal.SIGKILL)


def install(death: Death) -> None:
    """Wrap every seam of this process."""
    passed = death.passed
    _transactions(passed)
    _receiving(passed)
    _staged(Triage, "_judge", "analyse", passed)
    _staged(Desk, "execute", "decide", passed)
    _around(Desk, "execute", None, Place.ANSWERING, passed)
    _around(Client, "answer_callback_query", None, Place.ANSWERED, passed)
    _around(TelegramSurface, "post", None, Place.CARD_POSTED, passed)
    _staged(Dispatcher, "_deal", "claim", passed, entry=Place.SEND_BEFORE)
    _removals_apart()
    for name in ("_succeeded", "_failed"):
        _staged(Dispatcher, name, "settle", passed)
    for sender in (TelegramSender, DemoSender):
        _around(sender, "reply", Place.FLYING, Place.PLACED, passed)
        _around(sender, "remove", None, Place.REMOVED, passed)
        _around(sender, "find", Place.LOOKING, None, passed)


def _transactions(passed: Callable[[str], None]) -> None:
    """Tell of the beginning and of both sides of the COMMIT of a transaction, in the words of the stage it is in."""
    write = Database.write

    @contextlib.asynccontextmanager
    async def watched(self: Database) -> AsyncIterator[AsyncConnection]:
        told = passed if _stage.get() else _nobody
        told(f"{_stage.get()}: begin")
        async with write(self) as tx:
            yield tx
            told(f"{_stage.get()}: uncommitted")
        told(f"{_stage.get()}: committed")

    _put(Database, "write", watched)


def _receiving(passed: Callable[[str], None]) -> None:
    """Tell when a platform has handed something over, when it is stored, and when that is about to be confirmed."""
    receive_all, raw_updates, at = Intake.receive_all, Client.raw_updates, Step.at

    @functools.wraps(receive_all)
    async def storing(self: Intake, incoming: Any, **how: Any) -> int:
        if not incoming:
            return await receive_all(self, incoming, **how)
        passed(Place.STORE_BEFORE)
        with _in_stage("store"):
            return await receive_all(self, incoming, **how)

    unconfirmed = False

    @functools.wraps(raw_updates)
    async def fetching(self: Client, **how: Any) -> list[Any]:
        nonlocal unconfirmed
        if unconfirmed:
            passed(Place.UNCONFIRMED)
        updates = await raw_updates(self, **how)
        unconfirmed = bool(updates)
        if updates:
            passed(Place.HANDED_OVER)
        return updates

    @functools.wraps(at)
    def happening(self: Step, now: Any) -> Any:
        found = at(self, now)
        passed(Place.HANDED_OVER)
        return found

    _put(Intake, "receive_all", storing)
    _put(Client, "raw_updates", fetching)
    _put(Step, "at", happening)


def _removals_apart() -> None:
    """Rename the stage of an effect that turns out to be a removal: nobody looks what became of one, it is repeated."""
    lock = outbox.lock

    async def locked(tx: AsyncConnection, effect_id: int) -> Any:
        row = await lock(tx, effect_id)
        if row.kind == EffectKind.REMOVE:
            _stage.set("remove")
        return row

    _put(outbox, "lock", locked)


def _nobody(_place: str) -> None:
    """Stand in for whoever is told, in a transaction that belongs to no stage."""


def _staged(owner: type, name: str, stage: str, passed: Callable[[str], None], *, entry: str = "") -> None:
    """Let the transactions inside a coroutine method be known as those of `stage`, and tell when it begins."""
    inner = getattr(owner, name)

    @functools.wraps(inner)
    async def staged(*given: Any, **named: Any) -> Any:
        passed(entry or f"{stage}: before")
        with _in_stage(stage):
            return await inner(*given, **named)

    _put(owner, name, staged)


def _around(owner: type, name: str, before: str | None, after: str | None, passed: Callable[[str], None]) -> None:
    inner = getattr(owner, name)

    @functools.wraps(inner)
    async def told(*given: Any, **named: Any) -> Any:
        if before:
            passed(before)
        result = await inner(*given, **named)
        if after:
            passed(after)
        return result

    _put(owner, name, told)


@contextlib.contextmanager
def _in_stage(stage: str) -> Any:
    token = _stage.set(stage)
    try:
        yield
    finally:
        _stage.reset(token)


def _put(owner: object, name: str, replacement: object) -> None:
    setattr(owner, name, replacement)
