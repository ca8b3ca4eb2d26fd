"""Kill the service again and again while a town lives on around it, then let it finish in peace and look at it all."""

from __future__ import annotations

import random
import signal
import threading
import time
from collections.abc import Sequence
from pathlib import Path

from tests.crash.invariants import check_all, unrest
from tests.crash.ledger import Store
from tests.crash.lives import ADDRESS, Life, Starter
from tests.crash.places import LAGS, Place, stage_of
from tests.crash.towns import Report, Town, database_of

PATIENCE_SECONDS = 60.0  # for a place to be passed
REST_SECONDS = 120.0  # for everything that is left, on a busy machine
BEAT_SECONDS = 0.02
STOP_SECONDS = 10.0
FAULTS = ("Traceback", "worker failed", "channel failed", "not understood", "not stored", "analysis failed")


class Killer:
    """One town, one database, many lives."""

    def __init__(self, town: Town, home: Path, starter: Starter, rng: random.Random) -> None:
        self.town = town
        self.home = home
        self.report = Report()
        self._starter = starter
        self._rng = rng
        home.mkdir(parents=True, exist_ok=True)

    def at_places(self, places: Sequence[Place], *, most: int = 2) -> None:
        """Let the service die at each of `places`, at its first or a later passage (up to `most`)."""
        for place in places:
            # An effect is looked for once, just after the start; removals are rare.
            nth = 1 if place in {Place.LOOKING, Place.REMOVED} else self._rng.randint(1, most)
            self.town.removes = place is Place.REMOVED
            lag = self._rng.uniform(0.001, LAGS[place]) if place in LAGS else 0.0
            life = self._starter.start(self.home, self.town.environ(), place=place, nth=nth, lag=lag)
            self._live(life, PATIENCE_SECONDS)
            assert life.ended() == -signal.SIGKILL, _story(life, f"never died at passage {nth} of «{place}»")
            assert life.died_at() == place
            self._buried(life, f"kills: at a place: {stage_of(place)}")

    def at_random(self, kills: int, *, longest: float, name: str = "at random") -> None:
        """Kill at random times: every other time counted from the start, and from when the console listens."""
        for number in range(kills):
            moment = self._rng.uniform(0.0, longest)
            life = self._starter.start(self.home, self.town.environ())
            if number % 2:
                deadline = time.monotonic() + PATIENCE_SECONDS
                while life.printed(ADDRESS) is None and life.ended(BEAT_SECONDS) is None:
                    assert time.monotonic() < deadline, _story(life, "did not start")
            killer = threading.Timer(moment, life.send, [signal.SIGKILL])
            killer.start()
            self._live(life, PATIENCE_SECONDS)
            killer.join()
            assert life.ended() == -signal.SIGKILL, _story(life, "ended by itself")
            last = stage_of(life.last_passed()) or "start"
            self._buried(life, f"kills: {name}: {last}" if life.watched else f"kills: {name}")

    def finish(self) -> None:
        """Let the service deal with everything, stop it as a person does, and hold it against the platform."""
        self.town.removes = False
        self.town.hurry()
        life = self._starter.start(self.home, self.town.environ())
        store = Store(database_of(self.home))
        deadline = time.monotonic() + REST_SECONDS
        left = ["everything"]
        while left and time.monotonic() < deadline:
            assert life.ended(BEAT_SECONDS) is None, _story(life, "ended by itself")
            self.town.stir(life)
            left = unrest(self.town, store) if life.printed(ADDRESS) else left
        life.send(signal.SIGTERM)
        assert life.ended(STOP_SECONDS) == 0, _story(life, "did not stop")
        _assert_no_faults(life)
        check_all(self.town, self.home, left, self.report)

    def _live(self, life: Life, longest: float) -> None:
        """Let the town go on until the service is dead."""
        deadline = time.monotonic() + longest
        while life.ended(BEAT_SECONDS) is None and time.monotonic() < deadline:
            self.town.stir(life)

    def _buried(self, life: Life, kind: str) -> None:
        self.report.add(kind)
        _assert_no_faults(life)
        self.town.between()


def _assert_no_faults(life: Life) -> None:
    """A life that came after a kill has nothing to complain of: whatever it finds is a state that it knows."""
    for fault in FAULTS:
        assert fault not in life.errors(), _story(life, fault)


def _story(life: Life, what: str) -> str:
    return f"{what}\nlast passed: {life.last_passed()}\nended: {life.ended()}\n{life.errors()[-6000:]}"
