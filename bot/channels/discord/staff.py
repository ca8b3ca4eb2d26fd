"""The staff channel on Discord: cards with buttons, and plain notices.

Decides nothing: when a card is posted or changed is up to `CardKeeper`, what a press means to `Controls` and the desk.
"""

from __future__ import annotations

from contextlib import AbstractContextManager

import discord

from bot.channels.discord import mapping
from bot.channels.discord.errors import Permission, asking
from bot.channels.discord.link import Link, Place, own_permissions
from bot.channels.discord.render import embeds_of, view_of
from bot.channels.discord.sender import MESSAGE_LIMIT
from bot.core.cases import Case
from bot.core.clock import Clock
from bot.core.errors import TargetGone, Transient
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
        with _posting(place):
            if view is None:
                message = await place.send(embeds=embeds, nonce=nonce, allowed_mentions=_NOBODY)
            else:
                message = await place.send(embeds=embeds, view=view, nonce=nonce, allowed_mentions=_NOBODY)
        return f"{place.id}:{message.id}"

    async def edit(self, ref: str, case: Case) -> None:
        """Bring a card up to date; one without buttons left loses them."""
        channel_id, _, message_id = ref.partition(":")
        if not (channel_id.isdigit() and message_id.isdigit()):
            raise TargetGone(f"{ref!r} is geen kaart op Discord.")
        place = await self._link.place(channel_id)
        now = self._clock()
        with _posting(place):
            await place.get_partial_message(int(message_id)).edit(
                embeds=embeds_of(case, now=now, console_url=self._console_url),
                view=view_of(case, now=now, console_url=self._console_url),
                allowed_mentions=_NOBODY,
            )

    async def say(self, text: str) -> None:
        """Post a notice, without link previews; one that is too long ends with the console's address."""
        place = await self._link.place(self._staff_channel)
        text = shorten(text, MESSAGE_LIMIT, marker=f"…\nLees verder in de console: {self._console_url}")
        with _posting(place):
            await place.send(text, allowed_mentions=_NOBODY, suppress_embeds=True)


def _posting(place: Place) -> AbstractContextManager[None]:
    """Guard a post in the staff channel; of the rights it needs, name the one that is most likely missing."""
    try:
        cards = own_permissions(place).embed_links
    except Transient:
        cards = True
    needs = Permission.SEND if cards else Permission.EMBED_LINKS
    return asking(needs=needs, where=mapping.place_name(place), sent=True)
