"""The page of house rules that a town publishes, made from its rule file: what it asks, why, and what happens then.

Only rules in force, in the order of the file, under the house rule that each belongs to. No names of rules, word lists,
patterns or thresholds: whoever wants to get round the rules learns nothing. The same rules give the same bytes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from html import escape

from bot.core.findings import Effect
from bot.rules.ruleset import RuleInfo, RuleSet

_MONTHS = (
    *("januari", "februari", "maart", "april", "mei", "juni", "juli"),
    *("augustus", "september", "oktober", "november", "december"),
)
_SHOWN_OF_HASH = 12  # characters
_MARKDOWN = re.compile(r"([\\`*_\[\]<>#|~&])")

CONTACT = "Neem contact op met ons onthaal"

_WELCOME = (
    "Fijn dat u meepraat. Uw mening is welkom, ook als ze scherp is. Kritiek op het beleid mag altijd. Met deze"
    " huisregels houden we het gesprek veilig en vriendelijk voor iedereen."
)
_NONE = "Op dit moment zijn er geen huisregels van kracht."
_EXPLAINED = "Gaat het mis, dan leggen we het zo uit:"
_ANSWERED = "We laten u dan niet alleen:"
_MAY_BE_REMOVED = "Een medewerker leest uw bericht en kan beslissen om het te verwijderen."
_IS_ANSWERED = "Een medewerker leest uw bericht en kan u persoonlijk antwoorden."
_IS_READ = "Een medewerker leest uw bericht en kan u aan deze regel herinneren."
_HAPPENS = (
    "Een programma leest mee en wijst ons op berichten die misschien tegen een regel ingaan. Het beslist niets.",
    "Een medewerker leest uw bericht en beslist. Niets verdwijnt zonder dat iemand van ons daar met naam voor tekent.",
    "Meestal volstaat een vriendelijke herinnering. Verwijderen we een bericht, dan leggen we op vraag uit waarom.",
    "Staat er iets strafbaars in uw bericht, zoals een bedreiging, dan kunnen we dat aan de politie melden.",
)
_OBJECT = (
    "Bent u het niet eens met een beslissing? Zeg het ons gerust. {contact}, en vertel over welk bericht het gaat en"
    " waarom u het anders ziet. We bekijken het dan opnieuw en laten u weten wat we beslissen."
)


@dataclass(frozen=True, slots=True)
class Section:
    """One published house rule, and the rules that belong to it."""

    title: str
    rules: tuple[RuleInfo, ...]


@dataclass(frozen=True, slots=True)
class Page:
    """What stands on the page. `version` opens the hash of the rule file, `on` is the day that it was last changed."""

    town: str
    contact: str
    sections: tuple[Section, ...]
    version: str
    on: date


def page_of(rules: RuleSet, *, town: str, on: date, contact: str = CONTACT) -> Page:
    """Return the page of the rules in force."""
    sections: dict[str, list[RuleInfo]] = {}
    for rule in rules.house_rules:
        sections.setdefault(rule.house_rule, []).append(rule)
    return Page(
        town=town,
        contact=contact.strip().rstrip(".") or CONTACT,
        sections=tuple(Section(title, tuple(found)) for title, found in sections.items()),
        version=rules.hash[:_SHOWN_OF_HASH],
        on=on,
    )


def as_markdown(page: Page) -> str:
    """Return the page as Markdown; nothing that the file says is read as markup."""
    lines = [f"# {_plain(_heading(page))}", _WELCOME]
    for section in page.sections:
        lines.append(f"## {_plain(section.title)}")
        for rule in section.rules:
            lines += [f"### {_plain(rule.title)}", _opening(rule), f"> {_plain(rule.reason)}", _consequence(rule)]
    lines += [] if page.sections else [_NONE]
    lines += ["## Wat gebeurt er als een bericht tegen een regel ingaat?", *_HAPPENS]
    lines += ["## Niet akkoord?", _plain(_objection(page)), "---", _plain(_footer(page))]
    return "\n\n".join(lines) + "\n"


def as_html(page: Page) -> str:
    """Return the page as one HTML file that needs no other: no script, no font, nothing from elsewhere."""
    body = [f"<header>\n<h1>{escape(_heading(page))}</h1>\n{_paragraphs([_WELCOME])}\n</header>", "<main>"]
    for number, section in enumerate(page.sections, 1):
        body.append(f'<section aria-labelledby="regel-{number}">\n<h2 id="regel-{number}">{escape(section.title)}</h2>')
        for rule in section.rules:
            body.append(f"<article>\n<h3>{escape(rule.title)}</h3>\n{_paragraphs([_opening(rule)])}")
            body.append(f"<blockquote>{_paragraphs([rule.reason])}</blockquote>")
            body.append(f"{_paragraphs([_consequence(rule)])}\n</article>")
        body.append("</section>")
    body += [] if page.sections else [_paragraphs([_NONE])]
    body.append('<section aria-labelledby="gevolg">')
    body.append('<h2 id="gevolg">Wat gebeurt er als een bericht tegen een regel ingaat?</h2>')
    body.append(f"{_paragraphs(_HAPPENS)}\n</section>")
    body.append('<section aria-labelledby="bezwaar">\n<h2 id="bezwaar">Niet akkoord?</h2>')
    body.append(f"{_paragraphs([_objection(page)])}\n</section>\n</main>")
    body.append(f"<footer>\n{_paragraphs([_footer(page)])}\n</footer>")
    return _FRAME.format(title=escape(_heading(page)), style=_STYLE, body="\n".join(body))


def _heading(page: Page) -> str:
    return f"Huisregels van {page.town}"


def _consequence(rule: RuleInfo) -> str:
    if Effect.PROPOSE_REMOVAL in rule.effects:
        return _MAY_BE_REMOVED
    return _IS_ANSWERED if Effect.SUGGEST_REPLY in rule.effects else _IS_READ


def _opening(rule: RuleInfo) -> str:
    """Return what stands before the reason: a rule that only answers accuses nobody."""
    answers = Effect.SUGGEST_REPLY in rule.effects and Effect.PROPOSE_REMOVAL not in rule.effects
    return _ANSWERED if answers else _EXPLAINED


def _objection(page: Page) -> str:
    return _OBJECT.replace("{contact}", page.contact)


def _footer(page: Page) -> str:
    day = f"{page.on.day} {_MONTHS[page.on.month - 1]} {page.on.year}"
    return f"Deze huisregels gelden zoals ze op {day} vastgelegd zijn. Kenmerk: {page.version}."


def _paragraphs(texts: Iterable[str]) -> str:
    return "\n".join([f"<p>{escape(text)}</p>" for text in texts])


def _plain(text: str) -> str:
    return _MARKDOWN.sub(r"\\\1", " ".join(text.split()))


_STYLE = """
:root { color-scheme: light dark; }
body { max-width: 42rem; margin: 0 auto; padding: 1.5rem 1rem; font: 1.0625rem/1.6 system-ui, sans-serif; }
h1, h2, h3 { line-height: 1.25; }
h2 { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid; }
h3 { margin-bottom: 0; }
p { margin: .5rem 0; }
blockquote { margin: .5rem 0; padding: .1rem 1rem; border-left: .25rem solid; }
footer { margin-top: 2.5rem; padding-top: 1rem; border-top: 1px solid; font-size: .9375rem; }
@media print {
  body { max-width: none; padding: 0; font-size: 11pt; }
  article, blockquote { break-inside: avoid; }
  h2, h3 { break-after: avoid; }
}
"""

_FRAME = """<!DOCTYPE html>
<html lang="nl-BE">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{title}</title>
<style>{style}</style>
</head>
<body>
{body}
</body>
</html>
"""
