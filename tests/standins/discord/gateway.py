"""The stand-in's gateway: HELLO, IDENTIFY, heartbeats, RESUME with replay, INVALID_SESSION, RECONNECT.

Refuses what Discord refuses, with its close codes. A session outlives its connection: what happens while nobody is
connected is kept and replayed on RESUME, unless the session was forgotten.
"""

from __future__ import annotations

import asyncio
import json
import secrets
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSCloseCode, WSMsgType, web

from tests.standins.discord.world import Json

if TYPE_CHECKING:
    from collections.abc import Callable

DISPATCH, HEARTBEAT, IDENTIFY, PRESENCE, VOICE, RESUME, RECONNECT, MEMBERS, INVALID, HELLO, ACK = (
    *range(5),
    *range(6, 12),
)

GUILDS, GUILD_MEMBERS, PRESENCES, GUILD_MESSAGES, MESSAGE_CONTENT = 1 << 0, 1 << 1, 1 << 8, 1 << 9, 1 << 15
PRIVILEGED = GUILD_MEMBERS | PRESENCES | MESSAGE_CONTENT
KNOWN_INTENTS = (1 << 26) - 1

UNKNOWN_ERROR, UNKNOWN_OPCODE, DECODE_ERROR, NOT_AUTHENTICATED, AUTHENTICATION_FAILED, ALREADY_AUTHENTICATED = range(
    4000, 4006
)
TIMED_OUT, INVALID_VERSION, INVALID_INTENTS, DISALLOWED_INTENTS = 4009, 4012, 4013, 4014


class Connection:
    """One websocket, plain or compressed with a zlib stream as its address asked."""

    def __init__(self, ws: web.WebSocketResponse, *, compressed: bool) -> None:
        self.ws = ws
        self._zlib = zlib.compressobj() if compressed else None
        self._lock = asyncio.Lock()

    async def send(self, payload: Json) -> None:
        async with self._lock:
            if self.ws.closed:
                return
            text = json.dumps(payload)
            try:
                if self._zlib is None:
                    await self.ws.send_str(text)
                else:
                    data = self._zlib.compress(text.encode()) + self._zlib.flush(zlib.Z_SYNC_FLUSH)
                    await self.ws.send_bytes(data)
            except ConnectionError:
                return  # The client is gone: what was missed waits in the session for a RESUME.


@dataclass
class Session:
    id: str
    intents: int
    seq: int = 0
    log: list[Json] = field(default_factory=list)
    connection: Connection | None = None

    async def dispatch(self, event: str, data: Json) -> None:
        self.seq += 1
        payload = {"op": DISPATCH, "t": event, "s": self.seq, "d": data}
        self.log.append(payload)
        if self.connection is not None:
            await self.connection.send(payload)


class Gateway:
    """All sessions. `ready` gives READY's data, `guilds` what GUILD_CREATE tells."""

    def __init__(self, *, token: str, ready: Callable[[], Json], guilds: Callable[[], list[Json]]) -> None:
        self._token = token
        self._ready = ready
        self._guilds = guilds
        self.sessions: dict[str, Session] = {}
        self.connections: set[web.WebSocketResponse] = set()
        self.heartbeat_interval = 41.25
        self.acks = True
        self.content_allowed = True
        self.counts = {"identify": 0, "resume": 0, "heartbeat": 0}

    async def dispatch(self, event: str, data: Json, *, intent: int, words_of: str | None = None) -> None:
        """Tell every session that asked for `intent`. With `words_of` (an author), words need their intent too."""
        for session in self.sessions.values():
            if not session.intents & intent:
                continue
            shown = data
            if words_of is not None and not session.intents & MESSAGE_CONTENT:
                shown = data | {"content": "", "embeds": [], "attachments": [], "components": []}
            await session.dispatch(event, shown)

    async def handle(self, request: web.Request) -> web.WebSocketResponse:
        ws = web.WebSocketResponse(max_msg_size=4096)
        await ws.prepare(request)
        query = dict(request.query)
        if query.pop("v", None) != "10":
            await ws.close(code=INVALID_VERSION, message=b"Invalid API version")
            return ws
        compress = query.pop("compress", None)
        if query.pop("encoding", None) != "json" or query or compress not in {None, "zlib-stream"}:
            await ws.close(code=DECODE_ERROR, message=b"Decode error")
            return ws
        connection = Connection(ws, compressed=compress is not None)
        self.connections.add(ws)
        session: Session | None = None
        await connection.send({"op": HELLO, "d": {"heartbeat_interval": int(self.heartbeat_interval * 1000)}})
        try:
            while True:
                try:
                    message = await ws.receive(timeout=self.heartbeat_interval * 2.5)
                except TimeoutError:
                    await ws.close(code=TIMED_OUT, message=b"Session timed out")
                    break
                if message.type is not WSMsgType.TEXT:
                    break
                session = await self._receive(connection, session, message.data)
        except _Close as close:
            await ws.close(code=close.code, message=close.reason.encode())
        finally:
            self.connections.discard(ws)
            if session is not None and session.connection is connection:
                session.connection = None
        return ws

    async def _receive(self, connection: Connection, session: Session | None, raw: str) -> Session | None:
        try:
            payload = json.loads(raw)
            op, data = payload["op"], payload["d"]
        except (ValueError, KeyError, TypeError):
            raise _Close(DECODE_ERROR, "Decode error") from None
        if op == HEARTBEAT:
            self.counts["heartbeat"] += 1
            if self.acks:
                await connection.send({"op": ACK, "d": None})
            return session
        if op in {IDENTIFY, RESUME}:
            if session is not None:
                raise _Close(ALREADY_AUTHENTICATED, "Already authenticated.")
            return await (self._identify if op == IDENTIFY else self._resume)(connection, data)
        if op not in {PRESENCE, VOICE, MEMBERS}:
            raise _Close(UNKNOWN_OPCODE, "Unknown opcode")
        if session is None:
            raise _Close(NOT_AUTHENTICATED, "Not authenticated.")
        return session

    async def _identify(self, connection: Connection, data: Json) -> Session:
        self.counts["identify"] += 1
        if data.get("token") != self._token:
            raise _Close(AUTHENTICATION_FAILED, "Authentication failed.")
        intents = data.get("intents")
        if not isinstance(intents, int) or intents & ~KNOWN_INTENTS or not isinstance(data.get("properties"), dict):
            raise _Close(INVALID_INTENTS, "Invalid intent(s).")
        allowed = MESSAGE_CONTENT if self.content_allowed else 0
        if intents & PRIVILEGED & ~allowed:
            raise _Close(DISALLOWED_INTENTS, "Disallowed intent(s).")
        session = Session(secrets.token_hex(16), intents, connection=connection)
        self.sessions[session.id] = session
        await session.dispatch("READY", self._ready() | {"session_id": session.id})
        for guild in self._guilds():
            await session.dispatch("GUILD_CREATE", guild)
        return session

    async def _resume(self, connection: Connection, data: Json) -> Session | None:
        self.counts["resume"] += 1
        if data.get("token") != self._token:
            raise _Close(AUTHENTICATION_FAILED, "Authentication failed.")
        session = self.sessions.get(str(data.get("session_id")))
        seq = data.get("seq")
        if session is None or not isinstance(seq, int) or seq > session.seq:
            await connection.send({"op": INVALID, "d": False})
            return None
        missed = [payload for payload in session.log if payload["s"] > seq]
        session.connection = connection
        for payload in missed:
            await connection.send(payload)
        await session.dispatch("RESUMED", {})
        return session

    async def order(self, op: int, data: Any = None) -> None:
        """Send a bare op to every connected session: RECONNECT, or INVALID with its flag."""
        for session in list(self.sessions.values()):
            if session.connection is not None:
                if op == INVALID and data is False:
                    del self.sessions[session.id]
                await session.connection.send({"op": op, "d": data})

    async def close_all(self, code: int) -> None:
        """Close every connection with `code`."""
        for ws in list(self.connections):
            await ws.close(code=code, message=b"")

    def cut(self) -> None:
        """Break every connection without a goodbye."""
        for session in self.sessions.values():
            session.connection = None
        for ws in list(self.connections):
            transport = ws._req.transport if ws._req is not None else None
            if transport is not None:
                transport.abort()

    async def shut_down(self) -> None:
        for ws in list(self.connections):
            await ws.close(code=WSCloseCode.GOING_AWAY)


class _Close(Exception):
    def __init__(self, code: int, reason: str) -> None:
        super().__init__(reason)
        self.code = code
        self.reason = reason
