"""A strict stand-in of the Telegram Bot API. See `server.BotApiServer`."""

from tests.standins.botapi.server import TOKEN, BotApiServer

__all__ = ["TOKEN", "BotApiServer"]
