"""The connection to Telegram: python-telegram-bot's `Bot` with our time-outs, and without its habits.

Decides how requests travel. Uses neither PTB's Updater, which confirms updates before anything is stored (trap 26),
nor `initialize()`, which does not retry and prints the token when it is refused.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import timedelta
from typing import Any, Final

from telegram import Bot
from telegram.request import HTTPXRequest

from bot.core.errors import ConfigError
from bot.settings import TelegramSettings

CONNECT_SECONDS: Final = 10.0
ANSWER_SECONDS: Final = 20.0
POLL_MARGIN_SECONDS: Final = 10.0
"""How much longer than Telegram promised we wait for the answer to a long poll."""

# Loggers that print request addresses, which hold the token, or the words of residents.
_TALKATIVE = {
    "httpx": logging.WARNING,
    "httpcore": logging.WARNING,
    "telegram": logging.WARNING,
    "telegram.Bot": logging.WARNING,
    "telegram.request": logging.CRITICAL,
    "telegram.request.BaseRequest": logging.CRITICAL,
}


class Client(Bot):
    """A `Bot` that hands out updates as they came, so that one broken update does not cost its neighbours."""

    def __init__(self, token: str, api_base: str) -> None:
        silence_sdk_logs()
        self._server = base = api_base.rstrip("/")
        self._polling = HTTPXRequest(
            connection_pool_size=1, connect_timeout=CONNECT_SECONDS, read_timeout=POLL_MARGIN_SECONDS
        )
        super().__init__(
            token,
            base_url=f"{base}/bot",
            base_file_url=f"{base}/file/bot",
            get_updates_request=self._polling,
            request=HTTPXRequest(
                connect_timeout=CONNECT_SECONDS,
                read_timeout=ANSWER_SECONDS,
                write_timeout=ANSWER_SECONDS,
                # A connection that was kept may turn out dead halfway a reply, and then nobody knows whether it was
                # sent. A fresh one for each request costs a handshake and is never in doubt for that reason.
                httpx_kwargs={"headers": {"Connection": "close"}},
            ),
        )

    def __repr__(self) -> str:
        """Name the class only: PTB's own shows the token (trap 20)."""
        return "Client(telegram)"

    @property
    def server(self) -> str:
        """Return the address of the Bot API server, without the token."""
        return self._server

    async def raw_updates(self, *, offset: int | None, wait: timedelta, kinds: Sequence[str]) -> list[Any]:
        """Return the waiting updates as decoded JSON, after at most `wait`; confirm those before `offset`."""
        await self._polling.initialize()
        seconds = int(wait.total_seconds())
        answer = await self._post(
            "getUpdates",
            {"offset": offset, "timeout": seconds, "allowed_updates": list(kinds)},
            read_timeout=seconds + POLL_MARGIN_SECONDS,
        )
        return answer if isinstance(answer, list) else []

    async def hang_up(self) -> None:
        """Close the connection of the long poll. The next `raw_updates` opens another."""
        await self._polling.shutdown()


def connect(settings: TelegramSettings) -> Client:
    """Return a client for the configured token; make no request yet."""
    token = settings.token.get_secret_value() if settings.token else ""
    if ":" not in token:
        raise ConfigError(
            "VERBINDER_TELEGRAM__TOKEN is geen token van Telegram.",
            remedy="Vraag @BotFather om het token van uw bot; het ziet eruit als 123456789:AbC….",
        )
    return Client(token, settings.api_base)


def silence_sdk_logs() -> None:
    """Keep the token and residents' words out of the logs, whatever level the rest of the program logs at (trap 20)."""
    for name, level in _TALKATIVE.items():
        logging.getLogger(name).setLevel(level)
