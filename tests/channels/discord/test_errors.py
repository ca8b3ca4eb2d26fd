"""What every error of discord.py and its socket becomes."""

from __future__ import annotations

import ssl
from datetime import timedelta
from typing import Any
from unittest.mock import create_autospec

import aiohttp
import discord
import pytest

from bot.channels.discord.errors import Permission, translate
from bot.core.errors import (
    ChannelError,
    MissingPermission,
    RateLimited,
    Rejected,
    Revoked,
    TargetGone,
    Transient,
)


def http(status: int, code: int = 0, *, headers: dict[str, str] | None = None, **body: Any) -> discord.HTTPException:
    response = create_autospec(aiohttp.ClientResponse, instance=True)
    response.status, response.reason, response.headers = status, "reason", headers or {}
    kinds = {403: discord.Forbidden, 404: discord.NotFound}
    kind = discord.DiscordServerError if status >= 500 else kinds.get(status, discord.HTTPException)
    return kind(response, {"code": code, "message": "text", **body})


def closed(code: int) -> discord.ConnectionClosed:
    socket = create_autospec(aiohttp.ClientWebSocketResponse, instance=True)
    return discord.ConnectionClosed(socket, shard_id=None, code=code)


def unknown_reference() -> discord.HTTPException:
    error = {"_errors": [{"code": "REPLIES_UNKNOWN_MESSAGE", "message": "Unknown message"}]}
    return http(400, 50035, errors={"message_reference": error})


def no_route() -> aiohttp.ClientConnectorError:
    key = create_autospec(aiohttp.client_reqrep.ConnectionKey, instance=True, ssl=ssl.create_default_context())
    return aiohttp.ClientConnectorError(key, OSError(111, "Connection refused"))


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (discord.LoginFailure("Improper token"), Revoked),
        (http(401), Revoked),  # reset while running
        (closed(4004), Revoked),
        (discord.PrivilegedIntentsRequired(None), MissingPermission),
        (closed(4014), MissingPermission),
        (closed(4013), Rejected),  # invalid intents: our mistake, not theirs
        (closed(1006), Transient),
        (discord.GatewayNotFound(), Transient),  # type: ignore[no-untyped-call]
        (discord.RateLimited(40), RateLimited),
        (http(429), RateLimited),
        (http(404, 10008), TargetGone),
        (http(404, 10003), TargetGone),
        (unknown_reference(), TargetGone),  # trap 25
        (http(404, 10062), Rejected),  # an interaction that was answered too late
        (http(403, 50001), MissingPermission),
        (http(403, 50013), MissingPermission),
        (http(400, 160002), MissingPermission),  # a reply needs the history
        (http(400, 50083), Rejected),  # archived
        (http(400, 200000), Rejected),  # AutoMod
        (http(400, 50035), Rejected),
        (http(500), Transient),
        (http(503), Transient),
        (no_route(), Transient),
        (aiohttp.ServerDisconnectedError(), Transient),
        (TimeoutError(), Transient),
        (ConnectionResetError(104, "reset"), Transient),
        (discord.InvalidData("odd"), Rejected),
        (KeyError("author"), Transient),  # the gateway parser fell over
        (Rejected("already ours"), Rejected),
    ],
)
def test_trap_21_an_error_becomes_ours(error: BaseException, expected: type[ChannelError]) -> None:
    assert type(translate(error)) is expected


@pytest.mark.parametrize(
    ("error", "sent"),
    [
        (http(503), True),
        (aiohttp.ServerDisconnectedError(), True),
        (TimeoutError(), True),
        (no_route(), False),  # nothing ever left
    ],
)
def test_trap_28_only_what_may_have_arrived_is_said_to_be_sent(error: BaseException, sent: bool) -> None:
    found = translate(error, sent=True)
    assert isinstance(found, Transient)
    assert found.sent is sent
    again = translate(error)
    assert isinstance(again, Transient)
    assert not again.sent


@pytest.mark.parametrize(
    ("error", "needs", "permission"),
    [
        (http(403, 50013), Permission.MANAGE_MESSAGES, "Manage Messages"),
        (http(403, 50001), Permission.MANAGE_MESSAGES, "View Channel"),  # Discord says which: it cannot even look
        (http(400, 160002), Permission.SEND, "Read Message History"),
        (http(403, 50013), None, ""),
        (closed(4014), None, "Message Content Intent"),
    ],
)
def test_trap_21_the_missing_permission_is_named(
    error: BaseException, needs: Permission | None, permission: str
) -> None:
    found = translate(error, needs=needs, where="#dorpsplein")
    assert isinstance(found, MissingPermission)
    assert found.permission == permission
    assert found.remedy


@pytest.mark.parametrize(
    ("error", "seconds"),
    [
        (discord.RateLimited(42.5), 42.5),
        (http(429, headers={"Retry-After": "17"}), 17),
        (http(429, headers={"Retry-After": "Wed, 21 Oct 2026 07:28:00 GMT"}), 60),  # a date: we wait our default
        (http(429), 60),  # a page of Cloudflare's that says nothing
        (http(429, headers={"Retry-After": "-3"}), 0),
    ],
)
def test_trap_29_a_wait_is_as_long_as_it_says(error: BaseException, seconds: float) -> None:
    found = translate(error)
    assert isinstance(found, RateLimited)
    assert found.retry_after == timedelta(seconds=seconds)


def test_an_unforeseen_error_keeps_its_words_to_itself() -> None:
    assert "geheim" not in str(translate(ValueError("geheim token")))
