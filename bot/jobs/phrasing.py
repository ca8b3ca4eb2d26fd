"""Dutch for moments and numbers, as the messages of jobs use them. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from zoneinfo import ZoneInfo

from bot.core.cases import CaseKind

_DAYS = ("maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag")
_MONTHS = (
    "januari", "februari", "maart", "april", "mei", "juni",
    "juli", "augustus", "september", "oktober", "november", "december",
)  # fmt: skip
_WAITING = {
    CaseKind.ALERT: ("melding", "meldingen"),
    CaseKind.REPLY: ("voorstel van antwoord", "voorstellen van antwoord"),
}
_CHANNELS = {"telegram": "Telegram", "discord": "Discord", "demo": "de demonstratie"}


def day(moment: date) -> str:
    """Return `maandag 23 november`."""
    return f"{_DAYS[moment.weekday()]} {moment.day} {_MONTHS[moment.month - 1]}"


def at(moment: datetime, zone: ZoneInfo) -> str:
    """Return `maandag 23 november om 14.05 uur`, on the town's clock."""
    local = moment.astimezone(zone)
    return f"{day(local.date())} om {local:%H.%M} uur"


def number_of(count: int, one: str, many: str) -> str:
    """Return `1 melding` or `3 meldingen`."""
    return f"{count} {one if count == 1 else many}"


def listed(parts: Sequence[str]) -> str:
    """Return `a, b en c`."""
    return " en ".join(filter(None, [", ".join(parts[:-1]), *parts[-1:]]))


def cases_in_words(counts: Mapping[CaseKind, int]) -> str:
    """Return `2 meldingen en 1 voorstel van antwoord`, without what there is none of."""
    return listed([number_of(counts[kind], *words) for kind, words in _WAITING.items() if counts.get(kind)])


def channel_name(channel: str) -> str:
    """Return how people call a channel."""
    return _CHANNELS.get(channel, channel)
