"""What an administrator reads about the step from one file to the next: every change, in plain words, and no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.rules import RuleSet
from bot.rules.difference import difference
from tests.rules.helpers import loaded, rule_text

DEEP = "{alle: [{een: [{woorden: aap}, {toxiciteit: {label: insult, vanaf: 0.8}}]}, {geen: [{rol: medewerker}]}]}"
LISTS = "lijsten:\n  dieren: {woorden: [aap, beer, '!teddybeer']}\n"
NAME = "“Een titel” (`regel`)"


def rules(tmp_path: Path, *written: str, head: str = "", tail: str = "") -> RuleSet:
    return loaded(tmp_path, *written, head=head, tail=tail)


def told(tmp_path: Path, before: str, after: str, **parts: str) -> tuple[str, ...]:
    return difference(rules(tmp_path, before, **parts), rules(tmp_path, after, **parts))


CONDITIONS = [
    # (before, after, what is said after the rule's name)
    ("{woorden: aap}", "{woorden: [aap, beer]}", ["`woorden`: “beer” erbij"]),
    ("{woorden: [aap, beer]}", "{woorden: [cavia, aap]}", ["`woorden`: “cavia” erbij, “beer” weg"]),
    ("{woorden: [aap, beer]}", "{woorden: [beer, aap]}", ["`woorden`: andere volgorde"]),
    (
        "{woorden: aap}",
        "{woorden: [aap, b1, b2, b3, b4, b5, b6, b7]}",
        ["`woorden`: “b1”, “b2”, “b3”, “b4”, “b5” en nog 2 erbij"],
    ),
    (
        "{woorden: aap}",
        "{woorden: {lijst: aap, samenstellingen: ja}}",
        ["`samenstellingen` van `woorden` gaat van nee naar ja"],
    ),
    (
        "{woorden: aap}",
        "{woorden: {lijst: aap, behalve: de grote aap}}",
        ["`behalve` van `woorden`: “de grote aap” erbij"],
    ),
    (
        "{toxiciteit: {label: insult, vanaf: 0.8}}",
        "{toxiciteit: {label: threat, vanaf: 0.7}}",
        ["`label` van `toxiciteit` gaat van insult naar threat", "`vanaf` van `toxiciteit` gaat van 0.8 naar 0.7"],
    ),
    (DEEP, DEEP.replace("0.8", "0.75"), ["`vanaf` van `toxiciteit` gaat van 0.8 naar 0.75"]),
    (DEEP, DEEP.replace("aap", "beer"), ["`woorden`: “beer” erbij, “aap” weg"]),
    (
        DEEP,
        DEEP.replace("{rol: medewerker}", "{rol: medewerker}, {taal: fr}"),
        ["er komt onder `geen` bij: `taal: fr`"],
    ),
    (
        DEEP,
        DEEP.replace("{toxiciteit: {label: insult, vanaf: 0.8}}", "{links: {behalve: a.be, minstens: 2}}"),
        [
            "er komt onder `een` bij: `links: {behalve: a.be, minstens: 2}`",
            "er valt onder `een` weg: `toxiciteit: {label: insult, vanaf: 0.8}`",
        ],
    ),
    (
        "{alle: [{woorden: aap}, {tijd: {dagen: [za, zondag], van: '22:00', tot: '6u'}}]}",
        "{alle: [{woorden: aap}, {tijd: {dagen: [ma, zo], van: '22:30', tot: '06:00'}}]}",
        ["`van` van `tijd` gaat van 22:00 naar 22:30", "`dagen` van `tijd`: “ma” erbij, “za” weg"],
    ),
    (
        "{overval: {auteurs: 5, binnen: 15 minuten}}",
        "{overval: {auteurs: 5, binnen: 1 uur}}",
        ["`binnen` van `overval` gaat van 15 minuten naar 1 uur"],
    ),
    ("{woorden: aap}", "{links: elke}", ["er komt bij: `links`", "er valt weg: `woorden: aap`"]),
    ("{woorden: aap}", "{alle: [{woorden: aap}, {taal: nl}]}", ["er komt onder `alle` bij: `taal: nl`"]),
    (
        "{woorden: aap}",
        "{een: [{woorden: aap}, {woorden: beer}]}",
        ["er komt onder `een` bij: `woorden: beer`"],
    ),
    # Two conditions of a kind, one of which changed: the other is recognised.
    (
        "{een: [{woorden: aap}, {woorden: beer}]}",
        "{een: [{woorden: beer}, {woorden: cavia}]}",
        ["`woorden`: “cavia” erbij, “aap” weg"],
    ),
    # The same conditions, combined in another way.
    (
        "{een: [{woorden: aap}, {woorden: beer}]}",
        "{alle: [{woorden: aap}, {woorden: beer}]}",
        ["de voorwaarden zijn anders gecombineerd"],
    ),
    (
        "{alle: [{woorden: aap}, {rol: bewoner}]}",
        "{alle: [{woorden: aap}, {geen: {rol: bewoner}}]}",
        ["de voorwaarden zijn anders gecombineerd"],
    ),
    (
        "{alle: [{een: [{woorden: a}, {woorden: b}]}, {een: [{woorden: c}, {woorden: d}]}]}",
        "{alle: [{een: [{woorden: a}, {woorden: c}]}, {een: [{woorden: b}, {woorden: d}]}]}",
        ["de voorwaarden zijn anders gecombineerd"],
    ),
    (
        DEEP,
        "{een: [{woorden: aap}, {alle: [{toxiciteit: {label: insult, vanaf: 0.8}}, {geen: [{rol: medewerker}]}]}]}",
        ["de voorwaarden zijn anders gecombineerd"],
    ),
    # A change of words and of structure at once: both are told.
    (
        "{een: [{woorden: aap}, {taal: nl}, {links: elke}]}".replace(", {taal: nl}", ""),
        "{alle: [{woorden: beer}, {links: elke}]}",
        ["`woorden`: “beer” erbij, “aap” weg", "de voorwaarden zijn anders gecombineerd"],
    ),
]


@pytest.mark.parametrize(("before", "after", "said"), CONDITIONS)
def test_a_change_of_the_conditions_is_told(tmp_path: Path, before: str, after: str, said: list[str]) -> None:
    assert told(tmp_path, rule_text(before), rule_text(after)) == tuple(f"Regel {NAME}: {phrase}." for phrase in said)


SAME = [
    ("{woorden: aap}", "{alle: [{woorden: aap}]}"),
    (
        "{een: [{woorden: a}, {een: [{woorden: b}, {links: elke}]}]}",
        "{een: [{links: elke}, {woorden: b}, {woorden: a}]}",
    ),
    (
        "{alle: [{woorden: a}, {geen: [{rol: bewoner}, {taal: nl}]}]}",
        "{alle: [{geen: [{taal: nl}, {rol: bewoner}]}, {woorden: a}]}",
    ),
]


@pytest.mark.parametrize(("before", "after"), SAME)
def test_what_only_looks_different_is_called_the_same(tmp_path: Path, before: str, after: str) -> None:
    same = (f"Regel {NAME} is anders opgeschreven en betekent hetzelfde.",)
    assert told(tmp_path, rule_text(before), rule_text(after)) == same
    assert told(tmp_path, rule_text(after), rule_text(before)) == same


WORD = rule_text("{woorden: aap}")
EXAMPLES = "    voorbeelden: {wel: [een aap, de aap], niet: [een mies]}\n"
REST = [
    (WORD, WORD, []),
    (WORD, rule_text("{woorden: {lijst: [aap], verbuigingen: ja}}"), []),
    (WORD, f"# opmerking\n{WORD}\n\n", []),
    (
        WORD,
        WORD + "    status: schaduw\n",
        [f"Regel {NAME} gaat van actief naar schaduw (telt mee, doet niets)."],
    ),
    (WORD + "    status: schaduw\n", WORD, [f"Regel {NAME} gaat van schaduw naar actief."]),
    (WORD, WORD + "    status: actief\n", [f"Regel {NAME} is anders opgeschreven en betekent hetzelfde."]),
    (WORD, WORD.replace("hoog", "kritiek"), [f"Regel {NAME} telt als ernstiger: van hoog naar kritiek."]),
    (WORD, WORD.replace("hoog", "laag"), [f"Regel {NAME} telt als minder ernstig: van hoog naar laag."]),
    (
        WORD,
        WORD.replace("[meld_moderator]", "[markeer, stel_verwijderen_voor]"),
        [
            f"Regel {NAME} markeert voortaan en stelt voortaan voor om te verwijderen.",
            f"Regel {NAME} meldt niets meer aan een moderator.",
        ],
    ),
    (
        WORD,
        WORD + "    kanalen: [telegram, discord]\n",
        [f"Regel {NAME} geldt nu in discord en telegram; voordien overal."],
    ),
    (WORD, WORD.replace("Een titel", "Nieuw"), ["Regel “Nieuw” (`regel`) heette voordien “Een titel”."]),
    (
        WORD,
        WORD.replace("1. Respect", "2. Rust"),
        [f"Regel {NAME} hoort nu bij huisregel “2. Rust”; voordien bij “1. Respect”."],
    ),
    (
        WORD,
        WORD.replace("Daarom.", "Wees lief."),
        [f"Regel {NAME}: bewoners lezen een andere uitleg: “Wees lief.”"],
    ),
    (WORD, WORD + "    opmerking: x\n", [f"Regel {NAME}: de opmerking voor collega's is aangepast."]),
    (WORD, WORD + "    vervangt: [oud]\n", [f"Regel {NAME} telt voortaan de cijfers van “oud” mee."]),
    (WORD + "    vervangt: [oud]\n", WORD, [f"Regel {NAME} telt de cijfers van “oud” niet meer mee."]),
    (
        WORD + EXAMPLES,
        WORD + EXAMPLES.replace("de aap", "aap nummer 2").replace("een mies", "mies"),
        [
            f"Regel {NAME}, voorbeelden van wat wel afgaat: “aap nummer 2” erbij, “de aap” weg.",
            f"Regel {NAME}, voorbeelden van wat niet afgaat: “mies” erbij, “een mies” weg.",
        ],
    ),
    (
        WORD + EXAMPLES,
        WORD + EXAMPLES.replace("[een mies]", "[{tekst: een mies, rol: medewerker}]"),
        [f"Regel {NAME}: de omstandigheden van de voorbeelden van wat niet afgaat, zijn anders."],
    ),
    (
        WORD + EXAMPLES,
        WORD + EXAMPLES.replace("een aap, de aap", "de aap, een aap"),
        [f"Regel {NAME} is anders opgeschreven en betekent hetzelfde."],
    ),
]


@pytest.mark.parametrize(("before", "after", "said"), REST)
def test_a_change_of_anything_else_is_told(tmp_path: Path, before: str, after: str, said: list[str]) -> None:
    assert told(tmp_path, before, after) == tuple(said)


def test_rules_that_come_and_go_are_told(tmp_path: Path) -> None:
    new = rule_text("{links: elke}", name="links", doet="[markeer, meld_moderator]") + "    status: concept\n"
    old, with_new = rules(tmp_path, WORD), rules(tmp_path, WORD, new)
    (sentence,) = difference(old, with_new)
    assert sentence == (
        "Nieuwe regel “Een titel” (`links`): concept (loopt niet), ernst hoog, meldt aan een moderator en markeert, "
        "overal."
    )
    (sentence,) = difference(with_new, old)
    assert sentence == (
        "Regel “Een titel” (`links`) is weg. Kreeg ze een andere naam? Zet dan `vervangt: [links]` bij de nieuwe "
        "regel, anders beginnen de cijfers opnieuw."
    )


def test_a_rule_with_another_name_is_followed_by_what_it_replaces(tmp_path: Path) -> None:
    renamed = rule_text("{woorden: beer}", name="dieren") + "    vervangt: [regel]\n"
    assert difference(rules(tmp_path, WORD), rules(tmp_path, renamed)) == (
        "Regel “Een titel” (`dieren`) heette vroeger `regel`; de cijfers lopen door.",
        "Regel “Een titel” (`dieren`): `woorden`: “beer” erbij, “aap” weg.",
    )


def test_a_rule_that_takes_in_others_says_of_which_the_figures_go_on(tmp_path: Path) -> None:
    others = [rule_text("{woorden: aap}", name=name) for name in ("een", "twee", "drie")]
    one = rule_text("{woorden: aap}", name="een") + "    vervangt: [twee, drie]\n"
    assert difference(rules(tmp_path, *others), rules(tmp_path, one)) == (
        "Regel “Een titel” (`een`) telt voortaan de cijfers van “twee”, “drie” mee.",
    )


def test_a_default_that_changes_is_told_for_each_rule_that_follows_it(tmp_path: Path) -> None:
    own = rule_text("{woorden: beer}", name="eigen") + "    status: actief\n"
    before = rules(tmp_path, WORD, own)
    after = rules(tmp_path, WORD, own, head="standaard: {status: schaduw}\n")
    assert difference(before, after) == (f"Regel {NAME} gaat van actief naar schaduw (telt mee, doet niets).",)


def test_lists_are_told_once_whoever_uses_them(tmp_path: Path) -> None:
    uses = [rule_text("{woorden: '@dieren'}", name=name) for name in ("een", "twee")]
    before = rules(tmp_path, *uses, head=LISTS)
    after = rules(
        tmp_path,
        *uses,
        head=LISTS.replace("beer,", "cavia,").replace("!teddybeer", "!zeebeer") + "  planten: {woorden: [roos]}\n",
    )
    assert difference(before, after) == (
        "Lijst `dieren`: “cavia” erbij, “beer” weg.",
        "Lijst `dieren`, uitzonderingen: “zeebeer” erbij, “teddybeer” weg.",
        "Nieuwe lijst `planten`: 1 woord.",
    )
    assert difference(after, before)[-1] == "Lijst `planten` is weg."


def test_frames_are_told(tmp_path: Path) -> None:
    before = rules(tmp_path, WORD, tail="kaders: [{id: controle, doet: markeer}, {id: de_held, doet: markeer}]\n")
    after = rules(tmp_path, WORD, tail="kaders: [{id: controle, doet: stel_antwoord_voor}]\n")
    assert difference(before, after) == (
        "Kader `controle` stelt voortaan een antwoord voor.",
        "Kader `controle` markeert niet meer.",
        "Kader `de_held` markeert niet meer.",
    )


def test_what_would_move_the_reader_is_made_visible(tmp_path: Path) -> None:
    after = rule_text('{woorden: [aap, "b\\e[31m\\u202eoot"]}')
    (sentence,) = told(tmp_path, WORD, after)
    assert "\x1b" not in sentence
    assert "\u202e" not in sentence
    assert "\ufffd" in sentence


def test_every_definition_that_differs_is_explained(tmp_path: Path) -> None:
    """The difference and the definition must never disagree about whether a rule changed."""
    for before, after, _ in [*CONDITIONS, *((*row, []) for row in SAME)]:
        old, new = rules(tmp_path, rule_text(before)), rules(tmp_path, rule_text(after))
        assert (old.rules[0].definition != new.rules[0].definition) == bool(difference(old, new)), (before, after)
