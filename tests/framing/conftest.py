from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from bot.framing.detector import LexicalDetector
from bot.framing.frameset import FrameSet
from bot.framing.loading import load_frames

FRAMES = Path(__file__).parents[2] / "frames"


@pytest.fixture(scope="session")
def frames() -> FrameSet:
    return load_frames(FRAMES, LexicalDetector)


@pytest.fixture(scope="session")
def detector(frames: FrameSet) -> LexicalDetector:
    return LexicalDetector(frames)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return a copy of the frames that a test may spoil."""
    return shutil.copytree(FRAMES, tmp_path / "frames")
