from __future__ import annotations

import sqlite3
from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import select, update

from bot.core.cases import ActionKind, CaseKind, CaseState, EffectState
from bot.core.errors import Refused
from bot.core.messages import Author, AuthorRole, MessageKind, Unreadable
from bot.store import audit, inbox, journal, retention
from bot.store.casebook import ACTIVE
from bot.store.database import Database, sqlite_path
from bot.store.erasure import ERASED_AUTHOR
from bot.store.retention import Periods
from bot.store.schema import cases, decisions, effects, job_runs, messages, metadata, revisions, unreadable
from tests.builders import NOON, FakeClock, Services, message, post

CANARY = "kanariepietje-7Q"
PERIODS = Periods(timedelta(days=180), timedelta(days=730))
DAY = timedelta(days=1)
REACTION = 2  # in `whole_life`: the first message is the post


async def erase(services: Services, message_pk: int = 1) -> None:
    async with services.database.write() as tx:
        await retention.erase_message(tx, message_pk, services.clock())
    assert await retention.overwrite(services.database)


async def purge(services: Services, **changes: int) -> int:
    async with services.database.write() as tx:
        return await retention.purge(tx, services.clock(), PERIODS, **changes)


async def everything(database: Database) -> str:
    """Return every value of every table, and what stands in the files of SQLite."""
    found: list[str] = []
    async with database.read() as tx:
        for table in metadata.sorted_tables:
            found += [repr(tuple(row)) for row in await tx.execute(select(table))]
    path = sqlite_path(database.url.render_as_string(hide_password=False))
    if path is not None:
        for file in path.parent.glob(f"{path.name}*"):
            found.append(file.read_bytes().decode("latin-1"))
    return "\n".join(found)


async def whole_life(services: Services) -> None:
    """Let words of a resident travel through every table that can hold them."""
    an = await services.person("An")
    await services.receive(post())
    await services.receive(
        message(
            f"alarm vraag {CANARY}",
            post_id="100",
            author=f"u-{CANARY}",
            link=f"https://t.me/c/1/{CANARY}",
            attachments=(f"{CANARY}.jpg",),
            quoted=f"citaat {CANARY}",
            forwarded=f"doorgestuurd {CANARY}",
        )
    )
    await services.receive(message("en ik", id="102", reply_to="101", quoted=CANARY, author="u2"))
    await services.receive(message("kijk", id="103", forwarded=f"alarm vraag {CANARY}", author="u3"))
    await services.intake.receive(Unreadable("demo", f'{{"id": 101, "text": "{CANARY}"}}', f"bad {CANARY}"))
    await services.intake.notice("oops", f"Iets over: alarm vraag {CANARY}")
    alert, reply = await services.one(CaseKind.ALERT), await services.one(CaseKind.REPLY)
    async with services.database.write() as tx:
        await tx.execute(update(cases).values(reasons=[f"Huisregel: {CANARY}"]))
    await services.do(ActionKind.PROPOSE_REMOVAL, alert, an, rule_id="privacy", reason=f"er staat {CANARY}")
    await services.do(ActionKind.EDIT, reply, an, text=f"U schreef {CANARY}. Dank u.")
    await services.dispatch()
    await services.do(ActionKind.WARN, await services.now_is(alert), an, rule_id="privacy", text=f"Over {CANARY}")


async def test_erasure_leaves_no_trace_in_any_table_or_file(services: Services) -> None:
    await whole_life(services)
    before = await everything(services.database)
    assert before.count(CANARY) > 10, "the canary has to be everywhere first"
    await erase(services, REACTION)
    assert CANARY not in await everything(services.database)


async def test_erasure_leaves_a_decision_without_content(services: Services) -> None:
    await whole_life(services)
    await erase(services, REACTION)
    async with services.database.read() as tx:
        rows = (await tx.execute(select(decisions))).all()
        assert {row.action for row in rows} == {"verwijderen_voorstellen", "aanpassen", "herinneren"}
        assert all(row.text == row.original == row.reason == "" for row in rows)
        assert all(row.person_id and row.at and row.versions for row in rows)


async def test_the_audit_chain_still_verifies_after_an_erasure(services: Services) -> None:
    await whole_life(services)
    await erase(services, REACTION)
    async with services.database.read() as tx:
        assert await audit.verify(tx) is None
        lines = await audit.recent(tx)
    erased = [line for line in lines if line.event.name == "system:message:erased"]
    assert {line.event.message_pk for line in erased} >= {2}


async def test_an_erased_message_loses_its_author_and_shows_as_erased(services: Services) -> None:
    await services.receive(message(f"alarm {CANARY}"))
    await erase(services)
    async with services.database.read() as tx:
        row = (await tx.execute(select(messages))).one()
    assert row.author_key == ERASED_AUTHOR
    assert row.erased_at == services.clock()
    assert row.link is None


async def test_a_redelivered_message_stays_erased(services: Services) -> None:
    await services.receive(message(CANARY))
    await erase(services)
    await services.receive(message(CANARY), message(f"{CANARY} aangepast", edited_at=NOON))
    assert CANARY not in await everything(services.database)


async def test_a_message_that_was_not_judged_yet_is_not_judged_any_more(services: Services) -> None:
    await services.intake.receive(message("alarm"))
    await erase(services)
    assert await services.triage.run_once() == 0


async def test_erasure_closes_open_cases_and_says_so_on_the_card(services: Services) -> None:
    await services.receive(message("alarm"))
    case = await services.one(CaseKind.ALERT)
    await erase(services)
    after = await services.now_is(case)
    assert after.state is CaseState.CLOSED
    assert after.reasons == ("De reactie is gewist.",)
    assert after.version > case.version
    assert after.message.text == "(gewist)"


async def test_a_settled_decision_cannot_be_undone_after_an_erasure(services: Services) -> None:
    an = await services.person("An")
    await services.receive(message("alarm"))
    case = await services.do(ActionKind.FINE, await services.one(CaseKind.ALERT), an)
    await erase(services)
    with pytest.raises(Refused):
        await services.do(ActionKind.UNDO, await services.now_is(case), an)


async def test_what_waits_to_be_sent_is_cancelled(services: Services) -> None:
    an = await services.person("An")
    await services.receive(message("vraag"))
    await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    await erase(services)
    await services.dispatch()
    assert services.sender.sent == []
    async with services.database.read() as tx:
        assert (await tx.execute(select(effects.c.state))).scalars().all() == [EffectState.CANCELLED]


async def test_what_is_being_sent_now_makes_an_erasure_wait(services: Services) -> None:
    an = await services.person("An")
    await services.receive(message("vraag"))
    await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    async with services.database.write() as tx:
        await tx.execute(update(effects).values(state=EffectState.SENDING))
    with pytest.raises(Refused, match="uitgevoerd"):
        await erase(services)


async def test_an_open_cluster_goes_on_about_the_next_message(services: Services) -> None:
    words = "alarm vraag overval"
    await services.receive(*(message(words, id=str(n), author=f"u{n}", post_id="100") for n in range(101, 104)))
    await erase(services)
    alert, reply = await services.one(CaseKind.ALERT), await services.one(CaseKind.REPLY)
    assert alert.message.ref.message_id == reply.message.ref.message_id == "102"
    assert alert.message.text == words
    assert alert.like_count == 2
    assert len(reply.suggestions) == 3
    an = await services.person("An")
    await services.do(ActionKind.REMOVE, alert, an, rule_id="privacy")
    await services.dispatch()
    await services.dispatcher.step("demo")
    assert {effect.target.message_id for effect in services.sender.removed} == {"102", "103"}


async def test_a_message_that_was_gathered_leaves_an_open_cluster(services: Services) -> None:
    await services.receive(*(message("alarm overval", id=str(n), author=f"u{n}") for n in (101, 102)))
    await erase(services, message_pk=2)
    case = await services.one(CaseKind.ALERT)
    assert (case.message.ref.message_id, case.like_count) == ("101", 1)


async def test_other_peoples_words_stay(services: Services) -> None:
    await services.receive(message(CANARY), message("Een ander bericht", id="102", author="u2"))
    await erase(services)
    async with services.database.read() as tx:
        assert "Een ander bericht" in (await tx.execute(select(revisions.c.text))).scalars().all()


async def test_raw_updates_about_something_else_stay(services: Services) -> None:
    await services.receive(message(CANARY))
    await services.intake.receive(Unreadable("demo", '{"id": 999}', "bad"))
    await erase(services)
    async with services.database.read() as tx:
        assert len((await tx.execute(select(unreadable))).all()) == 1


def test_a_plain_sqlite_file_keeps_traces_so_the_search_above_can_fail(tmp_path: Path) -> None:
    path = tmp_path / "plain.db"
    connection = sqlite3.connect(path)
    connection.execute("PRAGMA secure_delete=OFF")
    connection.execute("CREATE TABLE t (text TEXT)")
    connection.executemany("INSERT INTO t VALUES (?)", [("voor" * 50,), (CANARY * 10,), ("na" * 50,)])
    connection.commit()
    connection.execute("UPDATE t SET text = '' WHERE rowid = 2")
    connection.commit()
    connection.close()
    assert CANARY.encode() in path.read_bytes()


async def test_erasing_many_messages_of_many_sizes_leaves_no_trace_in_freed_pages(sqlite_services: Services) -> None:
    sizes = [10, 300, 1500, 5000, 20_000, 60]
    batch = [message(f"{CANARY} " * (sizes[n % 6] // 17 + 1), id=str(n), author=f"u{n}") for n in range(1, 121)]
    await sqlite_services.receive(*batch)
    assert CANARY in await everything(sqlite_services.database)
    sqlite_services.clock.advance(181 * DAY)
    while await purge(sqlite_services, limit=50):
        pass
    assert await retention.overwrite(sqlite_services.database)
    assert CANARY not in await everything(sqlite_services.database)


# ── retention ─────────────────────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "decided", "days", "erased"),
    [
        ("rustig", False, 180, 0),  # on the day itself it is still kept
        ("rustig", False, 181, 1),  # no case: the short period
        ("alarm", True, 181, 0),  # a case was decided: the long period
        ("alarm", True, 731, 1),
        ("alarm", False, 5000, 0),  # an open case is never purged
    ],
)
async def test_reactions_are_kept_as_long_as_their_class_says(
    services: Services, text: str, decided: bool, days: int, erased: int
) -> None:
    an = await services.person("An")
    await services.receive(message(text))
    if decided:
        await services.do(ActionKind.FINE, await services.one(CaseKind.ALERT), an)
    services.clock.advance(days * DAY)
    assert await purge(services) == erased


async def test_the_long_period_counts_from_the_last_change_of_the_case(services: Services) -> None:
    an = await services.person("An")
    await services.receive(message("alarm"))
    services.clock.advance(700 * DAY)
    await services.do(ActionKind.FINE, await services.one(CaseKind.ALERT), an)
    services.clock.advance(700 * DAY)
    assert await purge(services) == 0
    services.clock.advance(31 * DAY)
    assert await purge(services) == 1


async def test_a_decision_that_is_not_carried_out_yet_keeps_its_reaction(services: Services) -> None:
    an = await services.person("An")
    await services.receive(message("vraag"))
    await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    services.clock.advance(1000 * DAY)
    assert await purge(services) == 0


async def test_a_member_of_an_open_cluster_is_kept(services: Services) -> None:
    await services.receive(*(message("alarm overval", id=str(n), author=f"u{n}") for n in (101, 102)))
    services.clock.advance(1000 * DAY)
    assert await purge(services) == 0


async def test_a_late_edit_starts_the_time_again(services: Services) -> None:
    await services.receive(message("rustig"))
    services.clock.advance(100 * DAY)
    await services.receive(message("rustiger", edited_at=services.clock()))
    services.clock.advance(100 * DAY)
    assert await purge(services) == 0


async def test_imported_history_is_kept_as_long_as_what_came_in_today(services: Services) -> None:
    await services.intake.receive_all([message("lang geleden", sent_at=NOON - 3000 * DAY)], history=True)
    assert await purge(services) == 0


async def test_posts_of_the_municipality_are_no_residents_words(services: Services) -> None:
    official = message("officieel", id="105", author="gemeente")
    municipality = Author("gemeente", role=AuthorRole.MUNICIPALITY)
    await services.receive(post(), message("rustig"))
    await services.intake.receive(message("officieel", id=official.ref.message_id, author="x"))
    async with services.database.write() as tx:
        where = messages.c.message_id == official.ref.message_id
        await tx.execute(update(messages).where(where).values(author_role=municipality.role))
    services.clock.advance(1000 * DAY)
    assert await purge(services) == 1


async def test_the_reply_that_was_placed_goes_with_its_reaction(services: Services) -> None:
    an = await services.person("An")
    await services.receive(message("vraag"))
    await services.do(ActionKind.APPROVE, await services.one(CaseKind.REPLY), an)
    await services.dispatch()
    services.clock.advance(731 * DAY)
    assert await purge(services) == 1
    async with services.database.read() as tx:
        own = (await tx.execute(select(messages).where(messages.c.kind == MessageKind.OWN))).one()
        texts = (await tx.execute(select(revisions.c.text))).scalars().all()
    assert own.erased_at is not None
    assert set(texts) == {""}


async def test_purging_goes_in_batches_until_nothing_is_left(services: Services) -> None:
    await services.receive(*(message("rustig", id=str(n)) for n in range(5)))
    services.clock.advance(181 * DAY)
    assert [await purge(services, limit=2) for _ in range(4)] == [2, 2, 1, 0]


async def test_tidying_drops_what_ran_out_and_keeps_the_rest(services: Services, clock: FakeClock) -> None:
    async with services.database.write() as tx:
        await inbox.keep_unreadable(tx, "demo", "{}", "bad", clock() - 181 * DAY)
        await inbox.keep_unreadable(tx, "demo", "{}", "bad", clock() - 179 * DAY)
        await journal.take_slot(tx, "job", "old", clock() - 36 * DAY)
        await journal.take_slot(tx, "job", "new", clock() - 34 * DAY)
        assert await retention.tidy(tx, clock(), PERIODS) == 2
        assert await retention.tidy(tx, clock(), PERIODS) == 0
        assert (await tx.execute(select(job_runs.c.slot))).scalars().all() == ["new"]


async def test_no_case_is_active_about_an_erased_message(services: Services) -> None:
    await services.receive(message("alarm vraag"))
    await erase(services)
    async with services.database.read() as tx:
        active = select(cases.c.id).where(cases.c.state.in_(ACTIVE))
        assert (await tx.execute(active)).all() == []
