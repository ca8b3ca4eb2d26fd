"""Which rules fired is written with the verdict: in force or in the shadow, live or imported, all or nothing."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.analysis import Analysis
from bot.core.findings import Effect, RuleHit, RulesResult, Severity
from bot.core.messages import Message
from bot.review.triage import Triage
from bot.store import retention
from bot.store.schema import rule_hits
from tests.builders import NOON, Services, judge_by_words, message, post
from tests.review.looking import all_cases, rows

MINUTE = timedelta(minutes=1)


def hit(rule_id: str, status: str) -> RuleHit:
    return RuleHit(rule_id, "Titel", "2. Respect", Severity.HIGH, status, frozenset({Effect.MARK}), "", ((0, 3),))


def judge(message: Message) -> Analysis:
    """Judge by marker words: `alarm` fires a rule, `luid` one in the shadow."""
    marks = (("alarm", "schelden", "actief"), ("luid", "schreeuwen", "schaduw"))
    fired = tuple(hit(rule, status) for word, rule, status in marks if word in message.text)
    return replace(judge_by_words(message), rules=RulesResult("h", fired))


def triage(services: Services) -> Triage:
    return Triage(services.database, services.clock, services.bulletin, judge, raid_window=timedelta(hours=1))


async def judged(services: Services, *incoming: Message, history: bool = False) -> set[tuple[str, int, bool]]:
    await services.intake.receive_all(incoming, history=history)
    worker = triage(services)
    while await worker.run_once():
        pass
    return await written(services)


async def written(services: Services) -> set[tuple[str, int, bool]]:
    return {(row.rule_id, row.revision_pk, row.active) for row in await rows(services, rule_hits)}


async def test_rules_in_force_and_in_the_shadow_are_written_and_told_apart(services: Services) -> None:
    found = await judged(
        services,
        post("alarm luid"),  # the town's own words are not judged
        message("alarm luid", id="101"),
        message("luid", id="102"),
        message("niets", id="103"),
    )
    assert found == {("schelden", 2, True), ("schreeuwen", 2, False), ("schreeuwen", 3, False)}


async def test_imported_history_is_written_too_and_still_opens_no_case(services: Services) -> None:
    assert await judged(services, message("alarm"), history=True) == {("schelden", 1, True)}
    assert await all_cases(services) == []


async def test_each_revision_has_its_own(services: Services) -> None:
    await judged(services, message("alarm"))
    found = await judged(services, message("luid", edited_at=NOON + MINUTE))
    assert found == {("schelden", 1, True), ("schreeuwen", 2, False)}


async def test_an_overtaken_revision_that_was_never_judged_has_none(services: Services) -> None:
    found = await judged(services, message("alarm"), message("luid", edited_at=NOON + MINUTE))
    assert found == {("schreeuwen", 2, False)}


async def test_what_fired_and_the_verdict_commit_together(services: Services, monkeypatch: pytest.MonkeyPatch) -> None:
    async def broken(*_: object) -> int:
        raise OSError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr("bot.store.casebook.open_case", broken)
        with pytest.raises(OSError, match="disk"):
            await judged(services, message("alarm"))
    assert await written(services) == set()
    assert await judged(services) == {("schelden", 1, True)}


async def test_a_reaction_erased_while_it_was_judged_leaves_nothing(services: Services) -> None:
    loop = asyncio.get_running_loop()

    async def erase() -> None:
        async with services.database.write() as tx:
            await retention.erase_message(tx, 1, services.clock())

    def judging(judged: Message) -> Analysis:
        asyncio.run_coroutine_threadsafe(erase(), loop).result(timeout=10)
        return judge(judged)

    await services.intake.receive(message("alarm"))
    worker = Triage(services.database, services.clock, services.bulletin, judging, raid_window=timedelta(hours=1))
    await worker.run_once()
    assert await written(services) == set()
