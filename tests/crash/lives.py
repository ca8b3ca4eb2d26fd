"""The test's side of a process that is killed: start a life of the service, watch it, end it, hear how it ended."""

from __future__ import annotations

import itertools
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
from collections.abc import Mapping
from pathlib import Path
from typing import IO, Protocol

from tests.crash.places import SLOT

ROOT = Path(__file__).resolve().parents[2]
VERBINDER = Path(sys.executable).parent / "verbinder"
START_SECONDS = 60.0
ADDRESS = re.compile(r"Console: (http://127\.0\.0\.1:\d+)\s")
WELCOMED = re.compile(r"(Stoppen: )")  # the last line of the welcome, after the link
LINK = re.compile(r"(/aanmelden/[\w-]+)\s")

_numbers = itertools.count(1)


class Life:
    """One run of the service, from its start to its death. Subclasses say how a process is started and waited for."""

    pid: int
    watched: bool  # whether it writes down what it passes

    def __init__(self, home: Path) -> None:
        number = next(_numbers)
        self.out, self.err = home / f"life-{number}.out", home / f"life-{number}.err"
        self.witness = home / f"life-{number}.witness"

    def ended(self, patience: float = 0.0) -> int | None:
        """Return how the process ended, negative for a signal; None when it lives on after `patience` seconds."""
        raise NotImplementedError

    def send(self, number: signal.Signals) -> None:
        """Send a signal to a process that has not been waited for, and so cannot be another's by now."""
        if self.ended() is None:
            os.kill(self.pid, number)

    def printed(self, pattern: re.Pattern[str]) -> str | None:
        """Return what the service printed that looks like `pattern`, None when it has not yet."""
        found = pattern.search(self.out.read_text(encoding="utf-8")) if self.out.exists() else None
        return found[1] if found else None

    def last_passed(self) -> str:
        """Return the place that was passed last, empty when there was none."""
        return self._slot(0)

    def died_at(self) -> str:
        """Return the place where the process ended itself, empty when it did not."""
        return self._slot(1)

    def errors(self) -> str:
        return self.err.read_text(encoding="utf-8") if self.err.exists() else ""

    def _slot(self, index: int) -> str:
        found = self.witness.read_bytes()[index * SLOT : (index + 1) * SLOT] if self.witness.exists() else b""
        return found.strip(b" \x00").decode()


class Starter(Protocol):
    """Starts a life of the service in `home`; with `place` it is told to die there."""

    def start(
        self, home: Path, environ: Mapping[str, str], *, place: str = "", nth: int = 0, lag: float = 0.0
    ) -> Life: ...


class _Forked(Life):
    watched = True

    def __init__(self, home: Path, answers: queue.Queue[str]) -> None:
        super().__init__(home)
        self._answers = answers
        self._status: int | None = None

    def ended(self, patience: float = 0.0) -> int | None:
        if self._status is None:
            try:
                answer = self._answers.get(timeout=patience) if patience else self._answers.get_nowait()
            except queue.Empty:
                return None
            self._status = os.waitstatus_to_exitcode(int(answer))
        return self._status


class Nursery:
    """The parent of `tests.crash.child`. Use it with `with`; it has one living child at a time."""

    def __init__(self, home: Path) -> None:
        self._log = (home / "nursery.err").open("wb")
        self._process = subprocess.Popen(
            [sys.executable, "-m", "tests.crash.child"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=self._log,
            cwd=ROOT,
            env=plain_environ(),
            text=True,
        )
        self._answers: queue.Queue[str] = queue.Queue()
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._life: Life | None = None
        assert self._answers.get(timeout=START_SECONDS) == "ready"

    def start(self, home: Path, environ: Mapping[str, str], *, place: str = "", nth: int = 0, lag: float = 0.0) -> Life:
        self.end()
        life = self._life = _Forked(home, self._answers)
        paths = {"home": str(home), "out": str(life.out), "err": str(life.err), "witness": str(life.witness)}
        order = {**paths, "environ": dict(environ), "place": place, "nth": nth, "lag": lag}
        _stream(self._process.stdin).write(json.dumps(order) + "\n")
        _stream(self._process.stdin).flush()
        life.pid = int(self._answers.get(timeout=START_SECONDS))
        return life

    def end(self) -> None:
        """End what lives on, as after a test that failed."""
        if self._life is not None:
            self._life.send(signal.SIGKILL)
            self._life.ended(START_SECONDS)

    def close(self) -> None:
        self.end()
        _stream(self._process.stdin).close()
        self._process.wait(START_SECONDS)
        self._reader.join(START_SECONDS)
        _stream(self._process.stdout).close()
        self._log.close()

    def _read(self) -> None:
        for line in _stream(self._process.stdout):
            self._answers.put(line.strip())


class _Started(Life):
    watched = False

    def __init__(self, home: Path, environ: Mapping[str, str]) -> None:
        super().__init__(home)
        with self.out.open("wb") as out, self.err.open("wb") as err:
            self._process = subprocess.Popen(
                [str(VERBINDER), "run"], stdout=out, stderr=err, cwd=home, env={**plain_environ(), **environ}
            )
        self.pid = self._process.pid

    def ended(self, patience: float = 0.0) -> int | None:
        try:
            return self._process.wait(patience)
        except subprocess.TimeoutExpired:
            return None


class AsAPersonDoes:
    """Starts `verbinder run` itself, with nothing of ours in it."""

    def __init__(self) -> None:
        self._life: Life | None = None

    def start(self, home: Path, environ: Mapping[str, str], *, place: str = "", nth: int = 0, lag: float = 0.0) -> Life:
        assert not place, "nothing of ours is in this process"
        self._life = _Started(home, environ)
        return self._life

    def close(self) -> None:
        if self._life is not None:
            self._life.send(signal.SIGKILL)
            self._life.ended(START_SECONDS)


def plain_environ() -> dict[str, str]:
    """Return this process's environment without settings of anybody."""
    return {name: value for name, value in os.environ.items() if not name.startswith("VERBINDER_")}


def _stream(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe
