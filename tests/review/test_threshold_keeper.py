"""A changed file of thresholds judges in one step; a wrong one changes nothing, and administrators hear why (law 7)."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pytest

from bot.core.audit import AuditName
from bot.core.errors import RuleFileError
from bot.engine import versions_of
from bot.framing.detector import LexicalDetector
from bot.review.rulebook import Rulebook
from bot.review.threshold_keeper import KEPT, KEY, ThresholdKeeper, at_start
from bot.store import audit, journal
from bot.thresholds.measures import Measures
from bot.thresholds.values import SHIPPED
from bot.toxicity.assembly import Assembly
from bot.toxicity.embedded import EmbeddedScorer
from tests.builders import Services
from tests.review.rule_town import frames, shipped_engine

GOOD = "versie: 1\nscorers:\n  embedded:\n    insult: 0.99\nkaders:\n  controle: 0.9\n"
BAD = GOOD.replace("0.99", "0")
INSULT, FRAME = "Wat een idioot ben jij.", "De grenzen moeten dicht."


@dataclass
class Town:
    services: Services
    path: Path
    rulebook: Rulebook
    keeper: ThresholdKeeper
    measures: Measures
    moment: float = 100.0

    async def quiet(self) -> None:
        """Let the keeper see the file, and see later that nobody writes any more."""
        for _ in range(3):
            self.moment += 3.0
            await self.keeper.look(self.moment)

    async def notices(self) -> list[str]:
        async with self.services.database.read() as tx:
            return [notice.text for notice in await journal.open_notices(tx) if notice.key == KEY]

    async def log(self, name: AuditName) -> int:
        async with self.services.database.read() as tx:
            return sum(line.event.name is name for line in await audit.recent(tx))


@pytest.fixture
def town(sqlite_services: Services, tmp_path: Path) -> Town:
    services, path = sqlite_services, tmp_path / "rules" / "drempels.yaml"
    path.parent.mkdir()
    measures = Measures(Assembly((EmbeddedScorer(),)), frames(), LexicalDetector)
    rulebook = Rulebook(services.database, services.clock, services.bulletin, shipped_engine())
    keeper = ThresholdKeeper(
        services.database,
        services.clock,
        services.bulletin,
        measures,
        rulebook.exchange,
        path=path,
        kept=tmp_path / "data" / KEPT,
    )
    return Town(services, path, rulebook, keeper, measures)


async def test_a_good_file_judges_and_says_so(town: Town) -> None:
    town.path.write_text(GOOD, encoding="utf-8")
    await town.quiet()
    engine = town.rulebook.engine
    assert "insult" not in engine.scorer.score([INSULT])[0].flags
    assert engine.detector.detect(FRAME, context="").frames == ()
    assert versions_of(engine)["thresholds"] == engine.thresholds.version == town.keeper.in_force.version
    assert "~drempels-" in versions_of(engine)["scorer"]
    assert await town.log(AuditName.THRESHOLDS_APPLIED) == 1
    assert engine.rules is shipped_engine().rules


async def test_a_wrong_file_changes_nothing_and_is_told_once(town: Town) -> None:
    town.path.write_text(GOOD, encoding="utf-8")
    await town.quiet()
    before = town.rulebook.engine
    town.path.write_text(BAD, encoding="utf-8")
    await town.quiet()
    await town.quiet()
    assert town.rulebook.engine is before
    (notice,) = await town.notices()
    assert "drempels.yaml:4:13: een drempel ligt boven 0" in notice
    assert await town.log(AuditName.THRESHOLDS_REFUSED) == 1
    town.path.write_text(GOOD, encoding="utf-8")
    await town.quiet()
    assert await town.notices() == []
    assert town.rulebook.engine is before


async def test_another_mistake_is_told_in_the_place_of_the_first(town: Town) -> None:
    for wrong in (BAD, GOOD.replace("controle", "controlle")):
        town.path.write_text(wrong, encoding="utf-8")
        await town.quiet()
    (notice,) = await town.notices()
    assert "controlle" in notice


async def test_without_the_file_the_shipped_thresholds_hold_again(town: Town) -> None:
    town.path.write_text(GOOD, encoding="utf-8")
    await town.quiet()
    town.path.unlink()
    await town.quiet()
    assert town.keeper.in_force == SHIPPED
    assert "insult" in town.rulebook.engine.scorer.score([INSULT])[0].flags
    assert not town.keeper._kept.exists()


async def test_a_start_with_a_wrong_file_goes_on_with_the_last_good_one(town: Town) -> None:
    town.path.write_text(GOOD, encoding="utf-8")
    await town.quiet()
    town.path.write_text(BAD, encoding="utf-8")
    own, refused = at_start(town.measures, town.path, town.keeper._kept)
    assert own.scorers == {"embedded": {"insult": 0.99}}
    assert refused is not None


def test_a_first_start_with_a_wrong_file_says_what_is_wrong(town: Town) -> None:
    town.path.write_text(BAD, encoding="utf-8")
    with pytest.raises(RuleFileError, match="4:13"):
        at_start(town.measures, town.path, town.keeper._kept)
