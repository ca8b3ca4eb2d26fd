"""Looking back: replay what was written through other house rules, see it go on, stop it, read what came of it."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import replace

from starlette.responses import RedirectResponse, Response

from bot.core.errors import Refused
from bot.core.people import Role
from bot.review.backtest_desk import Question
from bot.review.backtest_words import NO_HISTORY, counted, number
from bot.rules import RulesReport
from bot.rules.diagnostics import render_all
from bot.store import replay
from bot.web import rule_queries
from bot.web.access import ADMINISTRATORS, EVERYONE, Page
from bot.web.backtest_view import View, examples_in, view_of
from bot.web.console import Form, Visit
from bot.web.live import BACKTEST
from bot.web.rendering import page

HERE = "/regels/terugblik"
NEWEST = (1_000, 10_000, 50_000)
VERSIONS = 20
_DISK, _TEXT, _VERSION = "schijf", "tekst", "versie"


async def show(visit: Visit) -> Response:
    return await _page(visit)


async def start(visit: Visit) -> Response:
    form = await visit.form()
    book, desk = visit.console.rulebook, visit.console.backtests
    try:
        desk.refuse_a_second()  # before the candidate is checked, which takes a moment
        report, what = await _candidate(visit, form)
        candidate, live = report.rule_set, book.engine.rules
        if candidate is None:
            return await _page(visit, form, status=422, report=report)
        other = None if candidate.hash == live.hash else live
        limit = form.number("aantal") or None
        await desk.start(Question(candidate, other, what, visit.who.name, limit))
    except Refused as error:
        return await _page(visit, form, status=409, refusal=str(error))
    return RedirectResponse(HERE, 303)


async def stop(visit: Visit) -> Response:
    visit.console.backtests.stop()
    return RedirectResponse(HERE, 303)


async def _candidate(visit: Visit, form: Form) -> tuple[RulesReport, str]:
    """Return what checking the chosen rules gave, and what to call them; raise Refused where nothing was chosen."""
    book, source = visit.console.rulebook, form.text("bron")
    if source == _DISK:
        return await book.check_disk(), "het bestand op de schijf"
    if source == _VERSION:
        version = form.number("versie")
        return await book.check_version(version), f"versie {version}"
    if source == _TEXT:
        if not form.text("tekst").strip():
            raise Refused("Plak eerst de huisregels die u wilt proberen.")
        return await book.check(form.text("tekst")), "een geplakte tekst"
    raise Refused("Kies eerst welke regels u wilt proberen.")


async def _page(
    visit: Visit, form: Form | None = None, *, status: int = 200, report: RulesReport | None = None, refusal: str = ""
) -> Response:
    desk = visit.console.backtests
    stamp, running = desk.stamp, desk.running  # the stamp first: what changes from here on is news to the page
    stored = running.total if running else await replay.count(visit.console.database)
    return await page(
        visit,
        "backtest.html",
        status=status,
        sheet=BACKTEST,
        stamp=stamp,
        running=running,
        finished=desk.finished,
        view=await _view(visit) if running is None else None,
        stored=stored,
        stored_words=counted(stored, "reactie", "reacties"),
        no_history=NO_HISTORY,
        amounts=[amount for amount in NEWEST if amount < stored],
        versions=() if running else await visit.console.rulebook.versions(VERSIONS),
        diagnostics=_diagnostics(report) if report else "",
        mistakes=counted(len(report.diagnostics), "fout", "fouten") if report else "",
        refusal=refusal,
        chosen=(form.text("bron") if form else "") or _DISK,
        chosen_version=form.number("versie") if form else 0,
        chosen_amount=form.number("aantal") if form else 0,
        typed=form.text("tekst") if form else "",
        number=number,
        may_change=visit.has(Role.ADMINISTRATOR),
    )


def _diagnostics(report: RulesReport) -> str:
    """Return what is wrong; only the name of the rule file, and no path, stands before it."""
    whole, name = str(report.path), report.path.name
    found = (*report.diagnostics, *report.warnings)
    return render_all(replace(one, file=name) if one.file == whole else one for one in found)


async def _view(visit: Visit) -> View | None:
    """Return the last report, with of its examples those whose words are still kept."""
    finished = visit.console.backtests.finished
    if finished is None or finished.report is None:
        return None
    keys: Sequence[int] = [example.revision_pk for example in examples_in(finished.report)]
    async with visit.console.database.read() as tx:
        kept = await rule_queries.still_there(tx, keys)
    return await asyncio.to_thread(view_of, finished, kept)


PAGES = (
    Page("GET", HERE, show, EVERYONE),
    Page("POST", HERE, start, ADMINISTRATORS),
    Page("POST", f"{HERE}/stop", stop, ADMINISTRATORS),
)
