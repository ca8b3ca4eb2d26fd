"""What stands on the network: the console's port, and each channel that has a token.

A channel's own checks live in its folder; its library is imported only when there is something to check.
"""

from __future__ import annotations

import errno
import socket

from bot.core.health import Check, Verdict
from bot.settings import Settings

CONSOLE = "Console"


async def console(settings: Settings) -> tuple[Check, ...]:
    """Return whether the console could listen now."""
    host, port = settings.console.host, settings.console.port
    try:
        family, kind, protocol, _, address = socket.getaddrinfo(
            host, port, type=socket.SOCK_STREAM, flags=socket.AI_PASSIVE
        )[0]
        with socket.socket(family, kind, protocol) as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(address)
            probe.listen(1)
    except OSError as error:
        return (_busy(host, port) if error.errno == errno.EADDRINUSE else _impossible(host, port, error),)
    return (Check(CONSOLE, Verdict.GOOD, f"{host}:{port} is vrij; de console komt op {settings.console_url}"),)


async def telegram(settings: Settings) -> tuple[Check, ...]:
    """Return the checks of Telegram, where it is set up."""
    if settings.telegram.token is None:
        return (_not_set_up("Telegram"),)
    from bot.channels.telegram import doctor

    return await doctor.examine(settings.telegram)


async def discord(settings: Settings) -> tuple[Check, ...]:
    """Return the checks of Discord, where it is set up."""
    if settings.discord.token is None:
        return (_not_set_up("Discord"),)
    from bot.channels.discord import doctor

    return await doctor.examine(settings.discord)


def _not_set_up(name: str) -> Check:
    return Check(name, Verdict.SKIPPED, f"{name} is niet ingesteld.")


def _busy(host: str, port: int) -> Check:
    detail = f"De poort {host}:{port} is in gebruik. Als Verbinder nu draait, is dat in orde."
    remedy = "Draait Verbinder niet, kies dan een andere poort met VERBINDER_CONSOLE__PORT."
    return Check(CONSOLE, Verdict.WARNING, detail, remedy)


def _impossible(host: str, port: int, error: OSError) -> Check:
    detail = f"De console kan niet luisteren op {host}:{port}: {error.strerror or type(error).__name__}."
    remedy = "Kies een adres van deze machine met VERBINDER_CONSOLE__HOST, en een poort boven 1023."
    return Check(CONSOLE, Verdict.BAD, detail, remedy)
