from __future__ import annotations

import pytest

from bot.framing.detector import LexicalDetector
from bot.framing.frameset import FrameSet
from bot.framing.loading import load_frames
from bot.replies.composer import Composer, load_composer
from tests.framing.conftest import FRAMES


@pytest.fixture(scope="session")
def frames() -> FrameSet:
    return load_frames(FRAMES, LexicalDetector)


@pytest.fixture(scope="session")
def detector(frames: FrameSet) -> LexicalDetector:
    return LexicalDetector(frames)


@pytest.fixture(scope="session")
def composer(frames: FrameSet) -> Composer:
    return load_composer(FRAMES, frames)
