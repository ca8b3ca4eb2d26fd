"""Why a condition held or did not, in one Dutch sentence a kind. Words only: the verdict is the condition's own.

A sentence starts in lower case and has no full stop. Where nothing was found, it looks whether an exception, or an
option that is off, is the reason: that is what an administrator wants to know.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import timedelta
from types import MappingProxyType
from typing import Any

from bot.core.findings import Span
from bot.core.messages import SAME_AUTHOR
from bot.rules.changed_conditions import enough, shown
from bot.rules.conditions.base import Spec
from bot.rules.conditions.bijlage import Bijlage
from bot.rules.conditions.draad import Draad
from bot.rules.conditions.eerste_bericht import EersteBericht
from bot.rules.conditions.herhaling import Herhaling
from bot.rules.conditions.kanaal import Kanaal
from bot.rules.conditions.links import Links
from bot.rules.conditions.overval import Overval
from bot.rules.conditions.patroon import Patroon
from bot.rules.conditions.persoonsgegevens import Persoonsgegevens
from bot.rules.conditions.rol import Rol
from bot.rules.conditions.schreeuwen import Schreeuwen
from bot.rules.conditions.stortvloed import Stortvloed
from bot.rules.conditions.taal import Taal
from bot.rules.conditions.tijd import Tijd
from bot.rules.conditions.toxiciteit import Toxiciteit
from bot.rules.conditions.woorden import Woorden
from bot.rules.conditions.zinnen import Zinnen
from bot.rules.durations import write_duration
from bot.rules.inputs import Subject
from bot.rules.lists import Lists
from bot.rules.moments import DAY_NAMES, write_clock
from bot.rules.verdicts import Verdict
from bot.text.language import UNKNOWN
from bot.text.links import find_links
from bot.text.personal import PersonalKind, find_personal_data

_LONGEST_QUOTE = 60  # characters

_GROUPS: Mapping[str, tuple[str, str]] = MappingProxyType(
    {
        "alle": ("alles hieronder klopt", "niet alles hieronder klopt"),
        "een": ("minstens één hiervan klopt", "niets hiervan klopt"),
        "geen": ("niets hieronder klopt, en zo hoort het", "hieronder klopt iets, en dat mag niet"),
    }
)
_LANGUAGES = {"nl": "Nederlands", "fr": "Frans", "en": "Engels", "de": "Duits"}


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a condition said about a text, with what it was told to look in."""

    subject: Subject
    verdict: Verdict
    lists: Lists

    @property
    def quoted(self) -> str:
        """Return what was found, as it stands in the text."""
        text = self.subject.given.text
        return enough([_short(text[start:end]) for start, end in dict.fromkeys(self.verdict.spans)])

    def other(self, spec: Spec, **changes: object) -> tuple[Span, ...]:
        """Return what `spec` would find with other options."""
        return spec.model_copy(update=changes).compile(self.lists)(self.subject).spans

    def quote(self, spans: Iterable[Span]) -> str:
        """Return some spans as they stand in the text."""
        return replace(self, verdict=Verdict(True, tuple(spans))).quoted


def group_reason(key: str, verdict: Verdict) -> str:
    """Return why a group held or did not; the conditions in it say more."""
    if verdict.fired is None:
        return "niet te zeggen: een deel hieronder kon niet bekeken worden"
    return _GROUPS[key][0 if verdict.fired else 1]


def reason(spec: Spec, outcome: Outcome) -> str:
    """Return why one condition held or did not."""
    if outcome.verdict.fired is None:
        return f"niet te zeggen: {outcome.verdict.why}"
    return REASONS[type(spec)](spec, outcome)


# ── what stands in the text ───────────────────────────────────────────────────────────────────────────────────────────


def _woorden(spec: Woorden, outcome: Outcome) -> str:
    what = _listed(spec.lijst, "woord", "deze woorden")
    if outcome.verdict.fired:
        return f"{what[0]} gevonden: {outcome.quoted}"
    if spec.behalve and (left := outcome.other(spec, behalve=())):
        return f"{outcome.quote(left)} staat er, maar `behalve` laat dat niet meetellen"
    bare = Lists({name: replace(words, exceptions=()) for name, words in outcome.lists.usable.items()})
    if left := replace(outcome, lists=bare).other(spec):
        return f"{outcome.quote(left)} staat er, maar is een uitzondering in de lijst"
    if not spec.samenstellingen and (left := outcome.other(spec, samenstellingen=True)):
        return f"{outcome.quote(left)} bevat zo'n woord, maar `samenstellingen` staat uit"
    if not spec.verbuigingen and (left := outcome.other(spec, verbuigingen=True)):
        return f"{outcome.quote(left)} is een vorm van zo'n woord, maar `verbuigingen` staat uit"
    return what[1]


def _zinnen(spec: Zinnen, outcome: Outcome) -> str:
    if outcome.verdict.fired:
        return f"zin gevonden: {outcome.quoted}"
    if spec.behalve and (left := outcome.other(spec, behalve=())):
        return f"{outcome.quote(left)} staat er, maar `behalve` laat dat niet meetellen"
    return f"geen van deze zinnen gevonden: {enough([shown(text) for text in spec.lijst])}"


def _patroon(spec: Patroon, outcome: Outcome) -> str:
    if outcome.verdict.fired:
        return f"het patroon past op {outcome.quoted}"
    return f"het patroon “{_short(spec.uitdrukking)}” past nergens"


def _links(spec: Links, outcome: Outcome) -> str:
    links = find_links(outcome.subject.given.text)
    if outcome.verdict.fired:
        return f"{_count(len(outcome.verdict.spans), 'link', 'links')} gevonden: {outcome.quoted}"
    if not links:
        return "er staat geen link in"
    counted = outcome.other(spec, minstens=1)
    if counted:
        return (
            f"{_count(len(counted), 'link telt mee', 'links tellen mee')}; de regel vraagt er minstens {spec.minstens}"
        )
    why = f"de regel kijkt alleen naar {_or(spec.naar)}" if spec.naar else "zo'n site mag"
    return f"{outcome.quote([link.span for link in links])} telt niet mee: {why}"


def _persoonsgegevens(spec: Persoonsgegevens, outcome: Outcome) -> str:
    found = find_personal_data(outcome.subject.given.text)
    if outcome.verdict.fired:
        kinds = dict.fromkeys(data.kind.value for data in found if data.span in outcome.verdict.spans)
        return f"{_and(kinds)} gevonden"
    if spec.behalve and (left := outcome.other(spec, behalve=())):
        kinds = dict.fromkeys(data.kind.value for data in found if data.span in left)
        return f"er staat een {_or(kinds)} in dat mag: het staat bij `behalve`"
    return f"geen {_or(spec.soorten or [kind.value for kind in PersonalKind])} gevonden"


def _schreeuwen(spec: Schreeuwen, outcome: Outcome) -> str:
    text = outcome.subject.given.text
    capitals = sum(map(str.isupper, text))
    letters = capitals + sum(map(str.islower, text))
    if letters < spec.minstens:
        return f"de tekst heeft {_count(letters, 'letter', 'letters')}; de regel kijkt vanaf {spec.minstens}"
    share = _percent(capitals / letters)
    return f"{share} van de letters zijn hoofdletters; de regel telt vanaf {_percent(spec.aandeel)}"


def _toxiciteit(spec: Toxiciteit, outcome: Outcome) -> str:
    score = (outcome.subject.given.scores or {})[spec.label]
    side = "en haalt" if outcome.verdict.fired else "onder"
    return f"toxiciteit `{spec.label}` is {_number(score, spec.vanaf)}, {side} {_number(spec.vanaf, score)}"


def _taal(spec: Taal, outcome: Outcome) -> str:
    language = outcome.subject.given.language
    if language == UNKNOWN:
        return "de taal is niet te herkennen, en telt dan mee als elke taal"
    here = _LANGUAGES.get(language, language)
    return f"de taal is {here}" if outcome.verdict.fired else f"de taal is {here}, niet {_or(spec.talen)}"


# ── wie, waar en wanneer ──────────────────────────────────────────────────────────────────────────────────────────────


def _bijlage(spec: Bijlage, outcome: Outcome) -> str:
    attachments = [shown(name) for name in outcome.subject.given.attachments]
    if not attachments:
        return "er is geen bijlage"
    if outcome.verdict.fired:
        return f"er is een bijlage bij: {enough(attachments)}"
    return f"de bijlage {enough(attachments)} is geen {_or(spec.soorten)}"


def _herhaling(spec: Herhaling, outcome: Outcome) -> str:
    alike = outcome.subject.given.recent.alike
    times = 1 + sum(author == SAME_AUTHOR and age <= spec.binnen for author, age in alike)
    if times >= spec.keer and (short := _too_short(spec.minstens, outcome)):
        return short
    within = write_duration(spec.binnen)
    return f"deze persoon schreef dit {times} keer binnen {within}; de regel telt vanaf {spec.keer}"


def _stortvloed(spec: Stortvloed, outcome: Outcome) -> str:
    count = 1 + _within(outcome.subject.given.recent.own, spec.binnen)
    number = _count(count, "bericht", "berichten")
    return f"deze persoon schreef {number} binnen {write_duration(spec.binnen)}; de regel telt vanaf {spec.berichten}"


def _overval(spec: Overval, outcome: Outcome) -> str:
    alike = outcome.subject.given.recent.alike
    authors = len({SAME_AUTHOR, *(author for author, age in alike if age <= spec.binnen)})
    if authors >= spec.auteurs and (short := _too_short(spec.minstens, outcome)):
        return short
    number = _count(authors, "persoon schreef", "personen schreven")
    return f"{number} dit binnen {write_duration(spec.binnen)}; de regel telt vanaf {spec.auteurs}"


def _rol(spec: Rol, outcome: Outcome) -> str:
    role = outcome.subject.given.role.value
    return f"de schrijver is {role}" if outcome.verdict.fired else f"de schrijver is {role}, niet {_or(spec.rollen)}"


def _kanaal(spec: Kanaal, outcome: Outcome) -> str:
    channel = shown(outcome.subject.given.channel) if outcome.subject.given.channel else "niet gekend"
    return f"het kanaal is {channel}" if outcome.verdict.fired else f"het kanaal is {channel}, niet {_or(spec.kanalen)}"


def _draad(spec: Draad, outcome: Outcome) -> str:
    given = outcome.subject.given
    places = [shown(place) for place in (given.thread_id, given.post_id) if place is not None]
    if outcome.verdict.fired:
        return f"het staat in draad {_and(place for place in places if place in spec.draden)}"
    return f"het staat {f'in draad {_and(places)}' if places else 'in geen draad'}, niet in {_or(spec.draden)}"


def _eerste_bericht(spec: EersteBericht, outcome: Outcome) -> str:
    del spec
    first = outcome.subject.given.recent.first
    if first is None:
        return "het is niet bekend of dit iemands eerste bericht is"
    return "dit is iemands eerste bericht" if first else "deze persoon schreef hier al eerder"


def _tijd(spec: Tijd, outcome: Outcome) -> str:
    moment = outcome.subject.given.moment
    assert moment is not None, "without a moment the verdict is unknown"
    when = f"geschreven op {DAY_NAMES[moment.weekday()]} om {moment:%H:%M}"
    asked = [f"van {write_clock(spec.van)} tot {write_clock(spec.tot)}"] if spec.van is not None and spec.tot else []
    asked += [f"op {_and(DAY_NAMES[day] for day in spec.dagen)}"] if spec.dagen else []
    return f"{when}; de regel kijkt {' '.join(asked)}"


REASONS: Mapping[type[Spec], Callable[[Any, Outcome], str]] = MappingProxyType(
    {
        Woorden: _woorden,
        Zinnen: _zinnen,
        Patroon: _patroon,
        Toxiciteit: _toxiciteit,
        Links: _links,
        Persoonsgegevens: _persoonsgegevens,
        Schreeuwen: _schreeuwen,
        Bijlage: _bijlage,
        Herhaling: _herhaling,
        Stortvloed: _stortvloed,
        Overval: _overval,
        Taal: _taal,
        Rol: _rol,
        Kanaal: _kanaal,
        Draad: _draad,
        Tijd: _tijd,
        EersteBericht: _eerste_bericht,
    }
)
"""One for every condition that there is."""


# ── parts of sentences ────────────────────────────────────────────────────────────────────────────────────────────────


def _listed(entries: tuple[str, ...], one: str, more: str) -> tuple[str, str]:
    """Return (what was found, that it was not) for words and lists of words."""
    lists = [entry for entry in entries if entry.startswith("@")]
    loose = [entry for entry in entries if not entry.startswith("@")]
    if not loose:
        return f"{one} uit {_and(lists)}", f"geen {one} uit {_or(lists)} gevonden"
    beside = f", en geen {one} uit {_or(lists)}" if lists else ""
    return one, f"geen van {more} gevonden: {enough([shown(word) for word in loose])}{beside}"


def _too_short(least: int, outcome: Outcome) -> str:
    count = len(outcome.subject.tokens)
    return (
        f"het bericht heeft {_count(count, 'woord', 'woorden')}; de regel telt vanaf {least}" if count < least else ""
    )


def _within(ages: Iterable[timedelta], limit: timedelta) -> int:
    return sum(age <= limit for age in ages)


def _short(text: str) -> str:
    flat = shown(text)
    return flat if len(flat) <= _LONGEST_QUOTE else f"{flat[: _LONGEST_QUOTE - 1]}…"


def _number(value: float, other: float) -> str:
    """Return a score with two decimals, or as many as it takes to tell it from `other`."""
    decimals = next((n for n in (2, 3, 4) if round(value, n) != round(other, n)), 4 if value != other else 2)
    return f"{value:.{decimals}f}".replace(".", ",")


def _percent(share: float) -> str:
    return f"{100 * share:.0f}%"


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"


def _and(parts: Iterable[str]) -> str:
    return _joined(parts, "en")


def _or(parts: Iterable[str]) -> str:
    return _joined(parts, "of")


def _joined(parts: Iterable[str], word: str) -> str:
    *first, last = [shown(part) for part in parts] or ["niets"]
    return f"{', '.join(first)} {word} {last}" if first else last
