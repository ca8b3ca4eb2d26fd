"""The service as its users start it: `verbinder run` in a process of its own, with an environment and a folder."""

from __future__ import annotations

import asyncio
import os
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Awaitable, Callable, Mapping
from pathlib import Path
from typing import IO, Self

STOPPED = "Verbinder is gestopt. Wat binnen was, is bewaard."
EXECUTABLE = Path(sys.executable).parent / "verbinder"
START_SECONDS = 60.0
PATIENCE_SECONDS = 20.0
STOP_SECONDS = 5.0
"""What a service may take to stop. Longer only on a machine that has more to do than it has processors for."""


def stop_limit() -> float:
    """Return how many seconds a service may take to stop on this machine, as busy as it is now."""
    return STOP_SECONDS * max(1.0, os.getloadavg()[0] / (os.cpu_count() or 1))


def environment(home: Path, settings: Mapping[str, str]) -> dict[str, str]:
    """Return the environment of a command: `settings` without their prefix, and a database in `home`."""
    given = {
        "DATA_DIR": str(home / "data"),
        "DATABASE__URL": f"sqlite:///{home / 'data' / 'verbinder.db'}",
        "CONSOLE__PORT": "0",
        **settings,
    }
    clean = {name: value for name, value in os.environ.items() if not name.startswith("VERBINDER_")}
    return {**clean, "LANGUAGE": "nl", **{f"VERBINDER_{name}": value for name, value in given.items()}}


def command(home: Path, *arguments: str, **settings: str) -> subprocess.CompletedProcess[str]:
    """Run a command of Verbinder to its end."""
    return subprocess.run(
        [str(EXECUTABLE), *arguments],
        cwd=home,
        env=environment(home, settings),
        capture_output=True,
        text=True,
        encoding="utf-8",
        check=False,
        timeout=START_SECONDS,
    )


class Service:
    """A service that was started. `said` and `errors` grow while it runs; it does not outlive its `with` block."""

    def __init__(self, home: Path, **settings: str) -> None:
        self.home = home
        self.said: list[str] = []
        self.errors: list[str] = []
        self.process = subprocess.Popen(
            [str(EXECUTABLE), "run"],
            cwd=home,
            env=environment(home, settings),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            encoding="utf-8",
        )
        assert self.process.stdout is not None
        assert self.process.stderr is not None
        self._pipes = {self.process.stdout: self.said, self.process.stderr: self.errors}
        self._readers = [threading.Thread(target=self._read, args=both, daemon=True) for both in self._pipes.items()]
        for reader in self._readers:
            reader.start()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self.process.poll() is None:
            self.process.kill()
        self._end()

    def ready(self) -> Self:
        """Wait until everything that is announced was announced."""
        deadline = time.monotonic() + START_SECONDS
        while not any(line.startswith("Stoppen:") for line in self.said):
            if self.process.poll() is not None or time.monotonic() > deadline:
                self._end()
                raise AssertionError(f"the service did not start: {self.said} {self.errors}")
            time.sleep(0.02)
        return self

    @property
    def address(self) -> str:
        return self._find(r"Console: (http://127\.0\.0\.1:\d+)$")

    @property
    def link(self) -> str:
        return self._find(r"(http://\S+/aanmelden/\S+)")

    def stop(self, how: signal.Signals = signal.SIGINT) -> None:
        """Send a signal, and see that the service stops cleanly and in time."""
        limit, began = stop_limit(), time.monotonic()
        self.process.send_signal(how)
        self.process.wait(START_SECONDS)
        took = time.monotonic() - began
        self._end()
        assert self.process.returncode == 0, self.errors
        assert self.said[-1] == STOPPED
        assert "Traceback" not in "\n".join(self.errors), self.errors
        assert took < limit, f"it took {took:.1f} s to stop"

    def _find(self, pattern: str) -> str:
        found = re.search(pattern, "\n".join(self.said), re.MULTILINE)
        assert found is not None, self.said
        return found[1]

    def _end(self) -> None:
        self.process.wait(START_SECONDS)
        for reader in self._readers:
            reader.join(START_SECONDS)
        for pipe in self._pipes:
            pipe.close()

    @staticmethod
    def _read(pipe: IO[str], lines: list[str]) -> None:
        for line in pipe:
            lines.append(line.rstrip("\n"))  # noqa: PERF401 - others read the list meanwhile


async def until(
    look: Callable[[], object | Awaitable[object]], what: str, *, within: float = PATIENCE_SECONDS
) -> float:
    """Wait until `look` finds something; return how many seconds that took."""
    began = time.monotonic()
    while True:
        found = look()
        if isinstance(found, Awaitable):
            found = await found
        if found:
            return time.monotonic() - began
        assert time.monotonic() - began < within, f"in vain: {what}"
        await asyncio.sleep(0.05)
