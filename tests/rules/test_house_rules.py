"""The rules that are shipped: precise before anything else, and explained to the people they concern."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.core.findings import FRAME_EFFECTS, Effect
from bot.core.messages import AuthorRole
from bot.rules import RuleInput, RuleSet, check_rules, load_rules
from bot.rules.files import RuleFiles
from bot.rules.lists import read_list
from bot.text.language import detect
from tests.rules.helpers import QUIET, quiet

PATH = Path(__file__).parents[2] / "rules" / "huisregels.yaml"


@pytest.fixture(scope="module")
def rules() -> RuleSet:
    return load_rules(PATH, score=quiet)


def fired(rules: RuleSet, text: str, role: AuthorRole = AuthorRole.RESIDENT) -> set[str]:
    result = rules.evaluate(RuleInput.of(text, language=detect(text), scores=QUIET, role=role))
    assert not result.not_evaluated
    return {hit.id for hit in result.hits if hit.active}


def test_the_shipped_file_has_no_errors_and_no_warnings() -> None:
    report = check_rules(PATH, score=quiet)
    assert report.render() == ""
    assert report.counts["actief"] >= 15
    assert report.counts["schaduw"] == 3


def test_no_reason_holds_a_character_that_nobody_typed(rules: RuleSet) -> None:
    assert not [rule.id for rule in rules.house_rules if not rule.reason.isprintable()]


CIVIL = [
    ("De burgemeester doet er helemaal niets aan, schandalig bestuur", "sharp criticism of a politician"),
    ("De schepen is een leugenaar, hij beloofde een fietspad", "an accusation that can be answered"),
    ("Belachelijk! Dit beleid trekt op niets.", "sharp criticism of policy"),
    ("Wat een idioot plan en wat een onnozel reglement", "a strong word about a thing"),
    ("Shit zeg, wat een idiote beslissing van het college", "swearing about a decision"),
    ("Kut, alweer file. Godverdomme.", "swearing at nobody"),
    ("Die stomme hond van de buren blaft heel de nacht", "a strong word about an animal"),
    ("Waarom moeten wij altijd betalen voor die vluchtelingen?", "a worry about costs: a frame, no offence"),
    ("Altijd vreemdelingen eerst, wij wachten op een sociale woning", "a frame, no offence"),
    ("Het asielcentrum hoort hier niet thuis", "an opinion"),
    ("Ik vind dat de grenzen dicht moeten", "an opinion"),
    ("Er zitten veel Turken en Marokkanen in die klas, krijgt mijn kind nog aandacht?", "groups named in a worry"),
    ("De moslims in onze straat houden volgende week een eetfestijn", "a group named"),
    ("Onze jongeren hebben geen plek om samen te komen", "a group named"),
    ("Wij homo's worden hier nog altijd uitgescholden", "someone tells what happened"),
    ("Mijn zoon wordt op school uitgescholden voor makak, doe daar iets aan", "someone tells what happened"),
    ("Ik ben bang om 's avonds nog over straat te gaan aan het station", "a worry"),
    ("Mijn man heeft kanker en de bus rijdt niet meer tot aan de kliniek", "an illness"),
    ("Ze moeten die ratten in het kanaal dringend bestrijden", "animals are animals"),
    ("De vuilzakken staan er al een week", "a word that contains another"),
    ("Jullie negeren ons al maanden", "a word that resembles another"),
    ("Wat een zak patatten kost tegenwoordig!", "a word with an innocent meaning"),
    ("Kan iemand mij zeggen waar jullie wonen in de buurt van de school?", "an innocent question about living"),
    ("Iemand moet dat fietspad nu eens afmaken", "a verb with an innocent meaning"),
    ("Spring in het kanaal, het water is heerlijk", "an invitation to swim"),
    ("Kies groen licht voor fietsers", "a word that is a party too"),
    ("De schepen is een hypocriet", "harsh criticism of who governs"),
    ("Alle politici zijn leugenaars en profiteurs", "harsh criticism of all who govern"),
    ("We maken u graag wegwijs", "innocent words of a threat"),
    ("Wie stemt er nog op N-VA na zo'n beslissing?", "talking about a party"),
    ("Ik woon in de Kerkstraat 12 en mijn kelder loopt onder", "one's own address"),
    ("Er wordt drugs verkocht aan het station, doe iets", "reporting a crime"),
    ("Is er al een officieel bericht van de gemeente?", "asking for news"),
    ("Meer uitleg op www.vlaanderen.be/premie", "a link to a government"),
    ("OCMW, VDAB en RVA", "abbreviations"),
    ("Pourquoi la rue est-elle fermée?", "a question in French"),
    ("", "nothing"),
    ("👍", "applause"),
]


@pytest.mark.parametrize(("text", "why"), CIVIL, ids=[why for _, why in CIVIL])
def test_a_civil_message_raises_nothing(rules: RuleSet, text: str, why: str) -> None:
    assert fired(rules, text) == set()


OFFENCES = [
    ("Klootzak!", "persoonlijke-belediging"),
    ("k l o o t z a k", "persoonlijke-belediging"),
    ("Gij zijt ne grote sukkel", "persoonlijke-belediging"),
    ("jullie zijn allemaal idioten", "persoonlijke-belediging"),
    ("houd je bek trut", "persoonlijke-belediging"),
    ("Ta gueule connard", "persoonlijke-belediging"),
    ("krijg de tyfus", "schelden-met-ziekte"),
    ("ik weet waar je woont", "bedreiging"),
    ("we gaan u vermoorden", "bedreiging"),
    ("dood aan alle moslims", "aanzetten-tot-geweld"),
    ("steek die moskee in brand", "aanzetten-tot-geweld"),
    ("vuile joden", "discriminerende-scheldnaam"),
    ("Ge zijt ne vuile Turk", "discriminerende-scheldnaam"),
    ("Vuile zwarte, ga weg van de muur", "discriminerende-scheldnaam"),
    ("Heil Hitler", "aanzetten-tot-geweld"),
    ("Hitler had gelijk? Zeker wel!", "aanzetten-tot-geweld"),
    ("Schiet ze gewoon allemaal neer", "aanzetten-tot-geweld"),
    ("stuur mij eens nudes", "seksuele-inhoud"),
    ("Krijg toch allemaal corona", "schelden-met-ziekte"),
    ("cannabis te koop, stuur een bericht", "illegale-handel"),
    ("m4k4kken buiten", "discriminerende-scheldnaam"),
    ("die asielzoekers zijn ongedierte", "ontmenselijking"),
    ("rot op naar je eigen land", "wegjagen"),
    ("geile slet", "seksuele-inhoud"),
    ("bel haar op 0475 12 34 56", "persoonsgegevens"),
    ("bel haar op 0475 12 34 56", "gegevens-van-iemand-anders"),
    ("Wie weet waar die ambtenaar woont?", "bekendmaken-van-adressen"),
    ("Officieel bericht van de gemeente: blijf binnen", "zich-voordoen-als-de-gemeente"),
    ("vraag nu uw gratis offerte", "reclame"),
    ("investeer in crypto, gegarandeerde winst", "oplichting"),
    ("cocaïne te koop, levering aan huis", "illegale-handel"),
    ("Stem op lijst 5!", "verkiezingspropaganda"),
    ("pleeg zelfmoord", "aanzetten-tot-zelfdoding"),
    ("Ze moesten u doodschieten", "aanzetten-tot-geweld"),
    ("Kga u kapotslaan", "bedreiging"),
    ("Opgehangen moeten ze worden, allemaal", "dreigende-taal"),
    ("Pas maar op, ik kom u wel tegen in het donker", "dreigende-taal"),
    ("Iemand moet die vent eens een pak rammel geven", "dreigende-taal"),
    ("Doe een touw rond uw nek", "dreigende-taal"),
    ("Spring toch in de vaart man", "dreigende-taal"),
    ("kutburgemeester", "grove-uitval"),
    ("Ge kunt mijn kloten kussen", "grove-uitval"),
    ("f*ck u schepen", "persoonlijke-belediging"),
    ("f*ck you burgemeester", "persoonlijke-belediging"),
    ("Kies Vlaams Belang", "verkiezingspropaganda"),
    ("Kies nu PVDA!", "verkiezingspropaganda"),
    ("Ik zie het allemaal niet meer zitten", "noodkreet"),
    ("Ik heb geen geld meer, ik kan niet meer", "noodkreet"),
    ("ik wil niet meer leven", "noodkreet"),
]


@pytest.mark.parametrize(("text", "rule"), OFFENCES)
def test_an_offence_raises_its_rule(rules: RuleSet, text: str, rule: str) -> None:
    assert rule in fired(rules, text)


GROUPS = read_list("groepen", RuleFiles(PATH), "lijsten/groepen.txt").terms


@pytest.mark.parametrize("template", ["{} zijn ongedierte", "{} aan het gas", "vuile {}"])
def test_the_same_offence_against_any_group_gets_the_same_verdict(rules: RuleSet, template: str) -> None:
    verdicts = {group: bool(fired(rules, template.format(group))) for group in GROUPS}
    assert [group for group, offence in verdicts.items() if not offence] == []


@pytest.mark.parametrize("template", ["Er wonen {} in onze straat", "Ik heb vragen over {} hier", "Steun voor {}"])
def test_naming_any_group_raises_nothing(rules: RuleSet, template: str) -> None:
    assert [group for group in GROUPS if fired(rules, template.format(group))] == []


def test_a_person_in_need_is_never_proposed_for_removal(rules: RuleSet) -> None:
    (rule,) = [rule for rule in rules.rules if rule.id == "noodkreet"]
    assert Effect.PROPOSE_REMOVAL not in rule.effects
    assert Effect.SUGGEST_REPLY in rule.effects


PARTIES = read_list("partijen", RuleFiles(PATH), "lijsten/partijen.txt").terms


@pytest.mark.parametrize("template", ["Stem {}", "Kies {}", "Kies zondag voor {}!"])
def test_a_call_to_vote_for_any_party_gets_the_same_verdict(rules: RuleSet, template: str) -> None:
    quiet_about = [party for party in PARTIES if fired(rules, template.format(party)) != {"verkiezingspropaganda"}]
    assert quiet_about == []


@pytest.mark.parametrize("name", ["dreigende-taal", "grove-uitval"])
def test_what_can_mean_something_else_is_only_shown_to_people(rules: RuleSet, name: str) -> None:
    (rule,) = [rule for rule in rules.rules if rule.id == name]
    assert rule.effects == {Effect.ALERT_MODERATOR}


@pytest.mark.parametrize(
    "text",
    [
        "Onze hond Max is weggelopen, bel mij op 0475 12 34 56",
        "Steun onze vereniging op BE68 5390 0754 7034",
        "Mijn gsm is 0475 12 34 56",
    ],
)
def test_who_gives_their_own_number_is_never_proposed_for_removal(rules: RuleSet, text: str) -> None:
    assert fired(rules, text) == {"persoonsgegevens"}
    (rule,) = [rule for rule in rules.rules if rule.id == "persoonsgegevens"]
    assert Effect.PROPOSE_REMOVAL not in rule.effects


def test_the_municipality_may_give_its_own_number(rules: RuleSet) -> None:
    assert fired(rules, "Bel ons op 0475 12 34 56", AuthorRole.MUNICIPALITY) == set()


def test_shouting_is_only_tried_out(rules: RuleSet) -> None:
    result = rules.evaluate(RuleInput.of("WANNEER KOMT DAAR EINDELIJK IEMAND KIJKEN", scores=QUIET))
    assert [(hit.id, hit.active) for hit in result.hits] == [("schreeuwen", False)]


def test_frames_can_only_suggest_and_mark(rules: RuleSet) -> None:
    migration = {"botsende_beschavingen", "vijandige_indringer", "controle", "kosten_en_baten"}
    assert set(rules.frames) == migration | {"pestbeleid_auto", "wij_tegen_zij_op_straat"}
    assert rules.flagged_frames == {"botsende_beschavingen", "vijandige_indringer", "wij_tegen_zij_op_straat"}
    assert all(effects <= FRAME_EFFECTS for effects in rules.frames.values())


def test_every_reason_speaks_to_a_resident_politely(rules: RuleSet) -> None:
    for rule in rules.rules:
        words = rule.reason.casefold().replace(",", " ").replace(".", " ").split()
        assert {"u", "uw", "we", "ieder"} & set(words), rule.id
        assert not {"je", "jij", "jouw"} & set(words), rule.id
        assert len(words) <= 60, rule.id


def test_no_reason_says_that_the_program_decides(rules: RuleSet) -> None:
    for rule in rules.rules:
        assert "nooit staan" not in rule.reason, rule.id
        assert "is strafbaar" not in rule.reason, rule.id
        assert "laten we niet staan" not in rule.reason, rule.id


def test_a_scorer_that_is_down_leaves_toxic_rules_unevaluated_and_the_rest_running(rules: RuleSet) -> None:
    result = rules.evaluate(RuleInput.of("bel 0475 12 34 56", scores=None))
    assert {hit.id for hit in result.hits} == {"persoonsgegevens"}
    assert "persoonlijke-belediging" in result.not_evaluated
