"""Interactions: a press, a choice, a modal or a command of a user, and what the bot may answer to it.

An answer must come within three seconds (else 10062) and only once (else 40060); follow-ups and edits go over the
interaction's own token, that lives fifteen minutes. What is ephemeral is kept per user, as only they see it.
"""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from tests.standins.discord import checks
from tests.standins.discord.faults import ApiError, unknown
from tests.standins.discord.world import Channel, Json, User, message_payload

if TYPE_CHECKING:
    from tests.standins.discord.state import State

COMMAND, COMPONENT, MODAL_SUBMIT = 2, 3, 5
MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, MODAL = 4, 5, 6, 7, 9
EPHEMERAL = 1 << 6
TOKEN_LIVES_S = 15 * 60


@dataclass
class Interaction:
    """One interaction and everything that was answered to it; a test reads this."""

    id: int
    token: str
    type: int
    user: User
    channel: Channel
    data: Json
    source: Json | None = None
    asked_at: float = field(default_factory=time.monotonic)
    answer: int | None = None
    answered_after: float | None = None
    modal: Json | None = None
    original: Json | None = None
    ephemeral: list[Json] = field(default_factory=list)
    public: list[Json] = field(default_factory=list)
    bodies: list[Json] = field(default_factory=list)
    waiting: bool = False  # shows "is thinking" until @original is edited

    @property
    def words(self) -> str:
        """Return everything that the user was told privately."""
        return "\n".join(_words(message) for message in self.ephemeral)


def _words(message: Json) -> str:
    parts = [message["content"]]
    for embed in message["embeds"]:
        parts += [embed.get("title", ""), embed.get("description", "")]
        parts += [f"{entry['name']}: {entry['value']}" for entry in embed.get("fields", [])]
    return "\n".join(part for part in parts if part)


def event_payload(state: State, interaction: Interaction) -> Json:
    """Return INTERACTION_CREATE."""
    guild = state.guild_of(interaction.channel)
    member = guild.members[interaction.user.id].payload()
    member["permissions"] = str(guild.permissions(interaction.user.id, interaction.channel))
    payload: Json = {
        "id": str(interaction.id),
        "application_id": str(state.application_id),
        "type": interaction.type,
        "token": interaction.token,
        "version": 1,
        "guild_id": str(guild.id),
        "guild": {"id": str(guild.id), "locale": "nl", "features": []},
        "channel_id": str(interaction.channel.id),
        "channel": interaction.channel.payload(state.bot.id),
        "member": member,
        "locale": "nl",
        "guild_locale": "nl",
        "app_permissions": str(state.bot_permissions(interaction.channel)),
        "entitlements": [],
        "authorizing_integration_owners": {},
        "attachment_size_limit": 10_485_760,
        "data": interaction.data,
    }
    if interaction.source is not None:
        payload["message"] = interaction.source
    return payload


async def answer(state: State, interaction: Interaction, body: Json) -> Json:
    """Take the one answer to `interaction`; return the callback response."""
    elapsed = time.monotonic() - interaction.asked_at
    if interaction.answer is None and elapsed > state.answer_within:
        raise unknown("interaction")
    if interaction.answer is not None:
        raise ApiError(400, 40060, "Interaction has already been acknowledged.")
    kind, data = body.get("type"), body.get("data") or {}
    allowed = {
        COMMAND: {MESSAGE, DEFERRED_MESSAGE, MODAL},
        COMPONENT: {MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE, MODAL},
        MODAL_SUBMIT: {MESSAGE, DEFERRED_MESSAGE, DEFERRED_UPDATE, UPDATE},
    }[interaction.type]
    if kind not in allowed:
        raise ApiError(400, 50035, f"Invalid response type {kind} to interaction type {interaction.type}")
    if kind in {DEFERRED_UPDATE, UPDATE} and interaction.source is None:
        raise ApiError(400, 50035, "There is no message to update")
    interaction.bodies.append(body)
    if kind == MODAL:
        checks.modal(data)
        interaction.modal = data
    elif kind == MESSAGE:
        checks.message(data)
        interaction.original = await _say(state, interaction, data)
    elif kind == DEFERRED_MESSAGE:
        interaction.waiting = True
        interaction.original = message_payload(
            state.snowflakes.next(), interaction.channel, state.bot, "", flags=data.get("flags", 0)
        )
    else:
        interaction.original = interaction.source
        if kind == UPDATE:
            await _update(state, interaction, data)
    interaction.answer = kind
    interaction.answered_after = elapsed
    original_id = interaction.original["id"] if interaction.original else None
    return {
        "interaction": {"id": str(interaction.id), "type": interaction.type, "response_message_id": original_id},
        "resource": {"type": kind},
    }


def by_token(state: State, token: str) -> Interaction:
    """Return the interaction whose token this is, answered and not yet expired."""
    for interaction in state.interactions.values():
        if interaction.token == token and interaction.answer is not None:
            if time.monotonic() - interaction.asked_at > TOKEN_LIVES_S:
                raise ApiError(401, 50027, "Invalid Webhook Token")
            return interaction
    raise unknown("Webhook")


async def follow_up(state: State, interaction: Interaction, body: Json) -> Json:
    checks.message({key: value for key, value in body.items() if key not in {"username", "avatar_url"}})
    interaction.bodies.append(body)
    if interaction.waiting:  # Discord lets the first follow-up fill the waiting answer, with its visibility.
        return await edit_original(state, interaction, body)
    return await _say(state, interaction, body)


async def edit_original(state: State, interaction: Interaction, body: Json) -> Json:
    if interaction.original is None:
        raise unknown("Message")
    if interaction.waiting:
        interaction.waiting = False
        flags = interaction.original["flags"] | body.get("flags", 0)
        interaction.original = await _say(state, interaction, body | {"flags": flags})
        return interaction.original
    await _update(state, interaction, body)
    return interaction.original


async def _update(state: State, interaction: Interaction, body: Json) -> None:
    checks.components(body.get("components") or [])
    checks.embeds(body.get("embeds") or [])
    assert interaction.original is not None
    changes = {key: body[key] for key in ("content", "embeds", "components") if key in body}
    interaction.original.update({key: value if value is not None else "" for key, value in changes.items()})
    if int(interaction.original["id"]) in interaction.channel.messages:
        await state.change_message(interaction.channel, int(interaction.original["id"]))


async def _say(state: State, interaction: Interaction, body: Json) -> Json:
    payload = message_payload(
        state.snowflakes.next(),
        interaction.channel,
        state.bot,
        body.get("content") or "",
        embeds=body.get("embeds") or [],
        components=body.get("components") or [],
        flags=body.get("flags", 0),
        pings=checks.pings(body),
    )
    if payload["flags"] & EPHEMERAL:
        interaction.ephemeral.append(payload)
        state.ephemerals[int(payload["id"])] = payload
    else:
        interaction.public.append(payload)
        await state.add_message(interaction.channel, payload)
    return payload
