from __future__ import annotations

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import HealthCheck, example, given, settings
from hypothesis import strategies as st
from sqlalchemy import delete, insert, select
from sqlalchemy.exc import StatementError

from bot.store.database import Database
from bot.store.schema import cursors
from bot.store.types import storable

ANY_TEXT = st.text(st.characters(exclude_categories=()))


@pytest.mark.parametrize(
    "moment",
    [
        datetime(2026, 11, 24, 12, 0, 0, 123456, tzinfo=UTC),
        datetime(2026, 11, 24, 12, 0, tzinfo=ZoneInfo("Europe/Brussels")),
        datetime(2026, 10, 25, 2, 30, fold=0, tzinfo=ZoneInfo("Europe/Brussels")),  # comes twice that night
        datetime(2026, 10, 25, 2, 30, fold=1, tzinfo=ZoneInfo("Europe/Brussels")),
        datetime(1970, 1, 1, tzinfo=UTC),
        datetime(9999, 12, 31, 23, 59, 59, 999999, tzinfo=UTC),
    ],
    ids=str,
)
async def test_a_moment_comes_back_as_the_same_moment_in_utc(database: Database, moment: datetime) -> None:
    async with database.write() as tx:
        await tx.execute(insert(cursors).values(channel="demo", name="x", value="", at=moment))
        found = (await tx.execute(select(cursors.c.at))).scalar_one()
        same = (await tx.execute(select(cursors.c.at).where(cursors.c.at == moment))).scalar_one()
    assert found == same == moment.astimezone(UTC)
    assert found.utcoffset() == timedelta()


async def test_moments_are_compared_as_moments_whatever_their_zone(database: Database) -> None:
    noon = datetime(2026, 11, 24, 12, tzinfo=UTC)
    one_in_brussels = datetime(2026, 11, 24, 13, tzinfo=ZoneInfo("Europe/Brussels"))
    async with database.write() as tx:
        await tx.execute(insert(cursors).values(channel="demo", name="x", value="", at=noon))
        query = select(cursors.c.at).where(cursors.c.at >= one_in_brussels)
        assert (await tx.execute(query)).scalar_one() == noon


async def test_a_moment_without_a_zone_is_refused(database: Database) -> None:
    async with database.write() as tx:
        with pytest.raises(StatementError, match="naive"):
            await tx.execute(select(cursors).where(cursors.c.at == datetime(2026, 1, 1)))  # noqa: DTZ001 - the point


@given(text=ANY_TEXT)
def test_what_is_storable_is_as_long_and_can_be_encoded(text: str) -> None:
    clean = storable(text)
    assert len(clean) == len(text)
    assert "\x00" not in clean
    clean.encode()
    assert storable(clean) == clean


@given(text=st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00")))
def test_what_a_database_can_hold_is_left_alone(text: str) -> None:
    assert storable(text) == text


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@example(text="a\x00\ud800", name="a\x00\ud800")
@given(text=ANY_TEXT, name=st.text(st.characters(exclude_categories=()), max_size=120))
async def test_any_text_goes_in_and_can_be_looked_for(database: Database, text: str, name: str) -> None:
    async with database.write() as tx:
        await tx.execute(delete(cursors))
        await tx.execute(insert(cursors).values(channel="demo", name=name, value=text, at=datetime.now(UTC)))
        found = (await tx.execute(select(cursors.c.value).where(cursors.c.name == name))).scalar_one()
    assert found == storable(text)
