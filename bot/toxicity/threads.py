"""How many threads a model may use for one batch: always said out loud, never left to a library's own guess."""

from __future__ import annotations

import os

MOST = 4  # one reaction gains little from more, and the service has other work


def threads_of(asked: int | None) -> int:
    """Return `asked`, or without it one for each processor that this process may use, at most `MOST`."""
    if asked:
        return asked
    return min(len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1, MOST)
