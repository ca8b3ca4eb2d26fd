"""What changes for moderators and residents when one rule file follows another, in Dutch sentences. Pure.

In the order of the new file: its rules, those that are gone, its lists, its frames, the mirrored pairs. Layout and
remarks of the files change nothing and are not mentioned.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from bot.core.findings import Effect
from bot.rules.changed_conditions import changed_conditions, enough, more_and_less, shown
from bot.rules.compiling import EVERYWHERE, CompiledRule
from bot.rules.lists import WordList
from bot.rules.model import Example
from bot.rules.ruleset import RuleSet

# What a rule does, what it does from now on, and what it no longer does.
_EFFECTS: Mapping[Effect, tuple[str, str, str]] = {
    Effect.ALERT_MODERATOR: (
        "meldt aan een moderator",
        "meldt voortaan aan een moderator",
        "meldt niets meer aan een moderator",
    ),
    Effect.SUGGEST_REPLY: (
        "stelt een antwoord voor",
        "stelt voortaan een antwoord voor",
        "stelt geen antwoord meer voor",
    ),
    Effect.MARK: ("markeert", "markeert voortaan", "markeert niet meer"),
    Effect.PROPOSE_REMOVAL: (
        "stelt voor om te verwijderen",
        "stelt voortaan voor om te verwijderen",
        "stelt niet meer voor om te verwijderen",
    ),
}
_DOES, _WILL, _NO_LONGER = range(3)
_STATUSES = {
    "concept": "concept (loopt niet)",
    "schaduw": "schaduw (telt mee, doet niets)",
    "actief": "actief",
    "uitgefaseerd": "uitgefaseerd (loopt niet)",
}


def difference(old: RuleSet, new: RuleSet) -> tuple[str, ...]:
    """Return one sentence for every change; nothing where the rules, lists and frames say the same."""
    return (*_rules(old, new), *_lists(old.lists, new.lists), *_frames(old.frames, new.frames), *_mirrors(old, new))


def _rules(old: RuleSet, new: RuleSet) -> Iterator[str]:
    before = {rule.id: rule for rule in old.rules}
    present = {rule.id for rule in new.rules}
    followed: set[str] = set()
    for rule in new.rules:
        former = next((name for name in rule.written.vervangt if name in before and name not in present), None)
        earlier = before.get(rule.id) or (before[former] if former is not None else None)
        followed.update(rule.written.vervangt)
        if earlier is None:
            told = f"ernst {rule.severity.label}, {doing(rule.effects)}, {_where(rule)}"
            yield f"Nieuwe regel {_name(rule)}: {_STATUSES[rule.status]}, {told}."
            continue
        if earlier.id != rule.id:
            yield f"Regel {_name(rule)} heette vroeger `{earlier.id}`; de cijfers lopen door."
        yield from _changes(earlier, rule)
    for rule in old.rules:
        if rule.id not in present | followed:
            yield (
                f"Regel {_name(rule)} is weg. Kreeg ze een andere naam? Zet dan `vervangt: [{rule.id}]` bij de nieuwe "
                "regel, anders beginnen de cijfers opnieuw."
            )


def _changes(old: CompiledRule, new: CompiledRule) -> Iterator[str]:
    """Yield what is different about a rule that both files have."""
    name = f"Regel {_name(new)}"
    said = False
    for sentence in _said(old, new, name):
        said = True
        yield sentence
    if not said and old.written != new.written:
        yield f"{name} is anders opgeschreven en betekent hetzelfde."


def _said(old: CompiledRule, new: CompiledRule, name: str) -> Iterator[str]:
    if old.status != new.status:
        yield f"{name} gaat van {old.status} naar {_STATUSES[new.status]}."
    if old.severity != new.severity:
        more = "ernstiger" if new.severity > old.severity else "minder ernstig"
        yield f"{name} telt als {more}: van {old.severity.label} naar {new.severity.label}."
    if new.effects - old.effects:
        yield f"{name} {doing(new.effects - old.effects, _WILL)}."
    if old.effects - new.effects:
        yield f"{name} {doing(old.effects - new.effects, _NO_LONGER)}."
    if _where(old) != _where(new):
        yield f"{name} geldt nu {_where(new)}; voordien {_where(old)}."
    for phrase in changed_conditions(old.written.wanneer, new.written.wanneer):
        yield f"{name}: {phrase}."
    yield from _texts(old, new, name)
    for kind, read in _EXAMPLES.items():
        changed = more_and_less(*([example.tekst for example in read(rule)] for rule in (old, new)))
        if changed:
            yield f"{name}, voorbeelden van wat {kind} afgaat: {changed}."
        elif {example.model_dump_json() for example in read(old)} != {
            example.model_dump_json() for example in read(new)
        }:
            yield f"{name}: de omstandigheden van de voorbeelden van wat {kind} afgaat, zijn anders."


_EXAMPLES: Mapping[str, Callable[[CompiledRule], Sequence[Example]]] = {
    "wel": lambda rule: rule.written.voorbeelden.wel,
    "niet": lambda rule: rule.written.voorbeelden.niet,
}


def _texts(old: CompiledRule, new: CompiledRule, name: str) -> Iterator[str]:
    if old.title != new.title:
        yield f"{name} heette voordien “{shown(old.title)}”."
    if old.house_rule != new.house_rule:
        yield f"{name} hoort nu bij huisregel “{shown(new.house_rule)}”; voordien bij “{shown(old.house_rule)}”."
    if old.reason != new.reason:
        yield f"{name}: bewoners lezen een andere uitleg: “{shown(new.reason)}”"
    more = [former for former in new.written.vervangt if former not in (*old.written.vervangt, old.id)]
    less = [former for former in old.written.vervangt if former not in (*new.written.vervangt, new.id)]
    if less:
        yield f"{name} telt de cijfers van {enough(less)} niet meer mee."
    if more:
        yield f"{name} telt voortaan de cijfers van {enough(more)} mee."
    if old.written.opmerking != new.written.opmerking:
        yield f"{name}: de opmerking voor collega's is aangepast."


def _lists(old: Mapping[str, WordList], new: Mapping[str, WordList]) -> Iterator[str]:
    for name, words in new.items():
        if name not in old:
            yield f"Nieuwe lijst `{name}`: {_count(len(words.terms), 'woord', 'woorden')}."
            continue
        changed = more_and_less(old[name].terms, words.terms)
        if changed:
            yield f"Lijst `{name}`: {changed}."
        exceptions = more_and_less(old[name].exceptions, words.exceptions)
        if exceptions:
            yield f"Lijst `{name}`, uitzonderingen: {exceptions}."
    gone = [name for name in old if name not in new]
    if gone:
        yield f"Lijsten die weg zijn: {enough(gone)}." if len(gone) > 1 else f"Lijst `{gone[0]}` is weg."


def _frames(old: Mapping[str, frozenset[Effect]], new: Mapping[str, frozenset[Effect]]) -> Iterator[str]:
    for frame in dict.fromkeys((*new, *old)):
        before, after = old.get(frame, frozenset()), new.get(frame, frozenset())
        if after - before:
            yield f"Kader `{frame}` {doing(after - before, _WILL)}."
        if before - after:
            yield f"Kader `{frame}` {doing(before - after, _NO_LONGER)}."


def _mirrors(old: RuleSet, new: RuleSet) -> Iterator[str]:
    before, after = set(old.mirrors), set(new.mirrors)
    counts = [(len(after - before), "erbij"), (len(before - after), "weg")]
    changed = ", ".join(f"{count} {what}" for count, what in counts if count)
    if changed:
        yield f"Spiegelparen: {changed}."


def _name(rule: CompiledRule) -> str:
    return f"“{shown(rule.title)}” (`{rule.id}`)"


def doing(effects: frozenset[Effect], when: int = _DOES) -> str:
    """Return what these effects come to, such as "meldt aan een moderator en markeert"."""
    return _all([_EFFECTS[effect][when] for effect in Effect if effect in effects])


def _where(rule: CompiledRule) -> str:
    return "overal" if EVERYWHERE in rule.channels else f"in {_all(sorted(set(rule.channels)))}"


def _all(parts: Sequence[str]) -> str:
    *first, last = parts
    return f"{', '.join(first)} en {last}" if first else last


def _count(number: int, one: str, more: str) -> str:
    return f"{number} {one if number == 1 else more}"
