"""`verbinder run`: the service, until Ctrl-C or a signal to stop."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from bot.settings import Settings

STOPS = (signal.SIGINT, signal.SIGTERM)
STOPPED = "Verbinder is gestopt. Wat binnen was, is bewaard."


@click.command("run", short_help="Start Verbinder: kanalen, console en geplande taken.")
def command() -> None:
    """Start Verbinder: elk ingesteld kanaal, de console en de geplande taken, in één proces.

    Is er nog geen kanaal ingesteld, dan speelt de demonstratie. Stop met Ctrl-C.
    """
    from bot.settings import load_settings

    settings = load_settings()
    click.echo("Verbinder start …")
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(_until_stopped(settings))
    click.echo(STOPPED)


async def _until_stopped(settings: Settings) -> None:
    from bot.app import run_service

    service = asyncio.ensure_future(run_service(settings, announce=_announce))
    loop = asyncio.get_running_loop()
    for stop in STOPS:
        loop.add_signal_handler(stop, _stop, loop, service)
    with contextlib.suppress(asyncio.CancelledError):
        await service


def _stop(loop: asyncio.AbstractEventLoop, service: asyncio.Future[None]) -> None:
    """Stop once: pressing again must not cut short what the first press began."""
    for stop in STOPS:
        loop.remove_signal_handler(stop)
        signal.signal(stop, signal.SIG_IGN)
    service.cancel()


def _announce(line: str) -> None:
    click.echo(line)  # flushes: whoever starts us reads the address from a pipe
