"""The port that every detector of frames fills."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Protocol

from bot.core.findings import FramingResult


class FrameDetector(Protocol):
    """Looks at one text. `version` is recorded with every decision; `names` is what people call each frame, by id."""

    @property
    def version(self) -> str: ...

    @property
    def names(self) -> Mapping[str, str]: ...

    def detect(self, text: str, *, context: str) -> FramingResult:
        """Return frames, values, tone, tension and topics of `text`; `context` is the post it reacts to, or empty."""
        ...
