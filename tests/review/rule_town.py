"""A town's folder of house rules, with a rulebook on it, and time that passes only when a test says so."""

from __future__ import annotations

import itertools
import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path
from zoneinfo import ZoneInfo

from bot.core.findings import TOXICITY_LABELS, ToxicityResult
from bot.engine import Engine
from bot.framing.detector import LexicalDetector
from bot.framing.frameset import FrameSet
from bot.framing.loading import load_frames
from bot.replies.composer import load_composer
from bot.review.rulebook import Rulebook, last_good
from bot.rules import RuleInput, load_rules
from bot.rules.files import RuleFiles
from bot.settings import ROOT
from bot.store import rule_versions
from bot.store.database import Database
from bot.store.rule_versions import RuleVersion
from tests.builders import Services
from tests.rules.helpers import file_text, rule_text

LISTS = "lijsten:\n  dieren: {bestand: lijsten/dieren.txt}\n"
GOOD = file_text(rule_text("{woorden: '@dieren'}", name="dieren"), head=LISTS)
OTHER = GOOD.replace("Een titel", "Geen dieren")
BAD = GOOD.replace("ernst: hoog", "ernst: enorm")

_moments = itertools.count(1_000_000_000)


@cache
def frames() -> FrameSet:
    return load_frames(ROOT / "frames", LexicalDetector)


class QuietScorer:
    """Finds nothing, and can be told to fail."""

    name, version = "quiet", "1"
    down = False

    def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
        if self.down:
            return [ToxicityResult(self.name, self.version, error="ligt stil") for _ in texts]
        return [ToxicityResult(self.name, self.version, dict.fromkeys(TOXICITY_LABELS, 0.1)) for _ in texts]


def _engine(path: Path, scorer: QuietScorer, files: RuleFiles | None = None) -> Engine:
    """Build an engine as the composition root does."""
    rules = load_rules(
        path,
        score=lambda text: scorer.score([text])[0].scores,
        known_frames=frozenset(frames().frames),
        files=files,
    )
    return Engine(
        rules, scorer, LexicalDetector(frames()), load_composer(ROOT / "frames", frames()), ZoneInfo("Europe/Brussels")
    )


@cache
def shipped_engine() -> Engine:
    """Return an engine on the house rules that Verbinder ships."""
    return _engine(ROOT / "rules" / "huisregels.yaml", QuietScorer())


@dataclass
class RuleTown:
    """`path` is the rule file; beside it lies `lijsten/dieren.txt`."""

    services: Services
    path: Path
    scorer: QuietScorer = field(default_factory=QuietScorer)
    moment: float = 100.0

    @classmethod
    def build(cls, services: Services, folder: Path) -> RuleTown:
        town = cls(services, folder / "rules" / "huisregels.yaml")
        (town.path.parent / "lijsten").mkdir(parents=True)
        town.write(GOOD)
        town.write("aap\n", "lijsten/dieren.txt")
        return town

    def write(self, text: str, name: str = "huisregels.yaml") -> None:
        """Write a file as an editor does; each time with a time of its own, however fast the test is."""
        file = self.path.parent / name
        file.write_bytes(text.encode())
        moment = next(_moments)
        os.utime(file, ns=(moment, moment))

    def engine(self, files: RuleFiles | None = None) -> Engine:
        """Build an engine on the town's rules."""
        return _engine(self.path, self.scorer, files)

    def book(self, engine: Engine | None = None) -> Rulebook:
        """Return a rulebook that was not started: what a command on the same database has."""
        services = self.services
        return Rulebook(services.database, services.clock, services.bulletin, engine or self.engine())

    async def started(self) -> Rulebook:
        """Return the rulebook of a service that has just started."""
        book = self.book()
        await book.start()
        return book

    async def on_last_good(self, *, start: bool = True) -> Rulebook:
        """Return the rulebook of a service that was started on a file that cannot be used."""

        async def build(files: RuleFiles) -> Engine:
            return self.engine(files)

        book = self.book(await last_good(self.services.database, self.path, build))
        if start:
            await book.start()
        return book

    async def pass_time(self, book: Rulebook, seconds: float = 10.0) -> None:
        """Let the service look at the disk often, for so many seconds."""
        for _ in range(int(seconds / 0.25)):
            self.moment += 0.25
            await book.look(self.moment)


def fires(book: Rulebook, text: str) -> list[str]:
    """Return the ids of the rules that fire on a text now."""
    return [hit.id for hit in book.engine.rules.evaluate(RuleInput.of(text)).hits]


async def kept(database: Database) -> list[RuleVersion]:
    """Return every version that is kept, oldest first."""
    async with database.read() as tx:
        return list(reversed(await rule_versions.recent(tx, 100)))


def read_all(folder: Path) -> Mapping[str, bytes]:
    """Return every file under a folder."""
    return {str(path.relative_to(folder)): path.read_bytes() for path in folder.rglob("*") if path.is_file()}
