"""The slash command `/wachtrij`, registered in the server of the staff channel."""

from __future__ import annotations

from typing import Any

import discord
from discord import app_commands

from bot.channels.discord.controls import Controls
from bot.channels.discord.errors import PLATFORM_ERRORS, translate
from bot.core.errors import MissingPermission, Rejected, TargetGone
from bot.review.intake import Intake

NOTICE = "discord:commando"


async def register(client: discord.Client, staff_channel: str, controls: Controls, intake: Intake) -> None:
    """Put `/wachtrij` in the server of the staff channel; where that may not be, tell administrators and go on.

    Raises:
        ChannelError: Discord cannot be reached or does not accept the token.
    """
    try:
        await _register(client, staff_channel, controls)
    except (*PLATFORM_ERRORS, Rejected) as error:
        meaning = translate(error)
        if not isinstance(meaning, (MissingPermission, TargetGone, Rejected)):
            raise meaning from error
        text = f"Het commando /wachtrij kon niet klaargezet worden in het teamkanaal {staff_channel}. {meaning}"
        await intake.notice(NOTICE, text)
    else:
        await intake.settle(NOTICE)


async def _register(client: discord.Client, staff_channel: str, controls: Controls) -> None:
    if not staff_channel.isascii() or not staff_channel.isdigit():
        raise Rejected(f"{staff_channel!r} is geen id van Discord.")
    channel = await client.fetch_channel(int(staff_channel))
    if not isinstance(channel, (discord.abc.GuildChannel, discord.Thread)):
        raise Rejected("Het teamkanaal staat niet in een Discord-server.")

    async def wachtrij(interaction: discord.Interaction[Any]) -> None:
        await controls.queue(interaction)

    tree: app_commands.CommandTree[Any] = app_commands.CommandTree(client)
    command: app_commands.Command[Any, ..., None] = app_commands.Command(
        name="wachtrij", description="Toon wat op een beslissing wacht, alleen aan u", callback=wachtrij
    )
    tree.add_command(command, guild=channel.guild)
    await tree.sync(guild=channel.guild)
