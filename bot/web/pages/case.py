"""One case: the reaction in its thread, why it is here, what can be done with it, and what was done."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass

from starlette.exceptions import HTTPException
from starlette.responses import Response

from bot.core.cases import ActionKind, Case, CaseKind, CaseState, ThreadMessage
from bot.core.messages import MessageKind
from bot.review.card import card_of
from bot.review.desk import RemovalRule
from bot.store import audit, views
from bot.text.untrusted import oddities, visible
from bot.web import queries
from bot.web.access import DECIDERS, EVERYONE, Page
from bot.web.console import Visit
from bot.web.highlight import evidence, masked, pieces
from bot.web.moments import seconds_left
from bot.web.pages.queue import holder
from bot.web.rendering import page

BEFORE, AFTER = 5, 10  # messages of the thread that are shown around the reaction


@dataclass(frozen=True, slots=True)
class Typed:
    """What a person had filled in when the desk refused it: nobody has to type it twice."""

    action: ActionKind | None = None
    text: str = ""
    rule_id: str = ""
    reason: str = ""


@dataclass(frozen=True, slots=True)
class RuleChoice:
    """A house rule in a list. `fired` says that it is the reason why this reaction is here."""

    rule: RemovalRule
    fired: bool
    warning: str


@dataclass(frozen=True, slots=True)
class Around:
    """A stretch of a thread; `skipped` messages stand between the post and the first."""

    post: ThreadMessage | None
    messages: tuple[ThreadMessage, ...]
    skipped: int
    later: int


async def show(visit: Visit) -> Response:
    return await case_page(visit, visit.path_number("id"))


async def check(visit: Visit) -> Response:
    """Show the page again with remarks on the text as it is typed now; nothing is kept or sent."""
    form = await visit.form()
    return await case_page(visit, visit.path_number("id"), typed=Typed(ActionKind.EDIT, form.text("text")))


async def case_page(
    visit: Visit, case_id: int, *, status: int = 200, refusal: str = "", typed: Typed | None = None
) -> Response:
    """Render a case; with `refusal` above it where a command was refused."""
    console, typed = visit.console, typed or Typed(rule_id=visit.query("regel"))
    case = await console.desk.case(case_id)
    if case is None:
        raise HTTPException(404)
    async with console.database.read() as tx:
        thread = await views.thread_of(tx, case.message.ref)
        log = await audit.recent(tx, case_id=case.id)
        stamp = await queries.case_stamp(tx, case.id)
        links = await queries.cases_about(tx, case.message.ref.channel, thread)
        undone = await queries.undone_words(tx, case.id)
    allowed = console.desk.allowed(visit.who, case, visit.now)
    draft = typed.text if typed.action in {ActionKind.APPROVE, ActionKind.EDIT} else _draft(case, undone)
    until = case.decision.undoable_until if case.decision else None
    decider = visit.has(*DECIDERS)
    text, marks = case.message.text, evidence(case.analysis)
    if not decider:  # who only reads along needs nobody's telephone number
        text, marks = masked(text, marks)
    return await page(
        visit,
        "case.html",
        status=status,
        sheet=f"zaak:{case.id}",
        stamp=stamp,
        case=case,
        card=card_of(case, now=visit.now, console_url=""),
        demo=case.message.ref.channel == "demo",
        pieces=pieces(visible(text), marks),
        oddities=oddities(case.message.text),
        around=around(thread, case.message),
        links=links,
        log=log,
        allowed=[action.name for action in allowed],
        open_to_me=any(action is not ActionKind.UNDO for action in allowed),
        choices=_choices(visit, case),
        chosen=_chosen(case, typed),
        limit=console.desk.limit_for(case),
        draft=draft,
        remarks=await _remarks(visit, case, draft) if case.kind is CaseKind.REPLY and case.state in _ACTIVE else (),
        checks=console.check_draft is not None,
        typed=typed,
        refusal=refusal,
        held_by=holder(case, visit.who.id, visit.now),
        seconds=None if until is None else seconds_left(until, visit.now),
        decider=decider,
    )


_ACTIVE = frozenset({CaseState.OPEN, CaseState.RETURNED})


def around(thread: Sequence[ThreadMessage], message: ThreadMessage) -> Around:
    """Return the part of a thread that helps to understand `message`."""
    post = next((item for item in thread if item.kind is MessageKind.POST), None)
    below = [item for item in thread if item is not post]
    place = next((index for index, item in enumerate(below) if item.ref == message.ref), 0)
    first, last = max(place - BEFORE, 0), place + AFTER + 1
    asked = [item for item in below[:first] if message.reply_to == item.ref.message_id]
    shown = (*asked, *below[first:last])
    return Around(post, shown, first - len(asked), max(len(below) - last, 0))


def _draft(case: Case, undone: tuple[str, str] | None) -> str:
    """Return the text to start from: what a person wrote and could not be placed or was undone, else the suggestion."""
    suggested = case.suggestion.text if case.suggestion else ""
    if case.state is CaseState.RETURNED and case.decision is not None and case.decision.text:
        return case.decision.text
    if undone is not None and undone[1] == suggested:
        return undone[0]
    return suggested


def _choices(visit: Visit, case: Case) -> Sequence[RuleChoice]:
    fired = {hit.id for hit in case.analysis.rules.hits if hit.active} if case.analysis else set()
    desk = visit.console.desk
    return [RuleChoice(rule, rule.id in fired, desk.warning_for(case, rule.id)) for rule in desk.rules_for(case)]


def _chosen(case: Case, typed: Typed) -> str:
    """Return the id of the rule to start from: what was picked, was proposed, or fired; empty when there is none."""
    fired = [hit.id for hit in case.analysis.rules.hits if hit.active] if case.analysis else []
    return typed.rule_id or (case.proposal.rule_id if case.proposal else "") or (fired[0] if fired else "")


async def _remarks(visit: Visit, case: Case, draft: str) -> Sequence[str]:
    check_draft = visit.console.check_draft
    if not draft.strip():
        return ()
    if check_draft is None:
        return case.suggestion.checks if case.suggestion and case.suggestion.text == draft else ()
    return await asyncio.to_thread(check_draft, draft, case)


PAGES = (
    Page("GET", "/zaken/{id:int}", show, EVERYONE),
    Page("POST", "/zaken/{id:int}/nakijken", check, DECIDERS),
)
