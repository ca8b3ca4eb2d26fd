"""An analysis as JSON: the machine form that others read (`to_json`) and the stored form (`dump`, `load`).

The machine form is the contract of `verbinder analyse`: fields may be added, never renamed
(`docs/schema/analysis.schema.json`). The stored form keeps everything that is needed to show a case later, and
carries a format number, so that a newer program can still read what an older one wrote.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from bot.core.analysis import Analysis, Decision, Suggestion
from bot.core.errors import StoreError
from bot.core.findings import (
    TOXICITY_LABELS,
    Effect,
    FrameHit,
    FramingResult,
    RuleHit,
    RulesResult,
    ScorerPart,
    Severity,
    Span,
    Tension,
    Tone,
    ToxicityResult,
)

FORMAT = 1
"""The number of the stored form. Raise it when `load` could no longer read what `dump` writes."""

_SCORE_DECIMALS = 4


def to_json(analysis: Analysis, *, id: str) -> dict[str, Any]:  # noqa: A002 (the contract's own word)
    """Return the machine form of `analysis` for the text that its sender calls `id`."""
    framing = analysis.framing
    return {
        "id": id,
        "language": analysis.language,
        "toxicity": _toxicity_json(analysis.toxicity),
        "frames": [
            {"id": hit.id, "score": _rounded(hit.score), "evidence": _pairs(hit.evidence), "flagged": hit.flagged}
            for hit in framing.frames
        ],
        "tone": framing.tone.value,
        "values": list(framing.values),
        "tension": framing.tension.value,
        "topics": list(framing.topics),
        "rules": [
            {
                "id": hit.id,
                "severity": hit.severity.label,
                "status": hit.status,
                "spans": _pairs(hit.spans),
                "title": hit.title,
                "house_rule": hit.house_rule,
            }
            for hit in analysis.rules.hits
        ],
        "decision": _decision_json(analysis.decision),
        "suggestions": [_suggestion_json(suggestion) for suggestion in analysis.suggestions],
        "versions": dict(analysis.versions),
    }


def dump(analysis: Analysis) -> str:
    """Return the stored form: one line of ASCII JSON, so that lone surrogates and NUL survive any database."""
    return json.dumps(
        {
            "format": FORMAT,
            "language": analysis.language,
            "toxicity": {
                **_toxicity_json(analysis.toxicity, exact=True),
                "evidence": {label: _pairs(spans) for label, spans in analysis.toxicity.evidence.items()},
            },
            "framing": _framing_json(analysis.framing),
            "rules": _rules_json(analysis.rules),
            "decision": _decision_json(analysis.decision),
            "suggestions": [_suggestion_json(suggestion) for suggestion in analysis.suggestions],
            "fingerprint": analysis.fingerprint,
            "versions": dict(analysis.versions),
        },
        ensure_ascii=True,
        separators=(",", ":"),
    )


def load(stored: str) -> Analysis:
    """Return the analysis that `dump` wrote; raise StoreError where the text is not one."""
    try:
        data = json.loads(stored)
        if data["format"] > FORMAT:
            raise StoreError(
                f"Een opgeslagen beoordeling heeft vorm {data['format']}; dit programma kent tot en met {FORMAT}.",
                remedy="Gebruik dezelfde of een nieuwere versie van Verbinder als die de beoordeling schreef.",
            )
        return Analysis(
            language=data["language"],
            toxicity=_toxicity(data["toxicity"]),
            framing=_framing(data["framing"]),
            rules=_rules(data["rules"]),
            decision=_decision(data["decision"]),
            suggestions=tuple(_suggestion(item) for item in data["suggestions"]),
            fingerprint=data["fingerprint"],
            versions=data["versions"],
        )
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise StoreError(
            f"Een opgeslagen beoordeling is niet leesbaar: {error!r}.",
            remedy="Laat het bericht opnieuw beoordelen of zet een reservekopie terug.",
        ) from error


def language_and_scores(stored: str) -> tuple[str | None, Mapping[str, float] | None]:
    """Return what a replay needs of a stored analysis, without the cost of reading all of it.

    The scores are None where the text was not evaluated; both are None where this program cannot read the analysis.
    """
    try:
        data = json.loads(stored)
        if data["format"] > FORMAT:
            return None, None
        toxicity = data["toxicity"]
        return data["language"], None if toxicity["error"] is not None else toxicity["scores"]
    except (ValueError, KeyError, TypeError):
        return None, None


def _rounded(score: float) -> float:
    return round(score, _SCORE_DECIMALS)


def _pairs(spans: Iterable[Span]) -> list[list[int]]:
    return [[start, end] for start, end in spans]


def _spans(pairs: Sequence[Sequence[int]]) -> tuple[Span, ...]:
    return tuple((int(start), int(end)) for start, end in pairs)


def _toxicity_json(result: ToxicityResult, *, exact: bool = False) -> dict[str, Any]:
    known = [label for label in TOXICITY_LABELS if label in result.scores]
    others = [label for label in result.scores if label not in TOXICITY_LABELS]
    return {
        "scorer": result.scorer,
        "version": result.version,
        "error": result.error,
        "scores": {
            label: result.scores[label] if exact else _rounded(result.scores[label]) for label in [*known, *others]
        },
        "flags": list(result.flags),
        **_parts_json(result, exact=exact),
    }


def _parts_json(result: ToxicityResult, *, exact: bool) -> dict[str, Any]:
    """Return what several scorers said; nothing where one measured alone."""
    if not result.parts:
        return {}
    return {
        "parts": [
            {
                "scorer": part.scorer,
                "version": part.version,
                "error": part.error,
                "scores": {label: score if exact else _rounded(score) for label, score in part.scores.items()},
                "flags": list(part.flags),
                "decides": part.decides,
            }
            for part in result.parts
        ],
        "disagreement": list(result.disagreement),
    }


def _part(data: Mapping[str, Any]) -> ScorerPart:
    return ScorerPart(
        scorer=data["scorer"],
        version=data["version"],
        scores=data["scores"],
        flags=tuple(data["flags"]),
        error=data["error"],
        decides=data["decides"],
    )


def _toxicity(data: Mapping[str, Any]) -> ToxicityResult:
    return ToxicityResult(
        scorer=data["scorer"],
        version=data["version"],
        scores=data["scores"],
        flags=tuple(data["flags"]),
        error=data["error"],
        evidence={label: _spans(pairs) for label, pairs in data["evidence"].items()},
        parts=tuple(_part(item) for item in data.get("parts", ())),  # absent in what an earlier program stored
        disagreement=tuple(data.get("disagreement", ())),
    )


def _framing_json(result: FramingResult) -> dict[str, Any]:
    return {
        "frames": [
            {"id": hit.id, "score": hit.score, "evidence": _pairs(hit.evidence), "flagged": hit.flagged}
            for hit in result.frames
        ],
        "values": list(result.values),
        "tone": result.tone.value,
        "tension": result.tension.value,
        "topics": list(result.topics),
        "version": result.version,
        "error": result.error,
    }


def _framing(data: Mapping[str, Any]) -> FramingResult:
    return FramingResult(
        frames=tuple(
            FrameHit(id=item["id"], score=item["score"], evidence=_spans(item["evidence"]), flagged=item["flagged"])
            for item in data["frames"]
        ),
        values=tuple(data["values"]),
        tone=Tone(data["tone"]),
        tension=Tension(data["tension"]),
        topics=tuple(data["topics"]),
        version=data["version"],
        error=data["error"],
    )


def _rules_json(result: RulesResult) -> dict[str, Any]:
    return {
        "file_hash": result.file_hash,
        "hits": [
            {
                "id": hit.id,
                "title": hit.title,
                "house_rule": hit.house_rule,
                "severity": hit.severity.label,
                "status": hit.status,
                "effects": sorted(hit.effects),
                "reason": hit.reason,
                "spans": _pairs(hit.spans),
            }
            for hit in result.hits
        ],
        "not_evaluated": dict(result.not_evaluated),
    }


def _rules(data: Mapping[str, Any]) -> RulesResult:
    return RulesResult(
        file_hash=data["file_hash"],
        hits=tuple(
            RuleHit(
                id=item["id"],
                title=item["title"],
                house_rule=item["house_rule"],
                severity=Severity.parse(item["severity"]),
                status=item["status"],
                effects=frozenset(Effect(effect) for effect in item["effects"]),
                reason=item["reason"],
                spans=_spans(item["spans"]),
            )
            for item in data["hits"]
        ),
        not_evaluated=data["not_evaluated"],
    )


def _decision_json(decision: Decision) -> dict[str, Any]:
    return {
        "alert": decision.alert,
        "severity": decision.severity.label if decision.severity else None,
        "suggest_reply": decision.suggest_reply,
        "propose_removal": decision.propose_removal,
        "not_evaluated": list(decision.not_evaluated),
        "reasons": list(decision.reasons),
    }


def _decision(data: Mapping[str, Any]) -> Decision:
    return Decision(
        alert=data["alert"],
        severity=Severity.parse(data["severity"]) if data["severity"] else None,
        suggest_reply=data["suggest_reply"],
        propose_removal=data["propose_removal"],
        not_evaluated=tuple(data["not_evaluated"]),
        reasons=tuple(data["reasons"]),
    )


def _suggestion_json(suggestion: Suggestion) -> dict[str, Any]:
    return {
        "text": suggestion.text,
        "frame": suggestion.frame,
        "value": suggestion.value,
        "approach": suggestion.approach,
        "checks": list(suggestion.checks),
    }


def _suggestion(data: Mapping[str, Any]) -> Suggestion:
    return Suggestion(
        text=data["text"],
        frame=data["frame"],
        value=data["value"],
        approach=data["approach"],
        checks=tuple(data["checks"]),
    )
