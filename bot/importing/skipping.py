"""Why an exported message does not become a message of ours, in words for the administrator who runs the import."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Reason(StrEnum):
    """A reason to leave an exported message out. The values are shown, so they are Dutch."""

    SERVICE = "melding van het platform zelf, zoals 'is lid geworden' of 'maakte een onderwerp aan'"
    BOT = "bericht van een bot"
    EMPTY = "leeg bericht"
    UNSUPPORTED = "soort bericht dat het exportprogramma niet kan uitschrijven"
    PRIVATE = "privégesprek, dat wordt nooit ingelezen"
    OTHER_CHAT = "groep of kanaal dat u niet laat volgen"
    NOT_A_MESSAGE = "geen bericht in de vorm die het exportprogramma gebruikt"
    NO_ID = "bericht zonder geldig nummer"
    NO_TIME = "bericht zonder geldig tijdstip"


@dataclass(frozen=True, slots=True)
class Skipped:
    """One exported message that was left out, and why."""

    reason: Reason
