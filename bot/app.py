"""The one composition root: builds everything from `Settings`, and starts and stops it in task groups.

It holds no logic. What is built here is used by the service (`run_service`) and, in part, by the commands that work
without it (`build_engine`, `open_database`, `open_services`).
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial

import structlog

from bot.analysis import analyse
from bot.core.audit import AuditEvent, AuditName
from bot.core.cases import Case
from bot.core.clock import Clock
from bot.core.errors import RuleFileError
from bot.core.people import Face
from bot.doctor import examine
from bot.engine import Engine
from bot.framing.loading import load_frames
from bot.framing.registry import detector_for
from bot.jobs.hours import zone_of
from bot.jobs.registry import build_jobs
from bot.jobs.scheduler import start_scheduler, stop_scheduler
from bot.logs import configure_logs, log_lost_error
from bot.replies.checks import check_draft
from bot.replies.composer import load_composer
from bot.replies.warning import compose_warning
from bot.review.backtest_desk import BacktestDesk
from bot.review.bulletin import Bulletin
from bot.review.cardkeeper import CardKeeper
from bot.review.desk import Desk, DeskRules, RemovalRule
from bot.review.dispatch import Dispatcher
from bot.review.intake import Intake
from bot.review.ports import Channel
from bot.review.rulebook import Rulebook, last_good
from bot.review.supervise import Supervisor
from bot.review.threshold_keeper import KEPT, ThresholdKeeper, at_start
from bot.review.triage import Triage
from bot.rules import load_rules
from bot.rules.files import RuleFiles
from bot.settings import Settings
from bot.store import audit
from bot.store.database import Database, sqlite_path
from bot.store.keyfile import read_or_make_key
from bot.store.migrate import upgrade
from bot.store.only import only_service
from bot.text.personal import find_personal_data, mask
from bot.thresholds.measures import Measures
from bot.thresholds.values import TownThresholds
from bot.toxicity.limits import GuardedScorer
from bot.toxicity.registry import assemble
from bot.web import ConsoleServer, bind, build_console, first_sign_in_link

Announce = Callable[[str], None]

TEXT_LIMITS = {"telegram": 4096, "discord": 2000, "demo": 2000}
"""Characters of one message. Telegram: Bot API, sendMessage. Discord: API docs, Create Message."""


@dataclass(frozen=True, slots=True)
class Services:
    """What every part works with. Open it with `open_services`."""

    settings: Settings
    database: Database
    clock: Clock
    bulletin: Bulletin
    rulebook: Rulebook
    thresholds: ThresholdKeeper
    backtests: BacktestDesk
    intake: Intake
    triage: Triage
    desk: Desk

    @property
    def engine(self) -> Engine:
        """Return what judges now; the next moment other rules may be in force."""
        return self.rulebook.engine


@dataclass(frozen=True, slots=True)
class Ground:
    """What an engine stands on beside the house rules. `refused` is why the thresholds are not those on the disk."""

    measures: Measures
    thresholds: TownThresholds
    refused: RuleFileError | None = None


# ── parts ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


def build_engine(settings: Settings) -> Engine:
    """Return the parts that judge; raise VerbinderError where rules, frames, thresholds or scorer are not usable."""
    measures = build_measures(settings)
    return _engine(settings, Ground(measures, measures.load(settings.thresholds)), RuleFiles(settings.rules))


def lay_ground(settings: Settings) -> Ground:
    """Return what an engine stands on, with the last good thresholds where those on the disk are wrong (law 7).

    Raises:
        VerbinderError: frames or scorer are not usable, or the thresholds are wrong and there are no earlier ones.
    """
    measures = build_measures(settings)
    return Ground(measures, *at_start(measures, settings.thresholds, settings.data_dir / KEPT))


def build_measures(settings: Settings) -> Measures:
    """Return the scorers and the frames; raise VerbinderError where they are not usable."""
    limit = timedelta(seconds=settings.scorer_seconds)
    scorers = assemble(
        settings.scorer,
        rule=settings.scorer_rule,
        guard=lambda scorer: GuardedScorer(scorer, limit),
        model=settings.scorer_model,
        threads=settings.scorer_threads,
    )
    detector = detector_for(settings.detector, settings.own_model)
    return Measures(scorers, load_frames(settings.frames, detector), detector)


def _engine(settings: Settings, ground: Ground, files: RuleFiles) -> Engine:
    frames, scorer = ground.measures.frames, ground.measures.scorer(ground.thresholds)
    rules = load_rules(
        settings.rules,
        score=lambda text: scorer.score([text])[0].scores,
        known_frames=frozenset(frames.frames),
        files=files,
    )
    composer = load_composer(settings.frames, frames)
    detector = ground.measures.detector(ground.thresholds)
    return Engine(rules, scorer, detector, composer, zone_of(settings.timezone), ground.thresholds)


def engine_or_earlier(settings: Settings, ground: Ground) -> Engine | None:
    """Return the parts that judge, None where only an earlier version of the rules may still do so (law 7).

    Raises:
        VerbinderError: as `build_engine`, where there cannot be an earlier version, or not the rules are wrong.
    """
    try:
        return _engine(settings, ground, RuleFiles(settings.rules))
    except RuleFileError:
        file = sqlite_path(settings.database.url)
        if file is not None and not file.exists():
            raise
        return None


async def open_database(settings: Settings) -> Database:
    """Return the database of the settings, migrated and checked; raise StoreError where it cannot be used."""
    await asyncio.to_thread(upgrade, settings.database.url)
    database = Database(settings.database.url)
    try:
        await database.check()
    except BaseException:
        await database.close()
        raise
    return database


async def open_rulebook(
    settings: Settings,
    database: Database,
    bulletin: Bulletin,
    engine: Engine | None,
    ground: Ground,
) -> Rulebook:
    """Return the rulebook; without an `engine`, with the version of the rules that was in force last."""
    if engine is None:
        build = partial(_engine, settings, ground)
        engine = await last_good(database, settings.rules, lambda files: asyncio.to_thread(build, files))
    return Rulebook(database, now, bulletin, engine)


@contextlib.asynccontextmanager
async def open_services(settings: Settings) -> AsyncIterator[Services]:
    """Open the database and build the services on it; close the database at the end of the block."""
    ground = await asyncio.to_thread(lay_ground, settings)
    engine = await asyncio.to_thread(engine_or_earlier, settings, ground)
    key = await asyncio.to_thread(read_or_make_key, settings.data_dir)
    database = await open_database(settings)
    bulletin = Bulletin()
    review = settings.review
    try:
        rulebook = await open_rulebook(settings, database, bulletin, engine, ground)
        yield Services(
            settings=settings,
            database=database,
            clock=now,
            bulletin=bulletin,
            rulebook=rulebook,
            thresholds=ThresholdKeeper(
                database,
                now,
                bulletin,
                ground.measures,
                rulebook.exchange,
                path=settings.thresholds,
                kept=settings.data_dir / KEPT,
                in_force=ground.thresholds,
                refused=ground.refused,
            ),
            backtests=BacktestDesk(database, now, bulletin, zone=zone_of(settings.timezone)),
            intake=Intake(database, now, bulletin, secret=key),
            triage=Triage(
                database,
                now,
                bulletin,
                lambda message: analyse(message, rulebook.engine),
                raid_window=timedelta(minutes=review.raid_window_minutes),
            ),
            desk=Desk(
                database,
                now,
                bulletin,
                DeskRules(
                    grace=settings.grace,
                    claim=timedelta(minutes=review.claim_minutes),
                    house_rules=lambda: [
                        RemovalRule(rule.id, rule.title, rule.house_rule, rule.reason)
                        for rule in rulebook.engine.rules.house_rules
                    ],
                    compose_warning=lambda rule: compose_warning(rule.house_rule, rule.reason),
                    text_limits=TEXT_LIMITS,
                    version=lambda: rulebook.engine.rules.hash,
                ),
            ),
        )
    finally:
        await database.close()


def build_channels(services: Services) -> Sequence[Channel]:
    """Return every configured channel, not connected yet. A platform's library is read only where it is needed."""
    settings, intake, desk, clock = services.settings, services.intake, services.desk, services.clock
    found: list[Channel] = []
    if settings.telegram.token is not None:
        from bot.channels.telegram import build_telegram

        found.append(build_telegram(settings.telegram, intake, desk, console_url=settings.console_url, clock=clock))
    if settings.discord.token is not None:
        from bot.channels.discord.channel import build_discord

        found.append(build_discord(settings.discord, intake, desk, console_url=settings.console_url, clock=clock))
    if settings.demo_plays:
        from bot.channels.demo import build_demo

        found.append(
            build_demo(settings.demo, intake, data_dir=settings.data_dir, console_url=settings.console_url, clock=clock)
        )
    return found


def now() -> datetime:
    """Return the time: the one clock of the service."""
    return datetime.now(UTC)


# ── the service ───────────────────────────────────────────────────────────────────────────────────────────────────────


async def run_service(settings: Settings, *, announce: Announce) -> None:
    """Run every configured channel, the console and the jobs until cancelled.

    Raises:
        VerbinderError: it cannot start: settings, database, rules, frames, scorer, or a port that is in use.
    """
    configure_logs(settings, mask=mask)
    asyncio.get_running_loop().set_exception_handler(log_lost_error)
    with contextlib.closing(bind(settings.console.host, settings.console.port)) as listener:
        port: int = listener.getsockname()[1]
        console = settings.console.model_copy(update={"port": port})
        settings = settings.model_copy(update={"console": console})
        async with open_services(settings) as services, only_service(services.database):
            app = build_console(
                services.database,
                services.desk,
                services.rulebook,
                services.backtests,
                services.bulletin,
                services.clock,
                settings,
                health=partial(examine, settings, running=True),
                check_draft=lambda text, case: _remarks(services.engine, text, case),
            )
            channels = build_channels(services)
            await _serve(services, channels, ConsoleServer(app, listener), announce)


async def _serve(services: Services, channels: Sequence[Channel], console: ConsoleServer, announce: Announce) -> None:
    settings, database, clock, bulletin = services.settings, services.database, services.clock, services.bulletin
    surfaces = {Face(channel.name): channel.surface for channel in channels if channel.surface is not None}
    dispatcher = Dispatcher(database, clock, bulletin, {channel.name: channel.sender for channel in channels})
    supervisor = Supervisor(database, clock, bulletin, services.intake)
    jobs = build_jobs(database, clock, bulletin, surfaces, settings)
    await _log(services, AuditName.SERVICE_STARTED)
    await services.rulebook.start()
    for line in await _welcome(services, channels):
        announce(line)
    scheduler = start_scheduler(jobs, settings)
    try:
        # Stopped from the inside out: first whoever sends, then the connections that sending needs.
        async with asyncio.TaskGroup() as connections:
            connections.create_task(console.run(), name="console")
            for channel in channels:
                connections.create_task(supervisor.channel(channel), name=channel.name)
            async with asyncio.TaskGroup() as workers:
                workers.create_task(supervisor.worker("beoordelen", services.triage.run), name="triage")
                workers.create_task(supervisor.worker("huisregels", services.rulebook.run), name="rules")
                workers.create_task(supervisor.worker("drempels", services.thresholds.run), name="thresholds")
                workers.create_task(supervisor.worker("terugblikken", services.backtests.run), name="backtests")
                for channel in channels:
                    send = partial(dispatcher.run, channel.name)
                    workers.create_task(supervisor.worker(f"uitvoeren ({channel.name})", send), name="dispatch")
                for face, surface in surfaces.items():
                    keeper = CardKeeper(database, clock, bulletin, face, surface)
                    workers.create_task(supervisor.worker(f"kaarten ({face})", keeper.run), name="cards")
    finally:
        await stop_scheduler(scheduler, jobs)
        try:
            await _log(services, AuditName.SERVICE_STOPPED)
        except Exception:  # noqa: BLE001 - everything else is safe by now: a line too few is no failed stop
            structlog.get_logger(__name__).exception("stop could not be noted")


async def _welcome(services: Services, channels: Sequence[Channel]) -> list[str]:
    settings = services.settings
    lines = [f"Console: {settings.console_url}"]
    link = await first_sign_in_link(services.database, services.clock, settings.console_url)
    if link is None:
        lines.append("Aanmelden: met uw naam en wachtwoord, of met een link van «verbinder people signin-link NAAM».")
    else:
        lines.append(f"Aanmelden: open {link}")
        lines.append("           Deze link werkt één keer, een dag lang. Kies daarna zelf een wachtwoord.")
    names = ", ".join(channel.name for channel in channels) or "geen"
    lines.append(f"Kanalen: {names}")
    if settings.demo_plays:
        lines.append("De demonstratie speelt: een verzonnen gemeente. Niemand bestaat echt en niets gaat naar buiten.")
    lines.append("Stoppen: Ctrl-C.")
    return lines


def _remarks(engine: Engine, text: str, case: Case) -> Sequence[str]:
    detected = [hit.id for hit in case.analysis.framing.frames] if case.analysis else []
    return check_draft(text, frames=engine.composer.frames, detected=detected, has_personal_data=find_personal_data)


async def _log(services: Services, name: AuditName) -> None:
    async with services.database.write() as tx:
        engine = services.engine
        versions = {
            "rules": engine.rules.hash,
            "frames": engine.detector.version,
            "thresholds": engine.thresholds.version,
        }
        await audit.append(tx, services.clock(), AuditEvent(name, data=dict(versions)))
