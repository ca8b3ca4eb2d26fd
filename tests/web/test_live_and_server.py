"""The event stream and the server, over a real socket on the loopback."""

from __future__ import annotations

import asyncio
import contextlib
import json
import signal
import socket
import time
from collections.abc import AsyncIterator, Callable
from typing import Any

import httpx
import pytest
from starlette.applications import Starlette

from bot.core.cases import ActionKind, CaseKind
from bot.core.errors import ConfigError
from bot.web import live
from bot.web.live import stamp_of
from bot.web.server import ConsoleServer, serve
from tests.builders import Services, message, post

PATIENCE = 5.0


@pytest.fixture
async def running(app: Starlette) -> AsyncIterator[ConsoleServer]:
    server = serve(app, "127.0.0.1", 0)
    task = asyncio.create_task(server.run())
    yield server
    task.cancel()
    with contextlib.suppress(asyncio.CancelledError):
        await task


@pytest.fixture
async def client(running: ConsoleServer, app: Starlette, sqlite_services: Services) -> AsyncIterator[httpx.AsyncClient]:
    token = await app.state.console.sessions.start(await sqlite_services.person("An"))
    origin = f"http://127.0.0.1:{running.port}"
    cookies = {"verbinder": token}
    async with httpx.AsyncClient(base_url=origin, cookies=cookies, headers={"origin": origin}) as found:
        yield found


async def _events(response: httpx.Response) -> AsyncIterator[tuple[str, dict[str, Any]]]:
    name = ""
    async for line in response.aiter_lines():
        if line.startswith("event: "):
            name = line.removeprefix("event: ")
        elif line.startswith("data: "):
            yield name, json.loads(line.removeprefix("data: "))


async def _next(events: AsyncIterator[tuple[str, dict[str, Any]]]) -> tuple[str, dict[str, Any]]:
    return await asyncio.wait_for(anext(events), PATIENCE)


async def test_a_page_is_told_at_once_where_it_stands_and_when_that_changes(
    client: httpx.AsyncClient, sqlite_services: Services
) -> None:
    async with client.stream("GET", "/stroom?blad=wachtrij") as response:
        assert response.headers["content-type"].startswith("text/event-stream")
        events = _events(response)
        name, first = await _next(events)
        assert (name, first["meldingen"], first["voorstellen"]) == ("stand", 0, 0)
        await sqlite_services.receive(post(), message("een vraag"))
        name, then = await _next(events)
        assert (name, then["meldingen"], then["voorstellen"]) == ("stand", 0, 1)
        assert then["stempel"] != first["stempel"]


async def test_a_stream_ends_when_its_person_signs_out_elsewhere(
    client: httpx.AsyncClient, sqlite_services: Services
) -> None:
    async with client.stream("GET", "/stroom") as response:
        events = _events(response)
        await _next(events)
        await client.post("/afmelden")
        await sqlite_services.receive(message("een vraag"))  # anything that rings
        assert (await _next(events))[0] == "afgemeld"
        with pytest.raises(StopAsyncIteration):
            await _next(events)


async def test_nobody_listens_without_signing_in(running: ConsoleServer) -> None:
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{running.port}") as stranger:
        assert (await stranger.get("/stroom")).status_code == 401


async def test_a_stream_is_counted_out_when_the_browser_goes_away(client: httpx.AsyncClient, app: Starlette) -> None:
    async with client.stream("GET", "/stroom") as response:
        await _next(_events(response))
        assert app.state.console.streams == 1
    await _until(lambda: app.state.console.streams == 0)


async def test_there_is_an_end_to_the_streams(client: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(live, "MOST_STREAMS", 0)
    assert (await client.get("/stroom")).status_code == 503


async def test_asking_for_the_head_of_a_stream_does_not_open_one(client: httpx.AsyncClient, app: Starlette) -> None:
    assert (await client.head("/stroom")).status_code == 200
    assert app.state.console.streams == 0


async def test_stamps_move_with_what_their_page_shows(services: Services) -> None:
    async def stamps() -> list[str]:
        async with services.database.read() as tx:
            return [await stamp_of(tx, sheet) for sheet in ("wachtrij", "zaak:1", "kanaal:demo", "zaak:x", "onzin", "")]

    assert (await stamps())[3:] == ["", "", ""]
    await services.receive(post(), message("een vraag"))
    before = await stamps()
    await services.do(ActionKind.CLAIM, await services.one(CaseKind.REPLY), await services.person())
    after = await stamps()
    assert all(old != new for old, new in zip(before[:3], after[:3], strict=True))
    await services.receive(message("gewoon hallo", id="102"))  # no case: the queue stays as it is
    later = await stamps()
    assert later[0] == after[0]
    assert later[2] != after[2]


async def _until(done: Callable[[], bool]) -> None:
    async with asyncio.timeout(PATIENCE):
        while not done():
            await asyncio.sleep(0.02)


# ── the server ────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_the_port_is_known_before_the_server_runs(app: Starlette) -> None:
    server = serve(app, "127.0.0.1", 0)
    assert server.port > 0
    task = asyncio.create_task(server.run())
    async with httpx.AsyncClient() as client:
        assert (await client.get(f"http://127.0.0.1:{server.port}/gezond")).text == "ok"
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


def test_a_port_in_use_is_one_clear_message(app: Starlette) -> None:
    with socket.create_server(("127.0.0.1", 0)) as other:
        port = other.getsockname()[1]
        with pytest.raises(ConfigError) as error:
            serve(app, "127.0.0.1", port)
    assert f"127.0.0.1:{port}" in str(error.value)
    assert "al in gebruik" in error.value.message
    assert "VERBINDER_CONSOLE__PORT" in error.value.remedy


@pytest.mark.parametrize("host", ["192.0.2.1", "bestaat-niet.invalid"])  # TEST-NET-1 (RFC 5737); RFC 6761
def test_an_address_of_another_machine_is_one_clear_message(app: Starlette, host: str) -> None:
    with pytest.raises(ConfigError) as error:
        serve(app, host, 0)
    assert host in error.value.message
    assert "VERBINDER_CONSOLE__HOST" in error.value.remedy


async def test_the_service_stops_within_two_seconds_with_streams_open(
    app: Starlette, sqlite_services: Services
) -> None:
    server = serve(app, "127.0.0.1", 0)
    task = asyncio.create_task(server.run())
    token = await app.state.console.sessions.start(await sqlite_services.person("An"))
    async with contextlib.AsyncExitStack() as stack:
        client = await stack.enter_async_context(
            httpx.AsyncClient(base_url=f"http://127.0.0.1:{server.port}", cookies={"verbinder": token})
        )
        for _ in range(5):
            response = await stack.enter_async_context(client.stream("GET", "/stroom"))
            await _next(_events(response))
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < 2
    with socket.create_server(("127.0.0.1", server.port)):
        pass  # the port is free again
    assert app.state.console.streams == 0


async def test_signal_handlers_are_left_to_the_service(app: Starlette) -> None:
    signals = (signal.SIGINT, signal.SIGTERM)
    before = [signal.getsignal(number) for number in signals]
    task = asyncio.create_task(serve(app, "127.0.0.1", 0).run())
    await asyncio.sleep(0.2)
    assert [signal.getsignal(number) for number in signals] == before
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
