"""Fit the thresholds in force to what people decided about stored reactions. Reads and counts; writes nothing.

Scores of another scorer or an older version are not comparable, so such a reaction is measured again. Scores of frames
below their threshold were never stored: for a frame only a higher threshold can be proposed.
"""

from __future__ import annotations

import asyncio
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from bot.analysis import JUDGED_CHARACTERS
from bot.core import codec
from bot.core.analysis import Analysis
from bot.core.errors import StoreError
from bot.core.findings import TOXICITY_LABELS
from bot.store.database import Database
from bot.store.judgements import Judgement, judgements
from bot.thresholds.fitting import Aim, Fit, Seen, fit
from bot.thresholds.loading import frames_under
from bot.thresholds.measures import Measures
from bot.thresholds.values import TownThresholds
from bot.toxicity.adjusted import measured_by
from bot.toxicity.combined import CombineRule
from bot.toxicity.ports import Scorer
from bot.toxicity.thresholds import SHIPPED, UNCALIBRATED

Progress = Callable[[int], None]
"""Is told how many reactions are done."""


@dataclass(frozen=True, slots=True)
class Calibration:
    """What came of it: by scorer and label, and by frame. Counts are of reactions, decisions apart.

    `measured` were measured again, `unmeasured` could not be, `unreadable` are stored in a way that cannot be read;
    `other_frames` were read by another version of the frames, which says nothing about these.
    """

    aim: Aim
    scorers: Mapping[str, Mapping[str, Fit]]
    frames: Mapping[str, Fit]
    reactions: int
    upheld: int
    overruled: int
    answered: int
    dropped: int
    measured: int
    unmeasured: int
    unreadable: int
    other_frames: int

    @property
    def proposals(self) -> tuple[dict[str, dict[str, float]], dict[str, float]]:
        """Return the thresholds that are proposed, by scorer and label, and by frame."""
        scorers = {
            scorer: {label: found.best.threshold for label, found in fits.items() if found.best}
            for scorer, fits in self.scorers.items()
        }
        frames = {frame: found.best.threshold for frame, found in self.frames.items() if found.best}
        return {scorer: labels for scorer, labels in scorers.items() if labels}, frames


async def calibrate(
    database: Database,
    measures: Measures,
    own: TownThresholds,
    aim: Aim,
    *,
    on_progress: Progress,
    limit: int | None = None,
) -> Calibration:
    """Fit every threshold to the newest `limit` stored reactions, all of them without one."""
    tally = _Tally(measures, own)
    done = 0
    async for chunk in judgements(database, limit=limit):
        await asyncio.to_thread(tally.add, chunk)
        done += len(chunk)
        on_progress(done)
    return await asyncio.to_thread(tally.result, aim, done)


@dataclass(slots=True)
class _Tally:
    measures: Measures
    own: TownThresholds
    seen: dict[tuple[str, str], list[Seen]] = field(default_factory=lambda: defaultdict(list))
    framed: dict[str, list[Seen]] = field(default_factory=lambda: defaultdict(list))
    decisions: dict[int, bool] = field(default_factory=dict)
    answers: dict[int, bool] = field(default_factory=dict)
    measured: int = 0
    unmeasured: int = 0
    unreadable: int = 0
    other_frames: int = 0

    @property
    def parts(self) -> Sequence[Scorer]:
        """Return the scorers that have a say."""
        scorers = self.measures.scorers
        return scorers.parts[:1] if scorers.rule is CombineRule.FIRST else scorers.parts

    def add(self, chunk: Sequence[Judgement]) -> None:
        version = self.measures.detector(self.own).version
        read: list[tuple[Judgement, Analysis, bool]] = []
        for judgement in chunk:
            try:
                analysis = codec.load(judgement.analysis)
            except StoreError:
                self.unreadable += 1
                continue
            first = judgement.decision is None or judgement.decision not in self.decisions
            if judgement.decision is not None and judgement.upheld is not None:
                self.decisions.setdefault(judgement.decision, judgement.upheld)
            read.append((judgement, analysis, first))
            self._frames(judgement, analysis, version)
        for part in self.parts:
            self._scores(part, read)

    def _scores(self, part: Scorer, read: Sequence[tuple[Judgement, Analysis, bool]]) -> None:
        found = [_stored(analysis, part) for _, analysis, _ in read]
        stale = [place for place, scores in enumerate(found) if scores is None]
        results = part.score([read[place][0].text[:JUDGED_CHARACTERS] for place in stale]) if stale else []
        for place, result in zip(stale, results, strict=True):
            found[place] = None if result.error is not None else result.scores
            self.measured += result.error is None
            self.unmeasured += result.error is not None
        for (judgement, _, first), scores in zip(read, found, strict=True):
            for label in TOXICITY_LABELS if scores is not None else ():
                self.seen[part.name, label].append(Seen((scores or {}).get(label, 0.0), judgement.upheld, first))

    def _frames(self, judgement: Judgement, analysis: Analysis, version: str) -> None:
        first = judgement.answer is None or judgement.answer not in self.answers
        if judgement.answer is not None and judgement.answered is not None:
            self.answers.setdefault(judgement.answer, judgement.answered)
        if analysis.framing.version != version:
            self.other_frames += 1
            return
        for hit in analysis.framing.frames:
            self.framed[hit.id].append(Seen(hit.score, judgement.answered, first))

    def result(self, aim: Aim, reactions: int) -> Calibration:
        frames = frames_under(self.measures.frames, self.own.frames).frames
        return Calibration(
            aim=aim,
            scorers={
                part.name: {
                    label: fit(self.seen[part.name, label], self._now(part.name, label), aim)
                    for label in TOXICITY_LABELS
                }
                for part in self.parts
            },
            frames={
                frame.id: fit(self.framed[frame.id], frame.threshold, aim, lowest=frame.threshold)
                for frame in frames.values()
            },
            reactions=reactions,
            upheld=sum(self.decisions.values()),
            overruled=len(self.decisions) - sum(self.decisions.values()),
            answered=sum(self.answers.values()),
            dropped=len(self.answers) - sum(self.answers.values()),
            measured=self.measured,
            unmeasured=self.unmeasured,
            unreadable=self.unreadable,
            other_frames=self.other_frames,
        )

    def _now(self, scorer: str, label: str) -> float:
        shipped = SHIPPED.get(scorer, {}).get(label, UNCALIBRATED)
        return self.own.scorers.get(scorer, {}).get(label, shipped)


def _stored(analysis: Analysis, part: Scorer) -> Mapping[str, float] | None:
    """Return what `part` itself measured at the time, None where that is not known."""
    result = analysis.toxicity
    for said in result.parts or (result,):
        if said.scorer == part.name and measured_by(said.version) == part.version and said.error is None:
            return said.scores or None
    return None
