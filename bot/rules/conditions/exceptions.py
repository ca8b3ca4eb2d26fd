"""What `behalve` leaves out: words (with inflections), phrases, or phrases with lists.

An exception takes away only the finds that it overlaps; the rest of the message still counts.
"""

from __future__ import annotations

import difflib
from collections.abc import Iterable

from bot.core.findings import Span
from bot.rules.conditions.base import ConditionError, require_lists
from bot.rules.lists import Lists
from bot.text.phrases import Phrase, PhraseBook, PhraseError, compile_phrase
from bot.text.tokens import Tokens
from bot.text.words import Vocabulary

_PHRASE_SIGNS = frozenset("@|…")


def compile_phrases(texts: Iterable[str], lists: Lists, *, key: str) -> PhraseBook:
    """Return the phrases; raise ConditionError about `key` on one that cannot be read or names an unknown list."""
    texts = tuple(texts)
    named = {part[1:] for text in texts for part in text.split() if part.startswith("@")}
    vocabularies = {name: lists.usable[name].vocabulary() for name in named if name in lists.usable}
    vocabularies |= {name: Vocabulary(()) for name in named & lists.broken}
    return PhraseBook([_phrase(text, vocabularies, lists, key) for text in texts])


def _phrase(text: str, vocabularies: dict[str, Vocabulary], lists: Lists, key: str) -> Phrase:
    try:
        return compile_phrase(text, vocabularies)
    except PhraseError as error:
        unknown = [part[1:] for part in text.split() if part.startswith("@") and part[1:] not in vocabularies]
        close = difflib.get_close_matches(unknown[0], lists.names(), n=1) if unknown else []
        hint = f"bedoelt u `@{close[0]}`?" if close else ""
        raise ConditionError(f"{error} (in `{text}`)", key=key, hint=hint) from error


class Exceptions:
    """The compiled `behalve` of a condition."""

    def __init__(self, entries: tuple[str, ...], lists: Lists) -> None:
        whole_lists = [entry for entry in entries if entry.startswith("@") and " " not in entry]
        require_lists(whole_lists, lists, key="behalve")
        phrases = [entry for entry in entries if entry not in whole_lists and not _PHRASE_SIGNS.isdisjoint(entry)]
        words = [entry for entry in entries if entry not in phrases]
        self._phrases = compile_phrases(phrases, lists, key="behalve") if phrases else None
        self._words = Vocabulary(lists.collect(words)[0], inflections=True) if words else None

    def leave_out(self, spans: tuple[Span, ...], tokens: Tokens) -> tuple[Span, ...]:
        """Return the spans that no exception overlaps."""
        if not spans:
            return spans
        excepted = [
            *(self._words.find(tokens) if self._words else ()),
            *(self._phrases.find(tokens) if self._phrases else ()),
        ]
        return tuple(span for span in spans if not any(a < span[1] and span[0] < b for a, b in excepted))
