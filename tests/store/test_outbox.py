from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.cases import EffectKind, EffectState
from bot.store import outbox
from bot.store.database import Database
from bot.store.schema import effects
from tests.builders import NOON, message
from tests.store.rows import AUTHOR, an, decide, open_case, put_effect, store

SECOND = timedelta(seconds=1)


async def one_effect(tx: AsyncConnection, *, kind: EffectKind = EffectKind.REPLY) -> tuple[int, int]:
    """Put one effect in the outbox; return (its id, its decision)."""
    case_id = await open_case(tx)
    decision_id = await decide(tx, case_id, await an(tx))
    await put_effect(tx, case_id, decision_id, kind=kind)
    return (await tx.execute(select(effects.c.id))).scalar_one(), decision_id


async def test_an_effect_waits_with_a_key_of_its_own(database: Database) -> None:
    async with database.write() as tx:
        case_id = await open_case(tx)
        decision_id = await decide(tx, case_id, await an(tx))
        keys = [await put_effect(tx, case_id, decision_id) for _ in range(50)]
        rows = await outbox.of_decision(tx, decision_id)
    assert len(set(keys)) == 50
    assert max(map(len, keys)) <= 25, "a Discord nonce has at most 25 characters"
    assert [row.key for row in rows] == keys
    assert {(row.state, row.attempts, row.error) for row in rows} == {(EffectState.WAITING, 0, "")}


async def test_there_is_no_effect_without_a_decision(database: Database) -> None:
    async with database.write() as tx:
        case_id = await open_case(tx)
        with pytest.raises(IntegrityError):
            await put_effect(tx, case_id, 12345)


async def test_an_effect_goes_with_its_decision_or_not_at_all(database: Database) -> None:
    async def interrupted() -> None:
        async with database.write() as tx:
            await one_effect(tx)
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        await interrupted()
    async with database.read() as tx:
        assert await outbox.next_due(tx, "demo") is None


async def test_the_effect_that_is_due_first_comes_first(database: Database) -> None:
    async with database.write() as tx:
        case_id = await open_case(tx)
        decision_id = await decide(tx, case_id, await an(tx))
        for seconds, channel in ((20, "demo"), (5, "demo"), (5, "demo"), (1, "discord")):
            await put_effect(tx, case_id, decision_id, channel=channel, not_before=NOON + seconds * SECOND)
        order = []
        while (due := await outbox.next_due(tx, "demo")) is not None:
            order.append(due.not_before)
            await outbox.settle(tx, due.id, EffectState.SENT, NOON)
        assert order == [NOON + 5 * SECOND, NOON + 5 * SECOND, NOON + 20 * SECOND]
        assert await outbox.next_due(tx, "telegram") is None


@pytest.mark.parametrize(
    ("state", "due"),
    [
        (EffectState.WAITING, True),
        (EffectState.SENDING, True),  # left by a process that did not live to tell
        (EffectState.SENT, False),
        (EffectState.CANCELLED, False),
        (EffectState.FAILED, False),
        (EffectState.UNCERTAIN, False),  # a person has to look: never again by itself
    ],
)
async def test_what_is_settled_is_never_due_again(database: Database, state: EffectState, due: bool) -> None:
    async with database.write() as tx:
        effect_id, _ = await one_effect(tx)
        await outbox.settle(tx, effect_id, state, NOON + SECOND, error="waarom")
        found = await outbox.next_due(tx, "demo")
        row = await outbox.lock(tx, effect_id)
    assert (None if found is None else found.id) == (effect_id if due else None)
    assert (row.state, row.error, row.updated_at) == (state, "waarom", NOON + SECOND)


async def test_just_before_sending_everything_about_the_target_is_read_again(database: Database) -> None:
    target = message("vraag", thread_id="7", post_id="100")
    async with database.write() as tx:
        case_id = await open_case(tx, target)
        decision_id = await decide(tx, case_id, await an(tx))
        await put_effect(tx, case_id, decision_id, kind=EffectKind.REMOVE)
        effect_id = (await tx.execute(select(effects.c.id))).scalar_one()
        before = await outbox.lock(tx, effect_id)
        await store(tx, message("iets anders", edited_at=NOON + SECOND))
        after = await outbox.lock(tx, effect_id)
    assert (before.chat_id, before.message_id, before.thread_id, before.post_id) == ("-100", "101", "7", "100")
    assert (before.author_key, before.deleted_at) == (AUTHOR, None)
    assert (before.judged, before.newest, before.judged_text) == (1, 1, "vraag")
    assert (after.judged, after.newest, after.judged_text) == (1, 2, "vraag")


# ── undoing ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def test_a_decision_is_undone_with_all_its_effects_and_no_others(database: Database) -> None:
    async with database.write() as tx:
        case_id = await open_case(tx)
        person = await an(tx)
        first, other = await decide(tx, case_id, person), await decide(tx, case_id, person)
        for decision_id in (first, first, other):
            await put_effect(tx, case_id, decision_id)
        assert await outbox.cancel(tx, first, NOON)
        states = {
            decision: [row.state for row in await outbox.of_decision(tx, decision)] for decision in (first, other)
        }
    assert states == {first: [EffectState.CANCELLED, EffectState.CANCELLED], other: [EffectState.WAITING]}


@pytest.mark.parametrize(
    ("state", "attempts"),
    [
        (EffectState.SENDING, 1),
        (EffectState.SENT, 1),
        (EffectState.FAILED, 1),
        (EffectState.UNCERTAIN, 1),
        (EffectState.WAITING, 1),  # it was tried, and waits for the next try: it may be there already
    ],
)
async def test_trap_3_of_what_has_started_nothing_is_cancelled(
    database: Database, state: EffectState, attempts: int
) -> None:
    async with database.write() as tx:
        case_id = await open_case(tx)
        decision_id = await decide(tx, case_id, await an(tx))
        await put_effect(tx, case_id, decision_id)
        await put_effect(tx, case_id, decision_id)
        first = select(effects.c.id).order_by(effects.c.id).limit(1).scalar_subquery()
        await tx.execute(update(effects).where(effects.c.id == first).values(state=state, attempts=attempts))
        assert not await outbox.cancel(tx, decision_id, NOON)
        states = [row.state for row in await outbox.of_decision(tx, decision_id)]
    assert states == [state, EffectState.WAITING]


async def test_a_decision_without_effects_can_always_be_undone(database: Database) -> None:
    async with database.write() as tx:
        decision_id = await decide(tx, await open_case(tx), await an(tx))
        assert await outbox.cancel(tx, decision_id, NOON)
