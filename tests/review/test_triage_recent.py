"""Rules are told what was written just before, as the store knows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from bot.analysis import likeness
from bot.core.analysis import Analysis
from bot.core.messages import SAME_AUTHOR, Message, Recent
from bot.review import triage as module
from bot.review.triage import Triage
from tests.builders import NOON, Services, message, verdict

MINUTE = timedelta(minutes=1)


@dataclass
class Judge:
    """Remembers what it was given, and finds the same likeness as the real analysis."""

    seen: dict[str, Recent] = field(default_factory=dict)

    def __call__(self, judged: Message) -> Analysis:
        self.seen[judged.ref.message_id] = judged.recent
        return verdict(fingerprint=likeness(judged))


def listening(services: Services, judge: Callable[[Message], Analysis]) -> None:
    services.triage = Triage(
        services.database, services.clock, services.bulletin, judge, raid_window=timedelta(hours=1)
    )


async def test_each_message_is_judged_with_those_before_it(services: Services) -> None:
    judge = Judge()
    listening(services, judge)
    await services.receive(
        message("Kom naar de markt!", id="1", author="an", sent_at=NOON),
        message("KOM NAAR DE MARKT 😀", id="2", author="an", sent_at=NOON + MINUTE),
        message("kom naar de márkt...", id="3", author="bert", sent_at=NOON + 2 * MINUTE),
        message("Iets heel anders", id="4", author="bert", sent_at=NOON + 3 * MINUTE),
    )
    assert judge.seen["1"] == Recent(first=True)
    assert judge.seen["2"] == Recent((MINUTE,), ((SAME_AUTHOR, MINUTE),), first=False)
    third = judge.seen["3"]
    assert (third.own, third.first) == ((), True)
    assert sorted(age for _, age in third.alike) == [MINUTE, 2 * MINUTE]
    assert len({author for author, _ in third.alike}) == 1, "both are by the same author"
    assert judge.seen["4"] == Recent((MINUTE,), (), first=False)


async def test_authors_are_told_apart_and_never_named(sqlite_services: Services) -> None:
    judge = Judge()
    listening(sqlite_services, judge)
    await sqlite_services.receive(
        *(message("Allemaal samen weg ermee", id=str(n), author=f"account-{n}", sent_at=NOON) for n in range(3))
    )
    authors = {author for author, _ in judge.seen["2"].alike}
    assert len(authors) == 2
    assert not any("account" in author for author in authors)


async def test_imported_history_is_what_was_written_before(sqlite_services: Services) -> None:
    judge = Judge()
    listening(sqlite_services, judge)
    await sqlite_services.intake.receive_all(
        [message("Kom naar de markt", id="1", author="an", sent_at=NOON - 5 * MINUTE)], history=True
    )
    await sqlite_services.receive(message("Kom naar de markt", id="2", author="an", sent_at=NOON))
    assert judge.seen["2"] == Recent((5 * MINUTE,), ((SAME_AUTHOR, 5 * MINUTE),), first=False)


async def test_words_that_cannot_be_compared_are_judged_all_the_same(
    sqlite_services: Services, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(_message: Message) -> str:
        raise RuntimeError("stuk")

    monkeypatch.setattr(module, "likeness", broken)
    judge = Judge()
    listening(sqlite_services, judge)
    await sqlite_services.receive(message("Dag", id="1", author="an"))
    assert judge.seen["1"] == Recent(first=True)
