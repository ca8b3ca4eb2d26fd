from __future__ import annotations

import asyncio

import pytest

from bot.review.bulletin import Bulletin, Topic

AT_ONCE, SOON = 0.01, 5.0  # seconds: an end for what must not ring, and for what must


async def test_a_ring_wakes_who_waits() -> None:
    bulletin = Bulletin()
    async with bulletin.listen(Topic.CASES) as bell:
        waiting = asyncio.create_task(bell.wait(SOON))
        await asyncio.sleep(0)
        assert not waiting.done()
        bulletin.ring(Topic.CASES)
        assert await waiting


async def test_a_ring_that_comes_while_the_listener_is_busy_is_remembered() -> None:
    bulletin = Bulletin()
    async with bulletin.listen(Topic.INBOX) as bell:
        bulletin.ring(Topic.INBOX)
        assert await bell.wait(AT_ONCE)


async def test_many_rings_are_answered_once() -> None:
    bulletin = Bulletin()
    async with bulletin.listen(Topic.INBOX) as bell:
        for _ in range(5):
            bulletin.ring(Topic.INBOX)
        assert await bell.wait(AT_ONCE)
        assert not await bell.wait(AT_ONCE)


@pytest.mark.parametrize("topic", list(Topic))
async def test_only_the_topics_that_one_listens_to_ring(topic: Topic) -> None:
    bulletin = Bulletin()
    others = [other for other in Topic if other is not topic]
    async with bulletin.listen(*others) as bell:
        bulletin.ring(topic)
        assert not await bell.wait(AT_ONCE)
        bulletin.ring(*others)
        assert await bell.wait(AT_ONCE)


async def test_everyone_who_listens_hears_it() -> None:
    bulletin = Bulletin()
    async with bulletin.listen(Topic.CASES) as one, bulletin.listen(Topic.CASES, Topic.OUTBOX) as other:
        bulletin.ring(Topic.CASES)
        assert await one.wait(AT_ONCE)
        assert await other.wait(AT_ONCE)


async def test_a_listener_who_left_is_forgotten_also_when_it_failed() -> None:
    bulletin = Bulletin()
    with pytest.raises(RuntimeError):
        async with bulletin.listen(Topic.CASES) as bell:
            raise RuntimeError
    bulletin.ring(Topic.CASES)
    assert not await bell.wait(AT_ONCE)
