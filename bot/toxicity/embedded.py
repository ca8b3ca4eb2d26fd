"""The embedded scorer: transparent, lexical and structural, for Dutch, with the core of French and English.

It measures; it never decides. Every score can be traced to words in a lexicon file. Words in quotation marks, under a
negation or in a sentence that condemns them count for little. What it cannot see: irony, insults without telltale
words, and groups or slurs that no lexicon file names; a trained scorer takes its place behind the same port.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Sequence

from bot.core.findings import TOXICITY_LABELS, Span, ToxicityResult
from bot.framing.evidence import combined, without_overlap
from bot.framing.patterns import Line
from bot.framing.quotes import is_quoted, quotations
from bot.text.normalise import normalise
from bot.toxicity.lexical import Found, Lexicon
from bot.toxicity.thresholds import EMBEDDED, flags

NAME = "embedded"
VERSION = "1"
LANGUAGES = ("nl", "fr", "en")

# What is left of a weight when the words are not the writer's own verdict on someone.
_QUOTED_FACTOR = 0.4
_REPORTED_FACTOR = 0.45
_NEGATED_FACTOR = 0.2
_SELF_FACTOR = 0.3

_HIGHEST = 0.99
# How much of a narrow label is toxicity as such: coarse words alone are less than contempt.
_SHARE_OF_TOXICITY = {"insult": 1.0, "identity_attack": 1.0, "threat": 1.0, "obscene": 0.8, "sexual_explicit": 0.7}


class EmbeddedScorer:
    """Scores texts with the lexicons that ship with the program. Thread-safe; about half a millisecond a reaction."""

    def __init__(self) -> None:
        self._lexicons = [Lexicon(language) for language in LANGUAGES]
        digest = hashlib.sha256(repr(sorted(EMBEDDED.items())).encode())
        for lexicon in self._lexicons:
            digest.update(lexicon.content)
        self._version = f"{VERSION}+{digest.hexdigest()[:12]}"

    @property
    def name(self) -> str:
        return NAME

    @property
    def version(self) -> str:
        return self._version

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        """Return scores, flags and the words that carried them, for each text."""
        return [self._score(text) for text in texts]

    def _score(self, text: str) -> ToxicityResult:
        quoted = quotations(text)
        weighed: dict[str, set[tuple[float, Span]]] = defaultdict(set)
        for view in normalise(text).views():
            line = Line.of_view(view, text)
            for lexicon in self._lexicons:
                for found in lexicon.find(line):
                    weighed[found.label].add((found.weight * _factor(found, quoted), found.span))
        kept = {label: without_overlap(clues) for label, clues in weighed.items()}
        scores = _scores({label: combined(weight for weight, _ in clues) for label, clues in kept.items()})
        flagged = flags(scores, EMBEDDED)
        evidence = {label: tuple(sorted(span for _, span in clues)) for label, clues in kept.items() if clues}
        return ToxicityResult(NAME, self._version, scores, flagged, evidence=_shared(evidence, flagged))


def _scores(found: dict[str, float]) -> dict[str, float]:
    """Return a score for every label; `toxicity` and `severe_toxicity` follow from the narrow ones."""
    scores = {label: found.get(label, 0.0) for label in TOXICITY_LABELS}
    shares = [scores[label] * share for label, share in _SHARE_OF_TOXICITY.items()]
    scores["toxicity"] = max(scores["toxicity"], *shares)
    grave = sorted(
        (max(scores["insult"], scores["obscene"]), scores["identity_attack"], scores["threat"]), reverse=True
    )
    scores["severe_toxicity"] = max(scores["severe_toxicity"], grave[0] * grave[1])
    return {label: round(min(score, _HIGHEST), 4) for label, score in scores.items()}


def _shared(evidence: dict[str, tuple[Span, ...]], flagged: tuple[str, ...]) -> dict[str, tuple[Span, ...]]:
    """Give a flag that follows from other labels the words of those."""
    spans = tuple(sorted({span for label in flagged for span in evidence.get(label, ())}))
    return {**dict.fromkeys(flagged, spans), **evidence}


def _factor(found: Found, quoted: tuple[Span, ...]) -> float:
    factor = 1.0
    if is_quoted(found.span, quoted):
        factor *= _QUOTED_FACTOR
    if found.reported:
        factor *= _REPORTED_FACTOR
    if found.negated:
        factor *= _NEGATED_FACTOR
    if found.about_self:
        factor *= _SELF_FACTOR
    return factor
