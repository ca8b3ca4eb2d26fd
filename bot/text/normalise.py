"""Several normalised views of one text, so that a word is found however it is dressed up.

`folded` is careful (case, accents, look-alikes, invisible characters) and safe for every match. The others undo
one trick more each: `decoded` digits and symbols for letters, `doubled` and `squeezed` letters that are repeated
three times or more (to two, to one), `joined` s p a c e d and s.p.l.i.t words. Nothing here says what is allowed.
Linear in the length of the text; survives NUL bytes, lone surrogates and direction marks.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, field
from functools import lru_cache

from bot.text.confusables import CONFUSABLES, LEET, LEET_SYMBOLS
from bot.text.joining import spelled_gaps
from bot.text.views import View

# Raise it whenever a view may come out differently: decisions record it (law 6).
NORMALISER_VERSION = "1"

_FILLERS = frozenset("\u115f\u1160\u17b4\u17b5\u3164\uffa0")
_DISGUISED = re.compile(rf"\$?[^\W_]+(?:[{re.escape(LEET_SYMBOLS)}]{{1,3}}[^\W_]+)*")
_HAS_LEET = re.compile(rf"[0-9{re.escape(LEET_SYMBOLS)}]")
_HAS_LETTER = re.compile(r"[^\W\d_]")
_REPEATED = re.compile(r"([^\W\d_])\1{2,}")
_LEET_TABLE = str.maketrans(LEET)


@dataclass(frozen=True, slots=True)
class Normalised:
    """One text and its views. Equal views are the same object, so that nothing is looked at twice."""

    original: str
    folded: View
    decoded: View
    doubled: View
    squeezed: View
    joined: View
    _unique: tuple[View, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        unique: dict[str, View] = {}
        for view in (self.folded, self.decoded, self.doubled, self.squeezed, self.joined):
            unique.setdefault(view.text, view)
        object.__setattr__(self, "_unique", tuple(unique.values()))

    def views(self) -> tuple[View, ...]:
        """Return the views that differ in text, the careful one first."""
        return self._unique


def normalise(text: str) -> Normalised:
    """Return every view of `text`."""
    folded = _fold(text)
    decoded = _decode(folded, "decoded")
    doubled, squeezed = _squeeze(decoded)
    joined = _join(folded)
    return Normalised(text, folded, decoded, doubled, squeezed, decoded if joined is folded else joined)


def fold(text: str) -> str:
    """Return `text` as the `folded` view has it, for terms that are compared with it."""
    return "".join([_fold_character(character) for character in text])


@lru_cache(maxsize=4096)
def _fold_character(character: str) -> str:
    """Return what one code point becomes: usually one character, sometimes several, or nothing at all."""
    if character.isascii() and character.isalnum():
        return character.lower()
    if character.isspace():
        return " "
    if character in _FILLERS:
        return ""
    if character == "\u2800":  # the blank Braille cell is a space to the eye
        return " "
    folded = []
    for piece in unicodedata.normalize("NFKD", CONFUSABLES.get(character, character)).casefold():
        for part in unicodedata.normalize("NFKD", CONFUSABLES.get(piece, piece)):
            category = unicodedata.category(part)
            if part.isspace():
                folded.append(" ")
            elif category[0] not in "MC" or category == "Co":
                folded.append(part)
    return "".join(folded)


_ASCII_TABLE = {number: _fold_character(chr(number)) for number in range(128)}


def _fold(text: str) -> View:
    """Return the folded view. Where every character becomes exactly one, as in most texts, the map is the identity."""
    if text.isascii():
        folded = text.translate(_ASCII_TABLE)
        whole = len(folded) == len(text)
    else:
        pieces = list(map(_fold_character, text))
        folded = "".join(pieces)
        whole = len(folded) == len(text) and "" not in pieces
    if whole:
        return View("folded", folded, range(len(text)), range(1, len(text) + 1))
    return _fold_with_map(text)


def _fold_with_map(text: str) -> View:
    characters: list[str] = []
    starts: list[int] = []
    ends: list[int] = []
    for index, character in enumerate(text):
        folded = _fold_character(character)
        if folded:
            characters.append(folded)
            for _ in folded:
                starts.append(index)
                ends.append(index + 1)
        elif ends and ends[-1] == index and unicodedata.category(character)[0] == "M":
            # A combining mark belongs to the letter that it sits on: the highlighted stretch covers it.
            position = len(ends) - 1
            while position >= 0 and ends[position] == index:
                ends[position] = index + 1
                position -= 1
    return View("folded", "".join(characters), tuple(starts), tuple(ends))


def _decode(view: View, name: str) -> View:
    if not _HAS_LEET.search(view.text):
        return view
    text = _DISGUISED.sub(_decode_word, view.text)
    return view if text == view.text else view.retyped(name, text)


def _decode_word(match: re.Match[str]) -> str:
    word = match[0]
    if _HAS_LETTER.search(word) and _HAS_LEET.search(word):
        return word.translate(_LEET_TABLE)
    return word


def _squeeze(view: View) -> tuple[View, View]:
    runs = [match.span() for match in _REPEATED.finditer(view.text)]
    if not runs:
        return view, view
    return _cut_runs(view, "doubled", runs, 2), _cut_runs(view, "squeezed", runs, 1)


def _cut_runs(view: View, name: str, runs: list[tuple[int, int]], keep: int) -> View:
    kept: list[int] = []
    position = 0
    for start, end in runs:
        kept.extend(range(position, start + keep))
        position = end
    kept.extend(range(position, len(view.text)))
    cut = view.keeping(name, kept)
    # The last letter that stays stands for the whole run, so that a highlighted word is whole.
    ends = list(cut.ends)
    removed = 0
    for start, end in runs:
        last = start + keep - 1 - removed
        ends[last] = view.ends[end - 1]
        removed += end - start - keep
    return View(name, cut.text, cut.starts, tuple(ends))


def _join(view: View) -> View:
    gaps = spelled_gaps(view.text)
    if not gaps:
        return view
    kept: list[int] = []
    position = 0
    for start, end in gaps:
        kept.extend(range(position, start))
        position = end
    kept.extend(range(position, len(view.text)))
    return _decode(view.keeping("joined", kept), "joined")
