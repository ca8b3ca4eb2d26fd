"""The editor of the house rules: check a text while it is typed, try words on it, and let it be in force.

Administrators only. Whatever is refused, what was typed is shown again: nothing that somebody wrote is lost.
"""

from __future__ import annotations

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from starlette.datastructures import FormData
from starlette.responses import RedirectResponse, Response

from bot.core.errors import Refused
from bot.core.messages import AuthorRole
from bot.review.rulebook import Applied, Rulebook
from bot.review.trying import Tried, read_example, try_rules
from bot.rules import RuleSet, RulesReport
from bot.rules.diagnostics import Diagnostic
from bot.rules.difference import difference
from bot.rules.files import FileError, RuleFiles
from bot.rules.lists import WordList
from bot.store.rule_versions import RuleVersion
from bot.web.access import ADMINISTRATORS, Page
from bot.web.console import Form, Visit
from bot.web.flashes import Flash
from bot.web.rendering import PART_HEADER, page
from bot.web.rule_words import Outcome, Remark, outcome_of, remark_of
from bot.web.words import CHANNELS

LONGEST_NOTE = 500  # characters
LONGEST_EXAMPLE = 20_000  # characters
MOST_EARLIER = 200  # messages before an example
_UNFILLED = dict.fromkeys(("voorbeeld", "kanaal", "eerste", "moment", "bijlagen", "zelfde", "anderen"), "")
_UNFILLED["rol"] = AuthorRole.RESIDENT.value
_LIST = "lijst:"  # what the name of a list's field begins with


@dataclass(frozen=True, slots=True)
class Draft:
    """What stands in the editor. `based_on` is the hash of the rules that it began with."""

    text: str
    lists: Mapping[str, str]
    based_on: str
    note: str = ""
    place: str = ""
    unsaved: bool = False


@dataclass(frozen=True, slots=True)
class Findings:
    """What there is to say about a draft: remarks in the order of the file, or what it would change."""

    remarks: tuple[Remark, ...]
    errors: int
    changes: tuple[str, ...]
    same: bool

    @property
    def summary(self) -> str:
        """Return the outcome in a few words, for who cannot see the list."""
        if self.errors:
            return f"{self.errors} {'fout' if self.errors == 1 else 'fouten'}. Dit kan nog niet bewaard worden."
        if self.same:
            return "Dit zijn de regels die nu gelden."
        number = len(self.changes)
        return f"Alles klopt. {number} {'verandering' if number == 1 else 'veranderingen'}."


@dataclass(frozen=True, slots=True)
class Preview:
    """A text that is tried, as it was filled in, and what came of it."""

    filled: Mapping[str, str]
    outcome: Outcome | None = None
    refusal: str = ""


@dataclass(frozen=True, slots=True)
class Overtaken:
    """The rules that came in force while somebody was writing."""

    version: RuleVersion
    changes: Sequence[str]


# ── pages ─────────────────────────────────────────────────────────────────────────────────────────────────────────────


async def show(visit: Visit) -> Response:
    book = visit.console.rulebook
    draft = _in_force(book)
    if visit.query("van") == "schijf":
        draft = await asyncio.to_thread(_on_disk, book, draft)
        return await _editor(visit, draft, findings=await _findings(book, draft))
    return await _editor(visit, draft)


async def check(visit: Visit) -> Response:
    """Say what is wrong with what was typed, and what it would change. Nothing is kept."""
    draft = _typed(await visit.form())
    findings = await _findings(visit.console.rulebook, draft)
    if PART_HEADER in visit.request.headers:
        return await page(
            visit,
            "partials/rule_findings.html",
            draft=draft,
            findings=findings,
            overtaken=await _overtaken(visit, draft),
        )
    return await _editor(visit, draft, findings=findings)


async def preview(visit: Visit) -> Response:
    """Say what every rule that was typed makes of a text, and why. Nothing is kept."""
    form = await visit.form()
    draft = _typed(form)
    tried = await _preview(visit, draft, form)
    if PART_HEADER in visit.request.headers:
        return await page(visit, "partials/rule_preview.html", preview=tried)
    return await _editor(visit, draft, preview=tried)


async def save(visit: Visit) -> Response:
    form = await visit.form()
    draft, book = _typed(form), visit.console.rulebook
    based_on = form.text("toch") or draft.based_on
    written = _as_written(book.engine.rules, draft)
    try:
        note = checked_note(draft.note)
        applied = await book.save(written.text, visit.who.name, note, based_on=based_on, lists=written.lists)
    except Refused as error:
        # What is wrong with the text is shown at its lines; the first line says that it was refused.
        refusal = error.message.split("\n\n")[0]
        findings = await _findings(book, draft)
        return await _editor(visit, draft, status=409, refusal=refusal, findings=findings)
    visit.say(Flash(f"Bewaard. Versie {applied.version.id} geldt vanaf het volgende bericht."))
    tell_copies(visit, applied)
    return RedirectResponse(f"/regels/versies/{applied.version.id}", 303)


def checked_note(note: str) -> str:
    """Return a note as it is kept; raise Refused on one that is too long."""
    if len(note.strip()) > LONGEST_NOTE:
        raise Refused(f"Uw notitie is te lang: hoogstens {LONGEST_NOTE} tekens.")
    return note.strip()


def tell_copies(visit: Visit, applied: Applied) -> None:
    """Say where copies lie of what was overwritten and never was in force."""
    for copy in applied.set_aside:
        visit.say(Flash(f"Wat er stond en nergens bewaard was, staat nu in {copy}.", tone="let-op"))


async def _editor(
    visit: Visit,
    draft: Draft,
    *,
    status: int = 200,
    refusal: str = "",
    findings: Findings | None = None,
    preview: Preview | None = None,
) -> Response:
    book = visit.console.rulebook
    state = await book.status()
    return await page(
        visit,
        "rule_editor.html",
        status=status,
        draft=draft,
        state=state,
        findings=findings,
        refused=[remark_of(problem, state.path) for problem in state.refused.diagnostics] if state.refused else (),
        from_disk=visit.query("van") == "schijf",
        overtaken=await _overtaken(visit, draft),
        preview=preview or Preview(_UNFILLED),
        refusal=refusal,
        roles=tuple(AuthorRole),
        channels=CHANNELS,
        longest_note=LONGEST_NOTE,
        longest_example=LONGEST_EXAMPLE,
        most_earlier=MOST_EARLIER,
    )


# ── what stands in the editor ─────────────────────────────────────────────────────────────────────────────────────────


def shown_text(raw: bytes) -> str:
    """Return a file as an editor shows it: no mark at the start, line ends of one kind, nothing unprintable."""
    text = raw.decode("utf-8-sig", "replace")
    return Form(FormData([("tekst", text)])).text("tekst")


def written_text(shown: str, raw: bytes) -> str:
    """Return what was typed, with the line ends and the mark that the file has; the file itself if nothing changed."""
    if shown == shown_text(raw):
        return raw.decode("utf-8", "replace")
    mark = "\ufeff" if raw.startswith(b"\xef\xbb\xbf") else ""
    return mark + (shown.replace("\n", "\r\n") if b"\r\n" in raw else shown)


def _in_force(book: Rulebook) -> Draft:
    rules = book.engine.rules
    assert rules.files is not None
    lists = {words.file: shown_text(words.raw) for words in _files(rules)}
    return Draft(shown_text(rules.files.text()), lists, rules.hash)


def _on_disk(book: Rulebook, draft: Draft) -> Draft:
    """Return what lies on the disk, as far as it can be read; for the rest what is in force."""
    files = RuleFiles(book.engine.rules.path)
    text, lists = draft.text, dict(draft.lists)
    try:
        text = shown_text(files.text())
    except OSError:
        return draft
    for name in lists:
        try:
            lists[name] = shown_text(files.read(name))
        except FileError:
            continue
    return replace(draft, text=text, lists=lists)


def _typed(form: Form) -> Draft:
    lists = {name.removeprefix(_LIST): form.text(name) for name in form.data if name.startswith(_LIST)}
    return Draft(
        form.text("tekst"), lists, form.text("basis"), form.text("notitie"), form.text("plaats")[:40], unsaved=True
    )


def _as_written(rules: RuleSet, draft: Draft) -> Draft:
    """Return the draft as it is written to the disk; lists that nobody can name from here are left out."""
    assert rules.files is not None
    raw = {words.file: words.raw for words in _files(rules)}
    lists = {name: written_text(text, raw[name]) for name, text in draft.lists.items() if name in raw}
    return replace(draft, text=written_text(draft.text, rules.files.text()), lists=lists)


def _files(rules: RuleSet) -> Sequence[WordList]:
    return [words for words in rules.lists.values() if words.file]


# ── what there is to say about it ─────────────────────────────────────────────────────────────────────────────────────


async def _findings(book: Rulebook, draft: Draft) -> Findings:
    rules = book.engine.rules
    written = _as_written(rules, draft)
    report = await book.check(written.text, written.lists)
    return await asyncio.to_thread(_told, rules, report)


def _told(rules: RuleSet, report: RulesReport) -> Findings:
    problems: Sequence[Diagnostic] = sorted([*report.diagnostics, *report.warnings])
    remarks = tuple(remark_of(problem, rules.path) for problem in problems)
    if report.rule_set is None:
        return Findings(remarks, len(report.diagnostics), (), same=False)
    same = report.hash == rules.hash
    changes = () if same else difference(rules, report.rule_set)
    return Findings(remarks, 0, changes or (() if same else ("Alleen de opmaak of een opmerking.",)), same)


async def _overtaken(visit: Visit, draft: Draft) -> Overtaken | None:
    book = visit.console.rulebook
    version = (await book.status()).version
    if version is None or draft.based_on == book.engine.rules.hash:
        return None
    return Overtaken(version, await book.changes(version.id))


async def _preview(visit: Visit, draft: Draft, form: Form) -> Preview:
    filled = {name: form.text(name)[:LONGEST_EXAMPLE] for name in _UNFILLED}
    try:
        tried = await _try(visit, draft, filled)
    except Refused as error:
        return Preview(filled, refusal=error.message)
    return Preview(filled, outcome_of(tried))


async def _try(visit: Visit, draft: Draft, filled: Mapping[str, str]) -> Tried:
    if not filled["voorbeeld"].strip():
        raise Refused("Plak eerst een tekst.")
    earlier = [
        {"wie": who, "aantal": filled[name].strip()}
        for who, name in (("zelfde", "zelfde"), ("ander", "anderen"))
        if filled[name].strip() not in ("", "0")
    ]
    example = read_example(
        {
            "tekst": filled["voorbeeld"],
            "rol": filled["rol"],
            "kanaal": filled["kanaal"].strip(),
            "eerste_bericht": filled["eerste"],
            "moment": filled["moment"].strip(),
            "bijlagen": [name.strip() for name in filled["bijlagen"].split(",") if name.strip()],
            "eerder": earlier,
        }
    )
    engine = visit.console.rulebook.engine
    written = _as_written(engine.rules, draft)
    beside = {name: text.encode("utf-8", "replace") for name, text in written.lists.items()}
    files = RuleFiles(engine.rules.path, text=written.text.encode("utf-8", "replace"), beside=beside)
    return await asyncio.to_thread(try_rules, engine, example, files, visit.now)


PAGES = (
    Page("GET", "/regels/bewerken", show, ADMINISTRATORS),
    Page("POST", "/regels/bewerken", save, ADMINISTRATORS),
    Page("POST", "/regels/bewerken/nakijken", check, ADMINISTRATORS),
    Page("POST", "/regels/bewerken/voorbeeld", preview, ADMINISTRATORS),
)
