"""Detect frames, values, tone and tension with the language model and the words of `frames/` together.

The model reads the reaction under its post; the words add what an administrator knows and a model cannot. A frame that
the model never learned is judged by its words alone. It never decides what happens with a frame.
"""

from __future__ import annotations

from collections.abc import Mapping

from bot.core.findings import FrameHit, FramingResult, Span, Tension, Tone
from bot.framing.detector import LexicalDetector, Weighed
from bot.framing.frameset import FrameSet, Kind
from bot.understanding.heads import softmax
from bot.understanding.model import Model

NAME = "model"


class ModelDetector:
    """Implements `ports.FrameDetector`."""

    def __init__(self, frameset: FrameSet, model: Model) -> None:
        self._frameset = frameset
        self._model = model
        self._words = LexicalDetector(frameset)
        self._values = [value for value in frameset.values if f"value:{value}" in model.blend]

    @property
    def version(self) -> str:
        return f"{NAME}-{self._model.version}+{self._frameset.hash[:12]}"

    @property
    def names(self) -> Mapping[str, str]:
        return self._words.names

    def detect(self, text: str, *, context: str) -> FramingResult:
        """Return what `text` shows, read under the post `context` (empty where that is not known)."""
        words = self._words.detect(text, context=context)
        if not text.strip():
            return words
        weighed = self._words.weigh(text, context=context)
        windows = self._model.see(text, context)
        logits = self._model.heads.logits(windows)
        hits: list[FrameHit] = []
        for frame in self._frameset.frames.values():
            label, found = f"frame:{frame.id}", weighed.get(frame.id)
            if label not in logits or label not in self._model.blend:
                hits += [hit for hit in words.frames if hit.id == frame.id]
                continue
            score = self._model.blend.score(label, logits[label], found.score if found else 0.0)
            if score >= frame.threshold:
                spans = _evidence(found, self._model.evidence(text, context, label))
                hits.append(FrameHit(frame.id, round(score, 4), spans))
        hits.sort(key=lambda hit: (-hit.score, hit.id))
        tone, tension = self._manner(logits, hits)
        return FramingResult(
            frames=tuple(hits),
            values=self._appeals(logits, words.values),
            tone=tone,
            tension=tension,
            topics=words.topics,
            version=self.version,
        )

    def _manner(self, logits: Mapping[str, float], hits: list[FrameHit]) -> tuple[Tone, Tension]:
        tones = softmax({tone: logits[f"tone:{tone}"] for tone in Tone})
        tensions = softmax({tension: logits[f"tension:{tension}"] for tension in Tension})
        tone, tension = Tone(max(tones, key=tones.__getitem__)), Tension(max(tensions, key=tensions.__getitem__))
        problem = any(self._frameset.frames[hit.id].kind is Kind.PROBLEM for hit in hits)
        if problem and tone is Tone.CONNECTING:
            tone = Tone.CRITICISM
        if hits and tension is Tension.NONE and tone is not Tone.QUESTION:
            tension = Tension.IDEOLOGICAL
        return tone, tension

    def _appeals(self, logits: Mapping[str, float], named: tuple[str, ...]) -> tuple[str, ...]:
        scores = {
            value: self._model.blend.score(f"value:{value}", logits[f"value:{value}"], float(value in named))
            for value in self._values
        }
        return tuple(sorted((v for v, score in scores.items() if score >= 0.5), key=lambda v: (-scores[v], v)))


def _evidence(words: Weighed | None, seen: tuple[Span, ...]) -> tuple[Span, ...]:
    """Return the parts that the model points at, with the words that stand outside them."""
    known = words.spans if words else ()
    return tuple(sorted({*seen, *(span for span in known if all(span[1] <= a or b <= span[0] for a, b in seen))}))
