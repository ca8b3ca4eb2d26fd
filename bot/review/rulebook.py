"""The house rules in force: which they are, how others come in their place, and how to go back.

The file on the disk is the truth. A changed file is checked as a whole and only then takes the place of the running
one, in one step; one with mistakes changes nothing, and administrators are told once (law 7). Saving and going back
write the file, so nothing is in force that does not stand there. Every version is kept. Rights are for the caller.
"""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import structlog
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.core.audit import AuditData, AuditEvent, AuditName
from bot.core.clock import Clock
from bot.core.errors import Refused, RuleFileError
from bot.engine import Engine
from bot.review import rule_notices
from bot.review.bulletin import Bulletin, Topic
from bot.review.rule_folder import Watch, set_aside, write_whole
from bot.rules import RuleSet, RulesReport, check_rules
from bot.rules.difference import difference
from bot.rules.files import RuleFiles
from bot.store import audit, rule_versions
from bot.store.database import Database
from bot.store.rule_versions import NewVersion, Origin, RuleVersion

LOOK_SECONDS = 0.25
CHECK_AGAIN_SECONDS = 60.0  # a file may have been refused because the scorer did not answer just then
NOBODY = "bestand"  # who changed a file by hand is not known

_log = structlog.get_logger(__name__)


@dataclass(frozen=True, slots=True)
class Applied:
    """What saving or going back came to. `set_aside` are copies of files that were overwritten and never in force."""

    version: RuleVersion
    changes: tuple[str, ...]
    set_aside: tuple[Path, ...] = ()


@dataclass(frozen=True, slots=True)
class RulesStatus:
    """Which rules are applied, and whether the file on the disk is the same. `on_disk` is empty without a file."""

    path: Path
    applied: str
    version: RuleVersion | None
    on_disk: str
    refused: RulesReport | None

    @property
    def in_step(self) -> bool:
        """Tell whether what stands on the disk is what judges."""
        return self.applied == self.on_disk and self.refused is None


class Rulebook:
    """Holds the engine in force. Ask for `engine` on every use: the next moment it may be another."""

    def __init__(self, database: Database, clock: Clock, bulletin: Bulletin, engine: Engine) -> None:
        self._database = database
        self._clock = clock
        self._bulletin = bulletin
        self._engine = engine
        self._path = engine.rules.path
        self._watch = Watch(self._path)
        self._names = _files_of(engine.rules).names
        self._seen = ""
        self._version: RuleVersion | None = None
        self._refused: RulesReport | None = None
        self._told = ""  # what administrators were told; it is not told twice, also when somebody put it away
        self._on_disk = ""
        self._noted = ""  # the hash in the newest line of the log that says which rules are applied
        self._checked_at = 0.0
        self._changes: dict[int, tuple[str, ...]] = {}
        self._turn = asyncio.Lock()  # one check, switch or save at a time

    @property
    def engine(self) -> Engine:
        """Return what judges now."""
        return self._engine

    async def exchange(self, made: Callable[[Engine], Engine]) -> None:
        """Let another engine judge, made from the one in force, with the same rules."""
        async with self._turn:
            self._engine = made(self._engine)

    # ── the file on the disk ──────────────────────────────────────────────────────────────────────────────────────

    async def start(self) -> None:
        """Note the rules in force as a version when they are new, or tell that the file could not be used."""
        async with self._turn:
            async with self._database.read() as tx:
                self._version = await rule_versions.newest(tx)
                noted = await audit.latest(tx, AuditName.RULES_APPLIED)
            self._noted = "" if noted is None else str(noted.event.data["rules"])
            files = _files_of(self._engine.rules)
            if not files.alone:
                await self._accept(self._engine.rules, before=await asyncio.to_thread(self._kept_rules))
                self._seen = await asyncio.to_thread(files.digest, self._names)
                return
            assert self._version is not None, "the last good version is one that is kept"
            async with self._database.write() as tx:
                await self._note(tx, self._version, ())
            self._noted = self._version.hash
            await self._take(RuleFiles(self._path))

    async def run(self) -> None:
        """Look at the disk for as long as the service runs."""
        while True:
            await self.look(time.monotonic())
            await asyncio.sleep(LOOK_SECONDS)

    async def look(self, moment: float) -> None:
        """Take in what changed on the disk. `moment` is a time in seconds that never goes back."""
        changed = await asyncio.to_thread(self._watch.changed, self._names, moment)
        again = self._refused is not None and moment - self._checked_at >= CHECK_AGAIN_SECONDS
        if not changed and not again:
            return
        async with self._turn:
            files = RuleFiles(self._path)
            seen = await asyncio.to_thread(files.digest, self._names)
            if not await asyncio.to_thread(self._watch.still, self._names):
                return  # somebody is writing again; it will be quiet later
            if seen != self._seen or again:
                self._checked_at = moment
                try:
                    await self._take(files)
                except BaseException:
                    self._watch.forget()
                    raise

    async def _take(self, files: RuleFiles) -> None:
        report = await asyncio.to_thread(self._judge, files)
        if report.rule_set is None:
            await self._refuse(report)
        else:
            await self._accept(report.rule_set)
        self._names = files.names
        self._seen = await asyncio.to_thread(files.digest, self._names)

    def _kept_rules(self) -> RuleSet:
        """Return the rules that were in force before this start, as far as they are kept and can be read."""
        kept = self._version
        same = kept is None or kept.hash == self._engine.rules.hash
        earlier = None if kept is None or same else self._judge(_files(self._path, kept), prove=False).rule_set
        return earlier or self._engine.rules

    async def _accept(self, rules: RuleSet, before: RuleSet | None = None) -> None:
        """Let `rules`, as they stand on the disk, be the ones in force, after those of `before`."""
        now, before = self._clock(), before or self._engine.rules
        changes = await asyncio.to_thread(difference, before, rules)
        async with self._database.write() as tx:
            version = await rule_versions.newest(tx)
            if version is None or version.hash != rules.hash:
                version = await rule_versions.add(tx, _kept(rules, NOBODY, Origin.FILE), now)
            await self._note(tx, version, changes)
            await rule_notices.settle(tx, now)
            await rule_notices.mirrors(tx, now, before, rules)
        self._switch(rules, version)
        if changes:
            _log.info("rules applied", rules=rules.hash, version=version.id, changes=len(changes))

    async def _refuse(self, report: RulesReport) -> None:
        text = rule_notices.refused(report, self._version)
        if text != self._told:
            await self._tell(text, report)
        self._refused, self._on_disk, self._told = report, report.hash, text

    async def _tell(self, text: str, report: RulesReport) -> None:
        now = self._clock()
        async with self._database.write() as tx:
            news = await rule_notices.tell(tx, now, text)
            if news:
                event = AuditEvent(
                    AuditName.RULES_REFUSED,
                    data={"refused": report.hash, "rules": self._engine.rules.hash, "errors": len(report.diagnostics)},
                )
                await audit.append(tx, now, event)
        if news:
            _log.warning("rule file refused", refused=report.hash, errors=len(report.diagnostics))
            self._bulletin.ring(Topic.CASES)

    # ── people ────────────────────────────────────────────────────────────────────────────────────────────────────

    async def check(self, text: str, lists: Mapping[str, str] | None = None) -> RulesReport:
        """Return all that can be said about `text` as the rule file, with `lists` beside it. Nothing changes."""
        files = RuleFiles(self._path, text=text.encode("utf-8", "replace"), beside=_bytes(lists or {}))
        return await asyncio.to_thread(self._judge, files)

    async def check_disk(self) -> RulesReport:
        """Return all that can be said about the file as it stands on the disk now. Nothing changes."""
        return await asyncio.to_thread(self._judge, RuleFiles(self._path))

    async def check_version(self, version_id: int) -> RulesReport:
        """Return all that can be said about a version that was kept, with its own lists; raise Refused without one."""
        version = await self._version_of(version_id)
        return await asyncio.to_thread(self._judge, _files(self._path, version))

    async def save(
        self, text: str, author: str, note: str, *, based_on: str, lists: Mapping[str, str] | None = None
    ) -> Applied:
        """Let `text` be the rule file and be in force, with `lists` written beside it, by the names of their files.

        `based_on` is the hash of the rules that its author saw. A list that the text does not name is left alone.

        Raises:
            Refused: the text has errors, others are in force meanwhile, nothing changed, or the disk refuses.
        """
        async with self._turn:
            if based_on != self._engine.rules.hash:
                raise Refused(rule_notices.OVERTAKEN)
            report = await self.check(text, lists)
            rules = _usable(report)
            if rules.hash == self._engine.rules.hash and self._refused is None:
                raise Refused("Er is niets veranderd aan de huisregels.")
            files = _files_of(rules)
            writes = {self._path: files.text()}
            writes |= {self._path.parent / name: raw for name, raw in files.beside.items() if name in (lists or {})}
            return await self._put(_kept(rules, author, Origin.CONSOLE, note), rules, writes, AuditName.RULES_SAVED)

    async def rollback(self, version_id: int, author: str, note: str = "") -> Applied:
        """Write an earlier version back, with its lists; it is in force again, as a new version.

        Raises:
            Refused: there is no such version, it is in force, it no longer passes the checks, or the disk refuses.
        """
        async with self._turn:
            version = await self._version_of(version_id)
            files = RuleFiles(self._path, text=version.text.encode(), beside=_bytes(version.lists))
            rules = _usable(await asyncio.to_thread(self._judge, files))
            disk = RuleFiles(self._path)
            if rules.hash == self._engine.rules.hash and disk.digest(files.names) == files.digest(files.names):
                raise Refused(f"De regels van versie {version.id} gelden al.")
            writes = {self._path: files.text()}
            writes |= {self._path.parent / name: raw for name, raw in _bytes(version.lists).items()}
            new = _kept(rules, author, Origin.RESTORED, note or f"Versie {version.id} teruggezet.")
            return await self._put(new, rules, writes, AuditName.RULES_RESTORED, restored=version.id)

    async def versions(self, limit: int = 50, before: int | None = None) -> Sequence[RuleVersion]:
        """Return the versions that were kept, newest first; with `before` those that are older than that one."""
        async with self._database.read() as tx:
            return await rule_versions.recent(tx, limit, before)

    async def version(self, version_id: int) -> tuple[RuleVersion | None, RuleVersion | None]:
        """Return a version and the one before it, each None where there is none."""
        async with self._database.read() as tx:
            return await rule_versions.by_id(tx, version_id), await rule_versions.before(tx, version_id)

    async def changes(self, version_id: int) -> tuple[str, ...]:
        """Return what this version changed against the one before it, in sentences."""
        if version_id not in self._changes:
            async with self._database.read() as tx:
                version = await rule_versions.by_id(tx, version_id)
                before = None if version is None else await rule_versions.before(tx, version_id)
            self._changes[version_id] = await asyncio.to_thread(self._changed, before, version)
        return self._changes[version_id]

    async def status(self) -> RulesStatus:
        """Return what is applied, and how the file on the disk stands to it."""
        return RulesStatus(self._path, self._engine.rules.hash, self._version, self._on_disk, self._refused)

    async def _version_of(self, version_id: int) -> RuleVersion:
        async with self._database.read() as tx:
            version = await rule_versions.by_id(tx, version_id)
        if version is None:
            raise Refused(f"Er is geen versie {version_id} van de huisregels.")
        return version

    # ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────

    def _judge(self, files: RuleFiles, *, prove: bool = True) -> RulesReport:
        """Check rules with the scorer and the frames that are in use. Takes a moment: call it in a thread."""
        scorer, frames = self._engine.scorer, frozenset(self._engine.detector.names)
        return check_rules(
            files.path,
            score=lambda text: scorer.score([text])[0].scores,
            known_frames=frames,
            files=files,
            prove=prove,
        )

    async def _put(
        self, new: NewVersion, rules: RuleSet, writes: Mapping[Path, bytes], name: AuditName, **data: int
    ) -> Applied:
        """Keep a version, write its files and let it be in force.

        The files are written before the version is certain: a failing disk leaves everything as it was, and should the
        process die between the two, the file is there and is taken in as it stands.
        """
        now, before = self._clock(), self._engine.rules
        changes = await asyncio.to_thread(difference, before, rules)
        async with self._database.write() as tx:
            newest = await rule_versions.newest(tx)
            if self._version is not None and newest is not None and newest.id != self._version.id:
                raise Refused(rule_notices.OVERTAKEN)
            version = await rule_versions.add(tx, new, now)
            event = AuditEvent(name, version.author, data={"rules": version.hash, "version": version.id, **data})
            await audit.append(tx, now, event)
            if self._version is not None:  # started: these rules judge from here on
                await self._note(tx, version, changes)
                await rule_notices.settle(tx, now)
            copies = await asyncio.to_thread(self._write, writes, before)
        if self._version is not None:
            self._switch(rules, version)
        return Applied(version, changes, copies)

    def _write(self, writes: Mapping[Path, bytes], before: RuleSet) -> tuple[Path, ...]:
        """Write the files; return copies of what was overwritten and is not kept as a version."""
        files = _files_of(before)
        known = {self._path: files.text(), **{self._path.parent / name: raw for name, raw in files.beside.items()}}
        now = self._clock()
        strange = [path for path, raw in writes.items() if _on_disk(path) not in (None, raw, known.get(path))]
        copies = tuple(copy for path in strange if (copy := set_aside(path, now)) is not None)
        write_whole(writes)
        return copies

    def _changed(self, before: RuleVersion | None, version: RuleVersion | None) -> tuple[str, ...]:
        if version is None:
            return ()
        if before is None:
            return ("Dit is de eerste versie die bewaard is.",)
        old, new = (self._judge(_files(self._path, kept), prove=False).rule_set for kept in (before, version))
        if old is None or new is None:
            return ("Een van beide versies kan dit programma niet meer lezen.",)
        return difference(old, new) or ("Alleen de opmaak of een opmerking in het bestand.",)

    async def _note(self, tx: AsyncConnection, version: RuleVersion, changes: Sequence[str]) -> None:
        """Write down which rules judge from here on, where that is news."""
        if version.hash != self._noted:
            data: AuditData = {"rules": version.hash, "version": version.id, "changes": len(changes)}
            await audit.append(tx, self._clock(), AuditEvent(AuditName.RULES_APPLIED, data=data))

    def _switch(self, rules: RuleSet, version: RuleVersion) -> None:
        self._engine = replace(self._engine, rules=rules)
        self._version, self._on_disk, self._noted = version, rules.hash, rules.hash
        self._refused, self._told = None, ""
        self._bulletin.ring(Topic.CASES)


async def last_good(database: Database, path: Path, build: Callable[[RuleFiles], Awaitable[Engine]]) -> Engine:
    """Return an engine with the rules that were in force last, because the file in `path` cannot be used (law 7).

    Raises:
        RuleFileError: there is no such version; then what is wrong with the file itself.
    """
    async with database.read() as tx:
        version = await rule_versions.newest(tx)
    if version is not None:
        with contextlib.suppress(RuleFileError):
            return await build(_files(path, version))
    return await build(RuleFiles(path))


def _files(path: Path, version: RuleVersion) -> RuleFiles:
    """Return the files of a version, apart from whatever lies on the disk today."""
    return RuleFiles(path, text=version.text.encode(), beside=_bytes(version.lists), alone=True)


def _files_of(rules: RuleSet) -> RuleFiles:
    assert rules.files is not None, "rules that were loaded from files"
    return rules.files


def _kept(rules: RuleSet, author: str, origin: Origin, note: str = "") -> NewVersion:
    beside = {name: raw.decode() for name, raw in rules.beside.items()}
    return NewVersion(rules.hash, _files_of(rules).text().decode(), beside, author, origin, note)


def _usable(report: RulesReport) -> RuleSet:
    if report.rule_set is None:
        raise Refused(f"Deze huisregels kunnen niet gebruikt worden.\n\n{report.render()}")
    return report.rule_set


def _bytes(texts: Mapping[str, str]) -> dict[str, bytes]:
    return {name: text.encode("utf-8", "replace") for name, text in texts.items()}


def _on_disk(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except OSError:
        return None
