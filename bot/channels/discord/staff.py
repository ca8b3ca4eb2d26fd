"""The staff channel on Discord: cards with buttons, and plain notices.

Decides nothing: when a card is posted or changed is up to `CardKeeper`, what a press means to `Controls` and the desk.
"""

from __future__ import annotations

import discord

from bot.channels.discord import mapping
from bot.channels.discord.errors import PLATFORM_ERRORS, Permission, translate
from bot.channels.discord.link import Link
from bot.channels.discord.render import embeds_of, view_of
from bot.channels.discord.sender import MESSAGE_LIMIT
from bot.core.cases import Case
from bot.core.clock import Clock
from bot.core.errors import TargetGone
from bot.review.card import shorten

_NOBODY = discord.AllowedMentions.none()


class DiscordSurface:
    """Implements `bot.review.ports.StaffSurface`. A card's reference is `channel:message`."""

    def __init__(self, link: Link, staff_channel: str, clock: Clock, *, console_url: str) -> None:
        self._link = link
        self._staff_channel = staff_channel
        self._clock = clock
        self._console_url = console_url

    async def post(self, case: Case) -> str:
        """Post the card of `case`. The nonce keeps a repeated request within a few minutes from posting it twice."""
        place = await self._link.place(self._staff_channel)
        now = self._clock()
        embeds = embeds_of(case, now=now, console_url=self._console_url)
        view = view_of(case, now=now, console_url=self._console_url)
        nonce = f"k{case.id}v{case.version}"
        try:
            if view is None:
                message = await place.send(embeds=embeds, nonce=nonce, allowed_mentions=_NOBODY)
            else:
                message = await place.send(embeds=embeds, view=view, nonce=nonce, allowed_mentions=_NOBODY)
        except PLATFORM_ERRORS as error:
            raise self._translated(error, place) from error
        return f"{place.id}:{message.id}"

    async def edit(self, ref: str, case: Case) -> None:
        """Bring a card up to date; one without buttons left loses them."""
        channel_id, _, message_id = ref.partition(":")
        if not (channel_id.isdigit() and message_id.isdigit()):
            raise TargetGone(f"{ref!r} is geen kaart op Discord.")
        place = await self._link.place(channel_id)
        now = self._clock()
        try:
            await place.get_partial_message(int(message_id)).edit(
                embeds=embeds_of(case, now=now, console_url=self._console_url),
                view=view_of(case, now=now, console_url=self._console_url),
                allowed_mentions=_NOBODY,
            )
        except PLATFORM_ERRORS as error:
            raise self._translated(error, place) from error

    async def say(self, text: str) -> None:
        """Post a notice, without link previews; one that is too long ends with the console's address."""
        place = await self._link.place(self._staff_channel)
        text = shorten(text, MESSAGE_LIMIT, marker=f"…\nLees verder in de console: {self._console_url}")
        try:
            await place.send(text, allowed_mentions=_NOBODY, suppress_embeds=True)
        except PLATFORM_ERRORS as error:
            raise self._translated(error, place) from error

    @staticmethod
    def _translated(error: BaseException, place: discord.TextChannel | discord.Thread) -> Exception:
        where = mapping.place_name(place)
        allowed = place.permissions_for(place.guild.me)
        needs = Permission.EMBED_LINKS if allowed.send_messages and not allowed.embed_links else Permission.SEND
        return translate(error, needs=needs, where=where, sent=True)
