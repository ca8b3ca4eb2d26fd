"""The outermost layer: refuse what may not come in, put the security headers on everything that goes out.

Plain ASGI, so that the event stream passes through untouched. It also turns an unforeseen error into a page in plain
Dutch, and keeps what a browser sends within a size.
"""

from __future__ import annotations

from collections.abc import Callable, Collection

import structlog
from starlette.datastructures import Headers, MutableHeaders
from starlette.responses import Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from bot.web.origin import host_name, same_site

LARGEST_BODY = 256 * 1024  # bytes; a reply of 4096 characters, all percent-encoded emoji, takes 50 kB
LARGEST_RULES = 16 * 1024 * 1024  # bytes; a rule file of 2 MB with its lists, percent-encoded
RULES_PREFIX = "/regels/"
HEALTH_PATH = "/gezond"
SIGN_IN_PREFIX = "/aanmelden/"
STATIC_PREFIX = "/statisch/"
_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self' data:; connect-src 'self'; "
        "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    # Not `no-referrer`: with that, browsers send `Origin: null` with our own forms (Fetch, "serialize a request
    # origin"), and on plain http in a local network the origin is all there is to check.
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
}

ErrorPage = Callable[[int], Response]

_log = structlog.get_logger(__name__)


class TooLarge(Exception):
    """The body went over what its path may take."""


class Shield:
    """Wraps the application."""

    def __init__(self, app: ASGIApp, hosts: Collection[str], origins: Collection[str], error_page: ErrorPage) -> None:
        self._app = app
        self._hosts = hosts
        self._origins = origins
        self._error_page = error_page

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        path: str = scope["path"]
        started = False

        async def guarded_send(message: Message) -> None:
            nonlocal started
            if message["type"] == "http.response.start":
                started = True
                _add_headers(MutableHeaders(scope=message), path)
            await send(message)

        refused = self._refusal(scope["method"], Headers(scope=scope), path)
        if refused is not None:
            await self._error_page(refused)(scope, receive, guarded_send)
            return
        try:
            await self._app(scope, _limited(receive, _most(path)), guarded_send)
        except TooLarge:
            await self._error_page(413)(scope, receive, guarded_send)
        except Exception:
            if started:
                raise
            _log.exception("page failed", path=_without_secrets(path), method=scope["method"])
            await self._error_page(500)(scope, receive, guarded_send)

    def _refusal(self, method: str, headers: Headers, path: str) -> int | None:
        if path != HEALTH_PATH and host_name(headers.get("host", "")) not in self._hosts:
            return 400
        if not same_site(method, headers, self._origins):
            return 403
        declared = headers.get("content-length", "0")
        return 413 if not declared.isdigit() or int(declared) > _most(path) else None


def _without_secrets(path: str) -> str:
    """Return a path for the log: a one-time link stays out of it."""
    return f"{SIGN_IN_PREFIX}…" if path.startswith(SIGN_IN_PREFIX) else path


def _most(path: str) -> int:
    """Return how many bytes may be sent to a path. What nobody signed in may open is not read at all."""
    return LARGEST_RULES if path.startswith(RULES_PREFIX) else LARGEST_BODY


def _limited(receive: Receive, most: int) -> Receive:
    taken = 0

    async def limited() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        if taken > most:
            raise TooLarge
        return message

    return limited


def _add_headers(headers: MutableHeaders, path: str) -> None:
    for name, value in _HEADERS.items():
        headers[name] = value
    # Static files carry an ETag: a browser asks each time, and gets "not changed".
    headers["Cache-Control"] = "no-cache" if path.startswith(STATIC_PREFIX) else "no-store"
