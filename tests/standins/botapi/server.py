"""A strict stand-in of the Telegram Bot API on the loopback, in a thread of the test's process.

It is the outside world: it goes on living when the client is killed, and may itself be stopped and started again on
the same port, as an outage. Controls (`controls.py`) are plain thread-safe methods on the same object.
"""

from __future__ import annotations

import asyncio
import threading
from typing import Any, Self

from aiohttp import web

from tests.standins.botapi.controls import Controls
from tests.standins.botapi.errors import ApiError, conflict, too_many
from tests.standins.botapi.methods import CALLS
from tests.standins.botapi.parameters import METHODS, read
from tests.standins.botapi.world import Failure, Json, User, World

TOKEN = "7000000001:AAStandInTokenThatMustNeverBePrinted00"
LONGEST_POLL_SECONDS = 50
START_SECONDS = 10

_TERMINATED = "terminated by other getUpdates request; make sure that only one bot instance is running"
_WEBHOOK = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class BotApiServer(Controls):
    """Start it with `start()` or `with`; `url` is what `VERBINDER_TELEGRAM__API_BASE` takes."""

    def __init__(self, *, token: str = TOKEN, username: str = "verbinder_bot") -> None:
        self.token = token
        self.world = World(User(int(token.partition(":")[0]), "Verbinder", username=username, is_bot=True))
        self.port = 0
        self.hold_polls = True  # False: a proxy in between that answers every long poll at once
        self._thread: threading.Thread | None = None
        self._loop: asyncio.AbstractEventLoop | None = None
        self._stopping: asyncio.Event | None = None
        self._news: asyncio.Event | None = None
        self._poller: asyncio.Future[None] | None = None
        self.world.on_update = self._wake

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def __enter__(self) -> Self:
        self.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def start(self) -> str:
        """Listen, on the earlier port after a `stop`; return the address."""
        ready: list[BaseException | None] = []
        started = threading.Event()
        self._thread = threading.Thread(target=self._run, args=(ready, started), name="botapi", daemon=True)
        self._thread.start()
        if not started.wait(START_SECONDS) or ready[0] is not None:
            raise RuntimeError("the stand-in did not start") from (ready[0] if ready else None)
        return self.url

    def stop(self) -> None:
        """Break every connection and stop listening. What waits, waits on."""
        if self._thread is None or self._loop is None or self._stopping is None:
            return
        self._loop.call_soon_threadsafe(self._stopping.set)
        self._thread.join(START_SECONDS)
        self._thread = self._loop = None

    def _run(self, ready: list[BaseException | None], started: threading.Event) -> None:
        async def serve() -> None:
            self._loop, self._stopping, self._news = asyncio.get_running_loop(), asyncio.Event(), asyncio.Event()
            application = web.Application(client_max_size=8 * 1024 * 1024)
            application.router.add_route("*", "/{path:.*}", self._answer)
            runner = web.AppRunner(application, access_log=None, handler_cancellation=True, shutdown_timeout=0.1)
            try:
                await runner.setup()
                site = web.TCPSite(runner, "127.0.0.1", self.port, reuse_address=True)
                await site.start()
                self.port = runner.addresses[0][1]
                ready.append(None)
                started.set()
                await self._stopping.wait()
            finally:
                await runner.cleanup()

        try:
            asyncio.run(serve())
        except BaseException as error:  # noqa: BLE001 - handed to the thread that called start()
            ready.append(error)
            started.set()

    def _wake(self) -> None:
        if self._loop is not None and self._news is not None:
            self._loop.call_soon_threadsafe(self._news.set)

    async def _answer(self, request: web.Request) -> web.StreamResponse:
        try:
            method = self._method(request.path)
            result = await self._call(request, method)
        except ApiError as refusal:
            return web.json_response(refusal.body(), status=refusal.status)
        if isinstance(result, web.StreamResponse):
            return result
        return web.json_response({"ok": True, "result": result})

    def _method(self, path: str) -> str:
        prefix, _, method = path.removeprefix("/").partition("/")
        token = prefix.removeprefix("bot")
        if not prefix.startswith("bot") or ":" not in token:
            raise ApiError(404, "Not Found")
        if token != self.token:
            raise ApiError(401, "Unauthorized")
        names = {name.lower(): name for name in METHODS}
        if method.lower() not in names:
            raise ApiError(404, "Not Found: method not found")
        return names[method.lower()]

    async def _call(self, request: web.Request, method: str) -> Any:
        with self.world.lock:
            failure = self.world.failure(method)
        if failure is not None and not failure.after_effect:
            return await self._fail(request, failure)
        given = read(method, await _given(request))
        with self.world.lock:
            self.world.calls.append((method, given))
        if method == "getUpdates":
            result: Any = await self._updates(given)
        else:
            with self.world.lock:
                result = CALLS[method](self.world, given)
        return await self._fail(request, failure) if failure is not None else result

    async def _fail(self, request: web.Request, failure: Failure) -> web.StreamResponse:
        await asyncio.sleep(failure.delay)
        if failure.status is None:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=502)
        if failure.retry_after is not None:
            raise too_many(failure.retry_after)
        if failure.description is not None:
            raise ApiError(failure.status, failure.description)
        page = f"<html><head><title>{failure.status}</title></head><body>nginx</body></html>"
        return web.Response(status=failure.status, text=page, content_type="text/html")

    async def _updates(self, given: Json) -> list[Json]:
        assert self._news is not None
        loop = asyncio.get_running_loop()
        with self.world.lock:
            if self.world.webhook:
                raise conflict(_WEBHOOK)
            if given.get("allowed_updates"):
                self.world.allowed = frozenset(given["allowed_updates"])
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(None)
        mine = self._poller = loop.create_future()
        seconds = min(max(given.get("timeout", 0), 0), LONGEST_POLL_SECONDS) if self.hold_polls else 0
        deadline = loop.time() + seconds
        try:
            while True:
                self._news.clear()
                with self.world.lock:
                    waiting = self.world.pending(given.get("offset", 0), given.get("limit", 100))
                if waiting or loop.time() >= deadline:
                    return waiting
                await self._news_or_conflict(mine, deadline - loop.time())
        finally:
            mine.cancel()

    async def _news_or_conflict(self, mine: asyncio.Future[None], seconds: float) -> None:
        assert self._news is not None
        news: asyncio.Future[Any] = asyncio.ensure_future(self._news.wait())
        either: set[asyncio.Future[Any]] = {news, mine}
        try:
            await asyncio.wait(either, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        finally:
            news.cancel()
        if mine.done():
            raise conflict(_TERMINATED)


async def _given(request: web.Request) -> Json:
    """Return the parameters of a call, from wherever the client put them."""
    given: Json = dict(request.query)
    if request.content_type == "application/json":
        given |= await request.json()
    elif request.can_read_body:
        given |= dict(await request.post())
    return given
