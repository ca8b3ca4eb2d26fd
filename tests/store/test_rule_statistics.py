"""How a rule does: how often it fired, what people made of it, and how it did lately."""

from __future__ import annotations

from datetime import timedelta

import pytest
from sqlalchemy import text

from bot.core.cases import ActionKind, CaseKind
from bot.core.errors import TargetGone
from bot.core.messages import Deleted
from bot.store import retention
from bot.store import rule_statistics as statistics
from bot.store.database import Database
from bot.store.rule_statistics import RuleStatistics, rule_statistics
from tests.builders import NOON, Services, message
from tests.store.history import decide, judged

MINUTE, DAY = timedelta(minutes=1), timedelta(days=1)


async def read(services: Services, **replaced: str) -> dict[str, RuleStatistics]:
    names = {former.replace("_", "-"): present for former, present in replaced.items()}
    async with services.database.read() as tx:
        return dict(await rule_statistics(tx, names))


async def test_a_rule_that_never_fired_is_not_there(services: Services) -> None:
    await judged(services, message("niets"))
    assert await read(services) == {}


async def test_what_fired_is_counted_in_force_and_in_the_shadow(services: Services) -> None:
    await judged(services, message("alarm luid", id="1"), message("luid", id="2"), message("niets", id="3"))
    found = await read(services)
    assert {name: (one.fired, one.shadow, one.open) for name, one in found.items()} == {
        "schelden": (1, 0, 1),
        "schreeuwen": (2, 2, 1),
    }


async def test_decisions_uphold_or_overrule_and_what_waits_is_open(services: Services) -> None:
    an = await services.person()
    await judged(services, *(message("alarm", id=str(number)) for number in range(1, 7)))
    await decide(services, an, "1", ActionKind.REMOVE, rule_id="privacy")
    await decide(services, an, "2", ActionKind.WARN, rule_id="privacy")
    await decide(services, an, "3", ActionKind.FINE)
    await decide(services, an, "4", ActionKind.PASS_ON)
    await decide(services, an, "5", ActionKind.PROPOSE_REMOVAL, rule_id="privacy")
    found = (await read(services))["schelden"]
    assert (found.fired, found.upheld, found.overruled, found.open) == (6, 2, 1, 2)


async def test_an_undone_decision_leaves_the_case_open(services: Services) -> None:
    an = await services.person()
    await judged(services, message("alarm"))
    await decide(services, an, "101", ActionKind.FINE)
    await decide(services, an, "101", ActionKind.UNDO)
    found = (await read(services))["schelden"]
    assert (found.upheld, found.overruled, found.open, found.lately) == (0, 0, 1, ())


async def test_a_removal_that_came_back_is_upheld_and_does_not_wait_for_a_verdict(services: Services) -> None:
    an = await services.person()
    await judged(services, message("alarm"))
    await decide(services, an, "101", ActionKind.REMOVE, rule_id="privacy")
    services.sender.faults.append(TargetGone("weg"))
    await services.dispatch()
    found = (await read(services))["schelden"]
    assert (found.upheld, found.open) == (1, 0)


async def test_what_closed_by_itself_is_neither_open_nor_decided(services: Services) -> None:
    await judged(services, message("alarm"))
    await services.intake.receive(Deleted(message().ref, NOON))
    found = (await read(services))["schelden"]
    assert (found.fired, found.upheld, found.overruled, found.open) == (1, 0, 0, 0)


async def test_what_the_other_desk_decides_says_nothing_about_a_rule(services: Services) -> None:
    an = await services.person()
    await judged(services, message("boos vraag"))
    await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    found = (await read(services))["privacy"]
    assert (found.fired, found.upheld, found.overruled, found.open) == (1, 0, 0, 0)


async def test_a_raid_fires_many_times_and_is_decided_once(services: Services) -> None:
    an = await services.person()
    await judged(services, *(message("alarm overval", id=str(number), author=f"u{number}") for number in range(1, 11)))
    await decide(services, an, "1", ActionKind.REMOVE, rule_id="privacy")
    found = (await read(services))["schelden"]
    assert (found.fired, found.upheld, found.lately) == (10, 1, (True,))


async def test_imported_history_fires_and_is_no_case(services: Services) -> None:
    await judged(services, message("alarm"), history=True)
    found = (await read(services))["schelden"]
    assert (found.fired, found.open, found.last_seen) == (1, 0, NOON)


async def test_last_seen_is_when_it_was_written_not_when_it_came_in(services: Services) -> None:
    await judged(services, message("alarm", id="1", sent_at=NOON - DAY))
    services.clock.advance(5 * DAY)
    await judged(services, message("alarm", id="2", sent_at=NOON - 3 * DAY), history=True)
    assert (await read(services))["schelden"].last_seen == NOON - DAY
    await judged(services, message("alarm nu", id="2", sent_at=NOON - 3 * DAY, edited_at=NOON + MINUTE))
    assert (await read(services))["schelden"].last_seen == NOON + MINUTE


async def test_how_it_did_lately_is_the_last_decisions_in_the_order_they_were_made(services: Services) -> None:
    an = await services.person()
    await judged(services, *(message("alarm", id=str(number)) for number in range(1, 11)))
    fine, removed = (ActionKind.FINE, ""), (ActionKind.REMOVE, "privacy")
    decisions = [removed, fine, fine, removed, fine, fine, fine, removed, fine, fine]
    for number, (action, rule_id) in zip((3, 1, 2, 10, 9, 8, 7, 6, 5, 4), decisions, strict=True):
        services.clock.advance(MINUTE)
        await decide(services, an, str(number), action, rule_id=rule_id)
    found = (await read(services))["schelden"]
    assert found.lately == (False, False, True, False, False, False, True, False)
    assert (found.wrong_lately, len(found.lately)) == (6, 8), "wrong 6 of its last 8 times"
    assert (found.upheld, found.overruled) == (3, 7)
    async with services.database.read() as tx:
        assert (await rule_statistics(tx, lately=3))["schelden"].lately == (False, False, True)


async def test_each_rule_of_a_reaction_is_held_against_the_same_decision(services: Services) -> None:
    an = await services.person()
    await judged(services, message("alarm boos luid"))
    await decide(services, an, "101", ActionKind.FINE)
    found = await read(services)
    assert {name: one.overruled for name, one in found.items()} == {"schelden": 1, "privacy": 1, "schreeuwen": 1}


@pytest.mark.parametrize(
    "replaced",
    [
        {"oude_naam": "schelden"},
        {"oude_naam": "tussennaam", "tussennaam": "schelden"},
    ],
)
async def test_former_names_count_for_the_present_one(services: Services, replaced: dict[str, str]) -> None:
    an = await services.person()
    await judged(services, message("oud alarm", id="1"), message("oud", id="2"), message("alarm", id="3"))
    for number in ("1", "3"):
        await decide(services, an, number, ActionKind.FINE)
    apart = await read(services)
    assert {name: one.fired for name, one in apart.items()} == {"schelden": 2, "oude-naam": 2}
    together = await read(services, **replaced)
    assert list(together) == ["schelden"]
    assert (together["schelden"].fired, together["schelden"].overruled, together["schelden"].open) == (3, 2, 0)
    assert together["schelden"].lately == (False, False), "a case that both names fired on is one case"


async def test_names_that_replace_each_other_in_a_circle_end(services: Services) -> None:
    await judged(services, message("oud alarm"))
    assert sum(one.fired for one in (await read(services, oude_naam="schelden", schelden="oude-naam")).values()) == 2


async def test_what_is_erased_no_longer_counts(services: Services) -> None:
    await judged(services, message("alarm", id="1"), message("alarm", id="2"))
    async with services.database.write() as tx:
        await retention.erase_message(tx, 1, services.clock())
    assert (await read(services))["schelden"].fired == 1


@pytest.mark.parametrize("replaced", [{}, {"oude-naam": "schelden"}])
async def test_what_belongs_to_a_hit_is_found_by_indexes(sqlite_database: Database, replaced: dict[str, str]) -> None:
    """A few thousand hits among a hundred thousand reactions: only those, and the cases there are, are gone through."""
    name = statistics._present_name(replaced)
    async with sqlite_database.read() as tx:
        for query in (statistics._fired(name), statistics._cases(name)):
            compiled = query.compile(sqlite_database.engine.sync_engine, compile_kwargs={"literal_binds": True})
            plan = [row.detail for row in await tx.execute(text(f"EXPLAIN QUERY PLAN {compiled}"))]
            gone_through = [line.split()[1] for line in plan if line.startswith("SCAN")]
            assert set(gone_through) <= {"rule_hits", "case_members"}, plan
            assert not any("AUTOMATIC" in line for line in plan), plan


async def test_a_period_narrows_what_is_counted_and_not_how_it_does_lately(services: Services) -> None:
    an = await services.person()
    await judged(services, message("alarm luid", id="1", sent_at=NOON - 90 * DAY), message("luid", id="2"))
    await decide(services, an, "1", ActionKind.FINE)
    services.clock.advance(10 * DAY)
    await judged(services, message("alarm luid", id="3", sent_at=NOON + 10 * DAY))
    await decide(services, an, "3", ActionKind.REMOVE, rule_id="privacy")
    async with services.database.read() as tx:
        found = await rule_statistics(tx, since=NOON + 10 * DAY)
    loud, rude = found["schreeuwen"], found["schelden"]
    assert (loud.fired, loud.shadow, loud.upheld, loud.overruled) == (1, 1, 1, 0)
    assert (rude.fired, rude.upheld, rude.overruled, rude.lately) == (1, 1, 0, (True, False))
    assert rude.last_seen == NOON + 10 * DAY
    async with services.database.read() as tx:
        later = (await rule_statistics(tx, since=NOON + 11 * DAY))["schelden"]
    assert (later.fired, later.upheld, later.last_seen) == (0, 0, NOON + 10 * DAY)
