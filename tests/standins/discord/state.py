"""Everything the stand-in remembers, and the changes to it that the gateway tells about."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from tests.standins.discord import world
from tests.standins.discord.faults import Faults, unknown
from tests.standins.discord.gateway import GUILD_MESSAGES, GUILDS, Gateway
from tests.standins.discord.interactions import Interaction
from tests.standins.discord.world import Channel, Guild, Json, Member, Snowflakes, User

CONTENT_FLAG = 1 << 19  # gateway_message_content_limited: what a bot in fewer than 100 guilds has


@dataclass
class Posted:
    """One accepted POST or PATCH of the bot, for assertions on what it really sent."""

    channel_id: int
    message_id: int
    body: Json
    pings: list[str]


@dataclass
class State:
    token: str
    snowflakes: Snowflakes = field(default_factory=Snowflakes)
    faults: Faults = field(default_factory=Faults)
    guilds: dict[int, Guild] = field(default_factory=dict)
    users: dict[int, User] = field(default_factory=dict)
    commands: dict[int | None, list[Json]] = field(default_factory=dict)
    interactions: dict[int, Interaction] = field(default_factory=dict)
    ephemerals: dict[int, Json] = field(default_factory=dict)
    nonces: dict[str, int] = field(default_factory=dict)
    posted: list[Posted] = field(default_factory=list)
    requests: Counter[str] = field(default_factory=Counter)
    violations: list[str] = field(default_factory=list)
    base_url: str = ""
    gateway_url: str = ""
    answer_within: float = 3.0

    def __post_init__(self) -> None:
        self.bot = User(self.snowflakes.next(), "Verbinder", bot=True)
        self.users[self.bot.id] = self.bot
        self.gateway = Gateway(token=self.token, ready=self._ready, guilds=self._guild_events)

    @property
    def application_id(self) -> int:
        return self.bot.id

    def _ready(self) -> Json:
        return {
            "v": 10,
            "user": self.bot.payload(),
            "guilds": [{"id": str(guild.id), "unavailable": True} for guild in self.guilds.values()],
            "resume_gateway_url": self.gateway_url,
            "application": {"id": str(self.application_id), "flags": self.flags},
            "session_type": "normal",
        }

    @property
    def flags(self) -> int:
        return CONTENT_FLAG if self.gateway.content_allowed else 0

    def _guild_events(self) -> list[Json]:
        return [self.guild_event(guild) for guild in self.guilds.values()]

    def guild_event(self, guild: Guild) -> Json:
        """Return GUILD_CREATE: without the members intent only the bot's own member is listed."""
        visible = [c for c in guild.channels.values() if guild.permissions(self.bot.id, c) & world.VIEW_CHANNEL]
        return guild.payload() | {
            "joined_at": "2024-01-01T00:00:00+00:00",
            "large": False,
            "unavailable": False,
            "member_count": len(guild.members),
            "members": [guild.members[self.bot.id].payload()],
            "voice_states": [],
            "presences": [],
            "stage_instances": [],
            "guild_scheduled_events": [],
            "soundboard_sounds": [],
            "channels": [c.payload(self.bot.id) for c in visible if not c.is_thread],
            "threads": [c.payload(self.bot.id) for c in visible if c.is_thread and not c.archived],
        }

    def guild_of(self, channel: Channel) -> Guild:
        return self.guilds[channel.guild_id]

    def channel(self, channel_id: int) -> Channel:
        for guild in self.guilds.values():
            if channel_id in guild.channels:
                return guild.channels[channel_id]
        raise unknown("Channel")

    def bot_permissions(self, channel: Channel) -> int:
        return self.guild_of(channel).permissions(self.bot.id, channel)

    def visible(self, channel: Channel) -> bool:
        return bool(self.bot_permissions(channel) & world.VIEW_CHANNEL)

    def message(self, channel: Channel, message_id: int) -> Json:
        if message_id not in channel.messages:
            raise unknown("Message")
        return channel.messages[message_id]

    def rendered(self, channel: Channel, payload: Json) -> Json:
        """Return a stored message as REST shows it: with what it refers to, without words the portal withholds."""
        shown = {key: value for key, value in payload.items() if key != "nonce"}
        if not self.gateway.content_allowed and int(payload["author"]["id"]) != self.bot.id:
            shown |= {"content": "", "embeds": [], "attachments": [], "components": []}
        reference = payload.get("message_reference")
        if payload["type"] == 19 and reference:
            found = channel.messages.get(int(reference["message_id"]))
            inner = {key: value for key, value in (found or {}).items() if key not in {"referenced_message", "nonce"}}
            shown["referenced_message"] = inner or None
        return shown

    async def add_message(self, channel: Channel, payload: Json) -> Json:
        channel.messages[int(payload["id"])] = payload
        if channel.is_thread and channel.archived:
            channel.archived = False  # A message opens an archived thread again.
            await self._tell(channel, "THREAD_UPDATE", channel.payload(self.bot.id))
        await self._tell_message(channel, "MESSAGE_CREATE", payload)
        return payload

    async def change_message(self, channel: Channel, message_id: int, **changes: Any) -> Json:
        payload = self.message(channel, message_id)
        payload |= changes
        await self._tell_message(channel, "MESSAGE_UPDATE", payload)
        return payload

    async def remove_messages(self, channel: Channel, ids: list[int]) -> None:
        for message_id in ids:
            self.message(channel, message_id)
            del channel.messages[message_id]
        base = {"channel_id": str(channel.id), "guild_id": str(channel.guild_id)}
        if len(ids) == 1:
            await self._tell(channel, "MESSAGE_DELETE", base | {"id": str(ids[0])}, intent=GUILD_MESSAGES)
        else:
            data = base | {"ids": [str(i) for i in ids]}
            await self._tell(channel, "MESSAGE_DELETE_BULK", data, intent=GUILD_MESSAGES)

    async def add_thread(self, thread: Channel) -> None:
        self.guild_of(thread).channels[thread.id] = thread
        await self._tell(thread, "THREAD_CREATE", thread.payload(self.bot.id) | {"newly_created": True})

    async def _tell_message(self, channel: Channel, event: str, payload: Json) -> None:
        guild = self.guild_of(channel)
        author = int(payload["author"]["id"])
        data = self.rendered(channel, payload) | {"guild_id": str(channel.guild_id)}
        if payload.get("nonce") is not None:
            data["nonce"] = payload["nonce"]
        if author in guild.members and not payload.get("webhook_id"):
            data["member"] = guild.members[author].payload(with_user=False)
        if self.visible(channel):
            words_of = None if author == self.bot.id else str(author)
            await self.gateway.dispatch(event, data, intent=GUILD_MESSAGES, words_of=words_of)

    async def _tell(self, channel: Channel, event: str, data: Json, *, intent: int = GUILDS) -> None:
        if self.visible(channel):
            await self.gateway.dispatch(event, data, intent=intent)

    def add_guild(self, name: str) -> Guild:
        owner = User(self.snowflakes.next(), "Eigenaar")
        self.users[owner.id] = owner
        guild = Guild(self.snowflakes.next(), name, owner.id)
        guild.roles[guild.id] = world.Role(guild.id, "@everyone", world.RESIDENT_PERMISSIONS)
        bot_role = world.Role(self.snowflakes.next(), "Verbinder", world.BOT_PERMISSIONS)
        guild.roles[bot_role.id] = bot_role
        guild.members[owner.id] = Member(owner)
        guild.members[self.bot.id] = Member(self.bot, [bot_role.id])
        self.guilds[guild.id] = guild
        return guild
