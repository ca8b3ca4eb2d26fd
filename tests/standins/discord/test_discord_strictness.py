"""The stand-in refuses what Discord refuses: a test against it proves something."""

from __future__ import annotations

import asyncio
import json
import zlib
from collections.abc import AsyncIterator, Iterator
from typing import Any

import aiohttp
import pytest

from tests.standins.discord import TOKEN, Channel, DiscordStandIn, buttons, world
from tests.standins.discord.world import FORUM

HEADERS = {"Authorization": f"Bot {TOKEN}"}
INTENTS = 1 | 1 << 9 | 1 << 15
BUTTON = {"type": 1, "components": [{"type": 2, "style": 1, "label": "Ja", "custom_id": "ja"}]}


@pytest.fixture
def discord() -> Iterator[DiscordStandIn]:
    with DiscordStandIn() as standin:
        yield standin


@pytest.fixture
def square(discord: DiscordStandIn) -> Channel:
    return discord.add_channel(discord.add_guild(), "plein")


@pytest.fixture
async def session() -> AsyncIterator[aiohttp.ClientSession]:
    async with aiohttp.ClientSession() as client:
        yield client


class Rest:
    def __init__(self, session: aiohttp.ClientSession, discord: DiscordStandIn) -> None:
        self._session = session
        self._discord = discord

    async def __call__(
        self, method: str, path: str, body: Any = None, *, headers: dict[str, str] | None = None
    ) -> tuple[int, Any]:
        async with self._session.request(
            method, self._discord.api_base + path, json=body, headers=HEADERS if headers is None else headers
        ) as answer:
            text = await answer.text()
            return answer.status, json.loads(text) if text else None


@pytest.fixture
def rest(session: aiohttp.ClientSession, discord: DiscordStandIn) -> Rest:
    return Rest(session, discord)


class Socket:
    """A bare gateway connection."""

    def __init__(self, ws: aiohttp.ClientWebSocketResponse) -> None:
        self.ws = ws

    async def next(self) -> dict[str, Any]:
        message = await self.ws.receive(timeout=5)
        assert message.type is aiohttp.WSMsgType.TEXT, message
        payload: dict[str, Any] = json.loads(message.data)
        return payload

    async def until(self, event: str) -> dict[str, Any]:
        while (payload := await self.next())["t"] != event:
            pass
        return payload

    async def closed_with(self) -> int | None:
        while not (message := await self.ws.receive(timeout=5)).type.name.startswith("CLOS"):
            assert message.type is not aiohttp.WSMsgType.ERROR
        return self.ws.close_code


async def connect(session: aiohttp.ClientSession, discord: DiscordStandIn, query: str = "v=10&encoding=json") -> Socket:
    return Socket(await session.ws_connect(f"{discord.state.gateway_url}?{query}"))


async def identify(socket: Socket, *, token: str = TOKEN, intents: int = INTENTS) -> None:
    assert (await socket.next())["op"] == 10
    await socket.ws.send_json({"op": 2, "d": {"token": token, "intents": intents, "properties": {}}})


@pytest.mark.parametrize("path", ["/users/@me", "/oauth2/applications/@me", "/gateway/bot", "/channels/1"])
async def test_without_a_token_nothing_is_told(rest: Rest, path: str) -> None:
    status, _ = await rest("GET", path, headers={"Authorization": "Bot verkeerd"})
    assert status == 401


@pytest.mark.parametrize(
    ("changes", "code", "reason"),
    [
        ({"token": "verkeerd"}, 4004, "a wrong token"),
        ({"intents": INTENTS | 1 << 1}, 4014, "the members intent was never granted"),
        ({"intents": 1 << 30}, 4013, "an intent that does not exist"),
    ],
)
async def test_a_wrong_identify_is_closed(
    session: aiohttp.ClientSession, discord: DiscordStandIn, changes: dict[str, Any], code: int, reason: str
) -> None:
    socket = await connect(session, discord)
    await identify(socket, **changes)
    assert await socket.closed_with() == code, reason


@pytest.mark.parametrize(
    ("payload", "code"),
    [
        ("geen json", 4002),
        ({"op": 99, "d": None}, 4001),
        ({"op": 3, "d": {}}, 4003),  # before IDENTIFY
    ],
)
async def test_a_wrong_payload_is_closed(
    session: aiohttp.ClientSession, discord: DiscordStandIn, payload: Any, code: int
) -> None:
    socket = await connect(session, discord)
    await socket.next()
    await socket.ws.send_str(payload if isinstance(payload, str) else json.dumps(payload))
    assert await socket.closed_with() == code


@pytest.mark.parametrize("query", ["v=9&encoding=json", "v=10&encoding=etf", "v=10&encoding=json&compress=zstd-stream"])
async def test_another_version_or_encoding_is_closed(
    session: aiohttp.ClientSession, discord: DiscordStandIn, query: str
) -> None:
    assert await (await connect(session, discord, query)).closed_with() in {4012, 4002}


async def test_a_second_identify_is_closed(session: aiohttp.ClientSession, discord: DiscordStandIn) -> None:
    socket = await connect(session, discord)
    await identify(socket)
    await socket.until("READY")
    await socket.ws.send_json({"op": 2, "d": {"token": TOKEN, "intents": INTENTS, "properties": {}}})
    assert await socket.closed_with() == 4005


async def test_a_client_without_a_heartbeat_is_dropped(session: aiohttp.ClientSession, discord: DiscordStandIn) -> None:
    discord.state.gateway.heartbeat_interval = 0.1
    socket = await connect(session, discord)
    await identify(socket)
    assert await socket.closed_with() == 4009


async def test_without_the_content_intent_words_are_withheld(
    session: aiohttp.ClientSession, discord: DiscordStandIn, square: Channel
) -> None:
    marleen = discord.add_user("Marleen")
    plain, full = await connect(session, discord), await connect(session, discord)
    await identify(plain, intents=1 | 1 << 9)
    await identify(full)
    await plain.until("GUILD_CREATE")
    await full.until("GUILD_CREATE")
    discord.post(square, marleen, "geheim")
    assert (await plain.until("MESSAGE_CREATE"))["d"]["content"] == ""
    assert (await full.until("MESSAGE_CREATE"))["d"]["content"] == "geheim"


async def test_resume_replays_what_was_missed_and_an_unknown_session_is_invalid(
    session: aiohttp.ClientSession, discord: DiscordStandIn, square: Channel
) -> None:
    marleen = discord.add_user("Marleen")
    first = await connect(session, discord)
    await identify(first)
    ready = await first.until("READY")
    seen = await first.until("GUILD_CREATE")
    discord.drop_connections()
    discord.post(square, marleen, "gemist")
    second = await connect(session, discord)
    await second.next()
    resume = {"token": TOKEN, "session_id": ready["d"]["session_id"], "seq": seen["s"]}
    await second.ws.send_json({"op": 6, "d": resume})
    assert (await second.next())["d"]["content"] == "gemist"
    assert (await second.next())["t"] == "RESUMED"
    third = await connect(session, discord)
    await third.next()
    await third.ws.send_json({"op": 6, "d": resume | {"session_id": "onbekend"}})
    assert await third.next() == {"op": 9, "d": False}


async def test_a_zlib_stream_is_one_stream(session: aiohttp.ClientSession, discord: DiscordStandIn) -> None:
    socket = await connect(session, discord, "v=10&encoding=json&compress=zlib-stream")
    inflate = zlib.decompressobj()
    hello = json.loads(inflate.decompress((await socket.ws.receive(timeout=5)).data))
    await socket.ws.send_json({"op": 2, "d": {"token": TOKEN, "intents": INTENTS, "properties": {}}})
    data = (await socket.ws.receive(timeout=5)).data
    assert data.endswith(b"\x00\x00\xff\xff")
    assert (hello["op"], json.loads(inflate.decompress(data))["t"]) == (10, "READY")


@pytest.mark.parametrize(
    ("body", "code", "reason"),
    [
        ({"content": "x" * 2001}, 50035, "a message holds 2,000 characters"),
        ({"content": ""}, 50006, "an empty message"),
        ({"content": "x", "nonce": "n" * 26}, 50035, "a nonce holds 25 characters"),
        ({"content": "x", "message_reference": {"message_id": "1"}}, 50035, "a reply to what is not there"),
        ({"embeds": [{"description": "x" * 4097}]}, 50035, "a description holds 4,096"),
        ({"embeds": [{"fields": [{"name": "n", "value": "x" * 1025}]}]}, 50035, "a field holds 1,024"),
        ({"embeds": [{"fields": [{"name": "n", "value": ""}]}]}, 50035, "a field is not empty"),
        ({"embeds": [{"description": "x" * 3001}, {"description": "x" * 3000}]}, 50035, "all embeds hold 6,000"),
        ({"content": "x", "components": [BUTTON, BUTTON]}, 50035, "a custom id twice"),
        ({"content": "x", "onbekend": 1}, 50035, "a field that nobody knows"),
        ({"content": "\ud800"}, 50109, "a lone surrogate"),
    ],
)
async def test_a_message_that_does_not_fit_is_refused(
    rest: Rest, square: Channel, body: dict[str, Any], code: int, reason: str
) -> None:
    status, answer = await rest("POST", f"/channels/{square.id}/messages", body)
    assert (status, answer["code"]) == (400, code), reason


async def test_an_enforced_nonce_gives_the_first_message_back(rest: Rest, square: Channel) -> None:
    body = {"content": "een", "nonce": "n1", "enforce_nonce": True}
    _, first = await rest("POST", f"/channels/{square.id}/messages", body)
    _, again = await rest("POST", f"/channels/{square.id}/messages", body | {"content": "twee"})
    _, other = await rest("POST", f"/channels/{square.id}/messages", body | {"enforce_nonce": False})
    assert first["id"] == again["id"] != other["id"]


async def test_history_pages_as_discord_does(rest: Rest, discord: DiscordStandIn, square: Channel) -> None:
    marleen = discord.add_user("Marleen")
    ids = [discord.post(square, marleen, str(n))["id"] for n in range(6)]

    async def page(query: str) -> list[str]:
        _, found = await rest("GET", f"/channels/{square.id}/messages?{query}")
        return [message["content"] for message in found]

    assert await page("limit=2") == ["5", "4"]
    assert await page(f"after={ids[1]}&limit=2") == ["3", "2"]  # the oldest after it, newest first
    assert await page(f"before={ids[3]}&limit=2") == ["2", "1"]
    status, _ = await rest("GET", f"/channels/{square.id}/messages?limit=101")
    assert status == 400


@pytest.mark.parametrize(
    ("denied", "method", "path", "status", "code"),
    [
        (world.VIEW_CHANNEL, "GET", "", 403, 50001),
        (world.SEND_MESSAGES, "POST", "/messages", 403, 50013),
        (world.READ_MESSAGE_HISTORY, "GET", "/messages/{message}", 403, 50013),
        (world.MANAGE_MESSAGES, "DELETE", "/messages/{message}", 403, 50013),
    ],
)
async def test_a_missing_permission_is_refused(
    rest: Rest, discord: DiscordStandIn, square: Channel, denied: int, method: str, path: str, status: int, code: int
) -> None:
    message = discord.post(square, discord.add_user("Marleen"), "dag")
    square.deny_bot = denied
    body = {"content": "x"} if method == "POST" else None
    answer = await rest(method, f"/channels/{square.id}" + path.format(message=message["id"]), body)
    assert (answer[0], answer[1]["code"]) == (status, code)


async def test_a_hidden_history_is_empty_and_no_error(rest: Rest, discord: DiscordStandIn, square: Channel) -> None:
    discord.post(square, discord.add_user("Marleen"), "dag")
    square.deny_bot = world.READ_MESSAGE_HISTORY
    assert await rest("GET", f"/channels/{square.id}/messages") == (200, [])


@pytest.mark.parametrize(
    ("path", "code"),
    [("/channels/1", 10003), ("/channels/{square}/messages/1", 10008), ("/guilds/1", 10004)],
)
async def test_what_is_not_there_is_unknown(rest: Rest, square: Channel, path: str, code: int) -> None:
    status, answer = await rest("GET", path.format(square=square.id))
    assert (status, answer["code"]) == (404, code)


async def test_an_unknown_route_is_a_violation(rest: Rest, discord: DiscordStandIn) -> None:
    assert (await rest("GET", "/guilds/1/onzin"))[0] == 404
    assert discord.state.violations


@pytest.mark.parametrize("via", [True, False])
async def test_a_429_has_its_headers(
    session: aiohttp.ClientSession, discord: DiscordStandIn, square: Channel, via: bool
) -> None:
    discord.limit_next("GET /channels/{channel}", 1.5, via=via)
    async with session.get(f"{discord.api_base}/channels/{square.id}", headers=HEADERS) as answer:
        assert answer.status == 429
        assert (await answer.json())["retry_after"] == 1.5
        assert ("Via" in answer.headers) is via
        assert answer.headers["X-RateLimit-Remaining"] == "0"


async def test_a_fault_after_the_effect_leaves_the_effect(rest: Rest, discord: DiscordStandIn, square: Channel) -> None:
    discord.fail_next("POST /channels/{channel}/messages", 503, after_effect=True)
    status, _ = await rest("POST", f"/channels/{square.id}/messages", {"content": "toch"})
    assert status == 503
    assert [message["content"] for message in discord.messages(square)] == ["toch"]


async def test_an_interaction_is_answered_once_and_in_time(
    rest: Rest, discord: DiscordStandIn, square: Channel
) -> None:
    an = discord.add_user("An")
    await rest("POST", f"/channels/{square.id}/messages", {"content": "x", "components": [BUTTON]})
    (message,) = discord.messages(square)
    answer = {"type": 4, "data": {"content": "dag", "flags": 64}}
    pressed = discord.press(message, buttons(message)["Ja"], an)
    path = f"/interactions/{pressed.id}/{pressed.token}/callback"
    status, early = await rest("POST", f"/webhooks/{discord.state.application_id}/{pressed.token}", {"content": "x"})
    assert (status, early["code"]) == (404, 10015)  # nothing to follow up yet
    assert (await rest("POST", path, answer))[0] == 200
    assert pressed.words == "dag"
    assert (await rest("POST", path, answer))[1]["code"] == 40060
    discord.state.answer_within = 0.05
    late = discord.press(message, "ja", an)
    await asyncio.sleep(0.1)
    status, refused = await rest("POST", f"/interactions/{late.id}/{late.token}/callback", answer)
    assert (status, refused["code"]) == (404, 10062)


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        ({"title": "x" * 46, "custom_id": "c"}, "a title holds 45 characters"),
        ({"title": "x", "custom_id": "c" * 101}, "a custom id holds 100"),
        ({"title": "x", "custom_id": "c", "value": "x" * 11, "max_length": 10}, "a value that does not fit"),
    ],
)
async def test_a_window_that_does_not_fit_is_refused(
    rest: Rest, discord: DiscordStandIn, square: Channel, data: dict[str, Any], reason: str
) -> None:
    await rest("POST", f"/channels/{square.id}/messages", {"content": "x", "components": [BUTTON]})
    (message,) = discord.messages(square)
    pressed = discord.press(message, "ja", discord.add_user("An"))
    field = {"type": 4, "custom_id": "f", "label": "l", "style": 1} | {
        key: data.pop(key) for key in ("value", "max_length") if key in data
    }
    body = {"type": 9, "data": data | {"components": [{"type": 1, "components": [field]}]}}
    status, _ = await rest("POST", f"/interactions/{pressed.id}/{pressed.token}/callback", body)
    assert status == 400, reason


async def test_a_user_cannot_press_what_is_not_there(rest: Rest, discord: DiscordStandIn, square: Channel) -> None:
    await rest("POST", f"/channels/{square.id}/messages", {"content": "x", "components": [BUTTON]})
    (message,) = discord.messages(square)
    with pytest.raises(AssertionError):
        discord.press(message, "nee", discord.add_user("An"))
    with pytest.raises(AssertionError):
        discord.slash(square, "onbekend", discord.add_user("Bea"))


async def test_a_forum_has_no_messages_of_its_own(rest: Rest, discord: DiscordStandIn, square: Channel) -> None:
    forum = discord.add_channel(discord.state.guilds[square.guild_id], "vragen", kind=FORUM)
    thread = discord.add_thread(forum, "Fietspad", discord.add_user("Marleen"), "Waar?")
    assert (await rest("GET", f"/channels/{forum.id}/messages"))[0] == 400
    _, active = await rest("GET", f"/guilds/{square.guild_id}/threads/active")
    assert [found["id"] for found in active["threads"]] == [str(thread.id)]


async def test_offline_nobody_is_let_in_and_the_address_stays(discord: DiscordStandIn, rest: Rest) -> None:
    before = discord.api_base
    discord.go_offline()
    with pytest.raises(aiohttp.ClientConnectorError):
        await rest("GET", "/gateway")
    discord.go_online()
    assert discord.api_base == before
    assert (await rest("GET", "/gateway"))[0] == 200
