"""Whether one condition finds nothing that another does not find too: what can be said for certain, kind by kind.

"Within" is said of verdicts in the order no < unknown < yes: never more than the other, for any message whatever. Each
answer yes is proved by how the condition compiles; where nothing can be proved, the answer is no. Runs no condition.
"""

from __future__ import annotations

import functools
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

from bot.core.messages import AuthorRole
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
from bot.rules.lists import Lists
from bot.text.links import host_within
from bot.text.personal import PersonalKind
from bot.text.words import term_words

Term = tuple[str, ...]

_ROOM = re.compile(r"(?:…|\.\.\.)([1-3]?)")
_WIDEST_ROOM = 3
_PHRASE_SIGNS = frozenset("@|…")
_ESCAPED = re.compile(r"\\.", re.DOTALL)
_CHOICES = re.compile(r"\[\^?\]?[^\]]*\]")
_OPTIONAL = frozenset("|?*{[\\")  # signs with which part of a pattern need not be there, or is not what it seems


@dataclass(frozen=True, slots=True)
class Element:
    """One place in a phrase: the words that may stand there, or the list that they come from, and the room before."""

    room: int
    words: frozenset[Term]
    listed: str = ""


Sentence = tuple[Element, ...]


@dataclass(frozen=True, slots=True)
class Sought:
    """What `woorden` or `zinnen` look for, with the lists filled in, and what they leave out."""

    terms: frozenset[Term] = frozenset()
    listed_exceptions: frozenset[Term] = frozenset()
    sentences: tuple[Sentence, ...] = ()
    left_out_terms: frozenset[Term] = frozenset()
    left_out_sentences: tuple[Sentence, ...] = ()

    @property
    def leaves_out(self) -> bool:
        """Tell whether anything is left out at all."""
        return bool(self.listed_exceptions or self.left_out_terms or self.left_out_sentences)


class Conditions:
    """Compares the conditions of one rule file. What a condition looks for is worked out once."""

    def __init__(self, lists: Lists) -> None:
        self._lists = lists
        self._sought: dict[int, tuple[Spec, Sought]] = {}

    def within(self, a: Spec, b: Spec) -> bool:
        """Tell whether `a` never says more than `b`."""
        if a is b:
            return True
        if isinstance(a, Zinnen) and isinstance(b, Woorden):
            return self._sentences_hold_words(a, b)
        if type(a) is not type(b):
            return False
        if isinstance(a, Woorden | Zinnen):
            return self._words_within(a, b)
        compare = _WITHIN.get(type(a))
        return a == b if compare is None else compare(a, b)

    def exclusive(self, a: Spec, b: Spec) -> bool:
        """Tell whether `a` and `b` never hold together."""
        if isinstance(a, EersteBericht) and isinstance(b, EersteBericht):
            return a.waarde != b.waarde
        if isinstance(a, Kanaal) and isinstance(b, Kanaal):
            return set(a.kanalen).isdisjoint(b.kanalen)
        return type(a) is type(b) and isinstance(a, Rol | Tijd) and not bits(a) & bits(b)

    def cover(self, a: Spec, b: Spec) -> bool:
        """Tell whether `a` or `b` always holds."""
        return type(a) is type(b) and isinstance(a, Rol | Tijd) and bits(a) | bits(b) == all_bits(a)

    def certain(self, spec: Spec) -> bool:
        """Tell whether the condition always holds."""
        return isinstance(spec, Rol | Tijd) and bits(spec) == all_bits(spec)

    def finds_nothing(self, spec: Spec) -> bool:
        """Tell whether the condition never holds: all of it is left out, or a pattern asks for a lost letter."""
        if isinstance(spec, Links):
            return bool(spec.naar) and all(_some_site(site, spec.behalve) for site in spec.naar)
        if isinstance(spec, Patroon):
            return bool(lost_letters(spec)) and _OPTIONAL.isdisjoint(spec.uitdrukking)
        if isinstance(spec, Woorden):
            # An exception is no compound, so compounds would still be found.
            return not spec.samenstellingen and self.sought(spec).terms <= self.sought(spec).left_out_terms
        if isinstance(spec, Zinnen):
            sought = self.sought(spec)
            return all(self._holds(sentence, sought.left_out_terms) for sentence in sought.sentences)
        return False

    def sought(self, spec: Woorden | Zinnen) -> Sought:
        """Return what the condition looks for."""
        known = self._sought.get(id(spec))
        if known is None:
            known = self._sought[id(spec)] = (spec, self._look_up(spec))  # the spec is kept, so its id stays its own
        return known[1]

    # ── words and phrases ─────────────────────────────────────────────────────────────────────────────────────────

    def _look_up(self, spec: Woorden | Zinnen) -> Sought:
        whole = [entry for entry in spec.behalve if entry.startswith("@") and " " not in entry]
        signed = [entry for entry in spec.behalve if entry not in whole and not _PHRASE_SIGNS.isdisjoint(entry)]
        left_out = self._terms([entry for entry in spec.behalve if entry not in signed])
        left_out_sentences = tuple(map(_sentence, signed))
        if isinstance(spec, Zinnen):
            sentences = tuple(map(_sentence, spec.lijst))
            return Sought(sentences=sentences, left_out_terms=left_out, left_out_sentences=left_out_sentences)
        _, exceptions = self._lists.collect(spec.lijst)
        return Sought(
            self._terms(spec.lijst), _split(exceptions), left_out_terms=left_out, left_out_sentences=left_out_sentences
        )

    def _terms(self, entries: Iterable[str]) -> frozenset[Term]:
        return _split(self._lists.collect(entries)[0])

    def _words_within(self, a: Any, b: Any) -> bool:
        mine, other = self.sought(a), self.sought(b)
        if not other.left_out_terms <= mine.left_out_terms:
            return False
        if not all(self._some_sentence(left, mine.left_out_sentences) for left in other.left_out_sentences):
            return False
        if isinstance(a, Zinnen):
            return all(self._some_sentence(sentence, other.sentences) for sentence in mine.sentences)
        if a.verbuigingen > b.verbuigingen or a.samenstellingen > b.samenstellingen:
            return False
        if other.listed_exceptions and a.verbuigingen != b.verbuigingen:
            return False  # the exceptions of a list are inflected along with it
        return mine.terms <= other.terms and other.listed_exceptions <= mine.listed_exceptions

    def _sentences_hold_words(self, a: Zinnen, b: Woorden) -> bool:
        """Tell whether each phrase of `a` holds a word that `b` looks for by itself."""
        mine, other = self.sought(a), self.sought(b)
        return not other.leaves_out and all(
            self._holds(sentence, other.terms, inflections=b.verbuigingen) for sentence in mine.sentences
        )

    def _holds(self, sentence: Sentence, terms: frozenset[Term], *, inflections: bool = True) -> bool:
        """Tell whether some place in the phrase can only be filled by `terms`."""
        return any(
            self._list_terms(element.listed) <= terms and inflections if element.listed else element.words <= terms
            for element in sentence
        )

    def _some_sentence(self, sentence: Sentence, others: Iterable[Sentence]) -> bool:
        return any(self._sentence_within(sentence, other) for other in others)

    def _sentence_within(self, a: Sentence, b: Sentence) -> bool:
        return len(a) == len(b) and all(map(self._element_within, a, b))

    def _element_within(self, a: Element, b: Element) -> bool:
        if a.room > b.room:
            return False
        if a.listed or not b.listed:
            return a.listed == b.listed and a.words <= b.words
        found = self._lists.usable.get(b.listed)
        return found is not None and not found.exceptions and a.words <= self._list_terms(b.listed)

    def _list_terms(self, name: str) -> frozenset[Term]:
        return self._terms([f"@{name}"])


def _split(texts: Iterable[str]) -> frozenset[Term]:
    return frozenset(words for words in map(term_words, texts) if words)


def _sentence(text: str) -> Sentence:
    """Return the places of a phrase, as `bot.text.phrases` reads it."""
    elements: list[Element] = []
    room = 0
    for part in _ROOM.sub(r" …\1 ", text).split():
        if part.startswith("…"):
            room = int(part[1:] or _WIDEST_ROOM)
            continue
        if part.startswith("@"):
            elements.append(Element(room, frozenset(), part[1:]))
        elif "|" in part:
            elements.append(Element(room, _split(part.split("|"))))
        else:
            words = term_words(part)
            elements.extend(Element(0 if number else room, frozenset({(word,)})) for number, word in enumerate(words))
        room = 0
    return tuple(elements)


def lost_letters(spec: Patroon) -> str:
    """Return the letters with an accent in a pattern: what it is compared with has none. Choices `[eé]` do no harm."""
    bare = _CHOICES.sub("", _ESCAPED.sub("", spec.uitdrukking))
    return "".join(dict.fromkeys(letter for letter in bare if len(unicodedata.normalize("NFD", letter)) > 1))


# ── the other kinds ───────────────────────────────────────────────────────────────────────────────────────────────────


def bits(spec: Spec) -> int:
    """Return the roles or the minutes of the week at which a `rol` or `tijd` holds, as bits of a number."""
    if isinstance(spec, Rol):
        return sum(1 << number for number, role in enumerate(AuthorRole) if role in spec.rollen)
    assert isinstance(spec, Tijd)
    return _minutes(spec)


def all_bits(spec: Spec) -> int:
    """Return all there is of what `bits` returns a part of."""
    return (1 << len(AuthorRole)) - 1 if isinstance(spec, Rol) else _WEEK


_WEEK = (1 << timedelta(days=7) // timedelta(minutes=1)) - 1


@functools.lru_cache(maxsize=4096)
def _minutes(spec: Tijd) -> int:
    return spec.minutes


def _some_site(site: str, sites: Iterable[str]) -> bool:
    host = site.casefold().strip().removeprefix("www.").strip(".")
    return any(host_within(host, other) for other in sites)


def _links_within(a: Links, b: Links) -> bool:
    if b.naar and not (a.naar and all(_some_site(site, b.naar) for site in a.naar)):
        return False
    return a.minstens >= b.minstens and all(_some_site(site, a.behalve) for site in b.behalve)


def _personal_within(a: Persoonsgegevens, b: Persoonsgegevens) -> bool:
    mine, other = (frozenset(spec.soorten) or frozenset(PersonalKind) for spec in (a, b))
    return mine <= other and set(b.behalve) <= set(a.behalve)


def _attachments_within(a: Bijlage, b: Bijlage) -> bool:
    return not b.soorten or (bool(a.soorten) and set(a.soorten) <= set(b.soorten))


_WITHIN: Mapping[type[Spec], Callable[[Any, Any], bool]] = {
    Patroon: lambda a, b: a.uitdrukking == b.uitdrukking,
    Toxiciteit: lambda a, b: a.label == b.label and a.vanaf >= b.vanaf,
    Links: _links_within,
    Persoonsgegevens: _personal_within,
    Schreeuwen: lambda a, b: a.aandeel >= b.aandeel and a.minstens >= b.minstens,
    Bijlage: _attachments_within,
    Herhaling: lambda a, b: a.keer >= b.keer and a.binnen <= b.binnen and a.minstens >= b.minstens,
    Overval: lambda a, b: a.auteurs >= b.auteurs and a.binnen <= b.binnen and a.minstens >= b.minstens,
    Stortvloed: lambda a, b: a.berichten >= b.berichten and a.binnen <= b.binnen,
    Taal: lambda a, b: set(a.talen) <= set(b.talen),
    Draad: lambda a, b: set(a.draden) <= set(b.draden),
    Rol: lambda a, b: not bits(a) & ~bits(b),
    Kanaal: lambda a, b: set(a.kanalen) <= set(b.kanalen),
    Tijd: lambda a, b: not bits(a) & ~bits(b),
    EersteBericht: lambda a, b: a.waarde == b.waarde,
}
