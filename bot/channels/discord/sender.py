"""Carry effects out on Discord: a reply under a reaction, or a removal.

A reply is sent with its key as an enforced nonce, so that a repeated request within a few minutes gives the first
message back; after a longer pause `find` looks in the channel first (trap 28). A message is fetched and compared just
before it is removed (trap 7).
"""

from __future__ import annotations

import discord

from bot.channels.discord import mapping
from bot.channels.discord.errors import Permission, asking, missing
from bot.channels.discord.link import Link, own_permissions
from bot.core.errors import Rejected, TargetChanged, TargetGone, Transient
from bot.review.intake import Intake
from bot.review.ports import RemoveEffect, ReplyEffect, Sent

MESSAGE_LIMIT = 2000  # characters; Discord's limit for a bot
NONCE_LIMIT = 25  # characters
LOOK_BACK = 200  # messages searched, newest first, for a reply that an earlier try may have placed


class DiscordSender:
    """Implements `bot.review.ports.Sender`."""

    def __init__(self, link: Link, intake: Intake) -> None:
        self._link = link
        self._intake = intake

    async def reply(self, effect: ReplyEffect) -> Sent:
        """Place the reply under its target; raise TargetGone when there is nothing to reply to."""
        if len(effect.key) > NONCE_LIMIT:
            raise Rejected(f"De sleutel {effect.key!r} is langer dan de {NONCE_LIMIT} tekens van een Discord-nonce.")
        place = await self._link.place(effect.target.chat_id)
        needs = Permission.SEND_IN_THREADS if isinstance(place, discord.Thread) else Permission.SEND
        reference = discord.MessageReference(
            message_id=_id(effect.target.message_id), channel_id=place.id, fail_if_not_exists=True
        )
        with asking(needs=needs, where=mapping.place_name(place), sent=True):
            message = await place.send(
                effect.text,
                reference=reference,
                nonce=effect.key,  # discord.py sets enforce_nonce with it
                allowed_mentions=discord.AllowedMentions.none(),
                suppress_embeds=True,
            )
        return Sent(str(message.id), message.jump_url)

    async def remove(self, effect: RemoveEffect) -> None:
        """Remove the target, provided that its author and text are those that were judged."""
        place = await self._link.place(effect.target.chat_id)
        with asking(needs=Permission.MANAGE_MESSAGES, where=mapping.place_name(place), sent=True):
            message = await place.fetch_message(_id(effect.target.message_id))
            self._check_same(message, effect)
            await message.delete()

    def _check_same(self, message: discord.Message, effect: RemoveEffect) -> None:
        author = self._intake.author_key(mapping.CHANNEL, str(message.author.id))
        if author != effect.author_key:
            raise TargetChanged("Het bericht op Discord is van iemand anders dan beoordeeld werd.")
        if _comparable(mapping.own_words(message)) != _comparable(effect.text):
            raise TargetChanged("De schrijver paste het bericht op Discord intussen aan.")

    async def find(self, effect: ReplyEffect) -> Sent | None:
        """Look for this reply among the newest messages after its target.

        Raises:
            Transient: with `sent` when there are too many messages to be sure; without it when Discord could not
                be asked now.
        """
        client = self._link.client
        target = discord.Object(_id(effect.target.message_id))
        looked = 0
        try:
            place = await self._link.place(effect.target.chat_id)
            if not own_permissions(place).read_message_history:
                raise missing(Permission.READ_HISTORY, where=mapping.place_name(place))  # else all looks empty
            with asking(needs=Permission.READ_HISTORY, where=mapping.place_name(place)):
                async for message in place.history(limit=LOOK_BACK, after=target, oldest_first=False):
                    looked += 1
                    if client.user is not None and message.author.id == client.user.id and _answers(message, effect):
                        return Sent(str(message.id), message.jump_url)
        except TargetGone:
            return None
        if looked >= LOOK_BACK:
            raise Transient("Er is sindsdien te veel geschreven om het antwoord terug te vinden.", sent=True)
        return None


def _answers(message: discord.Message, effect: ReplyEffect) -> bool:
    reference = message.reference
    return (
        reference is not None
        and str(reference.message_id) == effect.target.message_id
        and message.content.strip() == effect.text.strip()
    )


def _comparable(text: str) -> str:
    # As the store keeps it: no database can hold these.
    return text.translate({0: "\u2400", **dict.fromkeys(range(0xD800, 0xE000), "\ufffd")})


def _id(text: str) -> int:
    if not text.isascii() or not text.isdigit():
        raise Rejected(f"{text!r} is geen id van Discord.")
    return int(text)
