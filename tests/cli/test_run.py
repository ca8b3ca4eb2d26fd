"""The service as a real process: what it prints first, and that it stops cleanly."""

from __future__ import annotations

import os
import re
import signal
import socket
import subprocess
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.request import urlopen

import pytest

from tests.cli.conftest import EXECUTABLE, Verbinder

pytestmark = pytest.mark.e2e
ADDRESS = re.compile(r"http://127\.0\.0\.1:\d+")


class Service:
    """A running service and what it printed."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [str(EXECUTABLE), "run"], stdout=subprocess.PIPE, stderr=subprocess.PIPE, cwd=home, env={**os.environ}
        )
        self.lines: list[str] = []
        self.errors = b""
        assert self.process.stdout is not None
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self._listener = threading.Thread(target=self._listen, daemon=True)
        self._listener.start()

    def _read(self) -> None:
        assert self.process.stdout is not None
        for line in self.process.stdout:
            self.lines.append(line.decode("utf-8").rstrip())

    def _listen(self) -> None:
        assert self.process.stderr is not None
        self.errors = self.process.stderr.read()

    def address(self) -> str:
        """Wait until the address of the console was printed."""
        deadline = time.monotonic() + 45
        while time.monotonic() < deadline and self.process.poll() is None:
            for line in self.lines:
                found = ADDRESS.search(line)
                if found:
                    return found[0]
            time.sleep(0.05)
        pytest.fail(f"no address in {self.lines}; {self.errors.decode()}")

    def stop(self, how: signal.Signals) -> float:
        """Send a signal and return how many seconds it took to stop."""
        start = time.monotonic()
        self.process.send_signal(how)
        self.process.wait(timeout=30)
        took = time.monotonic() - start
        self._join()
        return took

    def close(self) -> None:
        """Let go of the pipes."""
        self._join()
        for pipe in (self.process.stdout, self.process.stderr):
            assert pipe is not None
            pipe.close()

    def _join(self) -> None:
        self._reader.join(5)
        self._listener.join(5)


@pytest.fixture
def service(home: Path) -> Iterator[Service]:
    running = Service(home)
    yield running
    if running.process.poll() is None:
        running.process.kill()
        running.process.wait()
    running.close()


@pytest.mark.parametrize("how", [signal.SIGINT, signal.SIGTERM])
def test_the_address_comes_first_and_stopping_is_clean(service: Service, how: signal.Signals) -> None:
    address = service.address()
    assert any(ADDRESS.search(line) for line in service.lines[:6]), service.lines
    with urlopen(f"{address}/aanmelden", timeout=10) as page:
        assert page.status == 200
    took = service.stop(how)
    assert took < 5
    assert service.process.returncode == 0
    assert service.lines[-1].startswith("Verbinder is gestopt.")
    assert b"Traceback" not in service.errors


def test_how_to_sign_in_is_told_at_the_first_start(service: Service) -> None:
    service.address()
    service.stop(signal.SIGINT)
    assert any("/aanmelden/" in line for line in service.lines), service.lines


def test_a_port_in_use_is_one_clear_message(process: Verbinder, monkeypatch: pytest.MonkeyPatch) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        monkeypatch.setenv("VERBINDER_CONSOLE__PORT", str(taken.getsockname()[1]))
        outcome = process("run")
    assert outcome.status == 1
    assert "in gebruik" in outcome.err
    assert "Traceback" not in outcome.err


def test_a_newer_database_is_one_clear_message(process: Verbinder, home: Path) -> None:
    import sqlite3

    assert process("people", "list").status == 0
    with sqlite3.connect(home / "data" / "verbinder.db") as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
    connection.close()
    outcome = process("run")
    assert outcome.status == 1
    assert "nieuwer" in outcome.err
    assert "Traceback" not in outcome.err
