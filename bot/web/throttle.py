"""Slow down guessing of passwords: so many failures per name and in all, then a pause. In memory, on purpose.

A restart forgets, which costs nothing: an attacker cannot cause one. A name is kept as it was typed and never logged,
because people sometimes type a password there.
"""

from __future__ import annotations

from collections import deque
from datetime import datetime, timedelta

WINDOW = timedelta(minutes=15)
PER_NAME = 5
IN_ALL = 50
_MOST_NAMES = 1000


class Throttle:
    """Remembers failures of the last `WINDOW`."""

    def __init__(self) -> None:
        self._all: deque[datetime] = deque()
        self._names: dict[str, deque[datetime]] = {}

    def wait_for(self, name: str, now: datetime) -> timedelta:
        """Return how long `name` has to wait before another try; zero when it may try now."""
        waits = [timedelta()]
        for failures, most in ((self._all, IN_ALL), (self._names.get(_key(name), deque()), PER_NAME)):
            while failures and failures[0] <= now - WINDOW:
                failures.popleft()
            if len(failures) >= most:
                waits.append(failures[-most] + WINDOW - now)
        return max(waits)

    def failed(self, name: str, now: datetime) -> None:
        """Note a failed try."""
        if len(self._names) >= _MOST_NAMES:
            self._names = {key: times for key, times in self._names.items() if times and times[-1] > now - WINDOW}
        self._all.append(now)
        self._names.setdefault(_key(name), deque()).append(now)

    def succeeded(self, name: str) -> None:
        """Forget the failures of a name that proved itself, and that this try was counted as one beforehand."""
        self._names.pop(_key(name), None)
        if self._all:
            self._all.pop()


def _key(name: str) -> str:
    return name.strip().casefold()
