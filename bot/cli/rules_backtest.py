"""`verbinder rules backtest`: what a rule file would have done with the stored history. Changes nothing."""

from __future__ import annotations

import asyncio
import contextlib
import signal
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.progress import bar
from bot.cli.running import WRONG

if TYPE_CHECKING:
    from bot.rules import RuleSet, RulesReport
    from bot.rules.backtest import BacktestReport
    from bot.rules.examples import Score
    from bot.settings import Settings
    from bot.store.database import Database

EXAMPLES = 5
NO_HISTORY = (
    "Er zijn nog geen reacties om op terug te blikken. Lees een export in met `verbinder import`, of laat Verbinder"
    " eerst een tijd meelezen."
)


@click.command("backtest", short_help="Toon wat een regelbestand met de geschiedenis gedaan zou hebben.")
@click.argument("file", metavar="[BESTAND]", required=False, type=click.Path(path_type=Path))
@click.option("--json", "as_json", is_flag=True, help="Geef het resultaat als JSON.")
@click.option("--limit", type=click.IntRange(min=1), metavar="AANTAL", help="Bekijk alleen de nieuwste reacties.")
@click.option(
    "--examples",
    type=click.IntRange(0, 100),
    default=EXAMPLES,
    metavar="AANTAL",
    help=f"Hoeveel voorbeelden van elke soort. Standaard {EXAMPLES}.",
)
@click.pass_context
def backtest(ctx: click.Context, file: Path | None, as_json: bool, limit: int | None, examples: int) -> None:
    """Speel de bewaarde reacties opnieuw af met BESTAND, en vergelijk met de regels die nu gelden.

    U ziet hoe vaak elke regel afgaat, wat er nieuw bij komt en wat wegvalt, en of mensen het er toen mee eens waren.
    Er verandert niets: niemand krijgt een melding. Zonder BESTAND gaat het over het bestand uit de instellingen.
    Met Ctrl-C stopt u; u krijgt dan te zien wat tot dan bekend is.
    """
    from bot.cli import rules_backtest_json, rules_backtest_words
    from bot.cli.storage import with_database
    from bot.framing.loading import load_frames
    from bot.rules import check_rules
    from bot.settings import load_settings
    from bot.toxicity.registry import build_scorer

    settings = load_settings()
    path = file or settings.rules
    scorer = build_scorer(settings.scorer, rule=settings.scorer_rule, model=settings.scorer_model)
    frames = load_frames(settings.frames, None).frames

    def score(text: str) -> dict[str, float]:
        return dict(scorer.score([text])[0].scores)

    checked = check_rules(path, score=score, known_frames=frames)
    if checked.rule_set is None:
        _refuse(ctx, path, checked)
        return
    candidate = checked.rule_set

    async def work(database: Database, settings: Settings) -> tuple[BacktestReport | None, int]:
        from bot.store import replay

        total = await replay.count(database, limit=limit)
        if not total:
            return None, 0
        live = await _in_force(database, settings, score)
        if live is not None and live.hash == candidate.hash:
            live = None
        return await _replay(database, live, candidate, settings, total, limit=limit, examples=examples), total

    report, total = with_database(work)
    if report is None:
        click.echo(NO_HISTORY, err=True)
        return
    if report.partial:
        click.echo("Gestopt.", err=True)
    if as_json:
        click.echo(rules_backtest_json.dumps(report, path, total))
    else:
        click.echo(rules_backtest_words.in_dutch(report, path, total))


def _refuse(ctx: click.Context, path: Path, checked: RulesReport) -> None:
    count = len(checked.diagnostics)
    click.echo(checked.render(), err=True)
    click.echo(f"\n{path} heeft {'1 fout' if count == 1 else f'{count} fouten'} en kan niet gebruikt worden.", err=True)
    ctx.exit(WRONG)


async def _in_force(database: Database, settings: Settings, score: Score) -> RuleSet | None:
    """Return the rules in force: the newest version that was kept, else the file of the settings where it is right."""
    from bot.rules import check_rules
    from bot.rules.files import RuleFiles
    from bot.store import rule_versions

    async with database.read() as tx:
        version = await rule_versions.newest(tx)
    files = None
    if version is not None:
        beside = {name: text.encode() for name, text in version.lists.items()}
        files = RuleFiles(settings.rules, text=version.text.encode(), beside=beside, alone=True)
    return check_rules(settings.rules, score=score, files=files, prove=version is None).rule_set


async def _replay(
    database: Database,
    live: RuleSet | None,
    candidate: RuleSet,
    settings: Settings,
    total: int,
    *,
    limit: int | None,
    examples: int,
) -> BacktestReport:
    from bot.jobs.hours import zone_of
    from bot.review.backtesting import backtest_history

    with _stopped_by_ctrl_c() as stopped, bar("Terugblikken", total) as advance:
        return await backtest_history(
            database,
            live,
            candidate,
            zone=zone_of(settings.timezone),
            on_progress=lambda done, _total: advance(done),
            stop=stopped,
            limit=limit,
            examples=examples,
        )


@contextlib.contextmanager
def _stopped_by_ctrl_c() -> Iterator[Callable[[], bool]]:
    """Yield whether Ctrl-C was pressed. The first one asks to stop, a second one breaks off as ever."""
    asked = False
    loop = asyncio.get_running_loop()

    def ask() -> None:
        nonlocal asked
        asked = True
        loop.remove_signal_handler(signal.SIGINT)

    try:
        loop.add_signal_handler(signal.SIGINT, ask)
    except (NotImplementedError, RuntimeError, ValueError):  # not on this platform, or not in the main thread
        yield lambda: False
        return
    try:
        yield lambda: asked
    finally:
        loop.remove_signal_handler(signal.SIGINT)
