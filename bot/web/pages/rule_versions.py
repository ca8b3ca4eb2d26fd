"""The versions of the house rules: what each one changed, who let it be in force, and going back to it."""

from __future__ import annotations

import asyncio
import difflib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.core.errors import Refused
from bot.core.people import Role
from bot.review.rulebook import Rulebook
from bot.rules.difference import difference
from bot.store.rule_versions import Origin, RuleVersion
from bot.web import queries
from bot.web.access import ADMINISTRATORS, OVERSEERS, Page
from bot.web.console import Form, Visit
from bot.web.flashes import Flash
from bot.web.pages.rule_editor import LONGEST_NOTE, checked_note, tell_copies
from bot.web.rendering import page
from bot.web.rule_words import Remark, remark_of

PER_PAGE = 50
MOST_LINES = 2000  # of a difference that are shown
MOST_COMPARED = 50_000  # lines of two files that are laid side by side
ORIGINS: Mapping[Origin, str] = {
    Origin.FILE: "het bestand is aangepast",
    Origin.CONSOLE: "bewaard in de console",
    Origin.RESTORED: "een eerdere versie teruggezet",
}
_KINDS = {"+": ("erbij", "erbij"), "-": ("weg", "weg"), "@": ("plaats", ""), " ": ("", "")}


@dataclass(frozen=True, slots=True)
class Line:
    """A line of a difference: its sign, its text, and what it is in a word for who cannot see colours."""

    sign: str
    text: str
    kind: str
    said: str


@dataclass(frozen=True, slots=True)
class FileDifference:
    """What changed in one file, line by line."""

    name: str
    lines: tuple[Line, ...]
    cut: bool


@dataclass(frozen=True, slots=True)
class Return:
    """What going back to a version would change, or why it cannot be."""

    changes: tuple[str, ...]
    remarks: tuple[Remark, ...]


async def every(visit: Visit) -> Response:
    book, before = visit.console.rulebook, visit.number("voor")
    found = await book.versions(PER_PAGE + 1, before)
    shown = found[:PER_PAGE]
    async with visit.console.database.read() as tx:
        brought = await queries.rule_changes(tx, {version.id for version in shown})
    status = await book.status()
    return await page(
        visit,
        "rule_versions.html",
        versions=shown,
        brought=brought,
        applied=status.version.id if status.version else None,
        state=status,
        origins=ORIGINS,
        older=shown[-1].id if len(found) > PER_PAGE else None,
        first=before is None,
        may_change=visit.has(Role.ADMINISTRATOR),
    )


async def one(visit: Visit) -> Response:
    return await _version_page(visit)


async def restore(visit: Visit) -> Response:
    form = await visit.form()
    note = form.text("notitie")
    try:
        _sure(form)
        applied = await visit.console.rulebook.rollback(visit.path_number("id"), visit.who.name, checked_note(note))
    except Refused as error:
        return await _version_page(visit, status=409, refusal=error.message.split("\n\n")[0], note=note)
    visit.say(Flash(f"Versie {visit.path_number('id')} staat terug, als versie {applied.version.id}. Ze geldt nu."))
    tell_copies(visit, applied)
    return RedirectResponse(f"/regels/versies/{applied.version.id}", 303)


def _sure(form: Form) -> None:
    if form.text("zeker") != "ja":
        raise Refused("Vink eerst aan dat u deze versie wilt terugzetten.")


async def _version_page(visit: Visit, *, status: int = 200, refusal: str = "", note: str = "") -> Response:
    book = visit.console.rulebook
    version, before = await book.version(visit.path_number("id"))
    if version is None and not refusal:
        raise HTTPException(404)
    if version is None:
        visit.say(Flash(refusal, tone="fout"))
        return RedirectResponse("/regels/versies", 303)
    state = await book.status()
    current = state.version is not None and state.version.id == version.id and state.in_step
    may_change = visit.has(Role.ADMINISTRATOR)
    return await page(
        visit,
        "rule_version.html",
        status=status,
        version=version,
        before=before,
        current=current,
        changes=await book.changes(version.id),
        files=await asyncio.to_thread(_differences, before, version),
        back=await _return(book, version) if may_change and not current else None,
        origins=ORIGINS,
        refusal=refusal,
        note=note,
        longest_note=LONGEST_NOTE,
        may_change=may_change,
    )


async def _return(book: Rulebook, version: RuleVersion) -> Return:
    report = await book.check(version.text, version.lists)
    if report.rule_set is None:
        return Return((), tuple(remark_of(problem, report.path) for problem in report.diagnostics))
    changes = await asyncio.to_thread(difference, book.engine.rules, report.rule_set)
    same = report.hash == book.engine.rules.hash
    return Return(
        changes or ("Niets: dit zijn de regels die nu gelden." if same else "Alleen de opmaak of een opmerking.",), ()
    )


def _differences(before: RuleVersion | None, version: RuleVersion) -> tuple[FileDifference, ...]:
    """Return what changed in the rule file and in each list, only where something did."""
    if before is None:
        return ()
    names = dict.fromkeys(("", *version.lists, *before.lists))
    found = []
    for name in names:
        old, new = (kept.lists.get(name, "") if name else kept.text for kept in (before, version))
        if old != new:
            lines = list(_compared(old.splitlines(), new.splitlines()))
            found.append(FileDifference(name or "huisregels.yaml", tuple(lines[:MOST_LINES]), len(lines) > MOST_LINES))
    return tuple(found)


def _compared(old: list[str], new: list[str]) -> Iterator[Line]:
    """Yield the lines that differ, with a few around them."""
    if len(old) + len(new) > MOST_COMPARED:
        yield Line("@", "Dit bestand is te groot om hier lijn per lijn te vergelijken.", "plaats", "")
        return
    if old == new:
        yield Line("@", "Alleen de lijneinden zijn anders.", "plaats", "")
        return
    for number, line in enumerate(difflib.unified_diff(old, new, lineterm="", n=3)):
        if number > 1:  # the first two name the files
            kind, said = _KINDS[line[0]]
            yield Line(line[0], line if line[0] == "@" else line[1:], kind, said)


PAGES = (
    Page("GET", "/regels/versies", every, OVERSEERS),
    Page("GET", "/regels/versies/{id:int}", one, OVERSEERS),
    Page("POST", "/regels/versies/{id:int}/terugzetten", restore, ADMINISTRATORS),
)
