"""What the rooms that judge pull in, looked at in a fresh interpreter, and what the core itself may name."""

from __future__ import annotations

import ast
import json
import subprocess
import sys
from pathlib import Path

import pytest

from bot.settings import ROOT

IMPORT_EVERYTHING = """
import importlib, json, pkgutil, sys
sys.path.insert(0, sys.argv[1])
room = importlib.import_module(sys.argv[2])
for module in pkgutil.walk_packages(getattr(room, "__path__", []), room.__name__ + "."):
    importlib.import_module(module.name)
print(json.dumps(sorted(sys.modules)))
"""
SDKS = {
    "aiohttp", "aiosqlite", "alembic", "apscheduler", "detoxify", "discord", "httpx", "jinja2", "psycopg", "sqlalchemy",
    "starlette", "telegram", "torch", "transformers", "uvicorn",
}  # fmt: skip
PURE_ROOMS = ("bot.core", "bot.text", "bot.rules", "bot.framing", "bot.replies", "bot.toxicity", "bot.analysis")
OUTWARD = {
    "asyncio", "http", "io", "logging", "multiprocessing", "os", "pathlib", "random", "secrets", "shutil", "signal",
    "socket", "sqlite3", "subprocess", "tempfile", "threading", "time", "urllib",
}  # fmt: skip
CLOCKS_AND_FILES = {"now", "utcnow", "today", "open", "print", "input", "getenv"}
CORE = sorted((ROOT / "bot" / "core").glob("*.py"))


def pulled_in(room: str, *flags: str) -> set[str]:
    """Return the modules that are there once every module of a room was imported in a new interpreter."""
    command = [sys.executable, "-I", *flags, "-c", IMPORT_EVERYTHING, str(ROOT), room]
    done = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60, cwd="/")
    return set(json.loads(done.stdout))


def test_the_core_imports_where_nothing_is_installed() -> None:
    modules = pulled_in("bot.core", "-S")  # without site-packages
    ours = {name for name in modules if name.partition(".")[0] == "bot"}
    assert {f"bot.core.{path.stem}" for path in CORE if path.stem != "__init__"} <= ours
    assert {name for name in ours if not name.startswith("bot.core")} == {"bot"}
    others = {name.partition(".")[0] for name in modules - ours} - {"__main__"}
    assert others <= sys.stdlib_module_names


@pytest.mark.parametrize("room", PURE_ROOMS)
def test_a_room_that_judges_pulls_in_no_sdk(room: str) -> None:
    modules = {name.partition(".")[0] for name in pulled_in(room)}
    assert modules & SDKS == set()


def test_the_search_for_sdks_finds_one_where_there_is_one() -> None:
    assert "sqlalchemy" in pulled_in("bot.store.upsert")


@pytest.mark.parametrize("path", CORE, ids=[path.stem for path in CORE])
def test_the_core_reads_no_clock_and_touches_nothing_outside(path: Path) -> None:
    found = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name.partition(".")[0] for alias in node.names} & OUTWARD
        elif isinstance(node, ast.ImportFrom):
            found |= {(node.module or "").partition(".")[0]} & OUTWARD
        elif isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            found |= {called} & CLOCKS_AND_FILES
        elif isinstance(node, ast.AsyncFunctionDef | ast.Await):
            found.add("await")
    assert found == set()
