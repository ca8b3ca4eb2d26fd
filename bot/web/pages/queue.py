"""The queue: what waits for a decision, what was just decided, and what administrators should know."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from starlette.responses import RedirectResponse, Response

from bot.core.cases import ActionKind, Case, CaseKind
from bot.core.findings import Severity
from bot.core.people import Role
from bot.review import machine
from bot.review.card import Card, card_of
from bot.store import journal, views
from bot.web import queries
from bot.web.access import ADMINISTRATORS, EVERYONE, Page
from bot.web.console import Visit
from bot.web.moments import seconds_left
from bot.web.rendering import page

SHOWN = 60
RECENT = timedelta(minutes=10)
_TABS = {"alles": None, **{kind.value: kind for kind in CaseKind}}


@dataclass(frozen=True, slots=True)
class Row:
    """A case in the list. `held_by` is a name, or "u"; `veiled` hides a harsh text behind a button."""

    case: Case
    card: Card
    held_by: str
    veiled: bool


@dataclass(frozen=True, slots=True)
class Thread:
    """Cases about reactions under the same post, in the order of the queue."""

    post: str
    where: str
    demo: bool
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Decided:
    """A case that was decided just now. `seconds` until it leaves the house; None when nothing has to leave."""

    card: Card
    case: Case
    may_undo: bool
    seconds: int | None


async def show(visit: Visit) -> Response:
    tab = visit.query("soort") if visit.query("soort") in _TABS else _usual_tab(visit)
    kind = _TABS[tab]
    cases = await visit.console.desk.queue(kinds=None if kind is None else (kind,), limit=SHOWN)
    async with visit.console.database.read() as tx:
        counts = await views.queue_counts(tx)
        decided = await views.load_cases(tx, await queries.recently_decided(tx, visit.now - RECENT))
        notices = await journal.open_notices(tx) if visit.has(Role.ADMINISTRATOR) else ()
        stamp = await queries.queue_stamp(tx)
    total = sum(counts.values()) if kind is None else counts[kind]
    return await page(
        visit,
        "queue.html",
        sheet="wachtrij",
        stamp=stamp,
        tab=tab,
        tabs=[("alles", "Alles", sum(counts.values())), *((k.value, k, counts[k]) for k in CaseKind)],
        threads=threads(visit, cases),
        more=total - len(cases),
        decided=[_decided(visit, case) for case in decided if kind is None or case.kind is kind],
        notices=notices,
    )


async def following(visit: Visit) -> Response:
    """Go on to the case that comes first now, on the desk of this person."""
    kind = _TABS[_usual_tab(visit)]
    after = visit.number("na")
    cases = await visit.console.desk.queue(kinds=None if kind is None else (kind,), limit=SHOWN)
    free = [case for case in cases if case.id != after and not machine.claimed_by_other(case, visit.who, visit.now)]
    return RedirectResponse(f"/zaken/{free[0].id}" if free else "/wachtrij", 303)


async def settle(visit: Visit) -> Response:
    form = await visit.form()
    async with visit.console.database.write() as tx:
        await journal.settle_notice(tx, form.text("key"), visit.now)
    return RedirectResponse("/wachtrij", 303)


async def home(_visit: Visit) -> Response:
    return RedirectResponse("/wachtrij", 303)


def threads(visit: Visit, cases: Iterable[Case]) -> Sequence[Thread]:
    """Put cases of one thread together; a thread stands where its first case stands."""
    found: dict[tuple[str, str, str], list[Case]] = {}
    for case in cases:
        top = case.post.ref if case.post else case.message.ref
        found.setdefault((top.channel, top.chat_id, top.message_id), []).append(case)
    return [_thread(visit, members) for members in found.values()]


def _thread(visit: Visit, members: Sequence[Case]) -> Thread:
    rows = tuple(_row(visit, case) for case in members)
    first = members[0]
    return Thread(rows[0].card.post, rows[0].card.where, first.message.ref.channel == "demo", rows)


def _row(visit: Visit, case: Case) -> Row:
    card = card_of(case, now=visit.now, console_url="")
    harsh = card.harsh and case.severity is not None and case.severity >= Severity.HIGH
    return Row(case, card, holder(case, visit.who.id, visit.now), harsh)


def holder(case: Case, person_id: int, now: datetime) -> str:
    """Return who holds a case now: a name, "u" for oneself, empty for nobody."""
    if case.claimed_by is None or case.claimed_until is None or case.claimed_until <= now:
        return ""
    return "u" if case.claimed_by.id == person_id else case.claimed_by.name


def _decided(visit: Visit, case: Case) -> Decided:
    may_undo = ActionKind.UNDO in visit.console.desk.allowed(visit.who, case, visit.now)
    until = case.decision.undoable_until if case.decision else None
    seconds = None if until is None else seconds_left(until, visit.now)
    return Decided(card_of(case, now=visit.now, console_url=""), case, may_undo, seconds)


def _usual_tab(visit: Visit) -> str:
    if visit.has(Role.ADMINISTRATOR) or visit.has(Role.MODERATOR) == visit.has(Role.COMMUNITY_MANAGER):
        return "alles"
    return (CaseKind.ALERT if visit.has(Role.MODERATOR) else CaseKind.REPLY).value


PAGES = (
    Page("GET", "/", home, EVERYONE),
    Page("GET", "/wachtrij", show, EVERYONE),
    Page("GET", "/wachtrij/volgende", following, EVERYONE),
    Page("GET", "/zaken", home, EVERYONE),
    Page("POST", "/berichten", settle, ADMINISTRATORS),
)
