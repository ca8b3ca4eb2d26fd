"""A small town on the stand-in of Telegram, with the real channel and the real review services behind it."""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import timedelta
from typing import Any

import pytest
from pydantic import SecretStr
from sqlalchemy import select

from bot.channels.telegram import build_telegram
from bot.core.cases import Case, CaseKind
from bot.core.people import Face, Role
from bot.review.cardkeeper import CardKeeper
from bot.review.dispatch import Dispatcher
from bot.review.ports import Channel, StaffSurface
from bot.settings import TelegramSettings
from bot.store import journal
from bot.store.schema import messages, revisions, unreadable
from bot.store.types import AnyRow
from tests.builders import GRACE, Services
from tests.standins.botapi import BotApiServer
from tests.standins.botapi.world import Json

CONSOLE = "https://verbinder.velddorp.example"
PATIENCE_SECONDS = 10.0


class Town:
    """A watched group, a staff group and a resident on the stand-in; the channel and the services on our side."""

    def __init__(self, api: BotApiServer, services: Services) -> None:
        self.api = api
        self.services = services
        self.group = api.add_group("Velddorp praat", bot="administrator")
        api.set_bot(self.group, "administrator", can_delete_messages=True)
        self.staff = api.add_group("Team communicatie")
        self.ann = api.add_user("Ann Peeters")
        self.colleague = api.add_user("Karim Haddad")
        self.channel = self.connect()

    def settings(self, **changes: Any) -> TelegramSettings:
        given: dict[str, Any] = {
            "token": SecretStr(self.api.token),
            "api_base": self.api.url,
            "chats": (str(self.group),),
            "staff_chat": str(self.staff),
        }
        return TelegramSettings(**{**given, **changes})

    def connect(self, **changes: Any) -> Channel:
        """Return a channel as `bot.app` builds it, with a long poll of a second."""
        services = self.services
        return build_telegram(
            self.settings(**changes),
            services.intake,
            services.desk,
            console_url=CONSOLE,
            clock=services.clock,
            long_poll=timedelta(seconds=1),
        )

    @property
    def surface(self) -> StaffSurface:
        assert self.channel.surface is not None
        return self.channel.surface

    @contextlib.asynccontextmanager
    async def listening(self, channel: Channel | None = None) -> AsyncIterator[asyncio.Task[None]]:
        """Run the channel; a failure in it fails the test."""
        task = asyncio.create_task((channel or self.channel).run())
        try:
            yield task
            if task.done():
                task.result()
        finally:
            task.cancel()
            with contextlib.suppress(asyncio.CancelledError):
                await task

    async def stored(self) -> list[AnyRow]:
        """Return every stored revision with its message, oldest first."""
        query = select(messages, revisions).join(revisions, revisions.c.message_pk == messages.c.id)
        async with self.services.database.read() as tx:
            return list((await tx.execute(query.order_by(revisions.c.id))).all())

    async def texts(self) -> list[str]:
        return [row.text for row in await self.stored()]

    async def unread(self) -> list[AnyRow]:
        async with self.services.database.read() as tx:
            return list((await tx.execute(select(unreadable))).all())

    async def notices(self) -> dict[str, str]:
        async with self.services.database.read() as tx:
            return {row.key: row.text for row in await journal.open_notices(tx)}

    async def until_texts(self, *expected: str) -> None:
        await until(lambda: self._has(expected), f"stored {expected}")

    async def until_confirmed(self) -> None:
        """Wait until Telegram has nothing left for the bot."""
        await until(lambda: not self.api.waiting(), "all updates confirmed")

    async def _has(self, expected: tuple[str, ...]) -> bool:
        return await self.texts() == list(expected)


async def until(look: Callable[[], object | Awaitable[object]], what: str) -> None:
    """Wait until `look` finds something; fail after `PATIENCE_SECONDS`."""
    deadline = asyncio.get_running_loop().time() + PATIENCE_SECONDS
    while True:
        found = look()
        if isinstance(found, Awaitable):
            found = await found
        if found:
            return
        if asyncio.get_running_loop().time() > deadline:
            pytest.fail(f"in vain: {what}")
        await asyncio.sleep(0.02)


class Team:
    """The staff side of a town: cards kept up to date, a linked colleague, effects sent."""

    def __init__(self, town: Town) -> None:
        self.town = town
        self.services = town.services
        services = town.services
        self.keeper = CardKeeper(services.database, services.clock, services.bulletin, Face.TELEGRAM, town.surface)
        senders = {"telegram": town.channel.sender}
        self.dispatcher = Dispatcher(services.database, services.clock, services.bulletin, senders)

    async def join(self, *roles: Role) -> None:
        await self.services.person("Karim", *roles, accounts={Face.TELEGRAM: str(self.town.colleague)})

    async def case_about(self, text: str, kind: CaseKind) -> Case:
        """Let a resident write, judge it, show the card; return the case."""
        self.town.api.post(self.town.group, self.town.ann, text)
        async with self.town.listening():
            await self.town.until_texts(text)
        while await self.services.triage.run_once():
            pass
        await self.keep()
        return await self.services.one(kind)

    async def keep(self) -> None:
        while await self.keeper.run_once():
            pass

    @property
    def card(self) -> Json:
        """Return the newest card."""
        return [message for message in self.town.api.from_bot(self.town.staff) if "Reactie:" in message["text"]][-1]

    @property
    def labels(self) -> list[str]:
        return [button["text"] for button in self.town.api.buttons(self.town.staff, self.card["message_id"])]

    def press(self, label: str, user: int | None = None) -> str:
        return self.town.api.press(self.town.staff, self.card["message_id"], user or self.town.colleague, label)

    async def answer(self, query: str) -> Json:
        """Return how the bot answered a press."""
        await until(lambda: self.town.api.answer(query), "an answer to the press")
        found = self.town.api.answer(query)
        assert found is not None
        return found

    async def send(self) -> None:
        self.services.clock.advance(GRACE)
        while not await self.dispatcher.step("telegram"):
            pass
