"""The registry of conditions is explicit, and refuses what is ambiguous."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rules.conditions.rol import Rol
from bot.rules.registry import CONDITIONS, Entry, register


@pytest.mark.parametrize("names", [["rol", "rol"], [""], [" "], ["alle"], ["een"], ["geen"]])
def test_a_doubled_missing_or_taken_name_is_refused(names: list[str]) -> None:
    with pytest.raises(ValueError, match="name"):
        register([Entry(name, Rol) for name in names])


def test_every_condition_file_is_registered_under_its_own_name() -> None:
    folder = Path(__file__).parents[2] / "bot" / "rules" / "conditions"
    files = {path.stem for path in folder.glob("*.py")} - {"__init__", "base", "exceptions"}
    assert files == set(CONDITIONS)
    assert all(entry.spec.__module__.endswith(f".{name}") for name, entry in CONDITIONS.items())
