"""Rules treat mirrored sentences alike, or the town hears of it before they are in force."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.rules import RulesReport, check_rules, load_rules
from bot.rules.difference import difference
from bot.rules.files import RuleFiles
from bot.rules.mirrors import MirrorFile, PairEntry, read_mirrors
from bot.settings import ROOT
from bot.toxicity.embedded import EmbeddedScorer
from tests.rules.helpers import QUIET, file_text, quiet, rule_text
from tests.rules.holding import evaluated

ANIMALS = rule_text("{woorden: [aap, beer]}", name="dieren")
PAIR = '  - zinnen: ["Wat een aap", "Wat een mens"]\n'
ALIKE = '  - zinnen: ["Wat een aap", "Wat een beer"]\n'


def checked(folder: Path, *rules: str, mirrors: str | None, prove: bool = True) -> RulesReport:
    path = folder / "huisregels.yaml"
    path.write_text(file_text(*rules), encoding="utf-8")
    if mirrors is not None:
        (folder / "spiegels.yaml").write_text(f"versie: 1\nparen:\n{mirrors}", encoding="utf-8")
    return check_rules(path, score=quiet, prove=prove)


def pairs_and_alike(report: RulesReport) -> tuple[int, int]:
    return report.counts["spiegels"], report.counts["spiegels_gelijk"]


def test_an_active_rule_that_treats_a_pair_differently_is_refused_where_the_pair_stands(tmp_path: Path) -> None:
    report = checked(tmp_path, ANIMALS, mirrors=ALIKE + PAIR)
    assert not report.ok
    (problem,) = report.diagnostics
    assert (Path(problem.file).name, problem.line, problem.column) == ("spiegels.yaml", 4, 14)
    assert problem.message == "regel `dieren` gaat af bij deze zin (door `aap`), en bij haar spiegel niet"
    assert "“Wat een mens”" in problem.hint
    assert pairs_and_alike(report) == (2, 1)


@pytest.mark.parametrize("status", ["schaduw", "concept"])
def test_a_rule_that_does_nothing_yet_is_warned_of(tmp_path: Path, status: str) -> None:
    rule = rule_text("{woorden: aap}", extra=f"    status: {status}\n")
    report = checked(tmp_path, rule, mirrors=PAIR)
    assert report.ok
    assert "gaat af bij deze zin" in report.render()
    assert pairs_and_alike(report) == (1, 0)


def test_a_rule_that_is_no_longer_used_is_left_alone(tmp_path: Path) -> None:
    report = checked(tmp_path, rule_text("{woorden: aap}", extra="    status: uitgefaseerd\n"), mirrors=PAIR)
    assert report.render() == ""
    assert pairs_and_alike(report) == (1, 1)


@pytest.mark.parametrize(
    "wanneer",
    [
        "{alle: [{woorden: aap}, {kanaal: telegram}]}",
        "{alle: [{woorden: aap}, {geen: [{rol: bewoner}]}]}",
        "{alle: [{woorden: aap}, {tijd: {dagen: za}}]}",
        "{alle: [{woorden: aap}, {herhaling: {keer: 2, binnen: 1 uur}}]}",
        "{alle: [{bijlage: exe}, {geen: [{woorden: mens}]}]}",
    ],
)
def test_a_rule_for_some_circumstances_does_not_escape(tmp_path: Path, wanneer: str) -> None:
    assert "bij haar spiegel niet" in checked(tmp_path, rule_text(wanneer), mirrors=PAIR).render()


def test_circumstances_alone_are_no_difference(tmp_path: Path) -> None:
    rule = rule_text("{alle: [{een: [{woorden: [aap, mens]}, {bijlage: exe}]}, {geen: [{rol: gemeente}]}]}")
    assert checked(tmp_path, rule, mirrors=PAIR).ok


EXCEPTED = PAIR + "    behalve: [{name}]\n    reden: Zomaar.\n"


def test_a_pair_may_name_the_rule_that_differs_also_by_a_former_name(tmp_path: Path) -> None:
    renamed = rule_text("{woorden: aap}", name="dieren", extra="    vervangt: [beesten]\n")
    for name in ("dieren", "beesten"):
        assert checked(tmp_path, renamed, mirrors=EXCEPTED.format(name=name)).ok
    report = checked(tmp_path, renamed, mirrors=EXCEPTED.format(name="diren"))
    assert "er is geen regel met de naam `diren`" in report.render()
    assert "bedoelt u `dieren`?" in report.render()


def test_a_pair_excepts_no_other_rule(tmp_path: Path) -> None:
    other = rule_text("{woorden: apen}", name="apen")
    report = checked(tmp_path, rule_text("{woorden: mies}", name="mies"), other, mirrors=EXCEPTED.format(name="mies"))
    assert report.ok  # `aap` is no form of `apen`
    report = checked(tmp_path, ANIMALS, rule_text("{woorden: mies}", name="mies"), mirrors=EXCEPTED.format(name="mies"))
    assert [problem.message.split("`")[1] for problem in report.diagnostics] == ["dieren"]


def test_scores_are_those_of_the_scorer(tmp_path: Path) -> None:
    rule = rule_text("{toxiciteit: {label: insult, vanaf: 0.5}}")
    assert checked(tmp_path, rule, mirrors=PAIR).ok

    def biased(text: str) -> Mapping[str, float]:
        return QUIET | {"insult": 0.9 if "aap" in text else 0.1}

    report = check_rules(tmp_path / "huisregels.yaml", score=biased)
    assert "bij haar spiegel niet" in report.render()

    def broken(text: str) -> Mapping[str, float]:
        raise OSError("weg")

    report = check_rules(tmp_path / "huisregels.yaml", score=broken)
    assert not report.ok
    assert "kon dit paar niet beoordelen" in report.render()


def test_a_town_without_mirrors_has_none(tmp_path: Path) -> None:
    report = checked(tmp_path, ANIMALS, mirrors=None)
    assert report.ok
    assert pairs_and_alike(report) == (0, 0)
    assert report.rule_set is not None
    assert "spiegels.yaml" not in report.rule_set.beside


def test_mirrors_that_are_there_and_cannot_be_read_are_no_mirrors_that_are_not_there(tmp_path: Path) -> None:
    (tmp_path / "spiegels.yaml").mkdir()
    report = checked(tmp_path, ANIMALS, mirrors=None)
    assert not report.ok
    assert "spiegels.yaml" in report.diagnostics[0].file


def test_mistakes_in_rules_and_mirrors_are_shown_at_once(tmp_path: Path) -> None:
    report = checked(tmp_path, rule_text("{woorden: '@weg'}"), mirrors='  - zinnen: ["Een zin"]\n')
    assert {Path(problem.file).name for problem in report.diagnostics} == {"huisregels.yaml", "spiegels.yaml"}


def test_mirrors_belong_to_the_rules_by_hash_and_bytes(tmp_path: Path) -> None:
    seen = {checked(tmp_path, ANIMALS, mirrors=mirrors).hash for mirrors in (None, ALIKE, ALIKE + "\n")}
    assert len(seen) == 3
    rules = load_rules(tmp_path / "huisregels.yaml", score=quiet)
    assert set(rules.beside) == {"spiegels.yaml"}
    assert rules.files is not None
    assert "spiegels.yaml" in rules.files.names
    again = RuleFiles(rules.path, text=rules.files.text(), beside=rules.beside, alone=True)
    assert load_rules(rules.path, score=quiet, files=again).hash == rules.hash


def test_rules_that_were_accepted_before_are_not_judged_again(tmp_path: Path) -> None:
    report = checked(tmp_path, ANIMALS, mirrors=PAIR, prove=False)
    assert report.ok
    assert report.rule_set is not None
    assert report.rule_set.mirrors == (("Wat een aap", "Wat een mens"),)


def test_the_difference_counts_pairs(tmp_path: Path) -> None:
    old, new = (checked(tmp_path, ANIMALS, mirrors=m, prove=False).rule_set for m in (PAIR, ALIKE))
    assert old is not None
    assert new is not None
    assert difference(old, new) == ("Spiegelparen: 1 erbij, 1 weg.",)
    assert difference(new, new) == ()


# ── the shipped pairs ─────────────────────────────────────────────────────────────────────────────────────────────────


def test_the_shipped_rules_treat_all_shipped_pairs_alike_with_the_scorer_that_is_shipped() -> None:
    scorer = EmbeddedScorer()
    path = ROOT / "rules" / "huisregels.yaml"
    report = check_rules(path, score=lambda text: scorer.score([text])[0].scores)
    assert report.render() == ""
    pairs, alike = pairs_and_alike(report)
    assert pairs >= 60
    assert alike == pairs


def test_the_shipped_pairs_are_of_many_sorts_and_most_bear_no_exception() -> None:
    pairs = read_mirrors(RuleFiles(ROOT / "rules" / "huisregels.yaml")).pairs
    assert {"geloof", "afkomst", "nieuwkomers", "taal", "politiek", "geslacht", "geaardheid", "leeftijd", "gezag"} <= {
        pair.over for pair in pairs
    }
    assert sum(bool(pair.behalve) for pair in pairs) <= 2


def test_the_shipped_rules_fire_on_a_good_part_of_the_pairs() -> None:
    """Pairs on which nothing ever fires would prove nothing."""
    rules = load_rules(ROOT / "rules" / "huisregels.yaml", score=quiet)
    fired = [[evaluated(rules, text) for text in pair] for pair in rules.mirrors]
    assert sum(bool(one and other) for one, other in fired) >= 30
    assert sum(not one and not other for one, other in fired) >= 15
    assert len(set().union(*(names for pair in fired for names in pair))) >= 8


def test_every_key_is_described() -> None:
    for model in (MirrorFile, PairEntry):
        assert all(field.description for field in model.model_fields.values())
