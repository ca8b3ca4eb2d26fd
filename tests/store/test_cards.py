from __future__ import annotations

import pytest
from sqlalchemy import select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.cases import CaseState
from bot.core.people import Face
from bot.store import casebook, views
from bot.store.cards import remember_card
from bot.store.database import Database
from bot.store.schema import cards, cases
from tests.builders import NOON, message
from tests.store.rows import open_case


async def stale(tx: AsyncConnection, face: Face = Face.DISCORD, limit: int = 10) -> list[tuple[int, str | None]]:
    return [(row.case_id, row.ref) for row in await views.stale_cards(tx, face, limit)]


async def test_a_case_without_a_card_wants_one_on_every_face(database: Database) -> None:
    async with database.write() as tx:
        case_id = await open_case(tx)
        await remember_card(tx, Face.DISCORD, case_id, "c/1", 1)
        assert await stale(tx) == []
        assert await stale(tx, Face.TELEGRAM) == [(case_id, None)]


async def test_a_card_is_out_of_date_as_soon_as_its_case_moves(database: Database) -> None:
    async with database.write() as tx:
        case_id = await open_case(tx)
        await remember_card(tx, Face.DISCORD, case_id, "c/1", 1)
        await casebook.touch(tx, case_id, NOON)
        assert await stale(tx) == [(case_id, "c/1")]
        await remember_card(tx, Face.DISCORD, case_id, "c/2", 2)
        assert await stale(tx) == []
        assert await views.case_of_card(tx, Face.DISCORD, "c/2") == case_id
        assert await views.case_of_card(tx, Face.DISCORD, "c/1") is None
        assert await views.case_of_card(tx, Face.TELEGRAM, "c/2") is None
        assert len((await tx.execute(select(cards))).all()) == 1


@pytest.mark.parametrize(
    ("state", "wanted"),
    [
        (CaseState.OPEN, True),
        (CaseState.RETURNED, True),
        (CaseState.DECIDED, False),  # over before a card was posted: nobody has to see it any more
        (CaseState.CLOSED, False),
    ],
)
async def test_only_an_active_case_gets_a_new_card_but_every_card_is_kept_true(
    database: Database, state: CaseState, wanted: bool
) -> None:
    async with database.write() as tx:
        case_id = await open_case(tx)
        await tx.execute(update(cases).values(state=state))
        assert await stale(tx) == ([(case_id, None)] if wanted else [])
        await remember_card(tx, Face.DISCORD, case_id, "c/1", 0)
        assert await stale(tx) == [(case_id, "c/1")]


async def test_cards_are_renewed_oldest_case_first_a_batch_at_a_time(database: Database) -> None:
    async with database.write() as tx:
        ids = [await open_case(tx, message(id=str(number))) for number in range(4)]
        assert [case_id for case_id, _ in await stale(tx, limit=3)] == ids[:3]


async def test_a_card_of_no_case_is_refused(database: Database) -> None:
    async with database.write() as tx:
        with pytest.raises(IntegrityError):
            await remember_card(tx, Face.DISCORD, 77, "c/1", 1)
