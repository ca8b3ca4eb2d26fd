"""A scorer under the thresholds of a town: the same scores, other flags, and a version that says so.

It never changes a score: what is measured stays comparable from one town to the next.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import replace

from bot.core.findings import TOXICITY_LABELS, Span, ToxicityResult
from bot.toxicity.ports import Scorer

_MARK = "~drempels-"


class AdjustedScorer:
    """Flags what `inner` measured by `own`: label → threshold in (0, 1]. A label without one keeps that of `inner`."""

    def __init__(self, inner: Scorer, own: Mapping[str, float]) -> None:
        self._inner = inner
        self._own = dict(own)
        digest = hashlib.sha256(repr(sorted(self._own.items())).encode()).hexdigest()[:8]
        self._suffix = f"{_MARK}{digest}"

    @property
    def name(self) -> str:
        return self._inner.name

    @property
    def version(self) -> str:
        return self._inner.version + self._suffix

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        """Return what `inner` measured, flagged anew. Raises what `inner` raises."""
        return [self._flagged(result) for result in self._inner.score(texts)]

    def _flagged(self, result: ToxicityResult) -> ToxicityResult:
        if result.error is not None:
            return replace(result, version=self.version)
        order = dict.fromkeys([*TOXICITY_LABELS, *result.scores])
        flags = tuple(label for label in order if self._reached(label, result))
        return replace(result, version=self.version, flags=flags, evidence=_evidence(result, flags))

    def _reached(self, label: str, result: ToxicityResult) -> bool:
        if label not in self._own:
            return label in result.flags
        return result.scores.get(label, 0.0) >= self._own[label]


def measured_by(version: str) -> str:
    """Return the version of what measured: that of a scorer without the thresholds of a town."""
    return version.partition(_MARK)[0]


def _evidence(result: ToxicityResult, flags: tuple[str, ...]) -> Mapping[str, tuple[Span, ...]]:
    """Give a flag without words of its own, such as `toxicity`, the words of the others."""
    spans = tuple(sorted({span for spans in result.evidence.values() for span in spans}))
    return {**dict.fromkeys(flags, spans), **result.evidence} if spans else result.evidence
