"""The import contracts in pyproject.toml leave no room out; `lint-imports` then proves that they are kept."""

from __future__ import annotations

import tomllib
from typing import Any

import pytest

from bot.settings import ROOT

PAGE = 60  # lines
CONTRACTS: list[dict[str, Any]] = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["importlinter"][
    "contracts"
]
(LAYERS,) = [one for one in CONTRACTS if one["type"] == "layers" and one["containers"] == ["bot"]]
ORDER = [{room.strip(" ()") for room in layer.replace("|", ":").split(":")} for layer in LAYERS["layers"]]


def rooms() -> set[str]:
    """Return what stands directly in `bot/`: folders and modules."""
    return {
        path.stem
        for path in (ROOT / "bot").iterdir()
        if (path.is_dir() and any(path.rglob("*.py"))) or (path.suffix == ".py" and path.stem != "__init__")
    }


def level(room: str) -> int:
    """Return how high a room lies: a higher one may import a lower one."""
    (found,) = [len(ORDER) - number for number, layer in enumerate(ORDER) if room in layer]
    return found


def test_every_room_has_its_place_and_there_is_no_place_for_another() -> None:
    assert set().union(*ORDER) == rooms()
    assert sum(map(len, ORDER)) == len(rooms()), "no room stands in two places"
    assert LAYERS["exhaustive"] is True
    assert LAYERS["containers"] == ["bot"]
    assert "ignore_imports" not in LAYERS


@pytest.mark.parametrize(
    ("upper", "lower"),
    [
        ("cli", "app"),
        ("app", "channels"),
        ("app", "web"),
        ("channels", "review"),
        ("jobs", "review"),
        ("review", "store"),
        ("store", "core"),
        ("analysis", "replies"),
        ("replies", "framing"),
        ("rules", "text"),
        ("toxicity", "text"),
        ("text", "core"),
    ],
)
def test_the_layers_lie_as_the_architecture_has_them(upper: str, lower: str) -> None:
    assert level(upper) > level(lower)


@pytest.mark.parametrize("room", sorted(rooms() - {"core"}))
def test_nothing_lies_below_the_core(room: str) -> None:
    assert level(room) > level("core")


@pytest.mark.parametrize(
    ("source", "forbidden"),
    [
        ("bot.channels", "bot.store"),
        ("bot.review", "discord"),
        ("bot.review", "telegram"),
        ("bot.review", "starlette"),
        ("bot.store", "bot.rules"),
        ("bot.store", "bot.analysis"),
    ],
)
def test_what_the_layers_would_allow_and_the_architecture_does_not_is_forbidden(source: str, forbidden: str) -> None:
    found = [c for c in CONTRACTS if c["type"] == "forbidden" and source in c["source_modules"]]
    assert any(forbidden in contract["forbidden_modules"] for contract in found)
    assert not [contract for contract in found if "ignore_imports" in contract]


def test_the_pipeline_reads_on_one_page() -> None:
    assert len((ROOT / "bot" / "analysis.py").read_text(encoding="utf-8").splitlines()) <= PAGE
