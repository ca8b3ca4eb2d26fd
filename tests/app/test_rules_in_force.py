"""Rules that go live reach every part of a service at its next use: judging, deciding, the reminder, the record."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.app import Services, open_services
from bot.core.audit import AuditName
from bot.core.cases import ActionKind, Case, CaseKind, Command
from bot.core.errors import Refused
from bot.core.people import Face, Role
from bot.store import audit, people
from tests.app.conftest import SettingsOf
from tests.builders import message
from tests.rules.helpers import file_text, rule_text

OLD = file_text(rule_text("{woorden: aap}", name="apen", waarom="Geen apen."))
NEW = file_text(rule_text("{woorden: noot}", name="noten", waarom="Geen noten."))


async def judged(services: Services, text: str, number: str) -> Case | None:
    await services.intake.receive(message(text, id=number))
    await services.triage.run_once()
    cases = await services.desk.queue(kinds=[CaseKind.ALERT])
    return next((case for case in cases if case.message.text == text), None)


async def test_the_next_message_and_the_next_decision_are_under_the_new_rules(
    settings_of: SettingsOf, tmp_path: Path
) -> None:
    path = tmp_path / "huisregels.yaml"
    path.write_text(OLD, encoding="utf-8")
    async with open_services(settings_of(RULES=str(path))) as services:
        await services.rulebook.start()
        async with services.database.write() as tx:
            moderator = await people.add(tx, "An", [Role.MODERATOR], services.clock())
        before = services.engine.rules.hash
        case = await judged(services, "een aap", "1")
        assert case is not None
        assert services.desk.warning_for(case).count("Geen apen.") == 1
        await services.rulebook.save(NEW, "An", "", based_on=before)

        assert await judged(services, "nog een aap", "2") is None
        assert await judged(services, "een noot", "3") is not None
        assert [rule.id for rule in services.desk.rules_for(case)] == ["noten"]
        assert services.desk.warning_for(case, "noten").count("Geen noten.") == 1
        gone = Command(ActionKind.REMOVE, case.id, case.version, rule_id="apen")
        with pytest.raises(Refused, match="Kies de huisregel"):  # no longer a ground for a removal
            await services.desk.execute(gone, moderator, Face.WEB)
        await services.desk.execute(
            Command(ActionKind.REMOVE, case.id, case.version, rule_id="noten"), moderator, Face.WEB
        )
        async with services.database.read() as tx:
            made = await audit.latest(tx, AuditName.DECISION_MADE)
    assert made is not None
    assert made.event.data["rule"] == "noten"
    assert made.event.data["rules"] == before  # what judged
    assert made.event.data["house_rules"] == services.engine.rules.hash != before  # what the removal rests on
