"""Serve the console until cancelled.

The socket is bound before the server starts, so that its address can be shown first and a port in use is one clear
message. Signals stay with the composition root: uvicorn installs no handlers here.
"""

from __future__ import annotations

import asyncio
import contextlib
import errno
import socket
from collections.abc import Generator

import uvicorn
from starlette.applications import Starlette

from bot.core.errors import ConfigError
from bot.web.console import Console

_BACKLOG = 128
_GRACE_SECONDS = 1  # for requests under way when the service stops


class ConsoleServer:
    """A console with its socket bound. Await it, or run `run()` in a task; cancel it to stop."""

    def __init__(self, app: Starlette, listener: socket.socket) -> None:
        self._console: Console = app.state.console
        self._listener = listener
        self.port: int = listener.getsockname()[1]
        config = uvicorn.Config(
            app,
            log_config=None,
            access_log=False,
            lifespan="off",
            ws="none",
            proxy_headers=False,  # who is who does not hang on an address, and https is a setting
            server_header=False,
            timeout_graceful_shutdown=_GRACE_SECONDS,
        )
        self._server = _QuietServer(config)

    async def run(self) -> None:
        """Serve until cancelled; open event streams are ended and requests under way finished first."""
        serving = asyncio.create_task(self._server.serve(sockets=[self._listener]))
        try:
            await asyncio.shield(serving)
        finally:
            self._console.close()
            self._server.should_exit = True
            try:
                await serving
            finally:
                self.close()

    def close(self) -> None:
        """Let go of the port; only needed where `run` was never started."""
        self._listener.close()

    def __await__(self) -> Generator[object, None, None]:
        return self.run().__await__()


class _QuietServer(uvicorn.Server):
    @contextlib.contextmanager
    def capture_signals(self) -> Generator[None, None, None]:
        yield


def serve(app: Starlette, host: str, port: int) -> ConsoleServer:
    """Bind `host`:`port` (0: any free port) and return the server, to be awaited; raise ConfigError as `bind` does."""
    return ConsoleServer(app, bind(host, port))


def bind(host: str, port: int) -> socket.socket:
    """Return a socket that listens on `host`:`port` (0: any free port).

    Raises:
        ConfigError: the port is in use, or the address is not one of this machine.
    """
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        listener = socket.socket(family, kind, protocol)
    except OSError as error:
        raise _explained(host, port, error) from error
    try:
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        listener.bind(address)
        listener.listen(_BACKLOG)
        listener.setblocking(False)
    except OSError as error:
        listener.close()
        raise _explained(host, port, error) from error
    return listener


def _explained(host: str, port: int, error: OSError) -> ConfigError:
    where = f"{host}:{port}"
    if error.errno == errno.EADDRINUSE:
        return ConfigError(
            f"De console kan niet starten op {where}: die poort is al in gebruik (port in use).",
            remedy="Stop het andere programma (misschien draait Verbinder al), of kies een andere poort met "
            "VERBINDER_CONSOLE__PORT.",
        )
    if error.errno == errno.EACCES:
        return ConfigError(
            f"De console mag niet luisteren op {where} (permission denied).",
            remedy="Kies een poort boven 1023 met VERBINDER_CONSOLE__PORT.",
        )
    return ConfigError(
        f"De console kan niet luisteren op {where}: {error.strerror or error}.",
        remedy="Kijk VERBINDER_CONSOLE__HOST na: het moet een adres van deze machine zijn, zoals 127.0.0.1.",
    )
