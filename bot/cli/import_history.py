"""`verbinder import`: bring an export into the store as history, and judge all of it."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING

import click

from bot.cli.judging import log_to_stderr
from bot.cli.progress import bar
from bot.cli.running import WRONG
from bot.core.errors import ImportFileError

if TYPE_CHECKING:
    from bot.importing import ImportReport, Progress
    from bot.review.triage import Triage

STOPPED = (
    "Gestopt. Wat al ingelezen en beoordeeld was, is bewaard. Voer dezelfde opdracht nog eens uit om verder te gaan; "
    "niets komt dubbel binnen."
)


@click.command("import", short_help="Lees een export van Telegram of Discord in als geschiedenis.")
@click.argument("file", metavar="BESTAND", type=click.Path(path_type=Path))
@click.option("--own", multiple=True, metavar="NUMMER", help="Wie dit is, schrijft voor de gemeente (herhaalbaar).")
@click.option("--chat", "chats", multiple=True, metavar="NUMMER", help="Lees alleen dit gesprek in (herhaalbaar).")
@click.pass_context
def command(ctx: click.Context, file: Path, own: tuple[str, ...], chats: tuple[str, ...]) -> None:
    """Lees een export in: result.json van Telegram Desktop, of een JSON-export van DiscordChatExporter.

    Schrijvers worden onder een schuilnaam bewaard. Daarna beoordeelt Verbinder elke ingelezen reactie; er komen geen
    meldingen van. Werd de opdracht onderbroken, voer ze dan opnieuw uit: ze gaat verder waar ze stopte.
    """
    log_to_stderr()
    try:
        asyncio.run(_import(file, frozenset(own), frozenset(chats) or None))
    except KeyboardInterrupt:
        click.echo(STOPPED, err=True)
        ctx.exit(WRONG)


async def _import(file: Path, own: frozenset[str], only: frozenset[str] | None) -> None:
    from bot.app import open_services
    from bot.core.audit import AuditData, AuditEvent, AuditName
    from bot.importing import import_file, report_in_words
    from bot.settings import load_settings
    from bot.store import audit

    async with open_services(load_settings()) as services:
        seen = _Seen()
        report: ImportReport | None = None
        failure: ImportFileError | None = None
        try:
            with bar("Inlezen", _size(file)) as advance:
                seen.advance = advance
                report = await import_file(file, services.intake, on_progress=seen, own=own, only=only)
        except ImportFileError as error:
            if not seen.messages:
                raise
            failure = error  # what came before the damage is stored, and is judged as well
        judged = await _judge(services.triage)
        if report is not None:
            data: AuditData = {"imported": report.imported, "known": report.known, "chats": len(report.chats)}
            async with services.database.write() as tx:
                await audit.append(tx, services.clock(), AuditEvent(AuditName.HISTORY_IMPORTED, data=data))
            click.echo(report_in_words(report))
        click.echo(f"Beoordeeld: {judged} {'reactie' if judged == 1 else 'reacties'}.")
        if failure is not None:
            raise failure


class _Seen:
    """Passes progress on to the bar, and remembers whether there was any."""

    def __init__(self) -> None:
        self.messages = 0
        self.advance: Callable[[int], None] = _nothing

    def __call__(self, progress: Progress) -> None:
        self.messages = progress.messages
        self.advance(progress.done)


def _nothing(_done: int) -> None:
    """Stand in for the bar until there is one."""


async def _judge(triage: Triage) -> int:
    """Judge everything that waits; return how much that was."""
    total = await triage.pending()
    done = 0
    with bar("Beoordelen", total) as advance:
        while batch := await triage.run_once():
            done += batch
            advance(done)
    return total


def _size(file: Path) -> int:
    return file.stat().st_size if file.is_file() else 0
