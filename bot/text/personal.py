"""Find and mask personal data in a text: telephone, e-mail, account, national register number, number plate.

Belgian forms, with check digits where they exist. It finds what has the form; whose data it is, and whether it may
stand there, is for the rules and for people. Every pattern has fixed lengths, so it runs in linear time.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache

from bot.core.findings import Span


class PersonalKind(StrEnum):
    """A kind of personal data, in the words of the rule file."""

    PHONE = "telefoonnummer"
    EMAIL = "e-mailadres"
    IBAN = "rekeningnummer"
    NATIONAL_NUMBER = "rijksregisternummer"
    PLATE = "nummerplaat"


@dataclass(frozen=True, slots=True)
class PersonalData:
    """Personal data of one kind, at `span` of the original text."""

    kind: PersonalKind
    span: Span


_PHONE = re.compile(
    r"(?<![\w+])(?:(?:\+|00)32[ ./-]?(?:\(0\)[ ]?)?|0)"
    r"(?:4\d{2}(?:[ ./-]?\d{2}[ .-]?\d{2}[ .-]?\d{2}|[ ./-]?\d{3}[ .-]?\d{3})"
    r"|[2349][ ./-]?\d{3}[ .-]?\d{2}[ .-]?\d{2}"
    r"|(?:1\d|5\d|6[0135789]|71|8[1235679])[ ./-]?\d{2}[ .-]?\d{2}[ .-]?\d{2})(?![\w])"
)
_EMAIL = re.compile(
    r"(?<![\w.+-])[\w.+%-]{1,64}(?:@|\s?\[at\]\s?|\s?\(at\)\s?)(?:[a-z0-9-]{1,63}\.){1,4}[a-z]{2,24}(?![\w-])",
    re.IGNORECASE,
)
_IBAN_START = re.compile(r"(?<!\w)[A-Z]{2}\d{2}(?=[ .-]?[A-Z0-9])", re.IGNORECASE)
_NATIONAL = re.compile(r"(?<!\d)(\d{2})[. -]?([0-5]\d)[. -]?([0-3]\d)[. -]{0,3}(\d{3})[. -]?(\d{2})(?!\d)")
_PLATE = re.compile(
    r"(?<![\w-])(?:[1-9Q]-[A-Z]{3}-\d{3}|[1-9Q]-\d{3}-[A-Z]{3})(?![\w-])"
    r"|(?<![\w-])(?-i:[1-9][A-Z]{3}\d{3}|[1-9] [A-Z]{3} \d{3}|[A-Z]{3}-\d{3})(?![\w-])",
    re.IGNORECASE,
)
_ANYTHING = re.compile(r"[\d@]|at[\])]", re.IGNORECASE)  # a number, or an e-mail address as people write it
_DASHES = dict.fromkeys((0x2010, 0x2011, 0x2012, 0x2013, 0x2212), "-")
_NOT_ON_PLATES = frozenset({"JAN", "FEB", "MRT", "APR", "MEI", "JUN", "JUL", "AUG", "SEP", "OKT", "NOV", "DEC", "EUR"})

# Length of an account number per country (ISO 13616 registry).
_IBAN_LENGTHS = {
    "BE": 16, "NL": 18, "FR": 27, "DE": 22, "LU": 20, "GB": 22, "IE": 22, "ES": 24, "PT": 25, "IT": 27, "AT": 20,
    "CH": 21, "PL": 28, "RO": 24, "BG": 22, "GR": 27, "DK": 18, "SE": 24, "NO": 15, "FI": 18, "CZ": 24, "SK": 24,
    "HU": 28, "HR": 21, "SI": 19, "EE": 20, "LV": 21, "LT": 20, "TR": 26, "MT": 31, "CY": 28,
}  # fmt: skip


def find_personal_data(text: str) -> tuple[PersonalData, ...]:
    """Return the personal data in `text` in order; stretches do not overlap."""
    plain = _plain(text)
    if not _ANYTHING.search(plain):
        return ()
    found: list[PersonalData] = []
    for kind, finder in _FINDERS:
        for span in finder(plain):
            if not any(start < span[1] and span[0] < end for start, end in (other.span for other in found)):
                found.append(PersonalData(kind, span))
    return tuple(sorted(found, key=lambda data: data.span))


def mask(text: str) -> str:
    """Return `text` with every piece of personal data replaced by the name of its kind between brackets."""
    pieces: list[str] = []
    position = 0
    for data in find_personal_data(text):
        pieces.extend((text[position : data.span[0]], f"[{data.kind}]"))
        position = data.span[1]
    return "".join([*pieces, text[position:]])


def _plain(text: str) -> str:
    """Return the text with full-width digits and letters made plain, character for character."""
    if text.isascii():
        return text
    return "".join(map(_plain_character, text))


@lru_cache(maxsize=4096)
def _plain_character(character: str) -> str:
    folded = " " if character.isspace() else unicodedata.normalize("NFKC", character)
    return (folded if len(folded) == 1 else character).translate(_DASHES)


def _matches(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    return lambda text: (match.span() for match in pattern.finditer(text))


def _ibans(text: str) -> Iterator[Span]:
    for match in _IBAN_START.finditer(text):
        length = _IBAN_LENGTHS.get(match[0][:2].upper())
        end = match.start()
        characters = ""
        while length and len(characters) < length and end < len(text):
            if text[end].isascii() and text[end].isalnum():
                characters += text[end].upper()
            elif text[end] not in " .-":
                break
            end += 1
        whole = end >= len(text) or not text[end].isalnum()
        if length and whole and len(characters) == length and _iban_is_right(characters):
            yield (match.start(), end)


def _iban_is_right(iban: str) -> bool:
    """Check digits of ISO 13616: the number, rearranged, leaves 1 after division by 97."""
    return int("".join(str(int(character, 36)) for character in iban[4:] + iban[:4])) % 97 == 1


def _national_numbers(text: str) -> Iterator[Span]:
    for match in _NATIONAL.finditer(text):
        nine, check = "".join(match.groups()[:4]), int(match[5])
        # From 2000 on a 2 stands before the nine digits when the check digits are worked out.
        if check in (97 - int(nine) % 97, 97 - int("2" + nine) % 97):
            yield match.span()


def _plates(text: str) -> Iterator[Span]:
    for match in _PLATE.finditer(text):
        letters = "".join(filter(str.isalpha, match[0])).upper()
        if letters[-3:] not in _NOT_ON_PLATES:
            yield match.span()


# The strictest first: what has check digits is not also a telephone number.
_FINDERS: tuple[tuple[PersonalKind, Callable[[str], Iterator[Span]]], ...] = (
    (PersonalKind.IBAN, _ibans),
    (PersonalKind.NATIONAL_NUMBER, _national_numbers),
    (PersonalKind.EMAIL, _matches(_EMAIL)),
    (PersonalKind.PHONE, _matches(_PHONE)),
    (PersonalKind.PLATE, _plates),
)
