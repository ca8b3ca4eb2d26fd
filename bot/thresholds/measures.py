"""What measures, apart from any town's thresholds: built once, put under other thresholds in no time."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.framing.frameset import FrameSet
from bot.framing.ports import FrameDetector
from bot.thresholds.loading import DetectorOf, frames_under, load_thresholds, parse_thresholds
from bot.thresholds.values import TownThresholds
from bot.toxicity.assembly import Assembly
from bot.toxicity.ports import Scorer
from bot.toxicity.registry import SCORERS


@dataclass(frozen=True, slots=True)
class Measures:
    """The scorers and frames in use, with the thresholds that ship. `detector_of` builds a detector on frames."""

    scorers: Assembly
    frames: FrameSet
    detector_of: DetectorOf

    def load(self, path: Path) -> TownThresholds:
        """Return the thresholds in the file at `path`; raise RuleFileError where it has errors."""
        return load_thresholds(path, scorers=SCORERS, frames=self.frames, detector_of=self.detector_of)

    def parse(self, path: Path, raw: bytes) -> TownThresholds:
        """Return the thresholds in `raw` as if it were the file at `path`; raise RuleFileError as `load` does."""
        return parse_thresholds(path, raw, scorers=SCORERS, frames=self.frames, detector_of=self.detector_of)

    def scorer(self, own: TownThresholds) -> Scorer:
        """Return the scorer under the thresholds `own`."""
        return self.scorers.under(own.scorers)

    def detector(self, own: TownThresholds) -> FrameDetector:
        """Return the detector under the thresholds `own`."""
        return self.detector_of(frames_under(self.frames, own.frames))
