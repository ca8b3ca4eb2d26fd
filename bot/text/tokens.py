"""The words of a text, each with its span in the original and the forms that it may stand for.

A text is a row of plain words; over that row lie extra tokens for words that were taken apart (`k.u.t`) or written
with symbols (`id!oot`). A token covers words `first` to `last`, so phrases can step from token to token.
Decides nothing: `words` and `phrases` do the looking up.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from bot.core.findings import Span
from bot.text.confusables import LEET, LEET_AS_L, LEET_SYMBOLS
from bot.text.inflection import lemma
from bot.text.joining import SHORT_WORDS, WORD, Proposal, proposals
from bot.text.normalise import Normalised
from bot.text.views import View

_SENTENCE_END = re.compile(r"[.!?\n;:]")
_SYMBOLS = re.compile(rf"[{re.escape(LEET_SYMBOLS)}*]{{1,6}}")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_ANY_REPEATED = re.compile(r"([^\W\d_])\1+")
_LEADING = frozenset("$@+")  # symbols that open a word: `$let`, `@sshole`, `+rut`
_LEET_TABLES = (str.maketrans(LEET), str.maketrans(LEET_AS_L))
_LEET_CHARACTERS = frozenset(LEET)

SHORTEST_PART = 3  # letters of a part of a compound
LONGEST_PART = 40
_LONGEST_JOINED = 60  # letters of a word that was taken apart
_LONGEST_REMEMBERED = 40  # letters of a word of which the readings are kept for later texts
_MOST_TRIMMED = 3  # short words left out at either side of a row
_MOST_MASKED = 64  # words with asterisks that are looked up in one text


@dataclass(frozen=True, slots=True)
class Token:
    """A word as it stands (`text`, folded), its span in the original, and what it may stand for.

    `skeletons` are filled for words with a letter three times or more; `mask` for words with asterisks;
    `letters` (the original span of each character) for words that are spelled letter by letter.
    """

    text: str
    span: Span
    first: int
    last: int
    sentence: int
    forms: tuple[str, ...]
    skeletons: tuple[str, ...] = ()
    mask: str = ""
    letters: tuple[Span, ...] = ()


class Tokens:
    """All tokens of one text, by the word they start at. `spans_memo` keeps look-ups for the life of this text.

    `positions` says for every form and skeleton at which words it starts; `masked` whether any word has asterisks;
    `lettered` are the tokens that are spelled letter by letter.
    """

    __slots__ = ("_names", "_parts", "lettered", "masked", "positions", "spans_memo", "starting", "words")

    def __init__(self, words: tuple[Token, ...], extra: Sequence[Token] = ()) -> None:
        self.words = words
        starting: list[tuple[Token, ...]] = [(word,) for word in words]
        for token in extra:
            starting[token.first] += (token,)
        self.starting = tuple(starting)
        self.masked = any(token.mask for token in extra)
        self.lettered = tuple([token for token in extra if token.letters])
        self.positions = _positions(self.starting)
        self.spans_memo: dict[tuple[int, str], tuple[Span, ...]] = {}
        self._names: frozenset[str] | None = None
        self._parts: frozenset[str] | None = None

    @property
    def veiled(self) -> bool:
        """Tell whether the text has words with letters covered or loose, which may turn out to be any term."""
        return self.masked or bool(self.lettered)

    @property
    def names(self) -> frozenset[str]:
        """Return every form and skeleton, and the dictionary forms of these: what terms are compared with."""
        if self._names is None:
            self._names = frozenset([*self.positions, *map(lemma, self.positions)])
        return self._names

    @property
    def parts(self) -> frozenset[str]:
        """Return everything that a form opens or closes with and that could be a part of a compound."""
        if self._parts is None:
            long = [form for form in self.positions if len(form) >= 2 * SHORTEST_PART]
            self._parts = frozenset().union(*map(_parts_of, long))
        return self._parts

    def everything(self) -> Iterator[Token]:
        """Yield plain words and extra tokens alike, in order of where they start."""
        return (token for tokens in self.starting for token in tokens)

    def __len__(self) -> int:
        return len(self.words)


def _positions(starting: tuple[tuple[Token, ...], ...]) -> dict[str, list[int]]:
    positions: dict[str, list[int]] = {}
    for index, tokens in enumerate(starting):
        if len(tokens) == 1:
            forms = _readings(tokens[0].text)[2]
        else:
            forms = tuple({form for token in tokens for form in (*token.forms, *token.skeletons)})
        for form in forms:
            if form in positions:
                positions[form].append(index)
            else:
                positions[form] = [index]
    return positions


def _parts_of(form: str) -> frozenset[str]:
    """Return what a word opens and closes with, where enough is left over to be a word too."""
    return _remembered_parts(form) if len(form) <= _LONGEST_REMEMBERED else _read_parts(form)


def _read_parts(form: str) -> frozenset[str]:
    lengths = range(SHORTEST_PART, min(len(form) - SHORTEST_PART, LONGEST_PART) + 1)
    return frozenset([form[:length] for length in lengths] + [form[-length:] for length in lengths])


_remembered_parts = lru_cache(maxsize=16384)(_read_parts)


def tokenise(normalised: Normalised) -> Tokens:
    """Return the tokens of a text: its plain words, and what was taken apart or written with symbols."""
    view = normalised.folded
    spans = [match.span() for match in WORD.finditer(view.text)]
    sentences = _sentences(normalised.original, view, spans)
    words = tuple(
        [
            _token(view, view.text[start:end], (start, end), (index, index), sentences[index])
            for index, (start, end) in enumerate(spans)
        ]
    )
    extra = [*_with_symbols(view, spans, sentences), *_joined(view, spans, sentences)]
    return Tokens(words, extra)


def skeleton(word: str) -> str:
    """Return the word with every repeated letter once: what is left when repetition says nothing."""
    return _ANY_REPEATED.sub(r"\1", word)


def _sentences(original: str, view: View, spans: list[Span]) -> list[int]:
    """Return for every word in which sentence it stands."""
    marks = deque([match.start() for match in _SENTENCE_END.finditer(original)])
    numbers: list[int] = []
    number = position = 0
    for start, end in spans:
        while marks and marks[0] < position:
            marks.popleft()  # inside a word
        if numbers and marks and marks[0] < view.starts[start]:
            number += 1
        numbers.append(number)
        position = view.ends[end - 1]
    return numbers


def _token(
    view: View, text: str, span: Span, words: tuple[int, int], sentence: int, letters: tuple[Span, ...] = ()
) -> Token:
    forms, skeletons, _ = _readings(text)
    return Token(text, view.to_original(span), *words, sentence, forms, skeletons, "", letters)


_Readings = tuple[tuple[str, ...], tuple[str, ...], tuple[str, ...]]


def _readings(text: str) -> _Readings:
    """Return what a word may stand for: its forms, its skeletons, and both together without doubles."""
    return _remembered(text) if len(text) <= _LONGEST_REMEMBERED else _read(text)


def _read(text: str) -> _Readings:
    forms = _forms(text)
    skeletons = tuple([skeleton(form) for form in forms if _REPEATED.search(form)])
    return forms, skeletons, tuple(dict.fromkeys((*forms, *skeletons)))


_remembered = lru_cache(maxsize=16384)(_read)


def _forms(text: str) -> tuple[str, ...]:
    if text.isalpha() or _LEET_CHARACTERS.isdisjoint(text) or not any(map(str.isalpha, text)):
        return (text,)
    return tuple(dict.fromkeys((text, *(text.translate(table) for table in _LEET_TABLES))))


def _with_symbols(view: View, spans: list[Span], sentences: list[int]) -> list[Token]:
    """Return words with symbols between or before their letters: `id!oot`, `$let`, `k*t`."""
    if not _SYMBOLS.search(view.text):
        return []
    found: list[Token] = []
    masked = 0
    first = 0
    for index in range(1, len(spans) + 1):
        if index < len(spans) and _SYMBOLS.fullmatch(view.text, spans[index - 1][1], spans[index][0]):
            continue
        start, end = spans[first][0], spans[index - 1][1]
        leading = start > 0 and view.text[start - 1] in _LEADING
        start -= leading
        text = view.text[start:end]
        if (index - 1 > first or leading) and len(text) <= _LONGEST_JOINED:
            token = _token(view, text, (start, end), (first, index - 1), sentences[first])
            if "*" in text and masked < _MOST_MASKED:
                masked += 1
                token = Token(text, token.span, token.first, token.last, token.sentence, (text,), (), text)
            found.append(token)
        first = index
    return found


def _joined(view: View, spans: list[Span], sentences: list[int]) -> list[Token]:
    found: list[Token] = []
    for proposal in proposals(view.text, spans):
        for first, last in _trimmed(view.text, spans, proposal):
            pieces = spans[first : last + 1]
            text = "".join([view.text[start:end] for start, end in pieces])
            whole = (first, last) == (proposal.first, proposal.last)
            if not proposal.row or len(text) <= _LONGEST_JOINED or whole:
                letters: tuple[Span, ...] = ()
                if proposal.row and whole and _mostly_single(pieces):
                    letters = tuple([view.to_original((i, i + 1)) for start, end in pieces for i in range(start, end)])
                span = (pieces[0][0], pieces[-1][1])
                found.append(_token(view, text, span, (first, last), sentences[first], letters))
    return found


def _mostly_single(pieces: list[Span]) -> bool:
    return 2 * sum(end - start == 1 for start, end in pieces) > len(pieces)


def _trimmed(text: str, spans: list[Span], proposal: Proposal) -> list[tuple[int, int]]:
    """Return a row with and without the real short words at its ends: `je kl oo tz ak`, `u k u t`."""
    first, last = proposal.first, proposal.last
    if not proposal.row:
        return [(first, last)]
    firsts, lasts = [first], [last]
    while len(firsts) <= _MOST_TRIMMED and text[slice(*spans[firsts[-1]])] in SHORT_WORDS and firsts[-1] < last:
        firsts.append(firsts[-1] + 1)
    while len(lasts) <= _MOST_TRIMMED and text[slice(*spans[lasts[-1]])] in SHORT_WORDS and lasts[-1] > first:
        lasts.append(lasts[-1] - 1)
    return [(a, b) for a in firsts for b in lasts if b - a >= 2]
