from __future__ import annotations

from datetime import timedelta

from bot.jobs.retention import Retention
from bot.store import audit
from bot.store.retention import Periods
from tests.builders import Services, message
from tests.store.test_retention import CANARY, everything


async def test_the_nightly_run_erases_what_is_due_and_writes_down_how_much(services: Services) -> None:
    await services.receive(message(CANARY), message("blijft", id="102"))
    services.clock.advance(timedelta(days=100))
    await services.receive(message("blijft nog", id="103"))
    services.clock.advance(timedelta(days=100))
    periods = Periods(timedelta(days=180), timedelta(days=730))
    await Retention(services.database, services.clock, periods)()
    async with services.database.read() as tx:
        (line, *_rest) = await audit.recent(tx)
        assert await audit.verify(tx) is None
    assert line.event.name == "job:retention:ran"
    assert line.event.data == {"messages": 2, "other_rows": 0}
    left = await everything(services.database)
    assert CANARY not in left
    assert "blijft nog" in left
