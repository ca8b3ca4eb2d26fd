"""Look up phrases: words in order, with alternatives (`je|jij`), lists (`@naam`) and room for a few words (`…`).

The room (`…`, zero to three words; `…1` zero or one) ends at the end of a sentence and at a negation, so that
"je bent geen idioot" is not "je bent … idioot". Decides which stretches hold a phrase, not what that means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.core.findings import Span
from bot.text.tokens import Tokens
from bot.text.words import Vocabulary, term_words

_WIDEST_ROOM = 3  # words that `…` may stand for
_ROOM = re.compile(r"(?:…|\.\.\.)([1-3]?)")
_NEGATIONS = frozenset({"geen", "niet", "nooit", "noch", "nie", "pas", "non", "not", "never"})


class PhraseError(ValueError):
    """A phrase that cannot be read; the message is Dutch, for the administrator who wrote it."""


class Phrase:
    """One compiled phrase: word sets, with room before some of them."""

    __slots__ = ("_elements", "_needed")

    def __init__(self, elements: tuple[tuple[int, Vocabulary], ...]) -> None:
        self._elements = elements
        self._needed = tuple(words.written_forms for _, words in elements if words.is_plain)

    @property
    def first(self) -> Vocabulary:
        """Return what the phrase opens with."""
        return self._elements[0][1]

    def may_stand_in(self, tokens: Tokens) -> bool:
        """Tell whether each plain word of the phrase stands somewhere in the text; quick, and never wrong about no."""
        # A word with asterisks may be any word.
        return tokens.masked or not any(map(tokens.positions.keys().isdisjoint, self._needed))

    def matches_at(self, tokens: Tokens, index: int) -> Iterator[Span]:
        """Yield the spans of this phrase where it starts at word `index`."""
        ends: dict[int, Span] = dict(self.first.matches_at(tokens, index))
        for room, words in self._elements[1:]:
            ends = {
                after: (opened[0], span[1])
                for at, opened in ends.items()
                for start in _reach(tokens, at, room)
                if start < len(tokens)
                for after, span in words.matches_at(tokens, start)
            }
            if not ends:
                return
        yield from ends.values()


def compile_phrase(text: str, lists: Mapping[str, Vocabulary]) -> Phrase:
    """Return the phrase that `text` writes; raise PhraseError where it cannot be read."""
    elements: list[tuple[int, Vocabulary]] = []
    room = 0
    for part in _ROOM.sub(r" …\1 ", text).split():
        if part.startswith("…"):
            if not elements or room:
                raise PhraseError("`…` staat tussen twee woorden, niet vooraan en niet dubbel")
            room = int(part[1:] or _WIDEST_ROOM)
            continue
        elements.extend(_elements(part, lists, room))
        room = 0
    if not elements:
        raise PhraseError("deze zin bevat geen woorden")
    if room:
        raise PhraseError("`…` staat tussen twee woorden, niet achteraan")
    return Phrase(tuple(elements))


def _elements(part: str, lists: Mapping[str, Vocabulary], room: int) -> list[tuple[int, Vocabulary]]:
    if part.startswith("@"):
        if part[1:] not in lists:
            raise PhraseError(f"er is geen lijst `{part[1:]}`")
        return [(room, lists[part[1:]])]
    if "|" in part:
        choices = [choice for choice in part.split("|") if term_words(choice)]
        if len(choices) < part.count("|") + 1:
            raise PhraseError(f"`{part}` heeft een lege keuze")
        return [(room, Vocabulary(choices))]
    return [(0 if number else room, Vocabulary([word])) for number, word in enumerate(term_words(part))]


def _reach(tokens: Tokens, at: int, room: int) -> Iterator[int]:
    """Yield the words that `…` may lead to from word `at`, skipping at most `room` words."""
    yield at
    for index in range(at, min(at + room, len(tokens) - 1)):
        word = tokens.words[index]
        if word.text in _NEGATIONS or tokens.words[index + 1].sentence != tokens.words[at - 1].sentence:
            return
        yield index + 1


class PhraseBook:
    """Many phrases, looked up together: a text is only compared with the phrases whose plain words it holds."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._by_word: dict[str, list[Phrase]] = {}
        self._others: list[Phrase] = []
        for phrase in phrases:
            if phrase.first.is_plain:
                for form in phrase.first.single_forms:
                    self._by_word.setdefault(form, []).append(phrase)
            else:
                self._others.append(phrase)

    def find(self, tokens: Tokens) -> tuple[Span, ...]:
        """Return the spans of every phrase in the original text, in order, without doubles."""
        spans: set[Span] = set()
        for phrase in self._others:
            if phrase.may_stand_in(tokens):
                for index in range(len(tokens)):
                    spans.update(phrase.matches_at(tokens, index))
        for form in tokens.positions.keys() & self._by_word.keys():
            for phrase in self._by_word[form]:
                if phrase.may_stand_in(tokens):
                    for index in tokens.positions[form]:
                        spans.update(phrase.matches_at(tokens, index))
        return tuple(sorted(spans))
