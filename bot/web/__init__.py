"""The console: pages in the browser for the people who decide.

It shows what the store holds and passes commands to `bot.review.desk`; it decides nothing about cases itself. Pages are
made on the server and work without JavaScript. `build_console` and `serve` are all that the composition root needs.
"""

from bot.web.app import build_console
from bot.web.links import make_sign_in_link
from bot.web.server import ConsoleServer, serve

__all__ = ["ConsoleServer", "build_console", "make_sign_in_link", "serve"]
