"""A rule file is accepted or refused as a whole; what would silently check nothing is refused (traps 8, 9, 18)."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.core.errors import RuleFileError
from bot.core.findings import Effect
from bot.rules import RuleInput, check_rules, load_rules
from bot.rules.files import RuleFiles
from tests.rules.helpers import QUIET, file_text, loaded, quiet, rule_text

WORD = "{woorden: aap}"


def refusal(tmp_path: Path, *rules: str, head: str = "", tail: str = "") -> str:
    with pytest.raises(RuleFileError) as refused:
        loaded(tmp_path, *rules, head=head, tail=tail)
    return str(refused.value)


@pytest.mark.parametrize(
    ("wanneer", "said"),
    [
        ("{toxiciteit: {label: insult, vanaf: 1.01}}", "mag hoogstens 1"),
        ("{toxiciteit: {label: insult, vanaf: 0}}", "groter zijn dan 0"),
        ("{toxiciteit: {label: insult, vanaf: -1}}", "groter zijn dan 0"),
        ("{toxiciteit: {label: insult, vanaf: .nan}}", "getal"),
        ("{toxiciteit: {label: insult, vanaf: '0,8'}}", "punt"),
        ("{toxiciteit: {label: belediging, vanaf: 0.8}}", "kies uit"),
        ("{woorden: []}", "leeg"),
        ("{woorden: ''}", "leeg"),
        ("{woorden: '!!!'}", "geen letters"),
        ("{woorden: '@weg'}", "geen lijst"),
        ("{zinnen: ['boe … @weg']}", "geen lijst"),
        ("{woorden: }", "sleutels met waarden"),
        ("{alle: []}", "leeg"),
        ("{}", "precies één voorwaarde"),
        ("{woorden: aap, links: elke}", "precies één voorwaarde"),
        ("{taal: nl}", "zoekt niets"),
        ("{geen: [{woorden: aap}]}", "zoekt niets"),
        ("{een: [{woorden: aap}, {rol: bewoner}]}", "zoekt niets"),
        ("{schreeuwen: {minstens: 100000}}", "hoogstens 200"),
        ("{schreeuwen: {aandeel: 2}}", "hoogstens 1"),
        ("{patroon: ''}", "leeg"),
        ("{patroon: 'a*'}", "past op een lege tekst"),
        ("{patroon: '(a'}", "klopt niet"),
        ("{patroon: 'a(?=b)'}", "RE2"),
        ("{links: {behalve: ['https://gemeente.be/']}}", "geen site"),
        ("{rol: baas}", "geen rol"),
        ("{taal: nederlands}", "geen taalcode"),
        ("{persoonsgegevens: [schoenmaat]}", "geen soort"),
        ("{toxicitiet: {label: insult, vanaf: 0.8}}", "bedoelt u `toxiciteit`?"),
        ("{toxiciteit: {label: insult, vanaaf: 0.8}}", "bedoelt u `vanaf`?"),
    ],
)
def test_a_condition_that_would_never_or_always_fire_is_refused(tmp_path: Path, wanneer: str, said: str) -> None:
    assert said in refusal(tmp_path, rule_text(wanneer))


@pytest.mark.parametrize("missing", ["id", "titel", "huisregel", "ernst", "wanneer", "doet", "waarom"])
def test_a_rule_without_a_needed_key_is_refused(tmp_path: Path, missing: str) -> None:
    lines = rule_text(WORD).splitlines(keepends=True)
    kept = "".join(line for line in lines if not line.strip(" -").startswith(f"{missing}:"))
    text = kept if missing != "id" else "  -" + kept[3:]
    assert f"de sleutel `{missing}` ontbreekt" in refusal(tmp_path, text)


@pytest.mark.parametrize("doet", ["[]", "", "[verwijder_meteen]", "[meld_moderator, niets]"])
def test_a_rule_without_a_real_effect_is_refused(tmp_path: Path, doet: str) -> None:
    assert "regels.yaml" in refusal(tmp_path, rule_text(WORD, doet=doet))


@pytest.mark.parametrize("effect", [e.value for e in Effect if e.value not in ("stel_antwoord_voor", "markeer")])
def test_a_frame_can_neither_alert_nor_remove(tmp_path: Path, effect: str) -> None:
    tail = f"kaders:\n  - {{id: controle, doet: [stel_antwoord_voor, {effect}]}}\n"
    assert "een kader is een mening" in refusal(tmp_path, rule_text(WORD), tail=tail)


def test_an_unknown_frame_is_refused_where_the_frames_are_known(tmp_path: Path) -> None:
    path = tmp_path / "huisregels.yaml"
    path.write_text(file_text(rule_text(WORD), tail="kaders: [{id: controel, doet: markeer}]\n"), "utf-8")
    load_rules(path, score=quiet)
    with pytest.raises(RuleFileError, match="geen kader met de naam `controel`"):
        load_rules(path, score=quiet, known_frames=["controle"])


@pytest.mark.parametrize(
    ("list_entry", "said"),
    [
        ("{woorden: []}", "leeg"),
        ("{woorden: ['#']}", "leeg"),
        ("{bestand: leeg.txt}", "leeg"),
        ("{bestand: weg.txt}", "bestaat niet"),
        ("{bestand: ../buiten.txt}", "buiten de map"),
        ("{bestand: /etc/passwd}", "buiten de map"),
        ("{bestand: binair.txt}", "UTF-8"),
        ("{}", "óf `bestand` óf `woorden`"),
        ("{bestand: a.txt, woorden: [b]}", "óf `bestand` óf `woorden`"),
    ],
)
def test_a_list_with_nothing_in_it_is_refused(tmp_path: Path, list_entry: str, said: str) -> None:
    (tmp_path / "leeg.txt").write_text("# niets\n\n!uitzondering\n", encoding="utf-8")
    (tmp_path / "binair.txt").write_bytes(b"\xff\xfe\x00")
    assert said in refusal(tmp_path, rule_text(WORD), head=f"lijsten:\n  lijst: {list_entry}\n")


def test_what_yaml_would_change_stays_what_was_typed(tmp_path: Path) -> None:
    rule = rule_text("{woorden: [nee, no, on, null, 12:30, 007, 1e3, 2024-01-01]}").replace("Een titel", "nee")
    rules = loaded(tmp_path, rule.replace("'1. Respect'", "12:30"))
    assert (rules.rules[0].title, rules.rules[0].house_rule) == ("nee", "12:30")
    subject_words = ("nee", "no", "null", "007", "1e3")
    assert all(rules.evaluate(RuleInput.of(f"zeg {word} dan")).hits for word in subject_words)
    assert not rules.evaluate(RuleInput.of("zeg false dan, of 7")).hits


def test_a_key_that_stands_twice_is_refused_wherever_it_stands(tmp_path: Path) -> None:
    message = refusal(tmp_path, rule_text("{woorden: {lijst: aap, lijst: noot}}", extra="    ernst: laag\n"))
    assert "de sleutel `lijst` staat er al" in message
    assert "de sleutel `ernst` staat er al" in message


def test_two_rules_never_share_a_name(tmp_path: Path) -> None:
    assert "er is al een regel met de naam" in refusal(tmp_path, rule_text(WORD), rule_text(WORD))
    again = rule_text(WORD, name="nieuw", extra="    vervangt: [regel]\n")
    assert "nog in gebruik" in refusal(tmp_path, rule_text(WORD), again)


def test_every_mistake_is_shown_at_once(tmp_path: Path) -> None:
    message = refusal(
        tmp_path,
        rule_text("{woorden: '@weg'}", name="een"),
        rule_text("{patroon: '('}", name="twee", doet="[]"),
        rule_text("{toxiciteit: {label: insult, vanaf: 2}}", name="drie"),
        tail="kaders:\n  - {id: controle, doet: [meld_moderator]}\n",
    )
    for said in ("geen lijst", "klopt niet", "deze lijst is leeg", "hoogstens 1", "een kader is een mening"):
        assert said in message
    assert "bevat 5 fouten" in message


EXAMPLES = "    voorbeelden: {{wel: ['{wel}'], niet: ['{niet}']}}\n"


@pytest.mark.parametrize(
    ("wel", "niet", "said"),
    [("een noot", "een mies", "gaat bij dit voorbeeld niet af"), ("een aap", "twee apen", "gaat bij dit voorbeeld af")],
)
def test_a_file_whose_examples_fail_is_not_loaded(tmp_path: Path, wel: str, niet: str, said: str) -> None:
    assert said in refusal(tmp_path, rule_text(WORD, extra=EXAMPLES.format(wel=wel, niet=niet)))


def test_a_failing_example_of_a_draft_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    extra = EXAMPLES.format(wel="noot", niet="mies") + "    status: concept\n"
    path.write_text(file_text(rule_text(WORD, extra=extra)), "utf-8")
    report = check_rules(path, score=quiet)
    assert report.ok
    assert [failing.rule_id for failing in report.failing_examples] == ["regel"]
    assert len(report.warnings) == 1


def test_examples_are_scored_with_the_given_scorer(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    extra = EXAMPLES.format(wel="boos", niet="kalm")
    path.write_text(file_text(rule_text("{toxiciteit: {label: insult, vanaf: 0.5}}", extra=extra)), "utf-8")
    asked: list[str] = []

    def score(text: str) -> Mapping[str, float]:
        asked.append(text)
        return QUIET | {"insult": 1.0 if text == "boos" else 0.0}

    assert load_rules(path, score=score).rules
    assert asked[:2] == ["boos", "kalm"]


def test_an_example_that_nobody_could_score_is_not_passed(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    extra = EXAMPLES.format(wel="boos", niet="kalm")
    path.write_text(file_text(rule_text("{toxiciteit: {label: insult, vanaf: 0.5}}", extra=extra)), "utf-8")

    def broken(text: str) -> Mapping[str, float]:
        raise OSError("weg")

    with pytest.raises(RuleFileError, match="kon niet beoordeeld worden"):
        load_rules(path, score=broken)


def test_an_example_may_say_who_wrote_it_and_what_came_along(tmp_path: Path) -> None:
    extra = (
        "    voorbeelden:\n      wel: [{tekst: aap, bijlagen: [a.exe]}]\n"
        "      niet: [{tekst: aap, rol: gemeente, bijlagen: [a.exe]}, aap]\n"
    )
    rules = loaded(
        tmp_path, rule_text("{alle: [{woorden: aap}, {bijlage: exe}, {geen: [{rol: gemeente}]}]}", extra=extra)
    )
    assert len(rules.rules) == 1


def test_a_report_counts_what_is_there(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    extra = EXAMPLES.format(wel="aap", niet="noot")
    path.write_text(file_text(rule_text(WORD, extra=extra), tail="kaders: [{id: controle, doet: markeer}]\n"), "utf-8")
    counts = check_rules(path, score=quiet).counts
    assert (counts["actief"], counts["schaduw"], counts["voorbeelden"], counts["kaders"]) == (1, 0, 2, 1)


def test_a_rule_without_examples_is_loaded_with_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "r.yaml"
    path.write_text(file_text(rule_text(WORD)), "utf-8")
    report = check_rules(path, score=quiet)
    assert report.ok
    assert "geen voorbeelden" in report.render()


def test_a_reason_folded_over_lines_reads_as_one_line(tmp_path: Path) -> None:
    folded = ">-\n      Uw bericht scheldt\n      iemand uit.\n\n      Kritiek mag."
    (rule,) = loaded(tmp_path, rule_text(WORD, waarom=folded)).house_rules
    assert rule.reason == "Uw bericht scheldt iemand uit.\nKritiek mag."


def test_a_text_in_an_editor_is_judged_with_the_lists_on_the_disk(tmp_path: Path) -> None:
    (tmp_path / "dieren.txt").write_text("aap\n", encoding="utf-8")
    path = tmp_path / "huisregels.yaml"
    written = file_text(rule_text("{woorden: '@dieren'}"), head="lijsten:\n  dieren: {bestand: dieren.txt}\n").encode()
    rules = load_rules(path, score=quiet, files=RuleFiles(path, text=written))
    assert rules.evaluate(RuleInput.of("wat een aap")).hits
    path.write_bytes(written)
    assert load_rules(path, score=quiet).hash == rules.hash
    assert rules.files is not None
    assert rules.files.beside == {"dieren.txt": b"aap\n"}


def test_a_file_that_was_accepted_before_need_not_be_proved_again(tmp_path: Path) -> None:
    path = tmp_path / "huisregels.yaml"
    path.write_text(file_text(rule_text(WORD, extra=EXAMPLES.format(wel="een noot", niet="x"))), encoding="utf-8")
    assert check_rules(path, score=quiet).rule_set is None
    assert check_rules(path, score=quiet, prove=False).rule_set is not None


def test_a_refused_file_can_be_told_from_the_next_one_by_its_hash(tmp_path: Path) -> None:
    (tmp_path / "dieren.txt").write_text("aap\n", encoding="utf-8")
    path = tmp_path / "huisregels.yaml"
    head = "lijsten:\n  dieren: {bestand: dieren.txt}\n"

    def hash_of(text: str) -> str:
        path.write_text(text, encoding="utf-8")
        return check_rules(path, score=quiet).hash

    good, bad = file_text(rule_text(WORD), head=head), file_text(rule_text("{woorden: ''}"), head=head)
    broken = "regels: [\n"
    seen = {hash_of(good), hash_of(bad), hash_of(broken)}
    (tmp_path / "dieren.txt").write_text("beer\n", encoding="utf-8")
    seen |= {hash_of(good), hash_of(bad)}
    assert len(seen) == 5
    assert "" not in seen
    path.unlink()
    assert check_rules(path, score=quiet).hash == ""
