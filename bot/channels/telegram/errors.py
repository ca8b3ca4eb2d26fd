"""Telegram's errors as ours. Pure, and table-tested.

Decides one thing that matters more than the rest: whether a request that failed may have been carried out all the
same (`Transient.sent`). Only where the request certainly never left the house, or Telegram itself said no, is the
answer "nothing happened". No message ever holds the token (trap 20).
"""

from __future__ import annotations

import re
from collections.abc import Awaitable
from datetime import timedelta
from typing import TypeVar

from telegram.error import (
    BadRequest,
    ChatMigrated,
    Conflict,
    EndPointNotFound,
    Forbidden,
    InvalidToken,
    NetworkError,
    RetryAfter,
    TelegramError,
    TimedOut,
)

from bot.core.errors import ChannelError, MissingPermission, RateLimited, Rejected, Revoked, TargetGone, Transient
from bot.review.card import shorten

T = TypeVar("T")

DEFAULT_WAIT = timedelta(seconds=30)
"""How long to wait after a 429 that does not say."""

NEW_TOKEN = "Vraag bij @BotFather een nieuw token en zet het in VERBINDER_TELEGRAM__TOKEN."
ONE_READER = (
    "Laat maar één programma dit token gebruiken: stop het andere, of vraag bij @BotFather een nieuw token. "
    "Staat er een webhook ingesteld, verwijder die dan; `verbinder doctor` zegt welke."
)

# Exceptions of httpx, by name, that are raised before a byte of the request was written.
_NEVER_LEFT = frozenset(
    {"ConnectError", "ConnectTimeout", "PoolTimeout", "ProxyError", "UnsupportedProtocol", "InvalidURL"}
)
_LONGEST_QUOTE = 300  # characters
_TOKEN = re.compile(r"\d{5,}:[\w-]{20,}")
_GONE = (
    "message to be replied not found",
    "replied message not found",
    "reply message not found",
    "message to edit not found",
    "message to delete not found",
    "message not found",
    "message_id_invalid",
)
_RIGHTS = (
    # (what Telegram says, the right that is missing, what to do)
    (
        "message can't be deleted",
        "can_delete_messages",
        "Maak de bot beheerder van de groep, met het recht om berichten te verwijderen.",
    ),
    ("not enough rights to send", "can_send_messages", "Geef de bot in de groep het recht om berichten te sturen."),
    ("have no rights to send", "can_send_messages", "Geef de bot in de groep het recht om berichten te sturen."),
    ("chat_write_forbidden", "can_send_messages", "Geef de bot in de groep het recht om berichten te sturen."),
    (
        "topic_closed",
        "can_manage_topics",
        "Open het onderwerp opnieuw, of geef de bot het recht om onderwerpen te beheren.",
    ),
    ("administrator rights", "administrator", "Maak de bot beheerder van de groep."),
    ("chat_admin_required", "administrator", "Maak de bot beheerder van de groep."),
    ("not enough rights", "administrator", "Maak de bot beheerder van de groep."),
    ("chat not found", "member", "Voeg de bot toe aan de groep en controleer het nummer van de groep."),
)


class Unchanged(Rejected):
    """An edit would change nothing."""


class Moved(Rejected):
    """A basic group became a supergroup; `new_chat` is its number now."""

    def __init__(self, new_chat: int) -> None:
        super().__init__(
            f"Deze groep kreeg van Telegram een nieuw nummer: {new_chat}.",
            remedy="Zet het nieuwe nummer in VERBINDER_TELEGRAM__CHATS of VERBINDER_TELEGRAM__STAFF_CHAT.",
        )
        self.new_chat = new_chat


def translated(error: TelegramError) -> ChannelError:
    """Return our error for one of python-telegram-bot's."""
    said = redacted(error.message)
    match error:
        case RetryAfter():
            return RateLimited(f"Telegram vraagt om te wachten ({said}).", retry_after=_wait(error))
        case Conflict():
            return Rejected(f"Een ander programma leest al met dit token van Telegram ({said}).", remedy=ONE_READER)
        case InvalidToken() | EndPointNotFound():
            # PTB calls a rejected token an unknown method once it has seen the token work.
            return Revoked("Telegram aanvaardt het token niet (meer).", remedy=NEW_TOKEN)
        case ChatMigrated():
            return Moved(error.new_chat_id)
        case Forbidden():
            return _forbidden(said)
        case BadRequest():
            return _bad_request(said)
        case NetworkError():
            return _network(error, said)
    return Transient(f"Telegram gaf een onverwacht antwoord ({said}).", sent=True)


def redacted(text: str) -> str:
    """Return `text` without anything that looks like a token, and not endless (an error page may be)."""
    return shorten(_TOKEN.sub("<token>", text), _LONGEST_QUOTE)


async def asking(answer: Awaitable[T]) -> T:
    """Await a request; raise our errors instead of python-telegram-bot's."""
    try:
        return await answer
    except TelegramError as error:
        # None: the original may hold the request's address, and so the token, in its chain.
        raise translated(error) from None


def _forbidden(said: str) -> ChannelError:
    lower = said.lower()
    if "kicked" in lower or "not a member" in lower:
        return MissingPermission(
            f"De bot is geen lid (meer) van de groep ({said}).",
            permission="member",
            remedy="Voeg de bot opnieuw toe aan de groep.",
        )
    if "initiate conversation" in lower or "blocked by the user" in lower:
        return Rejected(f"Deze persoon krijgt geen berichten van de bot ({said}).")
    return MissingPermission(
        f"Telegram staat dit niet toe ({said}).",
        permission="administrator",
        remedy="Maak de bot beheerder van de groep.",
    )


def _bad_request(said: str) -> ChannelError:
    lower = said.lower()
    if "message is not modified" in lower:
        return Unchanged("Er is niets veranderd.")
    if any(gone in lower for gone in _GONE):
        return TargetGone(f"Het bericht bestaat niet meer op Telegram ({said}).")
    for wording, permission, remedy in _RIGHTS:
        if wording in lower:
            return MissingPermission(f"Telegram staat dit niet toe ({said}).", permission=permission, remedy=remedy)
    return Rejected(f"Telegram weigert dit ({said}).")


def _network(error: NetworkError, said: str) -> ChannelError:
    if said.lower().startswith("too many requests"):
        return RateLimited(f"Telegram vraagt om te wachten ({said}).", retry_after=DEFAULT_WAIT)
    never_left = _cause_name(error) in _NEVER_LEFT or "request was *not* sent" in said.lower()
    if isinstance(error, TimedOut):
        return Transient("Telegram antwoordde niet op tijd.", sent=not never_left)
    what = "Telegram is niet bereikbaar" if never_left else "De verbinding met Telegram brak af"
    return Transient(f"{what} ({said}).", sent=not never_left)


def _cause_name(error: BaseException) -> str:
    return type(error.__cause__).__name__ if error.__cause__ is not None else ""


def _wait(error: RetryAfter) -> timedelta:
    """Return the wait of a 429; python-telegram-bot gives a number or a timedelta, by an environment variable."""
    wait = error.retry_after
    return wait if isinstance(wait, timedelta) else timedelta(seconds=wait)
