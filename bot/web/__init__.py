"""The console: pages in the browser for the people who decide.

It shows what the store holds and passes commands to `bot.review.desk`; it decides nothing about cases itself. Pages are
made on the server and work without JavaScript. What the composition root needs stands in `__all__`.
"""

from bot.web.app import build_console
from bot.web.links import first_sign_in_link, make_sign_in_link
from bot.web.server import ConsoleServer, bind, serve

__all__ = ["ConsoleServer", "bind", "build_console", "first_sign_in_link", "make_sign_in_link", "serve"]
