"""Look up terms among the tokens of a text: whole words, and on request Dutch inflections and compounds.

Substrings never match. A compound matches when the term opens or closes the word and the rest is a Dutch word.
Decides which stretches hold a term; what that means is for the rules.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.core.findings import Span
from bot.text.inflection import inflect, is_word, lemma
from bot.text.joining import WORD
from bot.text.normalise import fold
from bot.text.sieve import Needs
from bot.text.tokens import LONGEST_PART, SHORTEST_PART, Token, Tokens, skeleton

_SHORTEST_SPELLED = 5  # letters of a term that is looked for inside a row of loose letters
_LINKING = ("", "s", "e", "en", "n")  # Dutch glue between the parts of a compound
_FEWEST_VISIBLE = 2  # letters that a word with asterisks must show
_MOST_REMEMBERED = 4096  # words of which a vocabulary remembers whether they match


def term_words(term: str) -> tuple[str, ...]:
    """Return the folded words of a term; empty for a term without letters or digits."""
    return tuple(WORD.findall(fold(term)))


class Vocabulary:
    """Terms (one word or several) and how loosely they match. Build once, use for every text."""

    def __init__(
        self,
        terms: Iterable[str],
        *,
        inflections: bool = False,
        compounds: bool = False,
        exceptions: Iterable[str] = (),
    ) -> None:
        split = [words for words in map(term_words, terms) if words]
        self._terms = frozenset(words[0] for words in split if len(words) == 1)
        self._inflections = inflections
        self._forms = frozenset(form for term in self._terms for form in inflect(term)) if inflections else self._terms
        self._skeletons = frozenset(map(skeleton, self._forms))
        self._phrases: dict[str, list[tuple[str, ...]]] = {}
        for words in split:
            if len(words) > 1:
                self._phrases.setdefault(words[0], []).append(words)
        self._compounds = compounds
        self._parts = frozenset(
            form for form in self._forms if compounds and SHORTEST_PART <= len(form) <= LONGEST_PART
        )
        self._part_lengths = sorted({len(part) for part in self._parts}, reverse=True)
        self._spelled_lengths = sorted({len(form) for form in self._forms if len(form) >= _SHORTEST_SPELLED})
        self._by_length: dict[int, list[str]] = {}
        for form in self._forms:
            self._by_length.setdefault(len(form), []).append(form)
        self._needs = Needs(self._forms | self._skeletons | self._phrases.keys(), self._parts)
        excepted = tuple(exceptions)
        self._exceptions = Vocabulary(excepted, inflections=inflections) if excepted else None
        # Residents use the same words over and over: what was looked up once is known for the next text.
        self._known: dict[str, bool] = {}

    @property
    def single_forms(self) -> frozenset[str]:
        """Return every form of a one-word term that matches as it stands."""
        return self._forms

    @property
    def needs(self) -> Needs:
        """Return what has to stand in a text before any term can match there."""
        return self._needs

    @property
    def is_plain(self) -> bool:
        """Tell whether only the forms themselves match: no inflections, compounds, phrases or exceptions."""
        return not (self._inflections or self._compounds or self._phrases or self._exceptions)

    def find(self, tokens: Tokens) -> tuple[Span, ...]:
        """Return the spans of every term in the original text, in order, without doubles."""
        if not self._needs.met_by(tokens):
            return ()
        spans = {span for index in range(len(tokens)) for _, span in self.matches_at(tokens, index)}
        for token in tokens.lettered:
            spans.update(self._spelled(token))
        return tuple(sorted(spans))

    def matches_at(self, tokens: Tokens, index: int) -> Iterator[tuple[int, Span]]:
        """Yield (index of the word after it, span) for every term that starts at word `index`."""
        for token in tokens.starting[index]:
            if self._matches(token) and not self._excepted(tokens, token.span):
                yield token.last + 1, token.span
            for form in token.forms if self._phrases else ():
                for phrase in self._phrases.get(form, ()):
                    yield from self._phrase_from(tokens, token, phrase)

    def _phrase_from(self, tokens: Tokens, first: Token, phrase: tuple[str, ...]) -> Iterator[tuple[int, Span]]:
        ends = {first.last + 1: first.span[1]}
        for word in phrase[1:]:
            ends = {
                token.last + 1: token.span[1]
                for index in ends
                if index < len(tokens)
                for token in tokens.starting[index]
                if word in token.forms
            }
        for index, end in ends.items():
            span = (first.span[0], end)
            if not self._excepted(tokens, span):
                yield index, span

    def _excepted(self, tokens: Tokens, span: Span) -> bool:
        if self._exceptions is None:
            return False
        key = (id(self), "exceptions")
        if key not in tokens.spans_memo:
            tokens.spans_memo[key] = self._exceptions.find(tokens)
        return any(start < span[1] and span[0] < end for start, end in tokens.spans_memo[key])

    def _matches(self, token: Token) -> bool:
        word = token.mask or token.text
        known = self._known.get(word)
        if known is None:
            if len(self._known) >= _MOST_REMEMBERED:
                self._known.clear()
            known = self._known[word] = self._looks_like_a_term(token)
        return known

    def _looks_like_a_term(self, token: Token) -> bool:
        if token.mask:
            return self._unmasked(token.mask)
        if any(form in self._forms for form in token.forms):
            return True
        if any(form in self._skeletons for form in token.skeletons):
            return True
        if self._inflections and any(lemma(form) in self._terms for form in token.forms):
            return True
        # The dictionary form has to be a compound too: `hoeraatje` is a small hoera, not a hoer with something.
        return self._compounds and any(
            self._is_compound(form) and self._is_compound(lemma(lemma(form))) for form in token.forms
        )

    def _is_compound(self, word: str) -> bool:
        for length in self._part_lengths:
            if length + SHORTEST_PART > len(word):
                continue
            if word[:length] in self._parts and _is_rest(word[length:], front=False):
                return True
            if word[-length:] in self._parts and _is_rest(word[:-length], front=True):
                return True
        return False

    def _unmasked(self, mask: str) -> bool:
        if sum(map(str.isalpha, mask)) < _FEWEST_VISIBLE:
            return False
        return any(
            all(shown in ("*", letter) for shown, letter in zip(mask, form, strict=True))
            for form in self._by_length.get(len(mask), ())
        )

    def _spelled(self, token: Token) -> Iterator[Span]:
        """Yield terms inside a row of loose letters, where no boundary between the words is left."""
        for form in token.forms:
            for length in self._spelled_lengths:
                for start in range(len(form) - length + 1):
                    if form[start : start + length] in self._forms:
                        yield (token.letters[start][0], token.letters[start + length - 1][1])


def _is_rest(rest: str, *, front: bool) -> bool:
    """Tell whether what is left of a compound is a word, give or take the linking letters."""
    for link in _LINKING:
        if front:
            word = rest.removesuffix(link) if rest.endswith(link) else ""
        else:
            word = rest.removeprefix(link) if rest.startswith(link) else ""
        if len(word) >= SHORTEST_PART and is_word(word):
            return True
    return False
