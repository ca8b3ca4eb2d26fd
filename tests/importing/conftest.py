from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.importing.doubles import FileIntake


@pytest.fixture
def intake() -> Iterator[FileIntake]:
    made = FileIntake()
    yield made
    made.close()
