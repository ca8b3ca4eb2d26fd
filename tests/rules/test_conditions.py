"""Each condition fires on what it is for, and shows where."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.messages import AuthorRole
from bot.rules import RuleInput
from tests.rules.helpers import QUIET, loaded, rule_text


def spans(tmp_path: Path, wanneer: str, given: RuleInput, head: str = "") -> list[str] | None:
    """Return what the rule highlights, or None where it does not fire."""
    result = loaded(tmp_path, rule_text(wanneer), head=head).evaluate(given)
    assert not result.not_evaluated
    return [given.text[a:b] for a, b in result.hits[0].spans] if result.hits else None


LIST = "lijsten:\n  dieren: {woorden: [aap, noot, '!aap noot mies']}\n"


@pytest.mark.parametrize(
    ("wanneer", "text", "expected"),
    [
        ("{woorden: aap}", "een Aap zit", ["Aap"]),
        ("{woorden: aap}", "twee apen", ["apen"]),
        ("{woorden: {lijst: aap, verbuigingen: nee}}", "twee apen", None),
        ("{woorden: aap}", "apenkooi aapjeskijken", None),
        ("{woorden: {lijst: aap, samenstellingen: ja}}", "apenkooi", ["apenkooi"]),
        ("{woorden: {lijst: [aap, noot], behalve: [vuile aap]}}", "vuile aap, noot", ["noot"]),
        ("{woorden: '@dieren'}", "aap en noot", ["aap", "noot"]),
        ("{woorden: '@dieren'}", "aap noot mies", None),
        ("{woorden: {lijst: '@dieren', behalve: ['geen|nooit … @dieren']}}", "een aap en geen noot", ["aap"]),
        ("{zinnen: ['de @dieren weg']}", "de apen weg ermee", ["de apen weg"]),
        ("{zinnen: {lijst: ['weg … @dieren'], behalve: [weg met]}}", "weg met de aap", None),
        ("{patroon: 'lijst\\s+[0-9]+'}", "Lijst   3", ["Lijst   3"]),
        ("{patroon: 'cafe'}", "het Café", ["Café"]),
        ("{patroon: 'boos'}", "b.o.o.s", ["b.o.o.s"]),
        ("{links: elke}", "zie www.shop.be nu", ["www.shop.be"]),
        ("{links: {behalve: [gemeente.be]}}", "zie jeugd.gemeente.be/x", None),
        ("{links: {behalve: [gemeente.be]}}", "zie https://gemeente.be@kwaad.com", ["https://gemeente.be@kwaad.com"]),
        ("{links: {naar: [bit.ly]}}", "www.shop.be en bit.ly/x", ["bit.ly/x"]),
        ("{links: {minstens: 2}}", "alleen www.shop.be", None),
        ("{persoonsgegevens: elke}", "bel 0475 12 34 56", ["0475 12 34 56"]),
        ("{persoonsgegevens: [nummerplaat]}", "bel 0475 12 34 56", None),
        ("{persoonsgegevens: {behalve: ['@gemeente.be', 'jan@x.be']}}", "a@gemeente.be jan@x.be", None),
        ("{persoonsgegevens: {behalve: ['0475/123456']}}", "bel 0475 12 34 56", None),
        ("{schreeuwen: ja}", "WAAROM ANTWOORDT ER NIEMAND", ["WAAROM ANTWOORDT ER NIEMAND"]),
        ("{schreeuwen: ja}", "OCMW", None),
        ("{schreeuwen: {aandeel: 1, minstens: 4}}", "OCMW", ["OCMW"]),
    ],
)
def test_a_condition_on_the_text(tmp_path: Path, wanneer: str, text: str, expected: list[str] | None) -> None:
    assert spans(tmp_path, wanneer, RuleInput.of(text, scores=QUIET), LIST if "@dieren" in wanneer else "") == expected


@pytest.mark.parametrize(
    ("wanneer", "given", "fires"),
    [
        ("{bijlage: elke}", RuleInput.of("x", attachments=("photo",)), True),
        ("{bijlage: elke}", RuleInput.of("x"), False),
        ("{bijlage: [exe]}", RuleInput.of("x", attachments=("Virus.EXE",)), True),
        ("{bijlage: [image]}", RuleInput.of("x", attachments=("image/png",)), True),
        ("{bijlage: [exe]}", RuleInput.of("x", attachments=("photo", "exeter.jpg")), False),
        ("{alle: [{woorden: x}, {rol: medewerker}]}", RuleInput.of("x", role=AuthorRole.STAFF), True),
        ("{alle: [{woorden: x}, {rol: medewerker}]}", RuleInput.of("x"), False),
        ("{alle: [{woorden: x}, {geen: [{rol: [medewerker, gemeente]}]}]}", RuleInput.of("x"), True),
        ("{alle: [{woorden: x}, {kanaal: [discord]}]}", RuleInput.of("x", channel="discord"), True),
        ("{alle: [{woorden: x}, {kanaal: discord}]}", RuleInput.of("x", channel="telegram"), False),
        ("{alle: [{woorden: x}, {taal: fr}]}", RuleInput.of("x", language="fr"), True),
        ("{alle: [{woorden: x}, {taal: fr}]}", RuleInput.of("x", language="nl"), False),
        ("{alle: [{woorden: x}, {taal: fr}]}", RuleInput.of("x", language="und"), True),
        ("{toxiciteit: {label: insult, vanaf: 0.8}}", RuleInput.of("x", scores={"insult": 0.8}), True),
        ("{toxiciteit: {label: insult, vanaf: 0.8}}", RuleInput.of("x", scores={"insult": 0.79}), False),
    ],
)
def test_a_condition_on_what_is_known(tmp_path: Path, wanneer: str, given: RuleInput, fires: bool) -> None:
    result = loaded(tmp_path, rule_text(wanneer)).evaluate(given)
    assert (bool(result.hits), dict(result.not_evaluated)) == (fires, {})


@pytest.mark.parametrize("pattern", ["(a+)+$", "(a|a)*b", "(x+x+)+y", "(.*)*#"])
def test_a_pattern_cannot_hang_the_service(tmp_path: Path, pattern: str) -> None:
    rules = loaded(tmp_path, rule_text(f"{{patroon: '{pattern}z'}}"))
    # A backtracking engine would need longer than the universe has, and a test may not.
    assert rules.evaluate(RuleInput.of("a" * 25_000 + "x" * 25_000)).hits == ()
