"""A rule set judges: three-valued, never raising, one broken rule never taking the others down."""

from __future__ import annotations

import dataclasses
from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from bot.core.findings import Effect, Severity
from bot.rules import RuleInput, load_rules
from bot.rules.inputs import Subject
from bot.rules.verdicts import NO, Check, Verdict, all_of, any_of, guarded, none_of
from tests.rules.helpers import QUIET, file_text, loaded, quiet, rule_text

TOXIC = "{toxiciteit: {label: insult, vanaf: 0.8}}"
UNKNOWN = Verdict(None, why="geen idee")
YES = Verdict(True, ((0, 1),))


def constant(verdict: Verdict) -> Check:
    return lambda subject: verdict


@pytest.mark.parametrize(
    ("verdicts", "all_fired", "any_fired", "none_fired"),
    [
        ([YES, YES], True, True, False),
        ([YES, NO], False, True, False),
        ([NO, NO], False, False, True),
        ([YES, UNKNOWN], None, True, False),
        ([NO, UNKNOWN], False, None, None),
        ([UNKNOWN, UNKNOWN], None, None, None),
    ],
)
def test_unknown_stays_unknown_unless_the_other_branch_decides(
    verdicts: list[Verdict], all_fired: bool | None, any_fired: bool | None, none_fired: bool | None
) -> None:
    checks = [constant(verdict) for verdict in verdicts]
    subject = Subject.of(RuleInput.of("x"))
    for checks_in_order in (checks, checks[::-1]):
        assert all_of(checks_in_order)(subject).fired is all_fired
        assert any_of(checks_in_order)(subject).fired is any_fired
        assert none_of(checks_in_order)(subject).fired is none_fired


@pytest.mark.parametrize(
    ("combine", "first", "rest"),
    [(all_of, NO, YES), (all_of, NO, UNKNOWN), (none_of, YES, NO), (none_of, YES, UNKNOWN)],
)
def test_what_is_decided_already_is_not_looked_into(
    combine: Callable[[Sequence[Check]], Check], first: Verdict, rest: Verdict
) -> None:
    asked: list[str] = []

    def telling(subject: Subject) -> Verdict:
        asked.append(subject.given.text)
        return rest

    assert combine([constant(first), telling])(Subject.of(RuleInput.of("x"))).fired is False
    assert asked == []


def test_a_condition_that_raises_is_not_evaluated() -> None:
    def broken(subject: Subject) -> Verdict:
        raise ZeroDivisionError

    verdict = guarded("woorden", broken)(Subject.of(RuleInput.of("x")))
    assert verdict.fired is None
    assert "ZeroDivisionError" in verdict.why


def test_without_scores_a_rule_that_needs_them_is_not_evaluated_and_never_clean(tmp_path: Path) -> None:
    result = loaded(tmp_path, rule_text(TOXIC)).evaluate(RuleInput.of("hallo", scores=None))
    assert result.hits == ()
    assert result.not_evaluated == {"regel": "er zijn geen toxiciteitsscores"}


def test_without_scores_a_rule_that_is_decided_by_words_fires(tmp_path: Path) -> None:
    rules = loaded(tmp_path, rule_text(f"{{een: [{{woorden: klootzak}}, {TOXIC}]}}"))
    result = rules.evaluate(RuleInput.of("jij klootzak", scores=None))
    assert [hit.spans for hit in result.hits] == [((4, 12),)]
    assert result.not_evaluated == {}


def test_without_scores_a_rule_that_is_ruled_out_is_clean(tmp_path: Path) -> None:
    rules = loaded(tmp_path, rule_text(f"{{alle: [{{woorden: klootzak}}, {TOXIC}]}}"))
    assert rules.evaluate(RuleInput.of("hallo", scores=None)).not_evaluated == {}


def test_a_missing_label_is_unknown(tmp_path: Path) -> None:
    result = loaded(tmp_path, rule_text(TOXIC)).evaluate(RuleInput.of("hallo", scores={"threat": 0.1}))
    assert list(result.not_evaluated) == ["regel"]


def test_a_rule_that_raises_leaves_the_others_running(tmp_path: Path) -> None:
    rules = loaded(tmp_path, rule_text("{woorden: aap}", name="stuk"), rule_text("{woorden: aap}", name="heel"))

    def broken(subject: Subject) -> Verdict:
        raise RuntimeError("stuk")

    damaged = dataclasses.replace(rules, rules=(dataclasses.replace(rules.rules[0], check=broken), *rules.rules[1:]))
    result = damaged.evaluate(RuleInput.of("aap"))
    assert [hit.id for hit in result.hits] == ["heel"]
    assert "RuntimeError" in result.not_evaluated["stuk"]


def test_a_hit_carries_everything_that_a_decision_records(tmp_path: Path) -> None:
    rules = loaded(tmp_path, rule_text("{woorden: aap}", doet="[meld_moderator, stel_verwijderen_voor]"))
    result = rules.evaluate(RuleInput.of("een aap"))
    (hit,) = result.hits
    assert (hit.id, hit.title, hit.house_rule, hit.reason) == ("regel", "Een titel", "1. Respect", "Daarom.")
    assert (hit.severity, hit.status, hit.active) == (Severity.HIGH, "actief", True)
    assert hit.effects == {Effect.ALERT_MODERATOR, Effect.PROPOSE_REMOVAL}
    assert result.file_hash == rules.hash


@pytest.mark.parametrize(("status", "fired"), [("actief", 1), ("schaduw", 1), ("concept", 0), ("uitgefaseerd", 0)])
def test_only_active_and_shadow_rules_run(tmp_path: Path, status: str, fired: int) -> None:
    rules = loaded(tmp_path, rule_text("{woorden: aap}", extra=f"    status: {status}\n"))
    hits = rules.evaluate(RuleInput.of("aap")).hits
    assert [hit.status for hit in hits] == [status] * fired
    assert [hit.active for hit in hits] == [status == "actief"] * fired


def test_a_shadow_rule_that_cannot_be_evaluated_raises_no_alarm(tmp_path: Path) -> None:
    rules = loaded(tmp_path, rule_text(TOXIC, extra="    status: schaduw\n"))
    assert rules.evaluate(RuleInput.of("x", scores=None)).not_evaluated == {}


def test_a_rule_runs_only_in_its_channels(tmp_path: Path) -> None:
    rules = loaded(tmp_path, rule_text("{woorden: aap}", extra="    kanalen: [discord]\n"))
    assert rules.evaluate(RuleInput.of("aap", channel="discord")).hits
    assert not rules.evaluate(RuleInput.of("aap", channel="telegram")).hits


def test_defaults_hold_for_rules_that_say_nothing_themselves(tmp_path: Path) -> None:
    rules = loaded(
        tmp_path,
        rule_text("{woorden: aap}", name="een"),
        rule_text("{woorden: aap}", name="twee", extra="    status: actief\n    kanalen: '*'\n"),
        head="standaard: {status: schaduw, kanalen: [discord]}\n",
    )
    hits = rules.evaluate(RuleInput.of("aap", channel="telegram")).hits
    assert [(hit.id, hit.status) for hit in hits] == [("twee", "actief")]


def test_overlapping_finds_are_shown_as_one(tmp_path: Path) -> None:
    rules = loaded(tmp_path, rule_text("{een: [{woorden: aap}, {zinnen: [vuile aap]}]}"))
    (hit,) = rules.evaluate(RuleInput.of("jij vuile aap daar")).hits
    assert hit.spans == ((4, 13),)


def test_quoted_words_are_not_there_to_judge(tmp_path: Path) -> None:
    # Trap 14: the input has no place for a quote, a forwarded original or a display name.
    fields = {field.name for field in dataclasses.fields(RuleInput)}
    assert fields == {
        "normalised", "language", "scores", "role", "channel", "thread_id", "post_id", "attachments", "recent",
        "moment",
    }  # fmt: skip
    rules = loaded(tmp_path, rule_text("{woorden: klootzak}"))
    assert rules.evaluate(RuleInput.of("Dat zeg je toch niet", scores=QUIET)).hits == ()


def test_rules_in_force_are_offered_to_choose_from(tmp_path: Path) -> None:
    rules = loaded(
        tmp_path,
        rule_text("{woorden: aap}", name="een"),
        rule_text("{woorden: aap}", name="proef", extra="    status: schaduw\n"),
        rule_text("{woorden: aap}", name="oud", extra="    status: uitgefaseerd\n"),
    )
    assert [(info.id, info.house_rule) for info in rules.house_rules] == [("een", "1. Respect")]


def test_frames_say_what_they_ask_for_and_which_are_flagged(tmp_path: Path) -> None:
    tail = "kaders:\n  - {id: controle, doet: stel_antwoord_voor}\n  - {id: de_held, doet: [markeer]}\n"
    rules = loaded(tmp_path, rule_text("{woorden: aap}"), tail=tail)
    assert rules.frames == {"controle": {Effect.SUGGEST_REPLY}, "de_held": {Effect.MARK}}
    assert rules.flagged_frames == {"de_held"}


def test_the_hash_follows_the_file_and_its_lists(tmp_path: Path) -> None:
    (tmp_path / "lijst.txt").write_text("aap\n", encoding="utf-8")
    path = tmp_path / "huisregels.yaml"
    path.write_text(
        file_text(rule_text("{woorden: '@dieren'}"), head="lijsten:\n  dieren: {bestand: lijst.txt}\n"), "utf-8"
    )
    first = load_rules(path, score=quiet).hash
    assert load_rules(path, score=quiet).hash == first
    (tmp_path / "lijst.txt").write_text("aap\nnoot\n", encoding="utf-8")
    second = load_rules(path, score=quiet).hash
    path.write_text(path.read_text("utf-8") + "# remark\n", "utf-8")
    assert len({first, second, load_rules(path, score=quiet).hash}) == 3


def test_a_former_name_leads_to_the_present_rule(tmp_path: Path) -> None:
    rules = loaded(tmp_path, rule_text("{woorden: aap}", extra="    vervangt: [vroeger]\n"))
    assert rules.replaced == {"vroeger": "regel"}
