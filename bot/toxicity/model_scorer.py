"""The scorer `model`: the language model that ships with the program, and the words of the lexicon, as one score.

It measures; it never decides. The model knows what is hurtful without telltale words, the lexicon what is hidden by
its spelling; `understanding.blend` weighs the two. Its evidence: the words that the lexicon found; where it
found none, the part of the text that says most by itself.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from bot.core.findings import TOXICITY_LABELS, Span, ToxicityResult
from bot.toxicity.embedded import EmbeddedScorer
from bot.toxicity.ports import Scorer
from bot.toxicity.thresholds import MODEL, flags
from bot.understanding.model import Model

NAME = "model"
VERSION = "1"

_HIGHEST = 0.99
_LABELS = {label: f"toxicity:{label}" for label in TOXICITY_LABELS}


class ModelScorer:
    """Scores texts with `model` and the lexicons. Thread-safe; some milliseconds a reaction on one core."""

    def __init__(self, model: Model, words: Scorer | None = None) -> None:
        self._model = model
        self._words = words or EmbeddedScorer()
        digest = hashlib.sha256(repr((model.version, self._words.version, sorted(MODEL.items()))).encode())
        self._version = f"{VERSION}+{digest.hexdigest()[:12]}"

    @property
    def name(self) -> str:
        return NAME

    @property
    def version(self) -> str:
        return self._version

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        """Return scores, flags and the words that carried them, for each text."""
        return [self._score(text, words) for text, words in zip(texts, self._words.score(texts), strict=True)]

    def _score(self, text: str, words: ToxicityResult) -> ToxicityResult:
        if not text.strip():
            return ToxicityResult(NAME, self._version, dict.fromkeys(TOXICITY_LABELS, 0.0))
        windows = self._model.see(text)
        logits = self._model.heads.logits(windows)
        scores = {
            label: round(min(self._model.blend.score(name, logits[name], words.scores[label]), _HIGHEST), 4)
            for label, name in _LABELS.items()
        }
        # What is an insult, a threat or an attack is toxic as well, and what is severe is not mild.
        scores["toxicity"] = max(
            scores["toxicity"], *(scores[label] for label in ("insult", "identity_attack", "threat"))
        )
        scores["severe_toxicity"] = min(scores["severe_toxicity"], scores["toxicity"])
        flagged = flags(scores, MODEL)
        return ToxicityResult(NAME, self._version, scores, flagged, evidence=self._evidence(text, words, flagged))

    def _evidence(self, text: str, words: ToxicityResult, flagged: Sequence[str]) -> Mapping[str, tuple[Span, ...]]:
        found = {label: words.evidence.get(label, ()) for label in flagged}
        return {label: spans or self._model.evidence(text, "", _LABELS[label]) for label, spans in found.items()}
