"""The report of an evaluation as JSON, for other programs: fields may be added, never renamed.

Personal data is masked in every text.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from bot.cli import jsonl
from bot.evaluation import Report
from bot.evaluation.calibration import Calibration
from bot.evaluation.confusion import Confusion
from bot.evaluation.metrics import ClassFigures, Figure, PartFigures, Share
from bot.evaluation.mistakes import MistakeList, shown_text
from bot.evaluation.pairs import PairFigures
from bot.evaluation.slices import SliceFigures, SliceTable
from bot.evaluation.tables import parts
from bot.evaluation.thresholds import Curve

_DECIMALS = 4


def dumps(report: Report) -> bytes:
    """Return the report as one line of JSON."""
    return jsonl.dumps(as_json(report))


def as_json(report: Report) -> dict[str, Any]:
    """Return the report as plain values; figures are rounded to four decimals, None where they do not exist."""
    options = report.options
    return {
        "items": report.items,
        "sources": list(report.sources),
        "repeated": report.repeated,
        "doubt": {"counts_as": options.doubt.value, "grades": report.arguable},
        "bootstrap": {"draws": options.sampling.draws, "seed": options.sampling.seed, "confidence": 0.95},
        "versions": {of: list(versions) for of, versions in report.versions.items()},
        "not_evaluated": {part.value: count for part, count in report.not_evaluated.items()},
        "toxic_or_not": _part(report.toxic_or_not),
        **{part.value: _part(figures) for part, figures in parts(report)},
        "alerts": _share(report.alerts),
        "false_flags": _share(report.false_flags),
        "false_frames": _share(report.false_frames),
        "calibration": [_calibration(found) for found in report.calibrations],
        "thresholds": [_curve(curve) for curve in report.curves],
        "confusion": {found.part.value: _confusion(found) for found in report.confusions},
        "slices": [_slices(table) for table in report.slices],
        "pairs": _pairs(report.pairs),
        "mistakes": [_mistakes(found) for found in report.mistakes],
    }


def _rounded(value: float | None) -> float | None:
    return None if value is None else round(value, _DECIMALS)


def _figure(figure: Figure | None) -> dict[str, Any] | None:
    if figure is None:
        return None
    return {"value": _rounded(figure.value), "low": _rounded(figure.low), "high": _rounded(figure.high)}


def _share(share: Share | None) -> dict[str, Any] | None:
    return None if share is None else {"count": share.count, "of": share.of, **(_figure(share.figure) or {})}


def _part(figures: PartFigures | None) -> dict[str, Any] | None:
    if figures is None:
        return None
    return {
        "items": figures.items,
        "macro_f1": _figure(figures.macro_f1),
        "averaged": list(figures.averaged),
        "classes": {found.name: _class(found) for found in figures.classes},
    }


def _class(found: ClassFigures) -> dict[str, Any]:
    return {
        "support": found.support,
        "given": found.given,
        "hits": found.hits,
        "left_out": found.doubtful,
        "precision": _figure(found.precision),
        "recall": _figure(found.recall),
        "f1": _figure(found.f1),
    }


def _calibration(calibration: Calibration) -> dict[str, Any]:
    return {
        "name": calibration.name,
        "items": calibration.items,
        "expected_calibration_error": _rounded(calibration.error),
        "bins": [
            {
                "low": found.low,
                "high": found.high,
                "mean_score": _rounded(found.mean_score),
                "share": _share(found.share),
            }
            for found in calibration.bins
        ],
    }


def _curve(curve: Curve) -> dict[str, Any]:
    force = curve.in_force
    return {
        "name": curve.name,
        "support": curve.support,
        "in_force": None if force is None else {"above": force.above, "at_most": force.at_most},
        "best": None if curve.best is None else curve.best.threshold,
        "points": [
            {
                "threshold": point.threshold,
                "given": point.given,
                "precision": _rounded(point.precision),
                "recall": _rounded(point.recall),
                "f1": _rounded(point.f1),
            }
            for point in curve.points
        ],
    }


def _confusion(confusion: Confusion) -> dict[str, Any]:
    return {"names": list(confusion.names), "counts": [list(row) for row in confusion.counts]}


def _slices(table: SliceTable) -> dict[str, Any]:
    return {"name": table.name, "left_out": table.left_out, "values": [_slice(found) for found in table.values]}


def _slice(found: SliceFigures) -> dict[str, Any]:
    return {
        "value": found.value,
        "items": found.items,
        "toxicity_f1": _figure(found.toxicity),
        "identity_attack_f1": _figure(found.identity_attack),
        "frames_macro_f1": _figure(found.frames),
        "false_flags": _share(found.false_flags),
        "false_frames": _share(found.false_frames),
        "alerts": _share(found.alerts),
        "weakest": _rounded(found.weakest),
    }


def _pairs(pairs: PairFigures | None) -> dict[str, Any] | None:
    if pairs is None:
        return None
    return {
        "pairs": pairs.pairs,
        "alone": pairs.alone,
        "flags": _share(pairs.flags),
        "frames": _share(pairs.frames),
        "alerts": _share(pairs.alerts),
        "mean_gap": _rounded(pairs.mean_gap),
        "flips": [
            {
                "pair": flip.name,
                "flags": flip.flags,
                "frames": flip.frames,
                "alerts": flip.alert,
                "members": [
                    {
                        "id": member.item.id,
                        "text": shown_text(member.item.text),
                        "flags": list(member.analysis.toxicity.flags),
                        "frames": [hit.id for hit in member.analysis.framing.frames],
                        "alert": member.analysis.decision.alert,
                    }
                    for member in flip.members
                ],
            }
            for flip in pairs.flips
        ],
    }


def _mistakes(found: MistakeList) -> dict[str, Any]:
    return {
        "part": found.part.value,
        "kind": "extra" if found.extra else "missed",
        "count": found.count,
        "shown": [
            {
                "id": mistake.id,
                "source": mistake.source,
                "text": mistake.text,
                "expected": list(mistake.expected),
                "given": _scores(mistake.given),
                "wrong": list(mistake.wrong),
                "certainty": _rounded(mistake.certainty),
                "evidence": list(mistake.evidence),
            }
            for mistake in found.shown
        ],
    }


def _scores(given: Iterable[tuple[str, float]]) -> dict[str, float | None]:
    return {name: _rounded(score) for name, score in given}
