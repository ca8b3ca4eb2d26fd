"""Find letters that are one word to the eye though something stands between them.

Two shapes: pieces inside one run of non-blank characters (`kl.oot-zak`, emoji between letters), and a row of very
short pieces at equal distances (`k l o o t z a k`, `kl oo tz ak`). This only proposes; a proposal counts when the
joined letters are a word that someone looks for. Linear in the length of the text.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

WORD = re.compile(r"[^\W_]+")
_BLANK = re.compile(r"\s")
_LINK = re.compile(r"://|www\.", re.IGNORECASE)
# Neither shape is there without two words in one run of non-blanks, or three short pieces in a row.
_ANYTHING = re.compile(
    r"[^\W_](?:(?!\s)[\W_])+[^\W_]"
    r"|(?<![^\W_])[^\W_]{1,2}[\W_]{1,5}[^\W_]{1,2}[\W_]{1,5}[^\W_]{1,2}(?![^\W_])"
)

_LONGEST_PIECE = 2  # letters in a piece of a row
_WIDEST_GAP = 5  # characters between the pieces of a row
_FEWEST_PIECES = 3
_LONGEST_CHUNK = 120  # characters; a longer run of non-blanks is only looked at row by row

# Real words so short that they may stand next to a spelled word and are not part of it.
SHORT_WORDS = frozenset(
    {
        *("de", "je", "ik", "is", "en", "of", "op", "te", "we", "ze", "zo", "nu", "na", "er", "om", "in", "al", "ja"),
        *("uw", "me", "ga", "wa", "ge", "da", "u", "n", "t", "s", "un", "le", "la", "tu", "es", "et"),
    }
)


@dataclass(frozen=True, slots=True)
class Proposal:
    """Words `first` to `last` (indices, inclusive) may be one word. `row` tells the two shapes apart."""

    first: int
    last: int
    row: bool


def proposals(text: str, words: list[tuple[int, int]]) -> list[Proposal]:
    """Return what may belong together among `words`, the spans of the words in `text`."""
    if not _ANYTHING.search(text):
        return []
    return [*_chunks(text, words), *_rows(text, words)]


def spelled_gaps(text: str) -> list[tuple[int, int]]:
    """Return the stretches to leave out of `text` so that spelled words are whole, in order, without overlap."""
    if not _ANYTHING.search(text):
        return []
    words = [match.span() for match in WORD.finditer(text)]
    gaps: set[tuple[int, int]] = set()
    for proposal in proposals(text, words):
        first, last = proposal.first, proposal.last
        while proposal.row and first < last and not _single(words[first]):
            first += 1  # "ik h a a t": the word before a spelled word is not part of it
        while proposal.row and first < last and not _single(words[last]):
            last -= 1
        pieces = words[first : last + 1]
        singles = sum(map(_single, pieces))
        if proposal.row and 2 * singles <= len(pieces):
            continue  # a row of two-letter words is an ordinary sentence more often than not
        gaps.update((pieces[i][1], pieces[i + 1][0]) for i in range(len(pieces) - 1))
    return sorted(gaps)


def _chunks(text: str, words: list[tuple[int, int]]) -> list[Proposal]:
    found: list[Proposal] = []
    first = 0
    for index in range(1, len(words) + 1):
        if index < len(words) and not _BLANK.search(text, words[index - 1][1], words[index][0]):
            continue
        start, end = words[first][0], words[index - 1][1]
        if index - 1 > first and end - start <= _LONGEST_CHUNK and not _LINK.search(text, start, end):
            found.append(Proposal(first, index - 1, row=False))
        first = index
    return found


def _rows(text: str, words: list[tuple[int, int]]) -> list[Proposal]:
    found: list[Proposal] = []
    first = 0
    for index in range(len(words) + 1):
        if index > first and _continues(text, words, first, index):
            continue
        if index - first >= _FEWEST_PIECES:
            found.append(Proposal(first, index - 1, row=True))
        # The last piece before a change of distance may open the next row.
        first = index
        if 0 < index < len(words) and _short(words[index - 1]) and _short(words[index]):
            first = index - 1
    return found


def _continues(text: str, words: list[tuple[int, int]], first: int, index: int) -> bool:
    if index >= len(words) or not _short(words[index]) or not _short(words[first]):
        return False
    gap = _gap(text, words, index)
    return 0 < gap[0] <= _WIDEST_GAP and (index == first + 1 or gap == _gap(text, words, index - 1))


def _gap(text: str, words: list[tuple[int, int]], index: int) -> tuple[int, bool]:
    """Return what stands before word `index`: how many characters, and whether a blank is among them."""
    start, end = words[index - 1][1], words[index][0]
    return end - start, bool(_BLANK.search(text, start, min(end, start + _WIDEST_GAP)))


def _single(word: tuple[int, int]) -> bool:
    return word[1] - word[0] == 1


def _short(word: tuple[int, int]) -> bool:
    return word[1] - word[0] <= _LONGEST_PIECE
