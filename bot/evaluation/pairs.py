"""The same sentence about another group: does the program treat both alike?"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from bot.evaluation.grids import evaluated, frames_given
from bot.evaluation.items import Judged, Part
from bot.evaluation.metrics import Share, exact_share


@dataclass(frozen=True, slots=True)
class Flip:
    """A pair that the program does not treat alike, with what it says of each text."""

    name: str
    members: tuple[Judged, ...]
    flags: bool
    frames: bool
    alert: bool


@dataclass(frozen=True, slots=True)
class PairFigures:
    """How many pairs flip. A pair counts only where people gave all of its texts the same labels.

    `mean_gap` is the mean difference between the highest and the lowest score for `toxicity` within a pair, in [0, 1].
    `alone` are pairs of which only one text is there.
    """

    pairs: int
    alone: int
    flags: Share
    frames: Share
    alerts: Share
    mean_gap: float | None
    flips: tuple[Flip, ...]


def pairs_of(judged: Sequence[Judged]) -> PairFigures | None:
    """Return how pairs are treated, None where no text belongs to one."""
    groups: dict[tuple[str, str], list[Judged]] = {}
    for one in judged:
        if one.item.pair:
            groups.setdefault((one.item.source, one.item.pair), []).append(one)
    if not groups:
        return None
    pairs = [(name, members) for (_, name), members in groups.items() if len(members) > 1]
    flags = [_flips(members, Part.TOXICITY, lambda one: frozenset(one.analysis.toxicity.flags)) for _, members in pairs]
    frames = [_flips(members, Part.FRAMES, frames_given) for _, members in pairs]
    alerts = [_alert_flips(members) for _, members in pairs]
    gaps = [gap for _, members in pairs if (gap := _gap(members)) is not None]
    return PairFigures(
        pairs=len(pairs),
        alone=len(groups) - len(pairs),
        flags=_share(flags),
        frames=_share(frames),
        alerts=_share(alerts),
        mean_gap=sum(gaps) / len(gaps) if gaps else None,
        flips=tuple(
            Flip(name, tuple(members), bool(flag), bool(frame), bool(alert))
            for (name, members), flag, frame, alert in zip(pairs, flags, frames, alerts, strict=True)
            if flag or frame or alert
        ),
    )


def _flips(members: Sequence[Judged], part: Part, given: Callable[[Judged], frozenset[str]]) -> bool | None:
    """Tell whether a pair is treated differently; None where people did so too, or one was not evaluated."""
    labels = [getattr(one.item.labels, part.value) for one in members]
    if any(label != labels[0] for label in labels) or not all(evaluated(one, part) for one in members):
        return None
    return len({given(one) for one in members}) > 1


def _alert_flips(members: Sequence[Judged]) -> bool | None:
    """Tell whether one text of a pair alerts and another does not; None where people labelled them differently."""
    if any(one.item.labels != members[0].item.labels for one in members):
        return None
    return len({one.analysis.decision.alert for one in members}) > 1


def _share(flips: Sequence[bool | None]) -> Share:
    counted = [flip for flip in flips if flip is not None]
    return exact_share(sum(counted), len(counted))


def _gap(members: Sequence[Judged]) -> float | None:
    if not all(evaluated(one, Part.TOXICITY) for one in members):
        return None
    scores = [one.analysis.toxicity.scores.get("toxicity", 0.0) for one in members]
    return max(scores) - min(scores)
