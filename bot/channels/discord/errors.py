"""What discord.py and its socket raise → the errors of Verbinder, with what an administrator can do about it.

Pure. Decides nothing about retrying: that is for whoever catches these. Never puts a header, an address with a token
or a request in a message (trap 20).
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from enum import Enum

import aiohttp
import discord

from bot.core.errors import (
    ChannelError,
    MissingPermission,
    RateLimited,
    Rejected,
    Revoked,
    TargetGone,
    Transient,
)

DEFAULT_WAIT = timedelta(seconds=60)  # a 429 that does not say how long: Cloudflare's own pages

PLATFORM_ERRORS = (discord.DiscordException, aiohttp.ClientError, OSError)
"""What a request through discord.py is expected to raise; `translate` says what it means."""

# Codes of Discord's API reference, "JSON error codes".
UNKNOWN_CHANNEL = 10003
UNKNOWN_MESSAGE = 10008
MISSING_ACCESS = 50001
MISSING_PERMISSIONS = 50013
INVALID_FORM = 50035
THREAD_ARCHIVED = 50083
THREAD_LOCKED = 160005
NO_REPLY_WITHOUT_HISTORY = 160002
BLOCKED_BY_AUTOMOD = frozenset({200000, 200001})

# Close codes of the gateway.
_BAD_TOKEN = 4004
_DISALLOWED_INTENTS = 4014
_BAD_REQUEST = frozenset({4010, 4011, 4012, 4013})


class Permission(Enum):
    """A permission as Discord names it, and as its Dutch screens do."""

    VIEW = ("View Channel", "Kanaal bekijken")
    READ_HISTORY = ("Read Message History", "Berichtgeschiedenis lezen")
    SEND = ("Send Messages", "Berichten verzenden")
    SEND_IN_THREADS = ("Send Messages in Threads", "Berichten verzenden in threads")
    MANAGE_MESSAGES = ("Manage Messages", "Berichten beheren")
    EMBED_LINKS = ("Embed Links", "Links insluiten")

    @property
    def label(self) -> str:
        return self.value[0]

    @property
    def dutch(self) -> str:
        return self.value[1]


def missing(permission: Permission, *, where: str = "") -> MissingPermission:
    """Return the error that asks an administrator for `permission`; `where` names the channel."""
    place = f" in {where}" if where else ""
    return MissingPermission(
        f"Verbinder mist op Discord het recht ‘{permission.dutch}’ ({permission.label}){place}.",
        permission=permission.label,
        remedy=f"Geef de rol van Verbinder dat recht{place}: Kanaal bewerken → Permissies.",
    )


def missing_intent() -> MissingPermission:
    """Return the error for the switch that lets the bot read what people write."""
    return MissingPermission(
        "Discord laat Verbinder de tekst van berichten niet lezen: de schakelaar ‘Message Content Intent’ staat uit.",
        permission="Message Content Intent",
        remedy="Zet hem aan op https://discord.com/developers/applications: kies de applicatie, dan Bot → "
        "Privileged Gateway Intents → Message Content Intent, en bewaar.",
    )


def revoked() -> Revoked:
    return Revoked(
        "Discord aanvaardt het token van Verbinder niet (meer).",
        remedy="Maak een nieuw token in het Developer Portal (Bot → Reset Token), zet het in "
        "VERBINDER_DISCORD__TOKEN en start opnieuw.",
    )


@contextmanager
def asking(*, needs: Permission | None = None, where: str = "", sent: bool = False) -> Iterator[None]:
    """Let nothing but our own errors out of a block that asks something of Discord; see `translate`."""
    try:
        yield
    except ChannelError:
        raise
    except Exception as error:
        # Also what no list foresees: a session that closes under a request raises a bare RuntimeError.
        raise translate(error, needs=needs, where=where, sent=sent) from error


def translate(
    error: BaseException, *, needs: Permission | None = None, where: str = "", sent: bool = False
) -> ChannelError:
    """Return what `error` means.

    `needs` is the permission that a bare "Missing Permissions" must be about, `where` names the channel, `sent` says
    that the request may have had its effect if no answer came.
    """
    if isinstance(error, ChannelError):
        return error
    if isinstance(error, discord.LoginFailure):
        return revoked()
    if isinstance(error, discord.PrivilegedIntentsRequired):
        return missing_intent()
    if isinstance(error, discord.ConnectionClosed):
        return _closed(error.code)
    if isinstance(error, discord.RateLimited):
        return _wait(timedelta(seconds=error.retry_after))
    if isinstance(error, discord.HTTPException):
        return _http(error, needs=needs, where=where, sent=sent)
    if isinstance(error, discord.GatewayNotFound):
        return Transient("Discord zegt niet waar zijn gateway is; vaak een storing bij Discord zelf.")
    if isinstance(error, aiohttp.ClientConnectorError):
        return Transient("Discord is niet bereikbaar.", remedy="Controleer de internetverbinding.")
    if isinstance(error, (aiohttp.ClientError, TimeoutError, OSError)):
        return Transient(f"De verbinding met Discord viel weg ({type(error).__name__}).", sent=sent)
    if isinstance(error, discord.DiscordException):
        return Rejected(f"Discord gaf iets terug dat niet te gebruiken is ({type(error).__name__}).")
    return Transient(f"Onverwachte fout in het Discord-kanaal ({type(error).__name__}).", sent=sent)


def _closed(code: int) -> ChannelError:
    if code == _BAD_TOKEN:
        return revoked()
    if code == _DISALLOWED_INTENTS:
        return missing_intent()
    if code in _BAD_REQUEST:
        return Rejected(
            f"Discord weigert deze verbinding (sluitcode {code}).", remedy="Werk Verbinder en discord.py bij."
        )
    return Transient(f"Discord sloot de verbinding (sluitcode {code}).")


def _wait(duration: timedelta) -> RateLimited:
    seconds = duration.total_seconds()
    return RateLimited(f"Discord vraagt om {seconds:.0f} seconden te wachten.", retry_after=duration)


def _http(error: discord.HTTPException, *, needs: Permission | None, where: str, sent: bool) -> ChannelError:
    if error.status == 401:
        return revoked()
    if error.status == 429:
        return _wait(_retry_after(error))
    if error.status >= 500:
        return Transient(f"Storing bij Discord (status {error.status}).", sent=sent)
    if error.code in {UNKNOWN_MESSAGE, UNKNOWN_CHANNEL} or _unknown_reference(error):
        return TargetGone("Het bericht of het kanaal bestaat niet meer op Discord.")
    if error.code == MISSING_ACCESS:
        return missing(Permission.VIEW, where=where)
    if error.code == NO_REPLY_WITHOUT_HISTORY:
        return missing(Permission.READ_HISTORY, where=where)
    if error.code in {THREAD_ARCHIVED, THREAD_LOCKED}:
        return Rejected(
            "De thread op Discord is gearchiveerd of op slot.", remedy="Open de thread opnieuw en probeer nog eens."
        )
    if error.code in BLOCKED_BY_AUTOMOD:
        return Rejected(
            "AutoMod van Discord houdt dit bericht tegen.",
            remedy="Pas de tekst aan, of zonder Verbinder uit in de AutoMod-regels van de server.",
        )
    if error.status == 403:
        if needs is not None:
            return missing(needs, where=where)
        return MissingPermission(
            f"Discord weigert dit aan Verbinder (code {error.code}).",
            permission="",
            remedy="Kijk met ‘verbinder doctor’ welk recht ontbreekt.",
        )
    return Rejected(f"Discord weigert dit verzoek (status {error.status}, code {error.code}).")


def _retry_after(error: discord.HTTPException) -> timedelta:
    value = error.response.headers.get("Retry-After", "")
    try:
        return max(timedelta(seconds=float(value)), timedelta(0))
    except ValueError:
        return DEFAULT_WAIT


def _unknown_reference(error: discord.HTTPException) -> bool:
    # 50035 covers every wrong field; discord.py writes the name of the field in the text.
    return error.code == INVALID_FORM and "message_reference" in error.text and "Unknown message" in error.text
