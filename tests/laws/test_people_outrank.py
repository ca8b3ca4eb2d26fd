"""Law 4: what a person decided about a revision is never reopened by the program; a new text is a new question."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.core.cases import ActionKind, Case, CaseKind, CaseState
from bot.core.findings import ToxicityResult
from bot.engine import Engine
from tests.builders import NOON, Services, message
from tests.laws.conftest import with_engine

INSULT = "Jullie zijn allemaal klootzakken op dat gemeentehuis!"
LATER = NOON + timedelta(minutes=5)


class Stricter:
    """A scorer that finds a threat in everything: rules and models change while decisions stand."""

    name, version = "strenger", "2"

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        return [ToxicityResult(self.name, self.version, {"threat": 1.0}, ("threat",)) for _ in texts]


async def settled(town: Services, action: ActionKind) -> Case:
    person = await town.person("An")
    await town.receive(message(INSULT))
    case = await town.one(CaseKind.ALERT)
    return await town.do(action, case, person, rule_id="privacy", reason="Zo is het.")


@pytest.mark.parametrize("action", [ActionKind.FINE, ActionKind.REMOVE, ActionKind.WARN])
async def test_what_a_person_settled_is_not_reopened_by_anything_the_program_finds(
    town: Services, engine: Engine, action: ActionKind
) -> None:
    case = await settled(town, action)
    stricter = with_engine(town, replace(engine, scorer=Stricter()))
    await stricter.receive(message(INSULT))  # it comes in again, under another judge
    await stricter.receive(message(INSULT, edited_at=LATER))  # and as an edit that changed no word
    assert await stricter.desk.queue() == ()
    now = await stricter.now_is(case)
    assert (now.state, now.decision, now.version) == (CaseState.DECIDED, case.decision, case.version)


async def test_a_new_text_is_a_new_question(town: Services) -> None:
    case = await settled(town, ActionKind.FINE)
    await town.receive(message(f"{INSULT} En jij ook, klootzak!", edited_at=LATER))
    fresh = await town.one(CaseKind.ALERT)
    assert fresh.id != case.id
    assert fresh.decision is None
    assert (await town.now_is(case)).state is CaseState.DECIDED, "what was decided stays on record"


async def test_a_new_text_that_is_fine_opens_nothing(town: Services) -> None:
    await settled(town, ActionKind.FINE)
    await town.receive(message("Sorry, dat was te hard gezegd.", edited_at=LATER))
    assert await town.desk.queue(kinds=[CaseKind.ALERT]) == ()
