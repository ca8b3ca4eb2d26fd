"""A house rule with its figures, in the words that its pages show. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from types import MappingProxyType

from bot.core.findings import Effect
from bot.review.backtest_words import number, short_share
from bot.rules.compiling import EVERYWHERE, CompiledRule
from bot.rules.statistics import Proportion
from bot.store.rule_statistics import RuleStatistics
from bot.web.words import channel_word

FEWEST = 5
"""Decisions from which on a percentage says something."""
FEWEST_LATELY = 4
"""Decisions from which on it is said that a rule is often wrong."""

STATUSES: Mapping[str, str] = MappingProxyType(
    {
        "actief": "werkt",
        "schaduw": "telt mee, doet niets",
        "concept": "loopt nog niet",
        "uitgefaseerd": "loopt niet meer",
    }
)
_EFFECTS: Mapping[Effect, str] = MappingProxyType(
    {
        Effect.ALERT_MODERATOR: "meldt aan een moderator",
        Effect.PROPOSE_REMOVAL: "stelt verwijderen voor",
        Effect.SUGGEST_REPLY: "stelt een antwoord voor",
        Effect.MARK: "markeert",
    }
)


@dataclass(frozen=True, slots=True)
class RuleRow:
    """A rule and how it does. `precision` says how often people agreed, `low`, `value` and `high` in percent or None.

    `warning` is a sentence for a rule that is often wrong lately, else empty; `last_seen` None where it never fired.
    """

    rule: CompiledRule
    effects: str
    channels: str
    fired: str
    shadow: int
    upheld: str
    overruled: str
    open: int
    precision: str
    bar: tuple[float, float, float] | None
    last_seen: datetime | None
    warning: str
    order: tuple[bool, int]


def row_of(rule: CompiledRule, found: RuleStatistics | None) -> RuleRow:
    """Return a rule with what was counted, `found` None where it never fired."""
    upheld, overruled = (found.upheld, found.overruled) if found else (0, 0)
    share = Proportion(upheld, upheld + overruled)
    warning = often_wrong(found) if found and rule.status != "uitgefaseerd" else ""
    return RuleRow(
        rule=rule,
        effects=effects_of(rule.effects),
        channels=channels_of(rule.channels),
        fired=number(found.fired if found else 0),
        shadow=found.shadow if found else 0,
        upheld=number(upheld),
        overruled=number(overruled),
        open=found.open if found else 0,
        precision=precision(share),
        bar=_bar(share),
        last_seen=found.last_seen if found else None,
        warning=warning,
        order=(not warning, -(found.fired if found else 0)),
    )


def precision(share: Proportion) -> str:
    """Return how often people agreed, or that there is too little to say so."""
    if not share.of:
        return "nog geen beslissing"
    if share.of < FEWEST:
        return "te weinig om iets te zeggen"
    return short_share(share)


def often_wrong(found: RuleStatistics) -> str:
    """Return a sentence when people overruled a rule at least every other time of late, else nothing."""
    wrong, of = found.wrong_lately, len(found.lately)
    if of < FEWEST_LATELY or 2 * wrong < of:
        return ""
    return f"Deze regel had het {wrong} van de laatste {of} keer mis."


def former_names(replaced: Mapping[str, str], rule_id: str) -> frozenset[str]:
    """Return every name that a rule ever had, with its present one."""
    names = {rule_id}
    while more := {former for former, present in replaced.items() if present in names} - names:
        names |= more
    return frozenset(names)


def effects_of(effects: Iterable[Effect]) -> str:
    wanted = frozenset(effects)
    return _joined([words for effect, words in _EFFECTS.items() if effect in wanted])


def channels_of(channels: Sequence[str]) -> str:
    if EVERYWHERE in channels:
        return "in alle kanalen"
    return f"alleen op {_joined([channel_word(channel) for channel in channels])}"


def _joined(words: Sequence[str]) -> str:
    return words[0] if len(words) == 1 else f"{', '.join(words[:-1])} en {words[-1]}"


def _bar(share: Proportion) -> tuple[float, float, float] | None:
    """Return low, value and high in percent, for a drawing of where the truth lies."""
    if share.value is None or share.of < FEWEST:
        return None
    interval = share.interval
    return round(100 * interval.low, 1), round(100 * share.value, 1), round(100 * interval.high, 1)
