"""The detectors of frames by name."""

from __future__ import annotations

from pathlib import Path

from bot.framing.detector import LexicalDetector
from bot.framing.frameset import FrameSet
from bot.framing.loading import MakeDetector
from bot.framing.ports import FrameDetector

EMBEDDED = "embedded"


def detector_for(name: str, own: Path) -> MakeDetector:
    """Return what makes the detector called `name`: `embedded` goes by words, `model` has the language model as well.

    `own` is where a town's own heads of the language model lie, if it has any.
    """
    if name == EMBEDDED:
        return LexicalDetector

    from bot.framing.model_detector import ModelDetector  # ONNX Runtime takes a while to load, and starts threads
    from bot.understanding.model import shipped

    def model(frameset: FrameSet) -> FrameDetector:
        return ModelDetector(frameset, shipped().with_own_heads(own))

    return model
