"""Nothing is lost, nothing is sent twice and no decision is forgotten, wherever the process dies.

The service runs as processes of its own, against the stand-in of Telegram and the demonstration, and is killed with
SIGKILL: at exact places, at random times, and as a person starts it. Seeds are fixed and printed: a failing test is
repeated with the same choices, though never with the same timing. `CRASH_SEED=anything` makes other choices.
"""

from __future__ import annotations

import json
import os
import random
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.crash.conftest import FIGURES
from tests.crash.demo_town import DemoTown
from tests.crash.killing import Killer
from tests.crash.lives import AsAPersonDoes, Nursery, Starter
from tests.crash.places import AS_STARTED, AT_RANDOM, PLAN, STAGES, kills_planned, stage_of
from tests.crash.telegram_town import TelegramTown
from tests.standins.botapi import BotApiServer

pytestmark = [pytest.mark.crash, pytest.mark.timeout(300)]

CHANNELS = tuple(PLAN)
PACES = {"decide": 0.15, "send": 0.2, "random": 0.2, "started": 0.2}
"""Seconds between two reactions of the demonstration, so that its script outlasts the kills."""
FAST = 0.05

Make = Callable[[str, str, Starter], Killer]
Record = Callable[[str, object], None]


@pytest.fixture
def killer_of(api: BotApiServer, tmp_path: Path) -> Make:
    """Return a function that builds a town of its own, with somebody who kills its service."""

    def build(channel: str, what: str, starter: Starter) -> Killer:
        seed = f"{channel} {what} {os.environ.get('CRASH_SEED', '')}".strip()
        rng = random.Random(seed)
        print(f"seed: {seed!r}")
        if channel == "telegram":
            return Killer(TelegramTown(api, tmp_path, rng), tmp_path, starter, rng)
        return Killer(DemoTown(tmp_path, rng, pace=PACES.get(what, FAST)), tmp_path, starter, rng)

    return build


def figures(killer: Killer) -> str:
    return json.dumps({killer.town.channel: killer.report.figures})


def test_there_are_two_hundred_kills_and_every_stage_of_both_channels_is_met() -> None:
    assert kills_planned() >= 200
    for channel in CHANNELS:
        assert {stage_of(place) for places in PLAN[channel].values() for place in places} == set(STAGES)


@pytest.mark.parametrize("stage", STAGES)
@pytest.mark.parametrize("channel", CHANNELS)
def test_killed_at_exact_places(
    channel: str, stage: str, nursery: Nursery, killer_of: Make, record_property: Record
) -> None:
    killer = killer_of(channel, stage, nursery)
    killer.at_places(PLAN[channel][stage])
    killer.finish()
    record_property(FIGURES, figures(killer))


@pytest.mark.parametrize("channel", CHANNELS)
def test_killed_at_random_times(channel: str, nursery: Nursery, killer_of: Make, record_property: Record) -> None:
    killer = killer_of(channel, "random", nursery)
    killer.at_random(AT_RANDOM, longest=1.5)
    killer.finish()
    record_property(FIGURES, figures(killer))


@pytest.mark.parametrize("channel", CHANNELS)
def test_the_command_itself_killed_from_its_very_first_start_on(
    channel: str, as_a_person_does: AsAPersonDoes, killer_of: Make, record_property: Record
) -> None:
    killer = killer_of(channel, "started", as_a_person_does)
    killer.at_random(AS_STARTED, longest=3.0, name="as a person starts it")
    killer.finish()
    record_property(FIGURES, figures(killer))
