"""Commands on a case. The desk says whether they may be; this page passes on what was asked and shows the answer."""

from __future__ import annotations

from collections.abc import Sequence

from starlette.exceptions import HTTPException
from starlette.responses import RedirectResponse, Response

from bot.core.cases import ActionKind, Case, Command
from bot.core.errors import Refused
from bot.core.people import Face
from bot.review.desk import RemovalRule
from bot.web.access import DECIDERS, Page
from bot.web.console import Form, Visit
from bot.web.flashes import Flash
from bot.web.origin import safe_path
from bot.web.pages.case import Typed, case_page
from bot.web.words import DONE_FLASH

_LEAVES = frozenset(
    {ActionKind.APPROVE, ActionKind.EDIT, ActionKind.DROP, ActionKind.FINE, ActionKind.REMOVE, ActionKind.WARN}
)


async def decide(visit: Visit) -> Response:
    desk, case_id = visit.console.desk, visit.path_number("id")
    asked = _action(visit.request.path_params["actie"])
    form = await visit.form()
    case = await desk.case(case_id)
    if case is None:
        raise HTTPException(404)
    try:
        rules = desk.rules_for(case)
        warnings = {rule.id: desk.warning_for(case, rule.id) for rule in rules}
        command = command_of(asked, case, form, rules, warnings)
        await desk.execute(command, visit.who, Face.WEB)
    except Refused as error:
        typed = Typed(asked, form.text("text"), form.text("rule_id"), form.text("reason"))
        return await case_page(visit, case_id, status=409, refusal=str(error), typed=typed)
    onward = ("Naar de volgende", f"/wachtrij/volgende?na={case_id}") if command.action in _LEAVES else None
    visit.say(Flash(DONE_FLASH[command.action], link=onward))
    return RedirectResponse(safe_path(form.text("terug"), f"/zaken/{case_id}"), 303)


def command_of(
    asked: ActionKind, case: Case, form: Form, rules: Sequence[RemovalRule], warnings: dict[str, str]
) -> Command:
    """Return what a form asks for.

    A changed text is an edit, whichever of the two buttons was pressed: nobody's words are dropped. A reason or
    reminder that still is the prepared one of another rule follows the rule that was chosen.
    """
    text, rule_id, reason = form.text("text"), form.text("rule_id"), form.text("reason")
    suggested = case.suggestion.text.strip() if case.suggestion else ""
    if asked in {ActionKind.APPROVE, ActionKind.EDIT}:
        typed = text.strip() or (suggested if asked is ActionKind.APPROVE else "")
        asked = ActionKind.APPROVE if suggested and typed == suggested else ActionKind.EDIT
    elif asked is ActionKind.WARN:
        text = "" if text.strip() in {warning.strip() for warning in warnings.values()} else text
    elif asked in {ActionKind.REMOVE, ActionKind.PROPOSE_REMOVAL}:
        prepared = {rule.reason.strip() for rule in rules} | {""}
        chosen = next((rule for rule in rules if rule.id == rule_id), None)
        reason = chosen.reason if chosen and reason.strip() in prepared else reason
    return Command(asked, case.id, form.number("case_version"), text, rule_id, reason)


def _action(word: str) -> ActionKind:
    try:
        return ActionKind(word)
    except ValueError:
        raise HTTPException(404) from None


PAGES = (Page("POST", "/zaken/{id:int}/{actie}", decide, DECIDERS),)
