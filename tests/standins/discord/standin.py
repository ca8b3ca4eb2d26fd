"""The stand-in that tests use: a Discord on the loopback, in a thread of its own, steered with plain methods.

Every method may be called from any thread and returns when the stand-in has done it. Nothing here waits for the bot:
a press returns at once with its `Interaction`, whose answers appear as they arrive.
"""

from __future__ import annotations

import asyncio
import secrets
import threading
from collections.abc import Coroutine, Sequence
from typing import Any, Self, TypeVar

from aiohttp import web

from tests.standins.discord import interactions as ia
from tests.standins.discord import world
from tests.standins.discord.checks import modal_inputs
from tests.standins.discord.faults import ApiError, Fault, rate_limited
from tests.standins.discord.gateway import INVALID, RECONNECT
from tests.standins.discord.interactions import Interaction
from tests.standins.discord.rest import API, Rest
from tests.standins.discord.state import Posted, State
from tests.standins.discord.world import Channel, Guild, Json, Member, User, message_payload

T = TypeVar("T")
TOKEN = "MTIzNDU2Nzg5MDEyMzQ1Njc4.GeHeIm.dit-is-het-geheime-token-van-de-bot"


class DiscordStandIn:
    """A Discord of our own: `start()`, point a client at `api_base` with `token`, and steer it."""

    def __init__(self, *, token: str = TOKEN) -> None:
        self.token = token
        self.state = State(token)
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever, name="discord-standin", daemon=True)
        self._port = 0
        self._runner: web.AppRunner | None = None
        self._site: web.TCPSite | None = None

    # life

    def start(self) -> Self:
        self._thread.start()
        self._do(self._listen())
        return self

    def stop(self) -> None:
        self._do(self._shut())
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join(10)
        self._loop.close()

    def __enter__(self) -> Self:
        return self.start()

    def __exit__(self, *_: object) -> None:
        self.stop()

    @property
    def api_base(self) -> str:
        return f"http://127.0.0.1:{self._port}{API}"

    async def _listen(self) -> None:
        app = web.Application()
        app.add_routes([web.get("/gateway-socket/", self.state.gateway.handle), *Rest(self.state).routes()])
        self._runner = web.AppRunner(app, access_log=None, shutdown_timeout=0.2)
        await self._runner.setup()
        self._site = web.TCPSite(self._runner, "127.0.0.1", self._port, reuse_address=True)
        await self._site.start()
        self._port = self._runner.addresses[0][1]
        self.state.gateway_url = f"ws://127.0.0.1:{self._port}/gateway-socket/"

    async def _shut(self) -> None:
        await self.state.gateway.shut_down()
        if self._runner is not None:
            await self._runner.cleanup()
            self._runner = None

    def _do(self, work: Coroutine[Any, Any, T]) -> T:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(10)

    # the town

    def add_user(self, name: str, *, bot: bool = False, permissions: int | None = None) -> User:
        """Add a member to every guild. `permissions` become a role of their own."""

        async def work() -> User:
            user = User(self.state.snowflakes.next(), name, bot)
            self.state.users[user.id] = user
            for guild in self.state.guilds.values():
                roles = []
                if permissions is not None:
                    role = world.Role(self.state.snowflakes.next(), name, permissions)
                    guild.roles[role.id] = role
                    roles.append(role.id)
                    data = {"guild_id": str(guild.id), "role": role.payload()}
                    await self.state.gateway.dispatch("GUILD_ROLE_CREATE", data, intent=1)
                guild.members[user.id] = Member(user, roles)
            return user

        return self._do(work())

    def add_guild(self, name: str = "Zonnedorp") -> Guild:
        async def work() -> Guild:
            return self.state.add_guild(name)

        return self._do(work())

    def add_channel(self, guild: Guild, name: str, *, kind: int = world.TEXT, **more: Any) -> Channel:
        async def work() -> Channel:
            channel = Channel(self.state.snowflakes.next(), guild.id, name, kind, **more)
            guild.channels[channel.id] = channel
            data = channel.payload(self.state.bot.id)
            await self.state.gateway.dispatch("CHANNEL_CREATE", data, intent=1)
            return channel

        return self._do(work())

    def add_thread(
        self, parent: Channel, name: str, owner: User, text: str = "", *, under: Json | None = None
    ) -> Channel:
        """Open a forum post with `text` as its starter, or a thread under the message `under`; both share its id."""

        async def work() -> Channel:
            thread_id = int(under["id"]) if under else self.state.snowflakes.next()
            thread = Channel(thread_id, parent.guild_id, name, world.PUBLIC_THREAD, parent.id, owner.id)
            await self.state.add_thread(thread)
            if under:
                starter = message_payload(self.state.snowflakes.next(), thread, owner, "", type=21)
                starter["message_reference"] = {"channel_id": str(parent.id), "message_id": under["id"]}
                await self.state.add_message(thread, starter)
            else:
                await self.state.add_message(thread, message_payload(thread_id, thread, owner, text))
            return thread

        return self._do(work())

    def archive(self, thread: Channel) -> None:
        async def work() -> None:
            thread.archived, thread.archived_at = True, world.timestamp()
            await self.state.gateway.dispatch("THREAD_UPDATE", thread.payload(self.state.bot.id), intent=1)

        self._do(work())

    # residents and staff at work

    def post(self, channel: Channel, author: User, text: str, *, reply_to: Json | None = None, **extra: Any) -> Json:
        """Write a message as `author`; `extra` overrides any field of the payload."""

        async def work() -> Json:
            reference = None
            if reply_to is not None:
                reference = {"channel_id": reply_to["channel_id"], "message_id": reply_to["id"]}
            new = message_payload(self.state.snowflakes.next(), channel, author, text, reference=reference, **extra)
            return await self.state.add_message(channel, new)

        return self._do(work())

    def edit(self, message: Json, text: str | None = None, **changes: Any) -> None:
        """Change a message. Without `text` only other fields change (an embed that unfurls: no edit time)."""
        if text is not None:
            changes |= {"content": text, "edited_timestamp": world.timestamp()}
        channel = self.state.channel(int(message["channel_id"]))
        self._do(self.state.change_message(channel, int(message["id"]), **changes))

    def delete(self, *messages: Json) -> None:
        """Delete one message, or several in bulk."""
        channel = self.state.channel(int(messages[0]["channel_id"]))
        self._do(self.state.remove_messages(channel, [int(message["id"]) for message in messages]))

    def messages(self, channel: Channel) -> list[Json]:
        """Return what stands in `channel`, oldest first."""

        async def work() -> list[Json]:
            return [dict(channel.messages[key]) for key in sorted(channel.messages)]

        return self._do(work())

    @property
    def posted(self) -> Sequence[Posted]:
        """Return what the bot sent and edited, with what each would notify."""
        return tuple(self.state.posted)

    # interactions

    def press(self, message: Json, custom_id: str, user: User) -> Interaction:
        """Press a button that `user` can see. Raise AssertionError when there is no such button, or it is off."""
        item = _find(message, custom_id)
        assert item["type"] == 2, f"{custom_id} is not a button"
        return self._interact(message, user, {"custom_id": custom_id, "component_type": 2})

    def choose(self, message: Json, custom_id: str, values: list[str], user: User) -> Interaction:
        """Choose options of a select."""
        item = _find(message, custom_id)
        offered = {option["value"] for option in item["options"]}
        assert set(values) <= offered, f"{values} is not among {offered}"
        return self._interact(message, user, {"custom_id": custom_id, "component_type": 3, "values": values})

    def submit_modal(self, shown: Interaction, values: dict[str, str]) -> Interaction:
        """Send the modal that `shown` opened; fields that are not in `values` keep what was prefilled."""
        assert shown.modal is not None, "no modal was shown"
        filled = []
        for item in modal_inputs(shown.modal["components"]):
            value = values.get(item["custom_id"], item.get("value") or "")
            assert len(value) <= item.get("max_length", 4000), "Discord's window takes no longer text"
            assert value or not item.get("required", True), f"{item['custom_id']} is required"
            filled.append({"type": 4, "custom_id": item["custom_id"], "value": value})
        assert set(values) <= {item["custom_id"] for item in filled}, "no such field"
        rows = [{"type": 1, "components": [item]} for item in filled]
        data = {"custom_id": shown.modal["custom_id"], "components": rows}
        return self._start(ia.MODAL_SUBMIT, shown.user, shown.channel, data, shown.source)

    def slash(self, channel: Channel, name: str, user: User) -> Interaction:
        """Give the command `/name`, that must have been registered."""
        known = [c for scope in (None, channel.guild_id) for c in self.state.commands.get(scope, [])]
        command = next((c for c in known if c["name"] == name), None)
        assert command is not None, f"/{name} was never registered"
        data = {"id": command["id"], "name": name, "type": 1, "guild_id": str(channel.guild_id)}
        return self._start(ia.COMMAND, user, channel, data, None)

    def _interact(self, message: Json, user: User, data: Json) -> Interaction:
        channel = self.state.channel(int(message["channel_id"]))
        if not message["flags"] & ia.EPHEMERAL:
            assert int(message["id"]) in channel.messages, "the message is gone"
        return self._start(ia.COMPONENT, user, channel, data, message)

    def _start(self, kind: int, user: User, channel: Channel, data: Json, source: Json | None) -> Interaction:
        async def work() -> Interaction:
            key = self.state.snowflakes.next()
            interaction = Interaction(key, secrets.token_urlsafe(60), kind, user, channel, data, source)
            self.state.interactions[key] = interaction
            payload = ia.event_payload(self.state, interaction)
            for session in self.state.gateway.sessions.values():
                if session.connection is not None:  # Interactions are not kept for a RESUME that comes too late.
                    await session.dispatch("INTERACTION_CREATE", payload)
            return interaction

        return self._do(work())

    # faults

    def fail_next(
        self,
        route: str,
        status: int | None,
        *,
        code: int = 0,
        message: str = "",
        times: int = 1,
        after_effect: bool = False,
        delay: float = 0.0,
    ) -> None:
        """Make the next requests of `route` ("POST /channels/{channel}/messages") fail; status None cuts the line."""
        error = ApiError(status, code, message) if status is not None else None
        self._do(self._order(Fault(route, error, times, after_effect, delay)))

    def limit_next(self, route: str, retry_after: float, *, times: int = 1, via: bool = True) -> None:
        """Answer the next requests of `route` with 429; without `Via` it looks like Cloudflare's."""
        self._do(self._order(Fault(route, rate_limited(retry_after, via=via), times)))

    async def _order(self, fault: Fault) -> None:
        self.state.faults.pending.append(fault)

    def drop_connections(self) -> None:
        """Break every gateway connection; sessions stay and can be resumed."""
        self._call(self.state.gateway.cut)

    def forget_sessions(self) -> None:
        """Lose every session: what happens from now on is never replayed."""
        self._call(self.state.gateway.sessions.clear)

    def close_connections(self, code: int) -> None:
        self._do(self.state.gateway.close_all(code))

    def order_reconnect(self) -> None:
        self._do(self.state.gateway.order(RECONNECT))

    def invalidate_sessions(self, *, resumable: bool) -> None:
        self._do(self.state.gateway.order(INVALID, resumable))

    def dispatch_raw(self, event: str, data: Json) -> None:
        """Send any event to every session, right or wrong."""
        self._do(self.state.gateway.dispatch(event, data, intent=(1 << 26) - 1))

    def go_offline(self) -> None:
        """Refuse every connection and forget every session; the town goes on."""

        async def work() -> None:
            self.state.gateway.cut()
            self.state.gateway.sessions.clear()
            await self._shut()

        self._do(work())

    def go_online(self) -> None:
        self._do(self._listen())

    def _call(self, function: Any) -> None:
        async def work() -> None:
            function()

        self._do(work())


def _find(message: Json, custom_id: str) -> Json:
    items = [item for row in message["components"] for item in row["components"]]
    found = next((item for item in items if item.get("custom_id") == custom_id), None)
    assert found is not None, f"{custom_id} is not on the message: {[item.get('custom_id') for item in items]}"
    assert not found.get("disabled"), f"{custom_id} is off"
    result: Json = found
    return result


def buttons(message: Json) -> dict[str, str]:
    """Return the labels on a message and their custom ids (an address for a link)."""
    items = [item for row in message["components"] for item in row["components"] if item["type"] == 2]
    return {item["label"]: item.get("custom_id") or item["url"] for item in items}
