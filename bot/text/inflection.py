"""Dutch word forms: lemmas and known words from simplemma, and regular forms of words that no dictionary has.

Insults are often in no dictionary, so their plural, adjective and diminutive are formed here by the spelling rules.
Forms too many do no harm as long as they are no other word. Says nothing about meaning.
"""

from __future__ import annotations

from functools import lru_cache

import simplemma

_VOWELS = "aeiou"
_LONGEST_WORD = 40  # letters; nothing longer is in a dictionary
_SHORTEST_STEM = 3


def lemma(word: str) -> str:
    """Return the Dutch dictionary form of a folded word, or the word itself."""
    return _lemma(word) if len(word) <= _LONGEST_WORD else word


def is_word(word: str) -> bool:
    """Tell whether a folded word is in the Dutch dictionary."""
    return len(word) <= _LONGEST_WORD and _is_word(word)


@lru_cache(maxsize=16384)
def _lemma(word: str) -> str:
    return simplemma.lemmatize(word, lang="nl").casefold() if word.isalpha() else word


@lru_cache(maxsize=16384)
def _is_word(word: str) -> bool:
    return word.isalpha() and simplemma.is_known(word, lang="nl")


def inflect(word: str) -> frozenset[str]:
    """Return the regular forms of a folded noun or adjective, itself included."""
    if len(word) < _SHORTEST_STEM or not word.isalpha():
        return frozenset({word})
    if word[-1] in _VOWELS:
        return frozenset({word, f"{word}s", f"{word}n", f"{word}tje", f"{word}tjes"})
    forms = {word, f"{word}s"}
    for stem in _stems(word):
        forms |= {f"{stem}e", f"{stem}en"}
    for small in ("je", "tje", "etje", "pje"):
        forms |= {f"{word}{small}", f"{word}{small}s"}
    doubled = word + word[-1]
    forms |= {f"{doubled}etje", f"{doubled}etjes"}
    return frozenset(forms)


def _stems(word: str) -> set[str]:
    """Return the stem before an ending in a vowel: zak → zakk, idioot → idiot, dief → diev."""
    last, before = word[-1], word[-2]
    if before not in _VOWELS:
        return {word, word[:-1] + {"f": "v", "s": "z"}.get(last, last)}
    long_vowel = len(word) > 2 and word[-3] in _VOWELS
    if not long_vowel:
        # Never the stem of one consonant: it would make "negeren" (to ignore) of a slur on -er.
        return {word + last}
    stem = word[:-2] + last if word[-3] == before else word
    return {stem, stem[:-1] + {"f": "v", "s": "z"}.get(last, last)}
