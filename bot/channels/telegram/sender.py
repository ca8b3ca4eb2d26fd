"""Carries decisions out on Telegram: place a reply, remove a message.

A reply is plain text: nothing in it is parsed as markup. Telegram has no idempotency key and no way to read a message
back, so a reply whose fate is unknown is never sent again from here (trap 28), and what was judged is compared with
what is stored, not with Telegram (trap 7 is the store's).
"""

from __future__ import annotations

from telegram import LinkPreviewOptions, ReplyParameters
from telegram.constants import MessageLimit

from bot.channels.telegram.client import Client
from bot.channels.telegram.errors import asking
from bot.channels.telegram.mapping import permalink
from bot.channels.telegram.plaintext import sendable, units
from bot.core.errors import ChannelError, Rejected, Transient
from bot.review.ports import RemoveEffect, ReplyEffect, Sent


class TelegramSender:
    """The `Sender` of Telegram."""

    def __init__(self, client: Client) -> None:
        self._client = client

    async def reply(self, effect: ReplyEffect) -> Sent:
        """Place the reply under its target; raise TargetGone when that is no longer there (trap 25)."""
        text = sendable(effect.text)
        if not 0 < units(text) <= MessageLimit.MAX_TEXT_LENGTH:
            raise Rejected(
                f"Het antwoord telt {units(text)} tekens; Telegram aanvaardt er 1 tot {MessageLimit.MAX_TEXT_LENGTH}.",
                remedy="Pas het antwoord aan.",
            )
        topic = int(effect.thread_id) if effect.thread_id else None
        try:
            message = await asking(
                self._client.send_message(
                    chat_id=int(effect.target.chat_id),
                    text=text,
                    message_thread_id=topic,
                    reply_parameters=ReplyParameters(
                        message_id=int(effect.target.message_id), allow_sending_without_reply=False
                    ),
                    link_preview_options=LinkPreviewOptions(is_disabled=True),
                )
            )
        except ChannelError:
            raise
        except Exception as error:  # noqa: BLE001 - see below
            # An answer that cannot be read says nothing about whether the reply was placed.
            raise Transient(f"Het antwoord van Telegram was onleesbaar ({type(error).__name__}).", sent=True) from None
        return Sent(str(message.message_id), permalink(message.chat, message.message_id, topic))

    async def remove(self, effect: RemoveEffect) -> None:
        """Remove the message; raise TargetGone when it already is."""
        await asking(
            self._client.delete_message(chat_id=int(effect.target.chat_id), message_id=int(effect.target.message_id))
        )

    async def find(self, effect: ReplyEffect) -> Sent | None:
        """Raise Transient(sent=True): Telegram gives a bot no way to look back."""
        raise Transient(
            f"Telegram kan niet zeggen of het antwoord op bericht {effect.target.message_id} geplaatst werd.",
            sent=True,
            remedy="Kijk in de groep of het antwoord er staat.",
        )
