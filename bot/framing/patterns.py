"""Patterns over words: the small language in which frames and lexicons are written, and its matcher.

It decides where a pattern occurs, and nothing about what that means. A pattern is a row of words, written folded
(lower case, no accents):

======================  =============================================================================
``vol is vol``          these words, in this order, as whole words
``vluchteling*``        a word that starts so; ``*opvang`` ends so; ``*krimi*`` holds it
``crimine(el|len|le)``  one of these spellings; a group may hold several words
``(echt )?niet``        an optional word: the space stands inside the group
``ze .. terug``         at most four words in between, within the same sentence
``_``                   exactly one word, whichever
``@groep``              any entry of the list ``groep``
======================  =============================================================================

Patterns run on RE2, so none can hang the service (trap 17). They see a line in which every word is `` word `` between
its own spaces, so that a word never matches inside another (trap 12).
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import re2

from bot.core.findings import Span
from bot.text.views import View

_WORD = r"[a-z0-9'\-]"
_GAP_WORDS = 4
_GAP = f"(?:[^ .!?;:]+  ){{0,{_GAP_WORDS}}}"
_ALLOWED = re.compile(r"[a-z0-9'\-*()|?@_. ]+")
_LIST_NAME = re.compile(r"@([a-z][a-z0-9_]*)")
_SET_MEMORY_BYTES = 64 * 1024 * 1024
_MAX_NESTING = 5

_PIECE = re.compile(r"[^\W_]+(?:['’\-][^\W_]+)*|[.!?;:]+")
_LINE_BREAK = "\n"
SENTENCE_ENDS = frozenset(".!?;:")


class PatternError(ValueError):
    """A pattern that cannot be compiled; the message is Dutch and names the pattern."""


@dataclass(frozen=True, slots=True)
class Word:
    """One word or sentence end: its folded form and where it stands in the original text."""

    form: str
    start: int
    end: int
    after_comma: bool = False

    @property
    def ends_sentence(self) -> bool:
        return self.form in SENTENCE_ENDS


@dataclass(frozen=True, slots=True)
class Match:
    """Pattern number `pattern` matched the words [`first`, `last`] of the line, both included."""

    pattern: int
    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Line:
    """The words of a text as the patterns see them, with the way back to the original offsets."""

    words: tuple[Word, ...]
    text: str
    starts: tuple[int, ...]
    sentences: tuple[int, ...]

    @classmethod
    def of(cls, words: Iterable[Word]) -> Line:
        kept = tuple(words)
        starts: list[int] = []
        sentences: list[int] = []
        position = sentence = 0
        for word in kept:
            starts.append(position)
            sentences.append(sentence)
            position += len(word.form) + 2
            sentence += word.ends_sentence
        return cls(kept, "".join([f" {word.form} " for word in kept]), tuple(starts), tuple(sentences))

    @classmethod
    def of_view(cls, view: View, original: str) -> Line:
        """Return the words of `view`, a view of `original`; a line break ends a sentence as a full stop does."""
        return cls.of(_words(view, original))

    def locate(self, start: int, end: int) -> tuple[int, int]:
        """Return the first and last word that the characters [start, end) of `text` cover."""
        return bisect_right(self.starts, start) - 1, bisect_left(self.starts, end) - 1

    def span(self, first: int, last: int) -> Span:
        """Return the span in the original text from word `first` up to and including word `last`."""
        return self.words[first].start, self.words[last].end


def _words(view: View, original: str) -> Iterable[Word]:
    before = 0
    for found in _PIECE.finditer(view.text):
        start, end = view.to_original(found.span())
        between = original[before:start]
        if before and _LINE_BREAK in between:
            yield Word(".", before, before)
        before = end
        form = found[0].replace("’", "'")
        yield Word(form[0] if form[0] in SENTENCE_ENDS else form, start, end, "," in between)


class Patterns:
    """Many patterns, compiled once and searched together."""

    def __init__(self, expressions: Sequence[str]) -> None:
        """Compile `expressions`, as `compile_pattern` returns them."""
        options = re2.Options()
        options.max_mem = _SET_MEMORY_BYTES
        options.log_errors = False
        self._set = re2.Set.SearchSet(options)
        self._single = []
        for expression in expressions:
            self._single.append(re2.compile(expression, options))
            self._set.Add(expression)
        if expressions:
            self._set.Compile()

    def find(self, line: Line) -> list[Match]:
        """Return every match of every pattern, by pattern number and then by position."""
        if not line.text or not self._single:
            return []
        return [
            Match(number, *line.locate(found.start(), found.end()))
            for number in sorted(self._set.Match(line.text) or ())  # None where nothing matches
            for found in self._single[number].finditer(line.text)
        ]


def compile_pattern(pattern: str, lists: Mapping[str, Sequence[str]]) -> str:
    """Return the RE2 expression for `pattern`; raise PatternError where it is not well formed."""
    expression = f" {_body(pattern, lists, depth=0)} "
    options = re2.Options()
    options.log_errors = False
    try:
        re2.compile(expression, options)
    except re2.error as error:
        raise PatternError(f"het patroon “{pattern}” klopt niet (staan alle haakjes er?)") from error
    return expression


def _body(pattern: str, lists: Mapping[str, Sequence[str]], *, depth: int) -> str:
    stripped = pattern.strip()
    if not stripped or not _ALLOWED.fullmatch(stripped):
        raise PatternError(f"het patroon “{pattern}” is leeg of bevat een teken dat niet mag (schrijf zonder accenten)")
    if not re.search(r"[a-z0-9@]", stripped):
        raise PatternError(f"het patroon “{pattern}” bevat geen enkel woord en zou overal passen")
    if depth > _MAX_NESTING:
        raise PatternError(f"lijsten verwijzen in een kring naar elkaar, bij “{pattern}”")

    def expand(found: re.Match[str]) -> str:
        name = found[1]
        if name not in lists:
            known = ", ".join(sorted(lists)) or "geen"
            raise PatternError(f"de lijst “@{name}” bestaat niet (wel: {known})")
        if not lists[name]:
            raise PatternError(f"de lijst “@{name}” is leeg")
        return "(?:" + "|".join(_body(entry, lists, depth=depth + 1) for entry in lists[name]) + ")"

    pieces = []
    # Lists are expanded last: an expanded list is already an expression.
    for piece in re.split(r"(@[a-z][a-z0-9_]*)", stripped):
        name = _LIST_NAME.fullmatch(piece)
        pieces.append(expand(name) if name else _translate(piece))
    return "".join(pieces)


def _translate(piece: str) -> str:
    text = piece.replace("(", "(?:")
    text = re.sub(r"\.\. ?", "\x00", text)
    text = re.sub(r"(?<![a-z0-9'*)])_(?![a-z0-9'*(])", "\x01", text)
    if "_" in text or "." in text:
        raise PatternError(f"in “{piece}” staat een punt of een streepje dat niets betekent (bedoelt u “..” of “_”?)")
    text = text.replace(" ", "  ").replace("*", f"{_WORD}*")
    return text.replace("\x00", _GAP).replace("\x01", "[^ .!?;:]+")
