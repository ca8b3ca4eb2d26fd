from __future__ import annotations

from pathlib import Path

import pytest

from tests.builders import Services
from tests.channels.demo.town import Stage


@pytest.fixture
def stage(sqlite_services: Services, tmp_path: Path) -> Stage:
    return Stage(sqlite_services, tmp_path / "data")
