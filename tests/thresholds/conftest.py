from __future__ import annotations

from pathlib import Path

import pytest

from bot.framing.detector import LexicalDetector
from bot.framing.frameset import FrameSet
from bot.framing.loading import load_frames
from bot.thresholds.measures import Measures
from bot.toxicity.assembly import Assembly
from bot.toxicity.embedded import EmbeddedScorer

FRAMES = Path(__file__).parents[2] / "frames"


@pytest.fixture(scope="session")
def frames() -> FrameSet:
    return load_frames(FRAMES, LexicalDetector)


@pytest.fixture(scope="session")
def measures(frames: FrameSet) -> Measures:
    return Measures(Assembly((EmbeddedScorer(),)), frames, LexicalDetector)
