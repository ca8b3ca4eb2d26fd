"""Law 1: nothing is posted or removed without a named person."""

from __future__ import annotations

import ast
from dataclasses import replace
from datetime import timedelta
from itertools import count

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from sqlalchemy import func, select

from bot.channels.demo.mapping import read_script
from bot.core.cases import ActionKind, CaseKind
from bot.core.messages import Author, AuthorRole, Deleted, Incoming, Message
from bot.core.people import Role
from bot.settings import ROOT
from bot.store.schema import cases, decisions, effects, metadata
from tests.builders import Services, message, post

SCRIPT = [step.message.text for step in read_script()]
HARSH = ("Ik steek jullie huis in brand", "Klootzak!", "Alle moslims moeten weg, vergas ze", "Vol is vol!")
TEXTS = st.one_of(st.sampled_from([*SCRIPT, *HARSH]), st.text(st.characters(), max_size=80))
_ids = count(1000)


@st.composite
def happenings(draw: st.DrawFn) -> list[Incoming]:
    """Draw what a channel may hand over about one post: reactions, edits, deletes, the same words again."""
    under = str(next(_ids))
    found: list[Incoming] = [post(draw(TEXTS), id=under)]
    for text in draw(st.lists(TEXTS, min_size=1, max_size=3)):
        role = draw(st.sampled_from([AuthorRole.RESIDENT, AuthorRole.RESIDENT, AuthorRole.STAFF]))
        said: Message = replace(
            message(text, id=str(next(_ids)), reply_to=under, quoted=draw(st.sampled_from(["", text]))),
            author=Author(draw(st.sampled_from("abc")), role=role),
        )
        found.append(said)
        if draw(st.booleans()):
            found.append(replace(said, text=draw(TEXTS), edited_at=said.sent_at + timedelta(minutes=1)))
        if draw(st.integers(0, 4)) == 0:
            found.append(Deleted(said.ref, said.sent_at + timedelta(minutes=2)))
    return found


async def counted(town: Services) -> tuple[int, int, int]:
    """Return how many cases, decisions and effects there are."""
    async with town.database.read() as tx:
        numbers = [
            (await tx.execute(select(func.count()).select_from(table))).scalar_one()
            for table in (cases, decisions, effects)
        ]
    return numbers[0], numbers[1], numbers[2]


@settings(max_examples=40, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(incoming=happenings())
async def test_no_reaction_whatever_it_says_sets_anything_in_motion(
    sqlite_town: Services, incoming: list[Incoming]
) -> None:
    for item in incoming:
        await sqlite_town.intake.receive(item)
        while await sqlite_town.triage.run_once():
            pass
    await sqlite_town.dispatch()
    assert (await counted(sqlite_town))[1:] == (0, 0)
    assert (sqlite_town.sender.sent, sqlite_town.sender.removed) == ([], [])


async def test_a_whole_day_in_town_waits_for_people_and_does_nothing_by_itself(sqlite_town: Services) -> None:
    town = sqlite_town
    for step in read_script():
        await town.intake.receive(step.at(town.clock()))
        town.clock.advance(step.pause)
        while await town.triage.run_once():
            pass
    town.clock.advance(timedelta(days=1))
    await town.dispatch()
    opened, decided, set_in_motion = await counted(town)
    assert opened > 20, "the script has something for everybody"
    assert (decided, set_in_motion) == (0, 0)
    assert (town.sender.sent, town.sender.removed) == ([], [])


async def test_with_a_person_the_same_reactions_are_answered_and_removed(town: Services) -> None:
    """The tests above would stay green in a program that never does anything."""
    an = await town.person("An", Role.ADMINISTRATOR)
    await town.receive(post(), message("Wanneer gaat het zwembad open?", reply_to="100"))
    await town.receive(message("Klootzak!", id="102", reply_to="100"))
    await town.do(ActionKind.APPROVE, await town.one(CaseKind.REPLY), an)
    await town.do(ActionKind.REMOVE, await town.one(CaseKind.ALERT), an, rule_id="privacy")
    await town.dispatch()
    await town.dispatcher.step("demo")
    assert len(town.sender.sent) == len(town.sender.removed) == 1


@pytest.mark.parametrize(
    ("table", "column", "target"), [("effects", "decision_id", "decisions"), ("decisions", "person_id", "people")]
)
def test_every_effect_leads_back_to_a_person(table: str, column: str, target: str) -> None:
    found = metadata.tables[table].c[column]
    (key,) = found.foreign_keys
    assert (found.nullable, key.column.table.name) == (False, target)


@pytest.mark.parametrize(
    ("call", "where"),
    [
        ("outbox.put", {"review/desk.py"}),
        ("casebook.add_decision", {"review/desk.py"}),
        ("sender.reply", {"review/dispatch.py"}),
        ("sender.remove", {"review/dispatch.py"}),
    ],
)
def test_only_the_desk_decides_and_only_decisions_fill_the_outbox(call: str, where: set[str]) -> None:
    found = set()
    for path in (ROOT / "bot").rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(node, ast.Call) and ast.unparse(node.func).removeprefix("self._").endswith(call):
                found.add(path.relative_to(ROOT / "bot").as_posix())
    assert found == where
