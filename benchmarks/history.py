"""A town's history to measure on: reactions made from the demonstration's texts, stored as if they had been judged.

Seeded: the same history every time. Written straight into the tables, because judging a hundred thousand reactions one
by one would take longer than what is measured. Scores, language and hits are those of the text that a variation came
from, so a replay finds other hits than the ones that are stored.
"""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from itertools import islice
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML
from sqlalchemy import insert

from bot.analysis import analyse
from bot.core import codec
from bot.core.analysis import Analysis
from bot.core.cases import ActionKind, CaseKind, CaseState
from bot.core.messages import Author, Message, MessageKind, MessageRef
from bot.core.people import Role
from bot.engine import Engine
from bot.settings import ROOT
from bot.store import people
from bot.store.database import Database
from bot.store.schema import case_members, cases, decisions, messages, revisions, rule_hits
from bot.text.fingerprint import fingerprint

TOWN = ROOT / "bot" / "channels" / "demo" / "town.yaml"
UNTIL = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAYS = 730
BATCH = 5000  # reactions written in one transaction
AUTHORS_PER_REACTION = 0.1
DECIDED = 0.8  # of the alerts
_SEED = 20261124

Rows = dict[str, list[dict[str, Any]]]


@dataclass(frozen=True, slots=True)
class Seed:
    """A text of the demonstration with the verdict on it."""

    words: tuple[str, ...]
    analysis: Analysis


def seeds(engine: Engine, town: Path = TOWN) -> tuple[Seed, ...]:
    """Return every reaction of the demonstration, judged."""
    script = YAML(typ="safe", pure=True).load(town.read_text(encoding="utf-8"))
    judge = partial(analyse, engine=engine)
    texts = [str(reaction["tekst"]) for reaction in script["reacties"]]
    return tuple(Seed(tuple(text.split()), judge(_message(text))) for text in texts)


def variations(found: Sequence[Seed], count: int) -> Iterator[tuple[str, Seed]]:
    """Yield `count` texts, each a demonstration text with one to four words exchanged, added or left out."""
    chance = random.Random(_SEED)
    words = [word for seed in found for word in seed.words]
    for _ in range(count):
        seed = chance.choice(found)
        text = list(seed.words)
        for _ in range(chance.randint(1, 4)):
            at = chance.randrange(len(text))
            match chance.randrange(3):
                case 0:
                    text[at] = chance.choice(words)
                case 1:
                    text.insert(at, chance.choice(words))
                case _ if len(text) > 1:
                    del text[at]
        yield " ".join(text), seed


async def fill(database: Database, engine: Engine, count: int) -> None:
    """Store `count` judged reactions of two years, with the rules that fired, and decisions about most alerts."""
    chance = random.Random(_SEED + 1)
    found = seeds(engine)
    stored = {seed.words: codec.dump(seed.analysis) for seed in found}
    step = timedelta(days=DAYS) / count
    made = enumerate(variations(found, count), 1)
    async with database.write() as tx:
        person = await people.add(tx, "An", [Role.MODERATOR], UNTIL)
    while batch := list(islice(made, BATCH)):
        rows: Rows = {name: [] for name in _TABLES}
        for number, (text, seed) in batch:
            author = f"author-{int(count * AUTHORS_PER_REACTION * chance.random() ** 2):09d}"
            _add(rows, number, text, author, UNTIL - timedelta(days=DAYS) + number * step)
            rows["revisions"][-1] |= {"analysis": stored[seed.words], "fingerprint": fingerprint(text)}
            _add_hits(rows, number, seed.analysis, person.id, chance)
        async with database.write() as tx:
            for name, table in _TABLES.items():
                if rows[name]:
                    await tx.execute(insert(table), rows[name])


_TABLES = {
    "messages": messages,
    "revisions": revisions,
    "rule_hits": rule_hits,
    "cases": cases,
    "case_members": case_members,
    "decisions": decisions,
}


def _message(text: str) -> Message:
    return Message(MessageRef("demo", "demo", "1"), Author("u"), text, UNTIL)


def _add(rows: Rows, number: int, text: str, author: str, at: datetime) -> None:
    rows["messages"].append(
        {
            "id": number,
            "channel": "demo",
            "chat_id": "demo",
            "message_id": str(number),
            "kind": MessageKind.REACTION,
            "author_key": author,
            "author_role": "bewoner",
            "sent_at": at,
            "revision": 1,
        }
    )
    rows["revisions"].append(
        {
            "id": number,
            "message_pk": number,
            "number": 1,
            "text": text,
            "quoted": "",
            "forwarded": "",
            "attachments": [],
            "content_hash": "",
            "received_at": at,
            "state": "done",
        }
    )


def _add_hits(rows: Rows, number: int, analysis: Analysis, person_id: int, chance: random.Random) -> None:
    for hit in analysis.rules.hits:
        rows["rule_hits"].append({"rule_id": hit.id, "revision_pk": number, "active": hit.active})
    if not analysis.decision.alert:
        return
    at = rows["messages"][-1]["sent_at"]
    decided = chance.random() < DECIDED
    rows["cases"].append(
        {
            "id": number,
            "kind": CaseKind.ALERT,
            "state": CaseState.DECIDED if decided else CaseState.OPEN,
            "version": 1,
            "card_version": 1,
            "channel": "demo",
            "chat_id": "demo",
            "message_pk": number,
            "revision_pk": number,
            "fingerprint": "",
            "opened_at": at,
            "updated_at": at,
            "reasons": [],
            "not_evaluated": [],
            "decision_id": number if decided else None,
        }
    )
    rows["case_members"].append({"case_id": number, "revision_pk": number})
    if decided:
        action = chance.choices([ActionKind.REMOVE, ActionKind.WARN, ActionKind.FINE], [6, 2, 2])[0]
        ground = analysis.rules.hits[0].id if analysis.rules.hits and action is not ActionKind.FINE else ""
        rows["decisions"].append(
            {
                "id": number,
                "case_id": number,
                "action": action,
                "person_id": person_id,
                "via": "web",
                "at": at + timedelta(hours=1),
                "text": "",
                "original": "",
                "rule_id": ground,
                "reason": "",
                "versions": {},
            }
        )
