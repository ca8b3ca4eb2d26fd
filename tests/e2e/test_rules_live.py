"""House rules that change under a running service: a real process, a real file, messages that keep coming (trap 8)."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from tests.e2e.rule_town import Town
from tests.e2e.service import Service, command, until
from tests.rules.helpers import file_text, rule_text
from tests.standins.botapi import BotApiServer

pytestmark = pytest.mark.e2e

APES = file_text(rule_text("{woorden: aap}", name="apen"))
APES_AND_NUTS = file_text(rule_text("{woorden: aap}", name="apen"), rule_text("{woorden: noot}", name="noten"))
BROKEN = APES.replace("ernst: hoog", "ernst: enorm")


@pytest.fixture
async def town(tmp_path: Path) -> AsyncIterator[Town]:
    with BotApiServer() as api:
        town = Town(tmp_path, api)
        town.rules.write_text(APES, encoding="utf-8")
        with Service(tmp_path, **town.settings) as service:
            service.ready()
            yield town
            service.stop()
            assert not [line for line in service.errors if "Traceback" in line]


async def test_rules_change_break_are_mended_and_go_back_while_messages_keep_coming(town: Town) -> None:
    assert await town.fired("een aap met een noot") == {"apen"}
    first = town.applied()

    town.rules.write_text(APES_AND_NUTS, encoding="utf-8")
    await town.noted("system:rules:applied", 2)
    assert await town.fired("een aap met een noot") == {"apen", "noten"}
    second = town.applied()
    assert second != first

    town.rules.write_text(BROKEN, encoding="utf-8")
    await town.noted("system:rules:refused", 1)
    assert await town.fired("een aap met een noot") == {"apen", "noten"}
    assert town.applied() == second
    (notice,) = town.notices()
    assert f"{town.rules}:6:12: fout: `enorm` kan hier niet" in notice

    town.rules.write_text(APES_AND_NUTS, encoding="utf-8")
    await until(lambda: not town.notices(), "the notice is settled")
    assert town.applied() == second

    back = command(town.home, "rules", "rollback", "1", **town.settings)
    assert back.returncode == 0, back.stderr
    await town.noted("system:rules:applied", 3)
    assert await town.fired("een aap met een noot") == {"apen"}
    assert town.applied() == first
    assert town.rules.read_text(encoding="utf-8") == APES
    listed = command(town.home, "rules", "versions", **town.settings).stdout
    assert re.findall(r"^Versie (\d+)", listed, re.MULTILINE) == ["3", "2", "1"]


async def test_a_service_that_is_killed_starts_again_on_a_broken_file_with_the_rules_it_had(tmp_path: Path) -> None:
    with BotApiServer() as api:
        town = Town(tmp_path, api)
        town.rules.write_text(APES, encoding="utf-8")
        with Service(tmp_path, **town.settings) as service:
            service.ready()
            hash_before = town.applied()
        town.rules.write_text(BROKEN, encoding="utf-8")
        with Service(tmp_path, **town.settings) as service:
            service.ready()
            assert await town.fired("een aap") == {"apen"}
            assert town.applied() == hash_before
            assert "Verbinder werkt verder met versie 1" in town.notices()[0]
            service.stop()
        assert any("rule file refused" in line for line in service.errors)


async def test_without_rules_that_were_ever_good_a_service_does_not_start(tmp_path: Path) -> None:
    (tmp_path / "huisregels.yaml").write_text(BROKEN, encoding="utf-8")
    refused = command(tmp_path, "run", RULES=str(tmp_path / "huisregels.yaml"))
    assert refused.returncode == 1
    assert f"{tmp_path / 'huisregels.yaml'}:6:12: fout: `enorm` kan hier niet" in refused.stderr
    assert "Traceback" not in refused.stderr
