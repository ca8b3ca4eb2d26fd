"""Turn what a page has to show into HTML. Everything is escaped; nothing from a message is ever a template."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.responses import HTMLResponse, Response

from bot.core.cases import ActionKind, CaseKind
from bot.core.people import Role
from bot.review.card import shorten
from bot.review.words import KINDS, LABELS, STATES
from bot.store import views
from bot.text.personal import mask
from bot.text.untrusted import visible
from bot.web import words
from bot.web.access import EVERYONE, OVERSEERS
from bot.web.console import Visit
from bot.web.moments import ago, left, moment

PART_HEADER = "x-verbinder-deel"
"""Set by our script when it fetches a page to renew a part of it: messages for the person then wait."""

NAVIGATION: tuple[tuple[str, str, frozenset[Role]], ...] = (
    ("/wachtrij", "Wachtrij", EVERYONE),
    ("/kanalen", "Kanalen", EVERYONE),
    ("/geschiedenis", "Geschiedenis", EVERYONE),
    ("/regels", "Huisregels", EVERYONE),
    ("/verslag", "Verslag", OVERSEERS),
    ("/mensen", "Mensen", OVERSEERS),
    ("/toestand", "Toestand", EVERYONE),
    ("/hulp", "Hulp", EVERYONE),
)

_ERRORS: Mapping[int, tuple[str, str]] = {
    400: ("Dit adres kennen we niet", "Open de console op het adres dat bij het starten getoond werd."),
    403: ("Dit mag u niet openen", "Vraag een beheerder of u hiervoor een rol kunt krijgen."),
    404: ("Deze pagina bestaat niet", "Misschien is de zaak opgeruimd, of klopt het adres niet helemaal."),
    405: ("Dit kan hier niet", "Ga terug en gebruik de knoppen op de pagina."),
    413: ("Dat is te veel tekst", "Maak uw tekst korter en probeer het opnieuw."),
    500: ("Er ging iets mis", "Dit ligt aan ons, niet aan u. Er is niets geplaatst. Probeer het zo meteen opnieuw."),
}


def _environment() -> Environment:
    env = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    env.filters |= {
        "visible": visible,
        "shorten": shorten,
        "masked": mask,
        "channel": words.channel_word,
        "frame": words.frame_word,
        "flag": words.flag_word,
        "counter": words.counter_word,
        "left": left,
    }
    env.globals |= {
        "CaseKind": CaseKind,
        "KINDS": KINDS,
        "LABELS": LABELS,
        "STATES": STATES,
        "DESKS": words.DESKS,
        "ROLES": words.ROLES,
        "ROLE_HELP": words.ROLE_HELP,
        "FACES": words.FACES,
        "EVENTS": words.EVENTS,
        "TONES": words.TONES,
        "TENSIONS": words.TENSIONS,
        "SEVERITY_SIGNS": words.SEVERITY_SIGNS,
        "VERDICT_SIGNS": words.VERDICT_SIGNS,
        **{action.name: action for action in ActionKind},
    }
    return env


_ENV = _environment()


async def page(
    visit: Visit, template: str, *, status: int = 200, sheet: str = "", stamp: str = "", **context: Any
) -> Response:
    """Render a page for `visit`. `sheet` and `stamp` let the script see whether the page is out of date."""
    counts = None
    if visit.person is not None:
        async with visit.console.database.read() as tx:
            counts = await views.queue_counts(tx)
    part = PART_HEADER in visit.request.headers
    html = _ENV.get_template(template).render(
        person=visit.person,
        town=visit.console.settings.town,
        path=visit.request.url.path,
        navigation=[(path, label) for path, label, roles in NAVIGATION if visit.has(*roles)],
        counts=counts,
        flashes=() if part else visit.console.flashes.take(visit.token),
        sheet=sheet,
        stamp=stamp,
        now=visit.now,
        ago=lambda at: ago(at, visit.now),
        moment=lambda at: moment(at, visit.now, visit.console.zone),
        machine_time=_machine_time,
        **context,
    )
    return HTMLResponse(html, status)


def error_page(status: int) -> Response:
    """Render the page for an HTTP error; it needs nothing that could fail again."""
    title, advice = _ERRORS.get(status, _ERRORS[500])
    return HTMLResponse(_ENV.get_template("error.html").render(status=status, title=title, advice=advice), status)


def _machine_time(at: datetime) -> str:
    return at.isoformat(timespec="seconds")
