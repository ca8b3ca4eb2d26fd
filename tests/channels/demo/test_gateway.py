"""Playing: at a pace, each step once, and on where it stopped."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Any

import pytest

from bot.channels.demo.gateway import ENDED, ENDED_TEXT
from bot.channels.demo.mapping import CHANNEL, read_script
from bot.core.messages import MessageKind
from bot.review.intake import Intake
from bot.store import journal
from tests.builders import SECRET, Services
from tests.channels.demo.town import STEPS, Ended, Naps, Stage, removal, reply

EVERYTHING = [
    ("p1", 1, "Er komt een zwembad."),
    ("r1", 1, "Wanneer?"),
    ("r2", 1, "Vraag: waar?"),
    ("p2", 1, "De markt verhuist."),
    ("r3", 1, "Spijtig"),
    ("r4", 1, "Weg"),
    ("r2", 2, "Vraag: waar precies?"),
]


async def test_the_whole_script_is_played_with_its_edit_and_its_delete(stage: Stage) -> None:
    await stage.play()
    assert await stage.told() == EVERYTHING
    gone = {row.message_id for row in await stage.stored() if row.deleted_at is not None}
    assert gone == {"r4"}


@pytest.mark.parametrize(
    ("pace", "pauses"),
    [
        (4.0, [1, 0, 4, 3, 0, 2, 1, 1]),
        (2.0, [0.5, 0, 2, 1.5, 0, 1, 0.5, 0.5]),
        (0.04, [0.01, 0, 0.04, 0.03, 0, 0.02, 0.01, 0.01]),
        (40.0, [10, 0, 40, 30, 0, 20, 10, 10]),
    ],
)
async def test_the_pace_stretches_every_pause_alike(stage: Stage, pace: float, pauses: list[float]) -> None:
    naps = Naps()
    await stage.play(naps, pace=pace)
    assert naps.taken == pytest.approx(pauses)


@pytest.mark.parametrize("crash", range(1, len(STEPS) + 1))
async def test_a_restart_goes_on_where_it_stopped_and_stores_each_step_once(stage: Stage, crash: int) -> None:
    await stage.play(Naps(crash_at=crash))
    assert len(await stage.told()) == min(crash - 1, len(EVERYTHING))
    await stage.play()
    assert await stage.told() == EVERYTHING
    naps = Naps()
    await stage.play(naps)
    assert naps.taken == [], "after the end nothing is played again"


class Crashing(Intake):
    """An intake that falls over at one step: before it stored anything, or after it stored everything."""

    def __init__(self, services: Services, step: int, *, after: bool) -> None:
        super().__init__(services.database, services.clock, services.bulletin, secret=SECRET)
        self._step = step
        self._after = after

    async def receive_all(self, incoming: Sequence[Any], **more: Any) -> int:
        self._step -= 1
        if self._step == 0 and not self._after:
            raise Ended
        new = await super().receive_all(incoming, **more)
        if self._step == 0:
            raise Ended
        return new


@pytest.mark.parametrize("after", [False, True], ids=["before it is stored", "after it is stored"])
@pytest.mark.parametrize("step", range(1, len(STEPS) + 1))
async def test_a_crash_while_storing_loses_nothing_and_repeats_nothing(stage: Stage, step: int, after: bool) -> None:
    naps = Naps()
    await stage.play(intake=Crashing(stage.services, step, after=after))
    await stage.play(naps)
    assert await stage.told() == EVERYTHING
    assert len(naps.taken) == len(STEPS) - step + (0 if after else 1)


async def test_a_fresh_database_begins_with_an_empty_platform(stage: Stage) -> None:
    await stage.sender.reply(reply("from an earlier database"))
    await stage.play(Naps(crash_at=1))
    assert not stage.ledger.exists()
    assert await stage.sender.find(reply("from an earlier database")) is None


async def test_a_restart_keeps_what_was_placed(stage: Stage) -> None:
    await stage.play(Naps(crash_at=4))
    placed = await stage.sender.reply(reply())
    await stage.play()
    assert await stage.sender.find(reply()) == placed


async def test_what_a_moderator_removed_is_not_edited_back(stage: Stage) -> None:
    await stage.play(Naps(crash_at=4))
    await stage.sender.remove(removal(target="r2"))
    await stage.play()
    assert await stage.told() == EVERYTHING[:-1]
    assert await stage.services.intake.cursor(CHANNEL, "step") == str(len(STEPS))


async def test_the_end_is_told_and_the_channel_stays(stage: Stage) -> None:
    task = asyncio.create_task(stage.gateway().run())
    while not await stage.ended():
        await asyncio.sleep(0.005)
    assert not task.done()
    assert await stage.services.intake.last_seen(CHANNEL) == stage.services.clock.now
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    async with stage.services.database.read() as tx:
        assert [(row.key, row.text) for row in await journal.open_notices(tx)] == [(ENDED, ENDED_TEXT)]
    assert {item.get_name() for item in asyncio.all_tasks()} & {"demo", "demo-beat"} == set()


async def test_the_end_is_not_told_again_to_who_put_it_away(stage: Stage) -> None:
    await stage.play()
    await stage.services.intake.settle(ENDED)
    await asyncio.wait_for(stage.gateway()._play(), 5)
    async with stage.services.database.read() as tx:
        assert await journal.open_notices(tx) == []


async def test_it_says_that_it_listens_while_it_plays(stage: Stage) -> None:
    await stage.play(Naps(crash_at=3))
    assert await stage.services.intake.last_seen(CHANNEL) == stage.services.clock.now


class Deaf(Intake):
    """An intake that cannot note that a channel listens."""

    async def seen(self, channel: str) -> None:
        raise OSError("disk full")


async def test_a_beat_that_fails_ends_the_run_while_it_plays(stage: Stage) -> None:
    services = stage.services
    intake = Deaf(services.database, services.clock, services.bulletin, secret=SECRET)

    async def long(_seconds: float) -> None:
        await asyncio.Event().wait()

    gateway = stage.gateway(intake=intake)
    gateway._sleep = long
    with pytest.raises(OSError, match="disk full"):
        await asyncio.wait_for(gateway.run(), 10)


async def test_all_reactions_of_the_town_arrive(stage: Stage) -> None:
    stage.steps = read_script()
    await stage.play()
    rows = await stage.stored()
    reactions = {row.message_id for row in rows if row.kind == MessageKind.REACTION}
    assert len(reactions) == 152
    assert sum(row.kind == MessageKind.POST for row in rows) == 8
    assert len(rows) == 152 + 8 + 2
