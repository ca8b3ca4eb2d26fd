"""The Dutch words for what people do and see, the same on every face."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from bot.core.cases import ActionKind, CaseKind, CaseState, EffectState

LABELS: Mapping[ActionKind, str] = MappingProxyType(
    {
        ActionKind.APPROVE: "Goedkeuren",
        ActionKind.EDIT: "Aanpassen",
        ActionKind.ANOTHER: "Ander voorstel",
        ActionKind.DROP: "Niet antwoorden",
        ActionKind.FINE: "In orde",
        ActionKind.PROPOSE_REMOVAL: "Stel verwijderen voor",
        ActionKind.REMOVE: "Verwijderen",
        ActionKind.WARN: "Herinner aan de huisregels",
        ActionKind.PASS_ON: "Doorgeven",
        ActionKind.CLAIM: "Ik neem dit op",
        ActionKind.RELEASE: "Vrijgeven",
        ActionKind.UNDO: "Ongedaan maken",
    }
)

# After a name: "An keurde dit antwoord goed".
DONE: Mapping[ActionKind, str] = MappingProxyType(
    {
        ActionKind.APPROVE: "keurde dit antwoord goed",
        ActionKind.EDIT: "paste het antwoord aan en keurde het goed",
        ActionKind.DROP: "koos om niet te antwoorden",
        ActionKind.FINE: "vond dit in orde",
        ActionKind.PROPOSE_REMOVAL: "stelde voor om dit te verwijderen",
        ActionKind.REMOVE: "besliste om dit te verwijderen",
        ActionKind.WARN: "herinnerde aan de huisregels",
        ActionKind.PASS_ON: "gaf dit door",
    }
)

KINDS: Mapping[CaseKind, str] = MappingProxyType({CaseKind.ALERT: "Melding", CaseKind.REPLY: "Voorstel van antwoord"})

STATES: Mapping[CaseState, str] = MappingProxyType(
    {
        CaseState.OPEN: "Wacht op een beslissing",
        CaseState.RETURNED: "Terug bij u",
        CaseState.DECIDED: "Beslist",
        CaseState.CLOSED: "Afgesloten",
    }
)

EFFECTS: Mapping[EffectState, str] = MappingProxyType(
    {
        EffectState.WAITING: "wordt zo meteen uitgevoerd",
        EffectState.SENDING: "wordt nu uitgevoerd",
        EffectState.SENT: "uitgevoerd",
        EffectState.CANCELLED: "geannuleerd",
        EffectState.FAILED: "niet gelukt",
        EffectState.UNCERTAIN: "misschien uitgevoerd: kijk het na op het kanaal",
    }
)
