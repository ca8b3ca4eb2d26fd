"""The stand-in's REST API v10: the routes that a moderation bot needs, refused where Discord refuses.

A route that is not known here is a violation: it is recorded and answered with 404, so that a test notices.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import web

from tests.standins.discord import checks, interactions, world
from tests.standins.discord.faults import (
    ApiError,
    Fault,
    invalid_form,
    missing_access,
    missing_permissions,
    unauthorized,
    unknown,
)
from tests.standins.discord.state import Posted, State
from tests.standins.discord.world import Channel, Json, message_payload

API = "/api/v10"
Handler = Callable[[web.Request], Awaitable[Any]]


class Rest:
    """Every route, on top of one `State`."""

    def __init__(self, state: State) -> None:
        self.state = state

    def routes(self) -> list[web.RouteDef]:
        table: list[tuple[str, str, Handler, bool]] = [
            ("GET", "/users/@me", self.me, True),
            ("GET", "/oauth2/applications/@me", self.application, True),
            ("GET", "/applications/@me", self.application, True),
            ("GET", "/gateway", self.gateway, False),
            ("GET", "/gateway/bot", self.gateway, True),
            ("PUT", "/applications/{app}/commands", self.put_commands, True),
            ("PUT", "/applications/{app}/guilds/{guild}/commands", self.put_commands, True),
            ("GET", "/guilds/{guild}", self.guild, True),
            ("GET", "/guilds/{guild}/channels", self.guild_channels, True),
            ("GET", "/guilds/{guild}/members/{user}", self.member, True),
            ("GET", "/guilds/{guild}/threads/active", self.active_threads, True),
            ("GET", "/channels/{channel}", self.channel, True),
            ("GET", "/channels/{channel}/threads/archived/public", self.archived_threads, True),
            ("GET", "/channels/{channel}/messages", self.history, True),
            ("POST", "/channels/{channel}/messages", self.post_message, True),
            ("GET", "/channels/{channel}/messages/{message}", self.get_message, True),
            ("PATCH", "/channels/{channel}/messages/{message}", self.edit_message, True),
            ("DELETE", "/channels/{channel}/messages/{message}", self.delete_message, True),
            ("POST", "/interactions/{interaction}/{token}/callback", self.callback, False),
            ("POST", "/webhooks/{app}/{token}", self.follow_up, False),
            ("PATCH", "/webhooks/{app}/{token}/messages/{message}", self.edit_follow_up, False),
        ]
        defs = [web.route(method, API + path, self._serve(method, path, h, auth)) for method, path, h, auth in table]
        return [*defs, web.route("*", "/{anything:.*}", self._stray)]

    def _serve(self, method: str, path: str, handler: Handler, auth: bool) -> Callable[..., Awaitable[web.Response]]:
        route = f"{method} {path}"

        async def serve(request: web.Request) -> web.Response:
            self.state.requests[route] += 1
            fault = self.state.faults.take(route)
            try:
                if auth and request.headers.get("Authorization") != f"Bot {self.state.token}":
                    raise unauthorized()
                if fault is not None:
                    await asyncio.sleep(fault.delay)
                    if not fault.after_effect:
                        return self._fail(request, fault)
                result = await handler(request)
                if fault is not None:
                    return self._fail(request, fault)
            except ApiError as error:
                return _answer(error.body, error.status, error.headers)
            return web.Response(status=204, headers=_limits()) if result is None else _answer(result, 200, {})

        return serve

    @staticmethod
    def _fail(request: web.Request, fault: Fault) -> web.Response:
        if fault.error is not None:
            raise fault.error
        if request.transport is not None:
            request.transport.abort()
        return web.Response()

    async def _stray(self, request: web.Request) -> web.Response:
        self.state.violations.append(f"{request.method} {request.path} is not served here")
        return _answer({"message": "404: Not Found", "code": 0}, 404, {})

    # who and where

    async def me(self, request: web.Request) -> Json:
        return self.state.bot.payload() | {"flags": 0, "verified": True, "mfa_enabled": False, "locale": "nl"}

    async def application(self, request: web.Request) -> Json:
        return {
            "id": str(self.state.application_id),
            "name": "Verbinder",
            "icon": None,
            "description": "",
            "bot_public": False,
            "bot_require_code_grant": False,
            "verify_key": "0" * 64,
            "owner": self.state.bot.payload(),
            "flags": self.state.flags,
        }

    async def gateway(self, request: web.Request) -> Json:
        limit = {"total": 1000, "remaining": 999, "reset_after": 86_400_000, "max_concurrency": 1}
        return {"url": self.state.gateway_url, "shards": 1, "session_start_limit": limit}

    async def put_commands(self, request: web.Request) -> list[Json]:
        guild = request.match_info.get("guild")
        body = await request.json()
        created = []
        for command in body:
            checks.length(command.get("name"), 32, "name", least=1)
            checks.length(command.get("description"), 100, "description", least=1)
            ids = {"id": str(self.state.snowflakes.next()), "application_id": str(self.state.application_id)}
            created.append({"type": 1, "options": [], "guild_id": guild} | command | ids)
        self.state.commands[int(guild) if guild else None] = created
        return created

    def _guild(self, request: web.Request) -> world.Guild:
        guild = self.state.guilds.get(int(request.match_info["guild"]))
        if guild is None:
            raise unknown("Guild")
        if self.state.bot.id not in guild.members:
            raise missing_access()
        return guild

    async def guild(self, request: web.Request) -> Json:
        return self._guild(request).payload()

    async def guild_channels(self, request: web.Request) -> list[Json]:
        return [c.payload(self.state.bot.id) for c in self._guild(request).channels.values() if not c.is_thread]

    async def member(self, request: web.Request) -> Json:
        member = self._guild(request).members.get(int(request.match_info["user"]))
        if member is None:
            raise unknown("Member")
        return member.payload()

    async def active_threads(self, request: web.Request) -> Json:
        threads = [c for c in self._guild(request).threads(archived=False) if self.state.visible(c)]
        return {"threads": [c.payload(self.state.bot.id) for c in threads], "members": [], "has_more": False}

    # channels

    def _channel(self, request: web.Request, needed: int = 0) -> Channel:
        channel = self.state.channel(int(request.match_info["channel"]))
        if not self.state.visible(channel):
            raise missing_access()
        if needed & ~self.state.bot_permissions(channel):
            raise missing_permissions()
        return channel

    async def channel(self, request: web.Request) -> Json:
        return self._channel(request).payload(self.state.bot.id)

    async def archived_threads(self, request: web.Request) -> Json:
        parent = self._channel(request, world.READ_MESSAGE_HISTORY)
        limit, before = int(request.query.get("limit", "50")), request.query.get("before")
        threads = [c for c in self.state.guild_of(parent).threads(archived=True) if c.parent_id == parent.id]
        threads.sort(key=lambda c: c.archived_at, reverse=True)
        threads = [c for c in threads if before is None or c.archived_at < before]
        shown = [c.payload(self.state.bot.id) for c in threads[:limit]]
        return {"threads": shown, "members": [], "has_more": len(threads) > limit}

    async def history(self, request: web.Request) -> list[Json]:
        channel = self._channel(request)
        if channel.lists_nothing or not self.state.bot_permissions(channel) & world.READ_MESSAGE_HISTORY:
            return []  # Discord answers an empty list, no error.
        if channel.type == world.FORUM:
            raise ApiError(400, 50024, "Cannot execute action on this channel type")
        query = dict(request.query)
        limit = int(query.pop("limit", "50"))
        if not 1 <= limit <= 100:
            raise invalid_form("limit", "NUMBER_TYPE_MAX", "int value should be less than or equal to 100.")
        before, after = query.pop("before", None), query.pop("after", None)
        if query or (before and after):
            raise invalid_form("before", "BAD_QUERY", "The stand-in takes one of before and after.")
        ids = sorted(channel.messages)
        if after is not None:
            ids = [i for i in ids if i > int(after)][:limit]  # the oldest after it, as Discord does
        else:
            ids = [i for i in ids if before is None or i < int(before)][-limit:]
        return [self.state.rendered(channel, channel.messages[i]) for i in reversed(ids)]

    # messages

    async def post_message(self, request: web.Request) -> Json:
        channel = self._channel(request)
        allowed = self.state.bot_permissions(channel)
        needed = world.SEND_MESSAGES_IN_THREADS if channel.is_thread else world.SEND_MESSAGES
        body = await self._body(request)
        checks.message(body)
        if body.get("embeds"):
            needed |= world.EMBED_LINKS
        if needed & ~allowed:
            raise missing_permissions()
        nonce = body.get("nonce")
        if nonce is not None and body.get("enforce_nonce") and str(nonce) in self.state.nonces:
            return self.state.rendered(channel, self.state.message(channel, self.state.nonces[str(nonce)]))
        reference = self._reference(body, channel, allowed)
        payload = message_payload(
            self.state.snowflakes.next(),
            channel,
            self.state.bot,
            (body.get("content") or "").strip(),
            reference=reference,
            embeds=body.get("embeds") or [],
            components=body.get("components") or [],
            flags=body.get("flags", 0),
        )
        if nonce is not None:
            payload["nonce"] = nonce
            self.state.nonces[str(nonce)] = int(payload["id"])
        self.state.posted.append(Posted(channel.id, int(payload["id"]), body, checks.pings(body)))
        await self.state.add_message(channel, payload)
        return self.state.rendered(channel, payload) | ({"nonce": nonce} if nonce is not None else {})

    def _reference(self, body: Json, channel: Channel, allowed: int) -> Json | None:
        reference = body.get("message_reference")
        if not reference:
            return None
        if not allowed & world.READ_MESSAGE_HISTORY:
            raise ApiError(400, 160002, "Cannot reply without permission to read message history")
        if int(reference["message_id"]) not in channel.messages:
            if reference.get("fail_if_not_exists", True):
                raise invalid_form("message_reference", "REPLIES_UNKNOWN_MESSAGE", "Unknown message")
            return None
        return {"channel_id": str(channel.id), "message_id": str(reference["message_id"])}

    @staticmethod
    async def _body(request: web.Request) -> Json:
        try:
            body = json.loads(await request.text())
        except ValueError:
            raise ApiError(400, 50109, "The request body contains invalid JSON.") from None
        if not isinstance(body, dict):
            raise ApiError(400, 50035, "Invalid Form Body")
        return body

    async def get_message(self, request: web.Request) -> Json:
        channel = self._channel(request, world.READ_MESSAGE_HISTORY)
        return self.state.rendered(channel, self.state.message(channel, int(request.match_info["message"])))

    async def edit_message(self, request: web.Request) -> Json:
        channel = self._channel(request)
        message = self.state.message(channel, int(request.match_info["message"]))
        if int(message["author"]["id"]) != self.state.bot.id:
            raise ApiError(403, 50005, "Cannot edit a message authored by another user")
        body = await self._body(request)
        checks.message({"content": message["content"] or "-"} | body)
        changes = {key: body[key] or type(message[key])() for key in ("content", "embeds", "components") if key in body}
        self.state.posted.append(Posted(channel.id, int(message["id"]), body, checks.pings(body)))
        changed = await self.state.change_message(
            channel, int(message["id"]), edited_timestamp=world.timestamp(), **changes
        )
        return self.state.rendered(channel, changed)

    async def delete_message(self, request: web.Request) -> None:
        channel = self._channel(request)
        message = self.state.message(channel, int(request.match_info["message"]))
        own = int(message["author"]["id"]) == self.state.bot.id
        if not own and not self.state.bot_permissions(channel) & world.MANAGE_MESSAGES:
            raise missing_permissions()
        if channel.is_thread and channel.archived:
            raise ApiError(400, 50083, "Thread is archived")
        await self.state.remove_messages(channel, [int(message["id"])])

    # interactions

    async def callback(self, request: web.Request) -> Json:
        interaction = self.state.interactions.get(int(request.match_info["interaction"]))
        if interaction is None or interaction.token != request.match_info["token"]:
            raise unknown("interaction")
        return await interactions.answer(self.state, interaction, await self._body(request))

    def _interaction(self, request: web.Request) -> interactions.Interaction:
        if int(request.match_info["app"]) != self.state.application_id:
            raise unknown("Webhook")
        return interactions.by_token(self.state, request.match_info["token"])

    async def follow_up(self, request: web.Request) -> Json:
        return await interactions.follow_up(self.state, self._interaction(request), await self._body(request))

    async def edit_follow_up(self, request: web.Request) -> Json:
        interaction = self._interaction(request)
        if request.match_info["message"] != "@original":
            raise unknown("Message")
        return await interactions.edit_original(self.state, interaction, await self._body(request))


def _limits() -> dict[str, str]:
    return {
        "X-RateLimit-Limit": "50",
        "X-RateLimit-Remaining": "49",
        "X-RateLimit-Reset": str(time.time() + 1),
        "X-RateLimit-Reset-After": "1.000",
        "X-RateLimit-Bucket": "standin",
        "Via": "1.1 google",
    }


def _answer(body: Any, status: int, headers: dict[str, str]) -> web.Response:
    # discord.py decides by the bare type: a charset would make it text.
    headers = ({} if status == 429 else _limits()) | {"Content-Type": "application/json"} | headers
    return web.Response(body=json.dumps(body).encode(), status=status, headers=headers)
