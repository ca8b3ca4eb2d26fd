"""What must hold when everything is over: nothing lost, nothing twice, every decision kept."""

from __future__ import annotations

import asyncio
import sqlite3
from collections import Counter
from pathlib import Path

from bot.core import codec
from bot.review.triage import cases_of
from bot.store import audit
from bot.store.database import Database
from tests.crash.ledger import Store
from tests.crash.towns import Report, Town, database_of


def check_all(town: Town, home: Path, left: list[str], report: Report) -> None:
    """Hold the store against the platform and against what people were told; raise AssertionError where they differ.

    `left` is what the service did not get done although it was given the time.
    """
    store = Store(database_of(home))
    _messages(town, store, report)
    _decisions(town, store, report)
    assert left == [], "a message, a decision or an effect was forgotten halfway"
    _effects(town, store, report)
    _file(store)
    assert asyncio.run(_broken_link(home)) is None, "the chain of the audit log is broken"


def unrest(town: Town, store: Store) -> list[str]:
    """Return what is left to do for the service and for the people who decide; empty when all is quiet."""
    left = [
        f"{name} {row[0]} ({row[1]})"
        for name, query in (
            ("revision", "SELECT id, state FROM revisions WHERE state = 'pending'"),
            ("effect", "SELECT id, state FROM effects WHERE state IN ('wacht', 'bezig')"),
            ("case", "SELECT id, state FROM cases WHERE state IN ('open', 'terug')"),
        )
        for row in store.rows(query)
    ]
    return left if town.delivered(store) else ["not everything was received", *left]


def _messages(town: Town, store: Store, report: Report) -> None:
    """No message lost, none stored twice, each revision of it judged once."""
    expected = {message.message_id: message for message in town.messages()}
    stored = store.rows("SELECT * FROM messages WHERE channel = ? AND kind != 'own'", town.channel)
    assert Counter(row["message_id"] for row in stored) == Counter(expected.keys()), "lost, or stored twice"
    assert store.number("SELECT count(*) FROM unreadable") == 0
    received = _by_message(store, "channel:message:received")
    judged = _by_message(store, "analysis:revision:judged")
    for row in stored:
        message = expected[row["message_id"]]
        revisions = store.rows("SELECT * FROM revisions WHERE message_pk = ? ORDER BY number", row["id"])
        texts = tuple(revision["text"] for revision in revisions)
        # What was removed cannot be edited any more.
        assert texts == message.texts[: len(texts) if town.removals(row["message_id"]) else None]
        assert received[row["id"]] == 1
        states = [revision["state"] for revision in revisions]
        assert set(states) <= {"done", "skipped"}, (row["message_id"], states)
        assert judged[row["id"]] == states.count("done")
        # Skipped is right for a post, and for what was edited or deleted before its turn came.
        if row["kind"] == "reaction" and row["deleted_at"] is None:
            assert states[-1] == "done"
            _asks_people(store, revisions[-1])
        if message.deleted:
            assert row["deleted_at"] is not None
    report.add("messages", len(stored))
    report.add("revisions judged", sum(judged.values()))


def _asks_people(store: Store, revision: sqlite3.Row) -> None:
    """What the verdict asks of people is on their desk: verdict and cases did not come apart."""
    wanted = {str(new.kind) for new in cases_of(0, revision["id"], codec.load(revision["analysis"]))}
    query = "SELECT c.kind FROM cases c JOIN case_members m ON m.case_id = c.id WHERE m.revision_pk = ?"
    kinds = {row["kind"] for row in store.rows(query, revision["id"])}
    assert wanted <= kinds, revision["text"]


def _decisions(town: Town, store: Store, report: Report) -> None:
    """Every decision that a person was told of is there, under their name; none was made twice or by nobody."""
    query = "SELECT d.*, p.name FROM decisions d JOIN people p ON p.id = d.person_id WHERE d.via = ?"
    made = store.rows(query, town.face)
    asked = [item for item in town.asked() if item.action != "ander_voorstel"]
    kept = Counter((row["case_id"], row["action"], row["name"]) for row in made)
    told = Counter((item.case_id, str(item.action), item.person) for item in asked if item.told)
    wanted = Counter((item.case_id, str(item.action), item.person) for item in asked)
    assert told <= kept, f"lost: {told - kept}"
    assert kept <= wanted, f"nobody asked for: {kept - wanted}"
    assert store.number("SELECT count(*) FROM decisions") == len(made)
    logged = store.rows("SELECT case_id, actor FROM events WHERE name = 'person:decision:made'")
    assert Counter((row["case_id"], row["actor"]) for row in logged) == Counter((c, p) for c, _, p in kept.elements())
    report.add("decisions", len(made))
    report.add("decisions told", told.total())


def _effects(town: Town, store: Store, report: Report) -> None:
    """No reply twice; each approved one on the platform, unless a person knows that it may not be."""
    query = """SELECT e.*, m.message_id AS target, c.state AS case_state, c.returned_because, c.decision_id AS last
        FROM effects e JOIN messages m ON m.id = e.message_pk JOIN cases c ON c.id = e.case_id"""
    effects = store.rows(query)
    assert Counter(row["state"] for row in effects if row["state"] in {"wacht", "bezig"}) == Counter()
    replies = [row for row in effects if row["kind"] == "antwoord"]
    found = 0
    for same in _alike(replies):
        states = Counter(row["state"] for row in same)
        count = town.replies(same[0]["target"], same[0]["text"], [row["key"] for row in same])
        assert count <= 1, f"sent {count} times: {[dict(row) for row in same]}"
        assert states["verzonden"] <= count <= states["verzonden"] + states["onzeker"], [dict(row) for row in same]
        found += count
    assert town.replies_in_all() == found, "a reply stands on the platform that nobody approved"
    for row in effects:
        if row["kind"] == "verwijdering" and row["state"] == "verzonden":
            assert town.removals(row["target"]) == 1
    _set_in_motion(store)
    _told_what_failed(effects, store)
    own = store.number("SELECT count(*) FROM messages WHERE kind = 'own'")
    states = Counter(row["state"] for row in replies)
    assert own == states["verzonden"]
    if town.tells_what_it_placed():
        assert states["onzeker"] == 0
    report.add("replies approved", len(replies))
    report.add("replies sent", states["verzonden"])
    report.add("replies uncertain", states["onzeker"])
    report.add("replies not sent, with a reason", states["mislukt"])
    report.add("removals", sum(row["kind"] == "verwijdering" and row["state"] == "verzonden" for row in effects))


def _set_in_motion(store: Store) -> None:
    """A decision and what it sets in motion did not come apart."""
    query = """SELECT d.id, d.action, m.deleted_at,
        (SELECT count(*) FROM effects e WHERE e.decision_id = d.id) AS effects
        FROM decisions d JOIN cases c ON c.id = d.case_id JOIN messages m ON m.id = c.message_pk"""
    for row in store.rows(query):
        if row["action"] in {"goedkeuren", "aanpassen", "herinneren"}:
            assert row["effects"] == 1, dict(row)
        elif row["action"] == "verwijderen":
            assert row["effects"] or row["deleted_at"], dict(row)
        else:
            assert row["effects"] == 0, dict(row)


def _alike(replies: list[sqlite3.Row]) -> list[list[sqlite3.Row]]:
    """Put together what cannot be told apart on a platform without keys: the same words under the same message."""
    found: dict[tuple[str, str], list[sqlite3.Row]] = {}
    for row in replies:
        found.setdefault((row["target"], row["text"]), []).append(row)
    return list(found.values())


def _told_what_failed(effects: list[sqlite3.Row], store: Store) -> None:
    """An effect that did not happen, or perhaps not, brought its case back to people, who know why."""
    returned = Counter(row["case_id"] for row in store.rows("SELECT * FROM events WHERE name = 'system:case:returned'"))
    bad = Counter(row["case_id"] for row in effects if row["state"] in {"onzeker", "mislukt"})
    assert bad == returned
    assert all(row["error"] for row in effects if row["state"] in {"onzeker", "mislukt", "geannuleerd"})


def _file(store: Store) -> None:
    assert [row[0] for row in store.rows("PRAGMA integrity_check")] == ["ok"]
    assert store.rows("PRAGMA foreign_key_check") == []


async def _broken_link(home: Path) -> int | None:
    database = Database(f"sqlite+aiosqlite:///{database_of(home)}")
    try:
        async with database.read() as tx:
            return await audit.verify(tx)
    finally:
        await database.close()


def _by_message(store: Store, name: str) -> Counter[int]:
    query = "SELECT message_pk, count(*) AS times FROM events WHERE name = ? GROUP BY message_pk"
    return Counter({row["message_pk"]: row["times"] for row in store.rows(query, name)})
