"""A parent that has imported the service once, and forks a fresh process for each of its lives.

Run as `python -m tests.crash.child`. It reads orders (a line of JSON each) and answers with the number of the process
and, once that ended, how. Every life goes through the whole of `verbinder run` on the database it is given; shared are
only the imported modules and what was read from the rules, the frames and the lexicons. Those are plain values: no
event loop, no thread, no socket and no database exist here when it forks.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path
from typing import Any

import uvicorn.loops.auto
import uvicorn.protocols.http.auto  # noqa: F401 - as all of these: read once, here, instead of in every life

import bot.app
import bot.channels.demo
import bot.channels.telegram
import bot.cli.program
import bot.cli.run
from bot.cli.running import status_of
from bot.settings import Settings
from tests.crash.seams import Death, install


def main() -> None:
    engine = bot.app.build_engine(Settings())
    setattr(bot.app, "build_engine", lambda settings: engine)  # noqa: B010 - not ours to assign, mypy says
    print("ready", flush=True)
    for line in sys.stdin:
        threads = list(Path("/proc/self/task").iterdir())
        if len(threads) != 1:
            raise RuntimeError(f"a fork of {len(threads)} threads would be half a process")
        pid = os.fork()
        if pid == 0:
            _live(json.loads(line))
        print(pid, flush=True)
        print(os.waitpid(pid, 0)[1], flush=True)


def _live(order: dict[str, Any]) -> None:
    """Become the service; never return."""
    status = 70
    try:
        os.chdir(order["home"])
        for path, flags, number in (
            (os.devnull, os.O_RDONLY, 0),
            (order["out"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 1),
            (order["err"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 2),
        ):
            os.dup2(os.open(path, flags, 0o600), number)
        os.environ.update(order["environ"])
        witness = os.open(order["witness"], os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
        install(Death(witness, order["place"], order["nth"], order["lag"]))
        status = status_of(["run"])
    finally:
        os._exit(status)


if __name__ == "__main__":
    main()
