"""What an import came to, in Dutch sentences for the administrator who ran it. Names of writers never appear."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from bot.importing.reader import AGAIN, Damage

if TYPE_CHECKING:
    from bot.importing.run import ImportReport


def report_in_words(report: ImportReport) -> str:
    """Return the report as a few lines of plain text."""
    lines = [f"Ingelezen: {_messages(report.imported)} uit {_chats(len(report.chats))}."]
    if report.known:
        lines.append(f"Al bekend en dus overgeslagen: {_messages(report.known)}.")
    if report.skipped:
        lines.append("Niet ingelezen:")
        lines += [f"  {count} × {reason}" for reason, count in sorted(report.skipped.items(), key=lambda row: -row[1])]
    lines.append(f"Schrijvers onder schuilnaam bewaard: {report.authors}.")
    return "\n".join(lines)


def damage_in_words(path: Path, damage: Damage, report: ImportReport) -> tuple[str, str]:
    """Return what is wrong with a damaged file and what to do."""
    place = f"byte {damage.byte} (regel {damage.line})"
    if damage.cut_off:
        wrong = f"{path} houdt te vroeg op, bij {place}: het exportprogramma was niet klaar of de kopie is onvolledig."
    elif damage.encoding:
        wrong = f"{path} bevat bij {place} tekens die geen UTF-8 zijn."
    else:
        wrong = f"{path} is beschadigd bij {place}."
    before = f"Alles daarvoor is verwerkt: {_messages(report.imported)} ingelezen"
    before += f", {report.known} al bekend." if report.known else "."
    return f"{wrong}\n{before}", AGAIN


def _messages(count: int) -> str:
    return "1 bericht" if count == 1 else f"{count} berichten"


def _chats(count: int) -> str:
    return "1 gesprek" if count == 1 else f"{count} gesprekken"
