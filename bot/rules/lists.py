"""Word lists that rules refer to with `@naam`: inline in the rule file, or a text file beside it.

In a list file every line is a term; `#` opens a remark; a line that opens with `!` is an exception that never
matches. Judges nothing.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass

from bot.rules.files import FileError, RuleFiles
from bot.text.words import Vocabulary, term_words


class ListError(ValueError):
    """A list that cannot be used; the message is Dutch, for the administrator."""


@dataclass(frozen=True, slots=True)
class WordList:
    """Terms and exceptions, with the file they stand in, where they do, and its bytes.

    `lines` are the lines or entries as they were written, without remarks: what stands where.
    """

    name: str
    terms: tuple[str, ...]
    exceptions: tuple[str, ...] = ()
    raw: bytes = b""
    file: str = ""
    lines: tuple[str, ...] = ()

    def vocabulary(self) -> Vocabulary:
        """Return the list as a phrase uses it: whole words, with inflections."""
        return Vocabulary(self.terms, inflections=True, exceptions=self.exceptions)


def make_list(name: str, lines: Iterable[str], raw: bytes = b"", file: str = "") -> WordList:
    """Return the list written in `lines`; raise ListError where it holds nothing to look for."""
    terms: list[str] = []
    exceptions: list[str] = []
    bare = tuple(line.split("#", 1)[0].strip() for line in lines)
    for term in bare:
        (exceptions if term.startswith("!") else terms).append(term.removeprefix("!").strip())
    terms = [term for term in terms if term_words(term)]
    if not terms:
        raise ListError(f"lijst `{name}` is leeg, dus de regels die haar gebruiken zouden nooit afgaan")
    return WordList(name, tuple(terms), tuple(term for term in exceptions if term), raw, file, bare)


def read_list(name: str, files: RuleFiles, file: str) -> WordList:
    """Return the list in `file`, one of the `files` beside the rule file; raise ListError where it cannot be used."""
    try:
        raw = files.read(file)
        lines = raw.decode("utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ListError(f"`{file}` is geen tekst in UTF-8 (byte {error.start + 1})") from error
    except FileError as error:
        raise ListError(str(error)) from error
    return make_list(name, lines, raw, file)


@dataclass(frozen=True, slots=True)
class Lists:
    """All usable lists of a rule file by name, and the names that exist but failed to load."""

    usable: Mapping[str, WordList]
    broken: frozenset[str] = frozenset()

    def names(self) -> tuple[str, ...]:
        """Return every name that the rule file defines."""
        return (*self.usable, *self.broken)

    def collect(self, entries: Iterable[str]) -> tuple[list[str], list[str]]:
        """Return the (terms, exceptions) that `entries` stand for, `@naam` replaced by what is in the list."""
        terms: list[str] = []
        exceptions: list[str] = []
        for entry in entries:
            if not entry.startswith("@"):
                terms.append(entry)
            elif entry[1:] in self.usable:
                terms.extend(self.usable[entry[1:]].terms)
                exceptions.extend(self.usable[entry[1:]].exceptions)
        return terms, exceptions
