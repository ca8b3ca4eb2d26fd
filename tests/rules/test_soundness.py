"""A rule that can do nothing is refused, and what adds nothing is named; never of a rule that does something."""

from __future__ import annotations

from pathlib import Path

import annotated_types
import pytest

from bot.rules import RulesReport, check_rules, durations
from bot.rules.conditions.herhaling import Herhaling
from bot.rules.conditions.overval import Overval
from bot.rules.conditions.stortvloed import Stortvloed
from bot.rules.lists import Lists
from bot.rules.soundness import check_soundness
from bot.rules.source import read_source
from bot.store import recent
from tests.rules.helpers import QUIET, file_text, quiet, rule_text

LISTS = "lijsten:\n  dieren: {woorden: [aap, beer]}\n"


def checked(tmp_path: Path, *rules: str, head: str = LISTS) -> RulesReport:
    path = tmp_path / "huisregels.yaml"
    path.write_text(file_text(*rules, head=head), encoding="utf-8")
    return check_rules(path, score=quiet)


def warned(report: RulesReport) -> list[str]:
    return [warning.message for warning in report.warnings if "geen voorbeelden" not in warning.message]


NEVER = [
    ("{alle: [{woorden: aap}, {geen: [{woorden: aap}]}]}", "klopt altijd als lijn"),
    ("{alle: [{woorden: aap}, {geen: [{woorden: '@dieren'}]}]}", "klopt altijd als lijn"),
    ("{alle: [{woorden: aap}, {geen: [{een: [{links: elke}, {woorden: [aap, noot]}]}]}]}", "klopt altijd als lijn"),
    ("{alle: [{woorden: aap}, {rol: bewoner}, {rol: [medewerker, gemeente]}]}", "geen schrijver"),
    ("{alle: [{woorden: aap}, {rol: [bewoner, gemeente]}, {geen: [{rol: bewoner}, {rol: gemeente}]}]}",
     "geen schrijver"),
    ("{alle: [{woorden: aap}, {geen: [{rol: [bewoner, medewerker, gemeente]}]}]}", "onder `geen` staat, klopt altijd"),
    ("{alle: [{woorden: aap}, {kanaal: telegram}, {kanaal: discord}]}", "geen kanaal"),
    ("{alle: [{woorden: aap}, {kanaal: telegram}, {geen: [{kanaal: telegram}]}]}", "geen kanaal"),
    ("{alle: [{woorden: aap}, {tijd: {dagen: [za, zo]}}, {tijd: {van: '9u', tot: '17u', dagen: [ma, di]}}]}",
     "geen tijdstip"),
    ("{alle: [{woorden: aap}, {tijd: {van: '22:00', tot: '06:00'}}, {tijd: {van: '06:00', tot: '22:00'}}]}",
     "geen tijdstip"),
    ("{alle: [{woorden: aap}, {eerste_bericht: ja}, {eerste_bericht: nee}]}", "nooit samen"),
    ("{alle: [{toxiciteit: {label: insult, vanaf: 0.9}}, {geen: [{toxiciteit: {label: insult, vanaf: 0.5}}]}]}",
     "klopt altijd als lijn"),
    ("{alle: [{rol: bewoner}, {een: [{alle: [{rol: gemeente}, {woorden: aap}]}, {rol: medewerker}]}, {links: elke}]}",
     "nooit samen"),
    ("{een: [{woorden: {lijst: aap, behalve: aap}}, {zinnen: {lijst: wat een aap, behalve: aap}}]}", "geen enkel deel"),
    ("{woorden: {lijst: [aap, beer], behalve: '@dieren'}}", "`behalve` laat alles weg"),
    ("{zinnen: {lijst: [domme aap, aap van een vent], behalve: [aap]}}", "`behalve` laat alles weg"),
    ("{links: {naar: [foto.gemeente.be], behalve: [gemeente.be]}}", "`behalve` laat alles weg"),
    ("{patroon: 'coördinatie'}", "zonder accenten"),
]  # fmt: skip


@pytest.mark.parametrize(("wanneer", "why"), NEVER)
def test_a_rule_that_can_never_fire_is_refused(tmp_path: Path, wanneer: str, why: str) -> None:
    report = checked(tmp_path, rule_text(wanneer))
    assert not report.ok
    (problem,) = report.diagnostics
    assert problem.message.startswith("regel `regel` kan nooit afgaan: ")
    assert why in problem.message


def test_channels_of_the_rule_and_of_its_condition_have_to_meet(tmp_path: Path) -> None:
    rule = rule_text("{alle: [{woorden: aap}, {kanaal: telegram}]}", extra="    kanalen: [discord]\n")
    assert "geen kanaal" in checked(tmp_path, rule).render()
    defaults = "standaard: {kanalen: [discord]}\n"
    report = checked(tmp_path, rule_text("{alle: [{woorden: aap}, {kanaal: telegram}]}"), head=defaults)
    assert "geen kanaal" in report.render()


def test_a_draft_that_can_never_fire_is_warned_of(tmp_path: Path) -> None:
    report = checked(tmp_path, rule_text(NEVER[0][0], extra="    status: concept\n"))
    assert report.ok
    assert "kan nooit afgaan" in "".join(warned(report))


FINE = [
    "{alle: [{woorden: '@dieren'}, {geen: [{woorden: aap}]}]}",
    "{alle: [{woorden: {lijst: aap, samenstellingen: ja}}, {geen: [{woorden: aap}]}]}",
    "{woorden: {lijst: '@dieren', behalve: [aap], samenstellingen: ja}}",
    "{woorden: {lijst: aap, behalve: [aap], samenstellingen: ja}}",
    "{alle: [{woorden: aap}, {taal: nl}, {taal: fr}]}",
    "{alle: [{woorden: aap}, {draad: 1}, {draad: 2}]}",
    "{alle: [{links: elke}, {geen: [{links: {minstens: 3}}]}]}",
    "{alle: [{toxiciteit: {label: insult, vanaf: 0.5}}, {geen: [{toxiciteit: {label: insult, vanaf: 0.9}}]}]}",
    "{alle: [{woorden: aap}, {tijd: {dagen: [za, zo]}}, {tijd: {van: '22:00', tot: '06:00'}}]}",
    "{een: [{woorden: aap}, {woorden: {lijst: beer, samenstellingen: ja}}, {zinnen: [grote kameel]}]}",
    "{een: [{zinnen: [grote aap]}, {zinnen: [grote noot]}]}",
    "{patroon: '[eé]én aap'}",
]


@pytest.mark.parametrize("wanneer", FINE)
def test_a_rule_in_order_gives_no_warning(tmp_path: Path, wanneer: str) -> None:
    head = "lijsten:\n  dieren: {woorden: [beer, kameel]}\n" if "@dieren" not in wanneer else LISTS
    report = checked(tmp_path, rule_text(wanneer), head=head)
    assert report.ok, report.render()
    assert [message for message in warned(report) if "patroon" not in message] == []


IDLE = [
    ("{een: [{woorden: aap}, {woorden: '@dieren'}]}", "vindt al hetzelfde of meer"),
    ("{een: [{woorden: aap}, {zinnen: [grote aap]}]}", "vindt al hetzelfde of meer"),
    ("{een: [{woorden: aap}, {alle: [{woorden: aap}, {rol: bewoner}]}]}", "vindt al hetzelfde of meer"),
    ("{een: [{toxiciteit: {label: insult, vanaf: 0.9}}, {toxiciteit: {label: insult, vanaf: 0.8}}]}", "vindt al"),
    ("{alle: [{woorden: aap}, {geen: [{rol: gemeente}]}, {rol: bewoner}]}", "vraagt al hetzelfde of meer"),
    ("{alle: [{woorden: aap}, {rol: [bewoner, medewerker, gemeente]}]}", "klopt altijd"),
    ("{alle: [{woorden: aap}, {geen: [{woorden: {lijst: beer, behalve: beer}}]}]}", "klopt nooit"),
    ("{alle: [{rol: bewoner}, {een: [{woorden: aap}, {alle: [{woorden: beer}, {rol: gemeente}]}]}]}", "geen schrijver"),
]


@pytest.mark.parametrize(("wanneer", "why"), IDLE)
def test_a_part_that_does_nothing_is_named(tmp_path: Path, wanneer: str, why: str) -> None:
    report = checked(tmp_path, rule_text(wanneer))
    assert report.ok, report.render()
    (message,) = warned(report)
    assert message.startswith("dit deel doet niets: ")
    assert why in message


def test_a_channel_that_the_rule_does_not_run_in_need_not_be_excluded(tmp_path: Path) -> None:
    rule = rule_text("{alle: [{woorden: aap}, {geen: [{kanaal: telegram}]}]}", extra="    kanalen: [discord]\n")
    assert "vraagt al" in warned(checked(tmp_path, rule))[0]


def test_a_swallowed_rule_is_named_with_the_one_that_swallows_it(tmp_path: Path) -> None:
    wide = rule_text("{woorden: '@dieren'}", name="ruim", doet="[meld_moderator, markeer]")
    narrow = rule_text("{alle: [{woorden: aap}, {rol: bewoner}]}", name="nauw")
    (warning,) = [w for w in checked(tmp_path, wide, narrow).warnings if "voegt niets toe" in w.message]
    assert "`nauw` voegt niets toe: wat zij vindt, vindt `ruim` op lijn 5 ook" in warning.message
    assert warning.source.strip() == "- id: nauw"


@pytest.mark.parametrize(
    ("wanneer", "fires"),
    [
        ("{schreeuwen: {aandeel: 0.01, minstens: 5}}", True),
        ("{patroon: e}", True),
        ("{alle: [{patroon: e}, {kanaal: discord}]}", True),
        ("{toxiciteit: {label: insult, vanaf: 0.02}}", True),
        ("{toxiciteit: {label: insult, vanaf: 0.5}}", False),
        ("{schreeuwen: {aandeel: 0.3}}", False),
        ("{zinnen: [de speeltuin]}", False),
        ("{stortvloed: {berichten: 2, binnen: 1 uur}}", False),
    ],
)
def test_a_rule_that_fires_on_every_ordinary_sentence_is_named(tmp_path: Path, wanneer: str, fires: bool) -> None:
    path = tmp_path / "huisregels.yaml"
    path.write_text(file_text(rule_text(wanneer, extra="    kanalen: [discord, demo]\n")), encoding="utf-8")
    report = check_rules(path, score=lambda _: QUIET | {"insult": 0.1})
    assert report.ok, report.render()
    assert ("gaat af bij elke gewone zin" in report.render()) == fires


WIDE = ("{woorden: '@dieren'}", "[meld_moderator]", "")
NARROW = ("{woorden: aap}", "[meld_moderator]", "")


@pytest.mark.parametrize(
    ("wide", "narrow"),
    [
        (WIDE, ("{woorden: {lijst: aap, samenstellingen: ja}}", "[meld_moderator]", "")),
        (WIDE, ("{woorden: aap}", "[meld_moderator, markeer]", "")),
        (WIDE, ("{woorden: aap}", "[meld_moderator]", "    status: schaduw\n")),
        (("{woorden: '@dieren'}", "[meld_moderator]", "    status: schaduw\n"), NARROW),
        (("{woorden: '@dieren'}", "[meld_moderator]", "    kanalen: [discord]\n"), NARROW),
        (("{alle: [{woorden: '@dieren'}, {tijd: {dagen: za}}]}", "[meld_moderator]", ""), NARROW),
        (("{woorden: {lijst: '@dieren', behalve: [aap noot]}}", "[meld_moderator]", ""), NARROW),
    ],
)  # fmt: skip
def test_a_rule_with_something_of_its_own_is_not_swallowed(
    tmp_path: Path, wide: tuple[str, str, str], narrow: tuple[str, str, str]
) -> None:
    rules = [
        rule_text(wanneer, name=name, doet=doet, extra=extra)
        for name, (wanneer, doet, extra) in (("ruim", wide), ("nauw", narrow))
    ]
    assert warned(checked(tmp_path, *rules)) == []


def test_of_two_equal_rules_the_second_is_named(tmp_path: Path) -> None:
    report = checked(tmp_path, rule_text("{woorden: aap}", name="eerste"), rule_text("{woorden: Aap}", name="tweede"))
    (message,) = warned(report)
    assert message.startswith("regel `tweede` voegt niets toe")


def test_a_less_serious_rule_swallows_nothing(tmp_path: Path) -> None:
    wide = rule_text("{woorden: '@dieren'}", name="ruim").replace("ernst: hoog", "ernst: laag")
    assert warned(checked(tmp_path, wide, rule_text("{woorden: aap}", name="nauw"))) == []


@pytest.mark.parametrize(
    ("wanneer", "head", "said"),
    [
        ("{woorden: [aap, Aap]}", "", "`Aap` staat er al"),
        ("{zinnen: [een|ne aap, een|ne  aap]}", "", "staat er al"),
        ("{woorden: [aap, '@dieren']}", LISTS, "`aap` staat ook in de lijst `dieren`"),
        ("{woorden: {lijst: aap, behalve: [aap noot, aap nóót]}}", "", "staat er al"),
        ("{woorden: '@d'}", "lijsten:\n  d: {woorden: [aap, beer, aap]}\n", "`aap` staat er al"),
        ("{woorden: '@d'}", "lijsten:\n  d: {woorden: [aap, beer, '!aap']}\n", "ook als uitzondering"),
    ],
)
def test_a_word_that_stands_twice_is_named(tmp_path: Path, wanneer: str, head: str, said: str) -> None:
    (message,) = warned(checked(tmp_path, rule_text(wanneer), head=head))
    assert said in message


def test_a_double_in_a_list_file_is_shown_in_that_file(tmp_path: Path) -> None:
    (tmp_path / "d.txt").write_text("aap # een dier\nbeer\n\n# Aap\nAap\n", encoding="utf-8")
    report = checked(tmp_path, rule_text("{woorden: '@d'}"), head="lijsten:\n  d: {bestand: d.txt}\n")
    (warning,) = [w for w in report.warnings if "staat er al" in w.message]
    assert (Path(warning.file).name, warning.line, warning.source) == ("d.txt", 5, "Aap")
    assert "op lijn 1" in warning.message


def test_a_file_with_too_much_to_compare_says_so(tmp_path: Path) -> None:
    raw = file_text(*(rule_text(f"{{woorden: aap{n}}}", name=f"r{n}") for n in range(20)))
    path = tmp_path / "huisregels.yaml"
    path.write_text(raw, encoding="utf-8")
    rules = check_rules(path, score=quiet).rule_set
    assert rules is not None
    tree = read_source("huisregels.yaml", raw.encode())
    placed = [(("regels", number), rule) for number, rule in enumerate(rules.rules)]
    check_soundness(tree, placed, Lists({}), most=100)
    assert [problem.message for problem in tree.problems] == [
        "er staat te veel in dit bestand om na te kijken wat elkaar overbodig maakt"
    ]


def test_no_count_can_be_asked_that_the_store_does_not_hold() -> None:
    """A threshold that needs more earlier messages than are ever fetched would never be reached."""
    most = {
        (spec, name): next(item.le for item in spec.model_fields[name].metadata if isinstance(item, annotated_types.Le))
        for spec, name in ((Stortvloed, "berichten"), (Herhaling, "keer"), (Overval, "auteurs"))
    }
    assert all(isinstance(value, int) for value in most.values())
    assert most[(Stortvloed, "berichten")] <= recent.MOST_OWN + 1
    assert most[(Herhaling, "keer")] <= recent.MOST_OWN + 1
    assert most[(Overval, "auteurs")] <= recent.MOST_ALIKE + 1
    assert durations.LOOKED_BACK == recent.LOOKED_BACK
