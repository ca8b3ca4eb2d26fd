"""Our own update loop: fetch, store, and only then confirm (trap 26).

Decides what counts as received: an update is confirmed to Telegram by asking for the next offset, and that happens
only after everything before it was committed. Residents' messages go to Intake in one transaction with the offset;
what happens in the staff group goes to `StaffRoom`. Must not judge anything, and lets nothing of Telegram inwards.
"""

from __future__ import annotations

import asyncio
import functools
import json
from collections.abc import Awaitable, Callable
from datetime import datetime, timedelta
from typing import Any, Final, NoReturn, TypeVar

import structlog
from telegram import ChatMember, ChatMemberUpdated, Update, User

from bot.channels.telegram.chats import Chats
from bot.channels.telegram.client import Client
from bot.channels.telegram.errors import asking, redacted
from bot.channels.telegram.mapping import CHANNEL, message_of
from bot.channels.telegram.staff import StaffRoom
from bot.core.clock import Clock
from bot.core.errors import RateLimited, StoreError, Transient
from bot.core.messages import Gap, Incoming, Unreadable
from bot.review.intake import Intake

KINDS: Final = ("message", "edited_message", "callback_query", "my_chat_member")
KEPT: Final = timedelta(hours=24)
"""How long Telegram keeps updates that nobody fetched (Bot API, «Getting updates»)."""
LONG_POLL: Final = timedelta(seconds=25)
HEARTBEAT: Final = timedelta(seconds=30)
FIRST_PAUSE: Final = timedelta(seconds=1)
LONGEST_PAUSE: Final = timedelta(minutes=1)
TRIES: Final = 3
TROUBLE_AFTER: Final = 5
"""Failures in a row before administrators are told."""

OFFSET: Final = "offset"
UNREACHABLE: Final = "telegram:unreachable"
UNREACHABLE_TEXT: Final = (
    "Telegram is al een tijd niet bereikbaar. Verbinder blijft proberen. Telegram bewaart reacties een dag; "
    "ga na of de internetverbinding werkt."
)
LEFT: Final = (
    "De bot zit niet meer in de Telegramgroep «{title}» en leest daar niets meer. Voeg de bot opnieuw toe, "
    "of haal de groep uit de instellingen."
)
GAP_REASON: Final = "Verbinder luisterde toen niet, en Telegram bewaart nieuwe reacties maar 24 uur."

T = TypeVar("T")
_log = structlog.get_logger(__name__)


def pause_after(failures: int) -> timedelta:
    """Return how long to wait after so many failures in a row: 1, 2, 4 … seconds, a minute at most."""
    doubled: timedelta = FIRST_PAUSE * 2 ** min(failures - 1, 10)
    return min(doubled, LONGEST_PAUSE)


class Gateway:
    """Receives from Telegram until it is cancelled or may not go on."""

    def __init__(
        self,
        client: Client,
        intake: Intake,
        chats: Chats,
        staff: StaffRoom,
        *,
        clock: Clock,
        wait: timedelta = LONG_POLL,
        sleep: Callable[[float], Awaitable[None]] = asyncio.sleep,
    ) -> None:
        self._client = client
        self._intake = intake
        self._chats = chats
        self._staff = staff
        self._clock = clock
        self._wait = wait
        self._sleep = sleep
        self._listened: datetime | None = None
        self._beaten: datetime | None = None

    async def run(self) -> NoReturn:
        """Receive until cancelled.

        Raises:
            Revoked: the token is not accepted.
            Rejected: another program reads with this token.
            StoreError: nothing can be stored; what was not stored is not confirmed either.
        """
        try:
            me = await self._patiently(lambda: self._client.get_me())
            await self._chats.remember(self._intake)
            await self._patiently(lambda: self._chats.look_around(self._client))
            await self._staff.open(me)
            await self._listen(me)
        finally:
            await self._staff.close()
            await self._client.hang_up()

    async def _listen(self, me: User) -> NoReturn:
        stamp = f"{me.id}@{self._client.server}"
        self._listened = None
        offset = _offset_of(await self._intake.cursor(CHANNEL, OFFSET), stamp)
        while True:
            began = asyncio.get_running_loop().time()
            updates = await self._patiently(
                lambda: self._client.raw_updates(offset=offset, wait=self._wait, kinds=KINDS)  # noqa: B023 - awaited at once
            )
            now = self._clock()
            missed = await self._missed(now)
            if updates or missed:
                offset = await self._take(updates, missed, offset, stamp)
            elif asyncio.get_running_loop().time() - began < self._wait.total_seconds() / 2:
                # A server that does not hold a long poll open must not make this loop spin.
                await self._sleep(FIRST_PAUSE.total_seconds())
            self._listened = now
            await self._beat()

    async def _take(self, updates: list[Any], before: list[Incoming], offset: int | None, stamp: str) -> int | None:
        """Store what came in, in order, after `before`; return the offset that confirms it."""
        batch = list(before)
        for raw in updates:
            number = _number(raw)
            try:
                update = Update.de_json(raw, self._client)
                moved_to = update.message.migrate_to_chat_id if update.message else None
                if update.message is not None and moved_to is not None:
                    await self._chats.moved(update.message.chat.id, moved_to, self._intake)
                elif self._staff.concerns(update):
                    # Everything before it first. The press itself commits at the desk; only then is it confirmed.
                    if batch:
                        await self._store(batch, number or offset, stamp)
                    batch = []
                    await self._insist(functools.partial(self._staff.handle, update))
                else:
                    batch += await self._read(update)
            except (StoreError, asyncio.CancelledError):
                raise
            except Exception as error:  # noqa: BLE001 - whatever it is, the loop goes on past this update
                _log.error("update not understood", error=type(error).__name__)
                batch.append(_unreadable(raw, error))
            # Not the highest ever seen: after a quiet week Telegram starts counting somewhere else.
            offset = offset if number is None else number + 1
        await self._store(batch, offset, stamp)
        return offset

    async def _read(self, update: Update) -> list[Incoming]:
        """Return what is in an update of a watched group, as ours."""
        if update.my_chat_member is not None:
            await self._membership(update.my_chat_member)
            return []
        message = update.message or update.edited_message
        if message is None or message.chat.id not in self._chats.watched:
            return []
        if message.is_automatic_forward and message.sender_chat is not None:
            self._chats.linked.add(message.sender_chat.id)
        ours = message_of(message, own_chats=self._chats.linked)
        return [ours] if ours is not None else []

    async def _membership(self, change: ChatMemberUpdated) -> None:
        """Tell administrators when the bot was put out of one of its groups, and settle it when it is back."""
        if not self._chats.concerns(change.chat.id):
            return
        key = f"telegram:left:{change.chat.id}"
        if change.new_chat_member.status in {ChatMember.LEFT, ChatMember.BANNED}:
            await self._intake.notice(key, LEFT.format(title=change.chat.title or change.chat.id), level="fout")
        else:
            await self._intake.settle(key)

    async def _store(self, batch: list[Incoming], offset: int | None, stamp: str) -> None:
        """Commit a batch together with the offset after it. One item that cannot be stored does not stop the others."""
        cursor = None if offset is None else (CHANNEL, OFFSET, f"{offset} {stamp}")
        try:
            await self._insist(functools.partial(self._intake.receive_all, batch, cursor=cursor))
        except StoreError:
            raise
        except Exception as error:
            if not batch:
                raise
            _log.error("batch not stored, trying one by one", error=type(error).__name__)
            for item in batch:
                await self._store_alone(item)
            await self._intake.receive_all([], cursor=cursor)

    async def _store_alone(self, item: Incoming) -> None:
        try:
            await self._intake.receive(item)
        except StoreError:
            raise
        except Exception as error:  # noqa: BLE001 - kept raw; if that fails too, nothing is confirmed
            await self._intake.receive(Unreadable(CHANNEL, repr(item), type(error).__name__))

    async def _insist(self, act: Callable[[], Awaitable[T]]) -> T:
        """Do something with the store, and again shortly after: what fails `TRIES` times is not bad luck."""
        for failures in range(1, TRIES):
            try:
                return await act()
            except StoreError:
                raise
            except Exception as error:  # noqa: BLE001 - tried again, and raised the last time
                _log.warning("not stored", error=type(error).__name__, failures=failures)
                await self._sleep(pause_after(failures).total_seconds())
        return await act()

    async def _missed(self, now: datetime) -> list[Incoming]:
        """Return the gap, if Telegram has not kept everything since this channel last listened (trap 22)."""
        last = self._listened or await self._intake.last_seen(CHANNEL)
        if last is None or now - last <= KEPT:
            return []
        return [Gap(CHANNEL, last, now - KEPT, GAP_REASON)]

    async def _beat(self) -> None:
        """Note now and then that this channel is listening."""
        now = self._clock()
        if self._beaten is None or now - self._beaten >= HEARTBEAT:
            await self._intake.seen(CHANNEL)
            self._beaten = now

    async def _patiently(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Ask until there is an answer: wait as long as a 429 says, longer and longer after anything that may pass."""
        failures = 0
        while True:
            try:
                answer = await asking(ask())
            except RateLimited as error:
                _log.warning("asked to wait", seconds=error.retry_after.total_seconds())
                await self._sleep(error.retry_after.total_seconds())
            except Transient as error:
                failures += 1
                pause = pause_after(failures)
                _log.warning("no answer", error=error.message, failures=failures, pause=pause.total_seconds())
                if failures == TROUBLE_AFTER:
                    await self._intake.notice(UNREACHABLE, UNREACHABLE_TEXT)
                await self._sleep(pause.total_seconds())
            else:
                if failures >= TROUBLE_AFTER:
                    await self._intake.settle(UNREACHABLE)
                return answer


def _number(raw: Any) -> int | None:
    """Return the number of an update, None when it has none that we understand."""
    number = raw.get("update_id") if isinstance(raw, dict) else None
    return number if isinstance(number, int) else None


def _unreadable(raw: Any, error: Exception) -> Unreadable:
    return Unreadable(CHANNEL, json.dumps(raw, ensure_ascii=True), redacted(f"{type(error).__name__}: {error}"))


def _offset_of(stored: str | None, stamp: str) -> int | None:
    """Return the offset to go on from, None where the stored one is another bot's or another server's."""
    number, _, whose = (stored or "").partition(" ")
    return int(number) if whose == stamp and number.isdigit() else None
