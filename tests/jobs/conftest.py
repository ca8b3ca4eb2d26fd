from __future__ import annotations

import pytest

from bot.core.people import Face
from tests.builders import MemorySurface


@pytest.fixture
def surface() -> MemorySurface:
    return MemorySurface()


@pytest.fixture
def surfaces(surface: MemorySurface) -> dict[Face, MemorySurface]:
    return {Face.DISCORD: surface}
