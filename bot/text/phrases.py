"""Look up phrases: words in order, with alternatives (`je|jij`), lists (`@naam`) and room for a few words (`…`).

The room (`…`, zero to three words; `…1` zero or one) ends at the end of a sentence and at a negation, so that
"je bent geen idioot" is not "je bent … idioot". Decides which stretches hold a phrase, not what that means.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping

from bot.core.findings import Span
from bot.text.sieve import Needs, Sieve, either
from bot.text.tokens import Tokens
from bot.text.words import Vocabulary, term_words

_WIDEST_ROOM = 3  # words that `…` may stand for
_ROOM = re.compile(r"(?:…|\.\.\.)([1-3]?)")
_NEGATIONS = frozenset({"geen", "niet", "nooit", "noch", "nie", "pas", "non", "not", "never"})
# Words so common that looking for them tells hardly anything about a text.
_EVERYDAY = frozenset(
    {
        *(
            "alle",
            "allemaal",
            "deze",
            "door",
            "geen",
            "gewoon",
            "hebben",
            "hebt",
            "heeft",
            "jouw",
            "jullie",
            "komen",
            "komt",
        ),
        *(
            "maar",
            "meer",
            "moet",
            "moeten",
            "mogen",
            "naar",
            "niet",
            "onze",
            "over",
            "terug",
            "toch",
            "veel",
            "voor",
            "waar",
        ),
        *(
            "weer",
            "wordt",
            "worden",
            "zijn",
            "zullen",
            "het",
            "een",
            "die",
            "dat",
            "dit",
            "aan",
            "van",
            "met",
            "wat",
            "hem",
        ),
        *(
            "haar",
            "hen",
            "ook",
            "nog",
            "wel",
            "dan",
            "als",
            "bij",
            "uit",
            "ons",
            "hun",
            "zal",
            "kan",
            "wil",
            "ben",
            "was",
        ),
    }
)


class PhraseError(ValueError):
    """A phrase that cannot be read; the message is Dutch, for the administrator who wrote it."""


class Phrase:
    """One compiled phrase: word sets, with room before some of them."""

    __slots__ = ("_elements", "_needed")

    def __init__(self, elements: tuple[tuple[int, Vocabulary], ...]) -> None:
        self._elements = elements
        self._needed = sorted([words.needs for _, words in elements], key=_commonness)

    @property
    def needs(self) -> Needs:
        """Return what has to stand in a text before the phrase can: its least common word."""
        return self._needed[0]

    def find(self, tokens: Tokens) -> Iterator[Span]:
        """Yield the spans of this phrase in the original text."""
        if all(needs.met_by(tokens) for needs in self._needed):
            for index in self._openings(tokens):
                yield from self.matches_at(tokens, index)

    def _openings(self, tokens: Tokens) -> Iterable[int]:
        """Return the words at which the phrase may start."""
        first = self._elements[0][1]
        if tokens.masked or not first.is_plain:
            return range(len(tokens))
        return {at for form in first.needs.names & tokens.positions.keys() for at in tokens.positions[form]}

    def matches_at(self, tokens: Tokens, index: int) -> Iterator[Span]:
        """Yield the spans of this phrase where it starts at word `index`."""
        ends: dict[int, Span] = dict(self._elements[0][1].matches_at(tokens, index))
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


def _commonness(needs: Needs) -> tuple[bool, int, int]:
    """Return a key that sorts words that are rare in ordinary texts first: long ones, few of them."""
    everyday = not needs.names.isdisjoint(_EVERYDAY)
    return (everyday, -min(map(len, needs.names), default=0), len(needs.names) + len(needs.parts))


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
    """Many phrases, looked up together: a text is only compared with the phrases whose words it may hold."""

    def __init__(self, phrases: Iterable[Phrase]) -> None:
        self._phrases = tuple(phrases)
        self._sieve = Sieve([phrase.needs for phrase in self._phrases])

    @property
    def needs(self) -> Needs:
        """Return what has to stand in a text before any of the phrases can."""
        return either(phrase.needs for phrase in self._phrases)

    def find(self, tokens: Tokens) -> tuple[Span, ...]:
        """Return the spans of every phrase in the original text, in order, without doubles."""
        spans = {span for number in self._sieve.passing(tokens) for span in self._phrases[number].find(tokens)}
        return tuple(sorted(spans))
