"""What `verbinder doctor` checks on Discord, over REST alone: no gateway, nothing is posted.

The token, the switch for message content, and for each channel whether the bot can do there what it has to.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable

import discord

from bot.channels.discord import mapping
from bot.channels.discord.errors import PLATFORM_ERRORS, Permission, missing, missing_intent, translate
from bot.channels.discord.link import hush_library, use_api
from bot.core.errors import ChannelError, MissingPermission, Revoked, TargetGone
from bot.core.health import Check, Verdict
from bot.settings import DiscordSettings

PATIENCE_SECONDS = 20.0

_WATCHING = (
    Permission.VIEW,
    Permission.READ_HISTORY,
    Permission.SEND,
    Permission.SEND_IN_THREADS,
    Permission.MANAGE_MESSAGES,
)
_STAFF = (Permission.VIEW, Permission.READ_HISTORY, Permission.SEND, Permission.EMBED_LINKS)
_FLAGS = {
    Permission.VIEW: "view_channel",
    Permission.READ_HISTORY: "read_message_history",
    Permission.SEND: "send_messages",
    Permission.SEND_IN_THREADS: "send_messages_in_threads",
    Permission.MANAGE_MESSAGES: "manage_messages",
    Permission.EMBED_LINKS: "embed_links",
}


async def examine(settings: DiscordSettings) -> tuple[Check, ...]:
    """Return one line for each thing that was looked at, in the order in which to mend them."""
    if settings.token is None:
        return (Check("Discord", Verdict.SKIPPED, "Er is geen token ingesteld."),)
    use_api(settings.api_base)
    hush_library()
    client = discord.Client(intents=discord.Intents.none())
    try:
        async with asyncio.timeout(PATIENCE_SECONDS):
            return await _examine(client, settings)
    except PLATFORM_ERRORS as error:
        meaning = translate(error)
        name = "Discord: token" if isinstance(meaning, Revoked) else "Discord: verbinding"
        return (_bad(name, meaning),)
    finally:
        await client.close()
        await client.http.close()


async def _examine(client: discord.Client, settings: DiscordSettings) -> tuple[Check, ...]:
    assert settings.token is not None
    await client.login(settings.token.get_secret_value())
    name = client.user.name if client.user else "?"
    checks = [Check("Discord: token", Verdict.GOOD, f"Aangemeld als {name}."), _intent(client)]
    if not settings.channels:
        checks.append(
            Check(
                "Discord: gevolgde kanalen",
                Verdict.WARNING,
                "Er wordt geen enkel kanaal gevolgd.",
                "Zet de ids in VERBINDER_DISCORD__CHANNELS (in Discord: rechtsklik op een kanaal → ID kopiëren).",
            )
        )
    checks += [await _channel(client, channel_id, "Discord: kanaal", _WATCHING) for channel_id in settings.channels]
    if settings.staff_channel is None:
        checks.append(
            Check(
                "Discord: teamkanaal",
                Verdict.WARNING,
                "Er is geen teamkanaal: kaarten verschijnen niet op Discord, wel in de console.",
                "Zet het id in VERBINDER_DISCORD__STAFF_CHANNEL.",
            )
        )
    elif settings.staff_channel in settings.channels:
        checks.append(
            Check(
                "Discord: teamkanaal",
                Verdict.BAD,
                "Het teamkanaal is ook een gevolgd kanaal: bewoners zouden de kaarten zien.",
                "Kies voor VERBINDER_DISCORD__STAFF_CHANNEL een kanaal dat alleen het team ziet.",
            )
        )
    else:
        checks.append(await _channel(client, settings.staff_channel, "Discord: teamkanaal", _STAFF))
    return tuple(checks)


def _intent(client: discord.Client) -> Check:
    flags = client.application_flags
    if flags.gateway_message_content or flags.gateway_message_content_limited:
        return Check("Discord: tekst lezen", Verdict.GOOD, "De Message Content Intent staat aan.")
    return _bad("Discord: tekst lezen", missing_intent())


async def _channel(client: discord.Client, channel_id: str, name: str, needed: Iterable[Permission]) -> Check:
    name = f"{name} {channel_id}"
    if not channel_id.isascii() or not channel_id.isdigit():
        return Check(name, Verdict.BAD, "Dit is geen id van Discord: een id bestaat uit cijfers.", _COPY_ID)
    try:
        found = await client.fetch_channel(int(channel_id))
        if not isinstance(found, (discord.TextChannel, discord.ForumChannel, discord.Thread)):
            return Check(name, Verdict.BAD, "Dit is geen tekstkanaal, forum of thread.", _COPY_ID)
        allowed = await _permissions(client, found)
    except PLATFORM_ERRORS as error:
        meaning = translate(error)
        if isinstance(meaning, TargetGone):
            return Check(name, Verdict.BAD, "Dit kanaal bestaat niet (meer).", _COPY_ID)
        if isinstance(meaning, MissingPermission):
            meaning = missing(Permission.VIEW, where=channel_id)
        return _bad(name, meaning)
    lacking = [permission for permission in needed if not getattr(allowed, _FLAGS[permission])]
    where = mapping.place_name(found)
    if not lacking:
        return Check(name, Verdict.GOOD, f"{where}: alle rechten zijn er.")
    listed = ", ".join(f"‘{permission.dutch}’ ({permission.label})" for permission in lacking)
    return Check(
        name,
        Verdict.BAD,
        f"{where}: Verbinder mist {listed}.",
        f"Geef de rol van Verbinder die rechten in {where}: Kanaal bewerken → Permissies.",
    )


async def _permissions(
    client: discord.Client, found: discord.TextChannel | discord.ForumChannel | discord.Thread
) -> discord.Permissions:
    """Ask for the server, its channels and our member: without a gateway nothing of these is known."""
    guild = await client.fetch_guild(found.guild.id)
    assert client.user is not None
    member = await guild.fetch_member(client.user.id)
    home_id = found.parent_id if isinstance(found, discord.Thread) else found.id
    home = next((channel for channel in await guild.fetch_channels() if channel.id == home_id), None)
    return home.permissions_for(member) if home is not None else member.guild_permissions


def _bad(name: str, error: ChannelError) -> Check:
    return Check(name, Verdict.BAD, error.message, error.remedy)


_COPY_ID = "Kopieer het id opnieuw: in Discord, rechtsklik op het kanaal → ID kopiëren."
