"""Settings that are read well and still do not fit together."""

from __future__ import annotations

from bot.core.errors import ConfigError
from bot.core.health import Check, Verdict
from bot.jobs.hours import time_of, working_hours
from bot.settings import Settings

NAME = "Instellingen"
CHANNELS = "Kanalen"
STAFF = "Teamkanaal"

_ON_THIS_MACHINE = ("127.0.0.1", "localhost", "::1")


async def examine(settings: Settings) -> tuple[Check, ...]:
    """Return what can be said without asking anybody."""
    return (_times(settings), *_channels(settings), *_console(settings))


def _times(settings: Settings) -> Check:
    try:
        working_hours(settings.review, settings.timezone)
        time_of("VERBINDER_REVIEW__DIGEST_AT", settings.review.digest_at)
    except ConfigError as error:
        return Check(NAME, Verdict.BAD, error.message, error.remedy)
    return Check(NAME, Verdict.GOOD, f"Gelezen voor {settings.town}, tijdzone {settings.timezone}.")


def _channels(settings: Settings) -> tuple[Check, ...]:
    names = [
        name for name, section in (("Telegram", settings.telegram), ("Discord", settings.discord)) if section.token
    ]
    if not names:
        return (
            Check(
                CHANNELS,
                Verdict.WARNING,
                "Er is nog geen kanaal ingesteld"
                + (": de demonstratie speelt." if settings.demo_plays else ", en de demonstratie staat uit."),
                "Zet VERBINDER_TELEGRAM__TOKEN of VERBINDER_DISCORD__TOKEN in het bestand .env.",
            ),
        )
    connected = Check(CHANNELS, Verdict.GOOD, f"Ingesteld: {' en '.join(names)}.")
    if settings.telegram.staff_chat or settings.discord.staff_channel:
        return (connected,)
    remedy = (
        "Wilt u meldingen en voorstellen ook daar zien, zet dan VERBINDER_TELEGRAM__STAFF_CHAT of "
        "VERBINDER_DISCORD__STAFF_CHANNEL."
    )
    return connected, Check(
        STAFF, Verdict.WARNING, "Er is geen teamkanaal: beslissen kan alleen in de console.", remedy
    )


def _console(settings: Settings) -> tuple[Check, ...]:
    console = settings.console
    if console.host in _ON_THIS_MACHINE or (console.url or "").startswith("https://"):
        return ()
    detail = (
        f"De console luistert op {console.host}, zonder versleuteld adres: wachtwoorden gaan leesbaar over het net."
    )
    remedy = "Zet er een webserver met https voor en vul dat adres in bij VERBINDER_CONSOLE__URL."
    return (Check("Console: https", Verdict.WARNING, detail, remedy),)
