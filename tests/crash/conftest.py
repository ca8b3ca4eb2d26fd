"""Fixtures of the crash test, and the figures that it ends with."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import closing

import pytest

from tests.crash.lives import AsAPersonDoes, Nursery
from tests.standins.botapi import BotApiServer

pytest.register_assert_rewrite("tests.crash.invariants", "tests.crash.killing")

FIGURES = "crash figures"


@pytest.fixture(scope="session")
def nursery(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Nursery]:
    with closing(Nursery(tmp_path_factory.mktemp("nursery"))) as nursery:
        yield nursery


@pytest.fixture
def as_a_person_does() -> Iterator[AsAPersonDoes]:
    with closing(AsAPersonDoes()) as starter:
        yield starter


@pytest.fixture
def api() -> Iterator[BotApiServer]:
    with BotApiServer() as server:
        yield server


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Add the figures of all tests together, also where they ran in several processes."""
    total: dict[str, dict[str, int]] = {}
    for report in terminalreporter.getreports("passed") + terminalreporter.getreports("failed"):
        for name, value in getattr(report, "user_properties", ()):
            if name == FIGURES and report.when == "call":
                _add(total, json.loads(value))
    if not total:
        return
    terminalreporter.section("crash test")
    terminalreporter.write_line(f"{'':40}" + "".join(f"{name:>10}" for name in (*total, "all")))
    names = {name for found in total.values() for name in found}
    kills = {name for name in names if name.startswith("kills: ")}
    _line(terminalreporter, "kills", [sum(found.get(name, 0) for name in kills) for found in total.values()])
    for name in [*sorted(kills), *sorted(names - kills)]:
        label = name.replace("kills:", "  killed")
        _line(terminalreporter, label, [found.get(name, 0) for found in total.values()])


def _add(total: dict[str, dict[str, int]], given: dict[str, dict[str, int]]) -> None:
    for channel, figures in given.items():
        known = total.setdefault(channel, {})
        for name, count in figures.items():
            known[name] = known.get(name, 0) + count


def _line(reporter: pytest.TerminalReporter, name: str, counts: list[int]) -> None:
    reporter.write_line(f"{name:40}" + "".join(f"{count:>10}" for count in (*counts, sum(counts))))
