"""The Dutch words that only the console needs. What all faces say alike stands in `bot.review.words`."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.core.audit import AuditName
from bot.core.cases import ActionKind, CaseKind
from bot.core.findings import Severity, Tension, Tone
from bot.core.health import Verdict
from bot.core.people import Face, Role

ROLES: Mapping[Role, str] = MappingProxyType(
    {
        Role.ADMINISTRATOR: "Beheerder",
        Role.MODERATOR: "Moderator",
        Role.COMMUNITY_MANAGER: "Community manager",
        Role.AUDITOR: "Meelezer",
    }
)
ROLE_HELP: Mapping[Role, str] = MappingProxyType(
    {
        Role.ADMINISTRATOR: "mag alles, en beheert de mensen",
        Role.MODERATOR: "beslist over meldingen",
        Role.COMMUNITY_MANAGER: "beslist over antwoorden",
        Role.AUDITOR: "leest alles na, verandert niets",
    }
)
FACES: Mapping[Face, str] = MappingProxyType({Face.WEB: "console", Face.TELEGRAM: "Telegram", Face.DISCORD: "Discord"})
CHANNELS: Mapping[str, str] = MappingProxyType({"telegram": "Telegram", "discord": "Discord", "demo": "Demonstratie"})
DESKS: Mapping[CaseKind, str] = MappingProxyType({CaseKind.ALERT: "Meldingen", CaseKind.REPLY: "Voorstellen"})

# A sign beside each word, so that colour is never the only difference.
SEVERITY_SIGNS: Mapping[Severity, str] = MappingProxyType(
    {Severity.LOW: "○", Severity.MODERATE: "◐", Severity.HIGH: "▲", Severity.CRITICAL: "■"}
)
VERDICT_SIGNS: Mapping[Verdict, str] = MappingProxyType(
    {Verdict.GOOD: "✓", Verdict.WARNING: "!", Verdict.BAD: "✕", Verdict.SKIPPED: "–"}
)
TONES: Mapping[Tone, str] = MappingProxyType(
    {
        Tone.QUESTION: "een vraag",
        Tone.WORRY: "een bezorgdheid",
        Tone.CRITICISM: "kritiek",
        Tone.HOSTILE: "vijandig",
        Tone.CONNECTING: "verbindend",
        Tone.NEUTRAL: "neutraal",
    }
)
TENSIONS: Mapping[Tension, str] = MappingProxyType(
    {
        Tension.NONE: "geen spanning gezien",
        Tension.CONFLICT: "een conflict over iets concreets: geef een feitelijk antwoord",
        Tension.IDEOLOGICAL: "een verschil van mening: dat mag, geef ruimte",
        Tension.AFFECTIVE: "wij tegen zij: speel de bal, niet de mens",
    }
)
_FLAGS: Mapping[str, str] = MappingProxyType(
    {
        "toxicity": "kwetsend",
        "severe_toxicity": "zwaar kwetsend",
        "obscene": "grof",
        "identity_attack": "aanval op een groep mensen",
        "insult": "belediging",
        "threat": "bedreiging",
        "sexual_explicit": "seksueel",
    }
)
# What the page says after an action, by what was asked.
DONE_FLASH: Mapping[ActionKind, str] = MappingProxyType(
    {
        ActionKind.APPROVE: "Goedgekeurd. Het antwoord wordt zo meteen geplaatst.",
        ActionKind.EDIT: "Uw tekst is goedgekeurd. Het antwoord wordt zo meteen geplaatst.",
        ActionKind.ANOTHER: "Hieronder staat een ander voorstel.",
        ActionKind.DROP: "Goed, hier komt geen antwoord op.",
        ActionKind.FINE: "Goed, deze reactie blijft staan.",
        ActionKind.PROPOSE_REMOVAL: "Uw voorstel om te verwijderen ligt nu bij een moderator.",
        ActionKind.REMOVE: "De reactie wordt zo meteen verwijderd.",
        ActionKind.WARN: "De herinnering aan de huisregels wordt zo meteen geplaatst.",
        ActionKind.PASS_ON: "Doorgegeven aan de collega's.",
        ActionKind.CLAIM: "U behandelt dit nu. Collega's zien dat.",
        ActionKind.RELEASE: "Vrijgegeven: een collega kan dit opnemen.",
        ActionKind.UNDO: "Ongedaan gemaakt. Er is niets geplaatst of verwijderd.",
    }
)
EVENTS: Mapping[AuditName, str] = MappingProxyType(
    {
        AuditName.MESSAGE_RECEIVED: "bericht ontvangen",
        AuditName.MESSAGE_EDITED: "bericht aangepast door de schrijver",
        AuditName.MESSAGE_DELETED: "bericht verwijderd op het kanaal",
        AuditName.MESSAGE_ERASED: "bericht gewist",
        AuditName.UPDATE_UNREADABLE: "onleesbaar bericht bewaard",
        AuditName.GAP: "mogelijk ontbreken er berichten",
        AuditName.HISTORY_IMPORTED: "geschiedenis ingelezen",
        AuditName.ANALYSIS_DONE: "beoordeeld door het programma",
        AuditName.ANALYSIS_FAILED: "beoordelen is mislukt",
        AuditName.CASE_OPENED: "zaak geopend",
        AuditName.CASE_GREW: "gelijkaardige reactie toegevoegd",
        AuditName.CASE_CLOSED: "zaak afgesloten",
        AuditName.CASE_RETURNED: "zaak teruggekomen",
        AuditName.CASE_CLAIMED: "nam de zaak op",
        AuditName.CASE_RELEASED: "gaf de zaak vrij",
        AuditName.CLAIM_EXPIRED: "de zaak kwam vrij: ze bleef te lang liggen",
        AuditName.SUGGESTION_TURNED: "vroeg een ander voorstel",
        AuditName.REMOVAL_PROPOSED: "stelde voor om te verwijderen",
        AuditName.CASE_PASSED_ON: "gaf de zaak door",
        AuditName.DECISION_MADE: "besliste",
        AuditName.DECISION_UNDONE: "maakte de beslissing ongedaan",
        AuditName.EFFECT_SENT: "uitgevoerd op het kanaal",
        AuditName.EFFECT_FAILED: "uitvoeren is mislukt",
        AuditName.EFFECT_UNCERTAIN: "misschien uitgevoerd",
        AuditName.REMINDER_SENT: "herinnering gestuurd",
        AuditName.DIGEST_SENT: "overzicht gestuurd",
        AuditName.RETENTION_RAN: "oude gegevens opgeruimd",
        AuditName.PERSON_ADDED: "collega toegevoegd",
        AuditName.PERSON_CHANGED: "collega aangepast",
        AuditName.ACCOUNT_LINKED: "account gekoppeld",
        AuditName.SIGNED_IN: "meldde zich aan",
        AuditName.SIGN_IN_FAILED: "aanmelden geweigerd",
        AuditName.SIGNED_OUT: "meldde zich af",
        AuditName.SERVICE_STARTED: "programma gestart",
        AuditName.SERVICE_STOPPED: "programma gestopt",
        AuditName.CHANNEL_FAILED: "kanaal viel uit",
        AuditName.CHANNEL_CONNECTED: "kanaal verbonden",
        AuditName.NOTICE_RAISED: "bericht voor beheerders",
        AuditName.RULES_APPLIED: "huisregels toegepast",
        AuditName.RULES_REFUSED: "bestand met huisregels geweigerd",
        AuditName.RULES_SAVED: "bewaarde de huisregels",
        AuditName.RULES_RESTORED: "zette eerdere huisregels terug",
        AuditName.THRESHOLDS_APPLIED: "drempels toegepast",
        AuditName.THRESHOLDS_REFUSED: "bestand met drempels geweigerd",
    }
)
COUNTERS: Mapping[str, str] = MappingProxyType(
    {
        "received": "Reacties ontvangen",
        "edited": "Reacties aangepast door de schrijver",
        "judged_alert": "Beoordeeld: melding",
        "judged_suggestion": "Beoordeeld: voorstel van antwoord",
        "judged_nothing": "Beoordeeld: niets te doen",
    }
)


def flag_word(label: str) -> str:
    """Return the word for a toxicity label."""
    return _FLAGS.get(label, label.replace("_", " "))


def frame_word(frame_id: str) -> str:
    """Return the name of a frame or value as people read it."""
    return frame_id.replace("_", " ")


def channel_word(channel: str) -> str:
    return CHANNELS.get(channel, channel)


def counter_word(name: str) -> str:
    """Return what a daily counter counts."""
    if name.startswith("shadow:"):
        return f"Proefregel “{name.removeprefix('shadow:')}” zou iets gedaan hebben"
    return COUNTERS.get(name, name)
