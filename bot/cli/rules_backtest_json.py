"""The report of a backtest as JSON, for other programs: fields may be added, never renamed. Personal data is masked."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.rules.backtest import BacktestReport
from bot.rules.replaying.report import Example, FileBacktest, RuleBacktest, Standing
from bot.rules.replaying.sweep import Sweep
from bot.rules.statistics import Agreement, Proportion
from bot.text.personal import mask

_DECIMALS = 4


def dumps(report: BacktestReport, path: Path, total: int) -> str:
    """Return the report as JSON; `total` is how many reactions there were to replay."""
    data = {
        "partial": report.partial,
        "reactions": report.reactions,
        "total": total,
        "since": report.since.isoformat() if report.since else None,
        "until": report.until.isoformat() if report.until else None,
        "without_scores": report.without_scores,
        "decided": {"upheld": report.upheld, "overruled": report.overruled},
        "candidate": {"file": str(path), "hash": report.candidate_hash},
        "live": {"hash": report.live_hash} if report.compared else None,
        "whole": _whole(report.whole, compared=report.compared),
        "rules": [_rule(rule, compared=report.compared) for rule in report.rules],
    }
    return json.dumps(data, ensure_ascii=False, indent=2)


def _whole(whole: FileBacktest, *, compared: bool) -> dict[str, Any]:
    return {
        "alerts": whole.alerts,
        "not_evaluated": whole.not_evaluated,
        **_agreement(whole.agreement),
        "compared": {
            "alerts": whole.alerts_before,
            "new": whole.new,
            "lost": whole.lost,
            "graver": whole.graver,
            "milder": whole.milder,
            **_agreement(whole.agreement_before),
        }
        if compared
        else None,
    }


def _rule(rule: RuleBacktest, *, compared: bool) -> dict[str, Any]:
    return {
        "id": rule.id,
        "change": rule.change.value,
        "standing": _standing(rule.standing),
        "hits": rule.hits,
        "not_evaluated": rule.not_evaluated,
        **_agreement(rule.agreement),
        "compared": {
            "standing": _standing(rule.was),
            "hits": rule.hits_before,
            "not_evaluated": rule.not_evaluated_before,
            "new": rule.new,
            "lost": rule.lost,
            "severity_moved": rule.severity_moved,
            "effects_changed": rule.effects_changed,
            **_agreement(rule.agreement_before),
        }
        if compared
        else None,
        "thresholds": _sweep(rule.sweep),
        "examples": {
            "new": _examples(rule.new_examples),
            "lost": _examples(rule.lost_examples),
            "wrong": _examples(rule.wrong_examples),
        },
    }


def _standing(standing: Standing | None) -> dict[str, Any] | None:
    if standing is None:
        return None
    return {
        "title": standing.title,
        "status": standing.status,
        "severity": standing.severity.label,
        "effects": sorted(standing.effects),
    }


def _agreement(agreement: Agreement) -> dict[str, Any]:
    return {"precision": _proportion(agreement.precision), "recall": _proportion(agreement.recall)}


def _proportion(proportion: Proportion) -> dict[str, Any]:
    value, interval = proportion.value, proportion.interval
    return {
        "count": proportion.count,
        "of": proportion.of,
        "value": None if value is None else round(value, _DECIMALS),
        "low": round(interval.low, _DECIMALS),
        "high": round(interval.high, _DECIMALS),
    }


def _sweep(sweep: Sweep | None) -> dict[str, Any] | None:
    if sweep is None:
        return None
    return {
        "label": sweep.dial.label,
        "threshold": sweep.dial.threshold,
        "points": [
            {"threshold": at.threshold, "hits": at.hits, "upheld": at.upheld, "overruled": at.overruled}
            for at in sweep.points
        ],
    }


def _examples(examples: Sequence[Example]) -> list[dict[str, Any]]:
    return [
        {
            "revision": example.revision_pk,
            "at": example.moment.isoformat() if example.moment else None,
            "text": mask(example.text),
            "matched": [mask(example.text[start:end]) for start, end in example.spans],
            "upheld": example.upheld,
        }
        for example in examples
    ]
