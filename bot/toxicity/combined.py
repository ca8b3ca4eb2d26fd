"""Several scorers as one: their scores by a rule, what each of them said, and where they contradict each other.

It measures; it never decides. Unknown is not clean (law 3): a scorer that has a say and does not answer is named in
the result, and such a text goes to people, also where the others found nothing. The text as a whole is *not evaluated*
only where nobody who has a say answered: all of them, or the first where the first leads.
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from enum import StrEnum

import structlog

from bot.core.findings import TOXICITY_LABELS, ScorerPart, Span, ToxicityResult
from bot.toxicity.ports import Scorer
from bot.toxicity.thresholds import SHIPPED, UNCALIBRATED

JOINT = "+"
APART = 0.5
"""Scores of one label that lie this far apart contradict each other, whatever is flagged."""

_TOLERANCE = 1e-9  # 0.9 - 0.4 is 0.5 to people, and a hair less to a computer

_log = structlog.get_logger(__name__)


class CombineRule(StrEnum):
    """How several scores become one."""

    HIGHEST = "highest"  # of each label the highest; a flag of one is a flag
    MEAN = "mean"  # of each label the mean, flagged from the mean of their thresholds on
    FIRST = "first"  # the first leads; the others are only shown


class CombinedScorer:
    """Asks `scorers`, two or more, one after the other. `own` are thresholds of a town by scorer and label."""

    def __init__(
        self, scorers: Sequence[Scorer], rule: CombineRule, own: Mapping[str, Mapping[str, float]] | None = None
    ) -> None:
        self._scorers = tuple(scorers)
        self._rule = rule
        self._thresholds = {
            scorer.name: {**SHIPPED.get(scorer.name, {}), **(own or {}).get(scorer.name, {})} for scorer in scorers
        }

    @property
    def name(self) -> str:
        return JOINT.join(scorer.name for scorer in self._scorers)

    @property
    def version(self) -> str:
        return f"{self._rule}({JOINT.join(scorer.version for scorer in self._scorers)})"

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        """Return one result for each text, in order. Never raises: a scorer that raises did not evaluate."""
        columns = [_ask(scorer, texts) for scorer in self._scorers]
        return [self._together(results) for results in zip(*columns, strict=True)]

    def _together(self, results: Sequence[ToxicityResult]) -> ToxicityResult:
        parts = tuple(
            ScorerPart(
                scorer=result.scorer,
                version=result.version,
                scores={} if result.error is not None else result.scores,
                flags=() if result.error is not None else result.flags,
                error=result.error,
                decides=self._rule is not CombineRule.FIRST or place == 0,
            )
            for place, result in enumerate(results)
        )
        deciding = [part for part in parts if part.decides and part.error is None]
        disagreement = contradictions(parts)
        if not deciding:
            silent = "; ".join(f"{part.scorer}: {part.error}" for part in parts if part.decides)
            return ToxicityResult(self.name, self.version, error=silent, parts=parts, disagreement=disagreement)
        scores = self._scores(deciding)
        return ToxicityResult(
            self.name,
            self.version,
            scores,
            self._flags(deciding, scores),
            evidence=_evidence(results[: 1 if self._rule is CombineRule.FIRST else None]),
            parts=parts,
            disagreement=disagreement,
        )

    def _scores(self, deciding: Sequence[ScorerPart]) -> dict[str, float]:
        if self._rule is CombineRule.MEAN:
            return {
                label: math.fsum(part.scores.get(label, 0.0) for part in deciding) / len(deciding)
                for label in labels_of(deciding)
            }
        return {label: max(part.scores.get(label, 0.0) for part in deciding) for label in labels_of(deciding)}

    def _flags(self, deciding: Sequence[ScorerPart], scores: Mapping[str, float]) -> tuple[str, ...]:
        if self._rule is not CombineRule.MEAN:
            return tuple(label for label in labels_of(deciding) if any(label in part.flags for part in deciding))
        return tuple(
            label for label, score in scores.items() if score >= self._mean_threshold(deciding, label) - _TOLERANCE
        )

    def _mean_threshold(self, deciding: Sequence[ScorerPart], label: str) -> float:
        given = [self._thresholds[part.scorer].get(label, UNCALIBRATED) for part in deciding]
        return math.fsum(given) / len(given)


def contradictions(parts: Iterable[ScorerPart]) -> tuple[str, ...]:
    """Return the labels on which those that evaluated contradict each other: other flags, or scores APART or more."""
    heard = [part for part in parts if part.error is None]
    found = []
    for label in labels_of(heard):
        scores = [part.scores.get(label, 0.0) for part in heard]
        flagged = {label in part.flags for part in heard}
        if len(flagged) > 1 or max(scores) - min(scores) >= APART - _TOLERANCE:
            found.append(label)
    return tuple(found)


def labels_of(parts: Sequence[ScorerPart]) -> tuple[str, ...]:
    """Return every label that one of `parts` scored: the known ones in their order, then the others."""
    given = dict.fromkeys(label for part in parts for label in part.scores)
    return tuple(label for label in dict.fromkeys([*TOXICITY_LABELS, *given]) if label in given)


def _ask(scorer: Scorer, texts: Sequence[str]) -> list[ToxicityResult]:
    try:
        results = scorer.score(texts)
    except Exception as error:  # noqa: BLE001 (whatever goes wrong in one, the others count)
        _log.warning("scorer failed", scorer=scorer.name, error=type(error).__name__)
        results = [ToxicityResult(scorer.name, scorer.version, error=f"fout: {type(error).__name__}")] * len(texts)
    if len(results) != len(texts):
        results = [ToxicityResult(scorer.name, scorer.version, error="onvolledig antwoord")] * len(texts)
    return results


def _evidence(results: Iterable[ToxicityResult]) -> dict[str, tuple[Span, ...]]:
    found: dict[str, set[Span]] = defaultdict(set)
    for result in results:
        for label, spans in result.evidence.items() if result.error is None else ():
            found[label].update(spans)
    return {label: tuple(sorted(spans)) for label, spans in found.items()}
