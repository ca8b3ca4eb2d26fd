"""A rule file replayed on history: hits, what changes against the rules in force, and what people thought of it."""

from __future__ import annotations

import dataclasses
from collections import Counter
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bot.core.findings import Severity
from bot.core.messages import SAME_AUTHOR, AuthorRole, Recent
from bot.rules import RuleSet
from bot.rules.backtest import Replayed
from bot.rules.inputs import Subject
from bot.rules.replaying.report import Change
from bot.rules.statistics import Agreement
from bot.rules.verdicts import Check, Verdict
from tests.rules.replaying.builders import one, replayed, rule, rules, run, status

NOON = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)
DAY = timedelta(days=1)


def counting(found: RuleSet, asked: Counter[str], prefix: str) -> RuleSet:
    """Return the same rules, of which every look at a reaction is counted."""

    def counted(name: str, check: Check) -> Check:
        def look(subject: Subject) -> Verdict:
            asked[f"{prefix} {name}"] += 1
            return check(subject)

        return look

    wrapped = tuple(dataclasses.replace(one, check=counted(one.id, one.check)) for one in found.rules)
    return dataclasses.replace(found, rules=wrapped)


# ── hits, and what changes ────────────────────────────────────────────────────────────────────────────────────────────


def test_hits_are_counted_and_compared_with_the_rules_in_force(tmp_path: Path) -> None:
    live = rules(tmp_path, rule("appel, peer"))
    candidate = rules(tmp_path, rule("peer, pruim"))
    history = [replayed(text) for text in ("een appel", "een peer", "een pruim", "nog een pruim", "een noot")]
    found = one(run(live, candidate, history))
    assert (found.change, found.hits, found.hits_before, found.new, found.lost) == (Change.CHANGED, 3, 2, 2, 1)
    assert [example.text for example in found.new_examples] == ["een pruim", "nog een pruim"]
    assert [example.text for example in found.lost_examples] == ["een appel"]


def test_the_same_file_changes_nothing(tmp_path: Path) -> None:
    live, candidate = rules(tmp_path, rule("appel")), rules(tmp_path, rule("appel"))
    found = one(run(live, candidate, [replayed("een appel"), replayed("een peer")]))
    assert (found.change, found.hits, found.hits_before, found.differs) == (Change.SAME, 1, 1, False)


def test_rules_that_are_added_or_gone_say_so(tmp_path: Path) -> None:
    live = rules(tmp_path, rule("appel", name="oud"), rule("peer", name="blijft"))
    candidate = rules(tmp_path, rule("pruim", name="nieuw"), rule("peer", name="blijft"))
    report = run(live, candidate, [replayed("appel peer pruim")])
    assert [(line.id, line.change, line.hits, line.new, line.lost) for line in report.rules] == [
        ("nieuw", Change.ADDED, 1, 1, 0),
        ("blijft", Change.SAME, 1, 0, 0),
        ("oud", Change.GONE, 0, 0, 1),
    ]
    assert one(report, "oud").standing is None
    assert one(report, "nieuw").was is None


def test_a_rule_that_got_another_name_is_compared_with_what_it_was(tmp_path: Path) -> None:
    live = rules(tmp_path, rule("appel, peer", name="oud"))
    candidate = rules(tmp_path, rule("peer, pruim", name="nieuw", extra="    vervangt: [oud]\n"))
    report = run(live, candidate, [replayed("appel"), replayed("peer"), replayed("pruim")])
    (found,) = report.rules
    assert (found.id, found.change, found.hits, found.new, found.lost) == ("nieuw", Change.CHANGED, 2, 1, 1)


def test_a_rule_that_takes_the_place_of_two_is_compared_with_both(tmp_path: Path) -> None:
    live = rules(tmp_path, rule("appel", name="een", ernst="laag"), rule("peer", name="twee", ernst="kritiek"))
    candidate = rules(tmp_path, rule("appel", name="samen", ernst="laag", extra="    vervangt: [een, twee]\n"))
    (found,) = run(live, candidate, [replayed("appel"), replayed("peer"), replayed("appel peer")]).rules
    assert (found.hits, found.hits_before, found.new, found.lost) == (2, 3, 0, 1)
    assert found.severity_moved == 1, "only where the graver of the two fired"


def test_what_fires_in_both_may_move_in_severity_or_in_what_it_does(tmp_path: Path) -> None:
    live = rules(tmp_path, rule("appel, peer", ernst="laag"))
    graver = rules(tmp_path, rule("appel", ernst="kritiek"))
    other = rules(tmp_path, rule("appel, peer", ernst="laag", doet="[meld_moderator, stel_verwijderen_voor]"))
    history = [replayed("appel"), replayed("appel nog eens"), replayed("peer")]
    moved = one(run(live, graver, history))
    assert (moved.severity_moved, moved.effects_changed, moved.new, moved.lost) == (2, 0, 0, 1)
    assert moved.standing is not None
    assert moved.was is not None
    assert (moved.was.severity, moved.standing.severity) == (Severity.LOW, Severity.CRITICAL)
    changed = one(run(live, other, history))
    assert (changed.severity_moved, changed.effects_changed, changed.new, changed.lost) == (0, 3, 0, 0)


@pytest.mark.parametrize(
    ("before", "after", "counts"),
    [
        # hits, hits before, new, lost, other effects
        ("schaduw", "actief", (1, 1, 0, 0, 1)),
        ("actief", "schaduw", (1, 1, 0, 0, 1)),
        ("schaduw", "schaduw", (1, 1, 0, 0, 0)),
        ("concept", "actief", (1, 0, 1, 0, 0)),
        ("uitgefaseerd", "actief", (1, 0, 1, 0, 0)),
        ("actief", "concept", (1, 1, 0, 1, 0)),  # a draft is tried here, and runs nowhere
        ("actief", "uitgefaseerd", (0, 1, 0, 1, 0)),
        ("concept", "concept", (1, 0, 1, 0, 0)),  # what it would add if it ran
    ],
)
def test_a_status_decides_what_runs_and_what_has_consequences(
    tmp_path: Path, before: str, after: str, counts: tuple[int, ...]
) -> None:
    live = rules(tmp_path, rule("appel", extra=status(before)), rule("x", name="ander"))
    candidate = rules(tmp_path, rule("appel", extra=status(after)), rule("x", name="ander"))
    found = one(run(live, candidate, [replayed("een appel"), replayed("een peer")]))
    assert (found.hits, found.hits_before, found.new, found.lost, found.effects_changed) == counts


def test_a_rule_that_runs_in_neither_file_is_left_out(tmp_path: Path) -> None:
    retired = rule("appel", extra=status("uitgefaseerd"))
    live, candidate = (
        rules(tmp_path, retired, rule("x", name="ander")),
        rules(tmp_path, retired, rule("x", name="ander")),
    )
    assert [line.id for line in run(live, candidate, [replayed("appel")]).rules] == ["ander"]


def test_a_channel_where_a_rule_does_not_hold_is_passed_over(tmp_path: Path) -> None:
    live = rules(tmp_path, rule("appel"))
    candidate = rules(tmp_path, rule("appel", extra="    kanalen: [discord]\n"))
    history = [replayed("appel", channel="telegram"), replayed("appel", channel="discord")]
    found = one(run(live, candidate, history))
    assert (found.hits, found.lost) == (1, 1)


def test_a_rule_sees_everything_that_it_saw_when_it_was_live(tmp_path: Path) -> None:
    seen: list[Subject] = []

    def look(subject: Subject) -> Verdict:
        seen.append(subject)
        return Verdict(False)

    found = rules(tmp_path, rule("appel"))
    spying = dataclasses.replace(found, rules=(dataclasses.replace(found.rules[0], check=look),))
    recent = Recent((DAY,), ((SAME_AUTHOR, DAY),), first=False)
    given = Replayed(
        7, "Een appel", "fr", AuthorRole.STAFF, "demo", "5", "100", ("foto.jpg",), {"insult": 0.5}, NOON, recent
    )
    run(None, spying, [given])
    (subject,) = seen
    looked = subject.given
    assert (looked.text, looked.language, looked.role, looked.channel) == ("Een appel", "fr", AuthorRole.STAFF, "demo")
    assert (looked.thread_id, looked.post_id, looked.attachments) == ("5", "100", ("foto.jpg",))
    assert (looked.scores, looked.moment, looked.recent) == ({"insult": 0.5}, NOON, recent)


def test_a_language_that_was_never_stored_is_looked_at_now(tmp_path: Path) -> None:
    candidate = rules(tmp_path, rule("{alle: [{woorden: [merci]}, {taal: fr}]}"))
    text = "Merci beaucoup pour votre réponse, c'est très gentil"
    assert one(run(None, candidate, [replayed(text, language=None)])).hits == 1
    assert one(run(None, candidate, [replayed(text, language="nl")])).hits == 0


# ── what people decided ───────────────────────────────────────────────────────────────────────────────────────────────


def test_precision_is_of_what_fired_and_recall_of_decisions_that_rest_on_the_rule(tmp_path: Path) -> None:
    candidate = rules(tmp_path, rule("appel"), rule("peer", name="ander"))
    history = [
        replayed("appel", True, ground="regel"),
        replayed("appel en meer", True, ground="ander"),  # right to raise it, and found by this rule only
        replayed("een appel", False),
        replayed("nog een appel"),  # nobody decided
        replayed("gemist", True, ground="regel"),
        replayed("ook niets", True, ground="ander"),
        replayed("in orde", False),
    ]
    report = run(None, candidate, history)
    assert one(report).agreement == Agreement(upheld=2, overruled=1, found=1, missed=1)
    assert one(report, "ander").agreement == Agreement(upheld=0, overruled=0, found=0, missed=2)
    assert report.whole.agreement == Agreement(upheld=2, overruled=1, found=2, missed=2)
    assert (report.upheld, report.overruled) == (4, 2)


def test_one_decision_about_many_like_reactions_counts_once(tmp_path: Path) -> None:
    candidate = rules(tmp_path, rule("appel"))
    raid = [replayed(f"appel {number}", True, decision=3, ground="regel") for number in range(100)]
    history = [*raid, replayed("zonder fruit", True, decision=3, ground="regel"), replayed("appel", False, decision=4)]
    report = run(None, candidate, history)
    assert one(report).hits == 101
    assert one(report).agreement == report.whole.agreement == Agreement(upheld=1, overruled=1, found=1, missed=0)


def test_agreement_under_the_rules_in_force_stands_beside_it(tmp_path: Path) -> None:
    live, candidate = rules(tmp_path, rule("appel, peer")), rules(tmp_path, rule("appel"))
    history = [replayed("appel", True, ground="regel"), replayed("peer", False), replayed("een peer", True)]
    found = run(live, candidate, history)
    assert one(found).agreement == Agreement(upheld=1, overruled=0, found=1, missed=0)
    assert one(found).agreement_before == Agreement(upheld=2, overruled=1, found=1, missed=0)
    assert found.whole.agreement_before == Agreement(upheld=2, overruled=1, found=2, missed=0)


@pytest.mark.parametrize("ground", ["eerst", "daarna", "nu"])
def test_a_decision_under_a_former_name_counts_for_the_rule_as_it_is_called_now(tmp_path: Path, ground: str) -> None:
    live = rules(tmp_path, rule("appel", name="daarna", extra="    vervangt: [eerst]\n"))
    candidate = rules(tmp_path, rule("appel", name="nu", extra="    vervangt: [daarna]\n"))
    found = one(run(live, candidate, [replayed("peer", True, ground=ground)]), "nu")
    assert (found.agreement.missed, found.agreement_before.missed) == (1, 1)


def test_names_that_replace_each_other_in_a_circle_end(tmp_path: Path) -> None:
    live = rules(tmp_path, rule("appel", name="een", extra="    vervangt: [twee]\n"))
    candidate = rules(tmp_path, rule("appel", name="twee", extra="    vervangt: [een]\n"))
    assert run(live, candidate, [replayed("appel", True, ground="een")]).reactions == 1


# ── without scores ────────────────────────────────────────────────────────────────────────────────────────────────────

TOXIC = "{toxiciteit: {label: insult, vanaf: 0.8}}"


def test_stored_scores_are_used_and_without_them_a_rule_is_not_evaluated(tmp_path: Path) -> None:
    candidate = rules(tmp_path, rule(TOXIC), rule("appel", name="woord"))
    history = [
        replayed("a", scores={"insult": 0.9}, upheld=True, ground="regel"),
        replayed("b", scores={"insult": 0.1}),
        replayed("c", scores=None, upheld=True, ground="regel"),
        replayed("appel", scores={"threat": 0.9}),  # a scorer that knows no insults
    ]
    report = run(None, candidate, history)
    assert (one(report).hits, one(report).not_evaluated, report.without_scores) == (1, 2, 1)
    assert one(report).agreement == Agreement(upheld=1, found=1), "what is unknown was not missed"
    assert one(report, "woord").not_evaluated == 0
    assert (report.whole.alerts, report.whole.not_evaluated) == (2, 1), "the last one is raised by its word"


def test_what_either_file_cannot_evaluate_is_neither_new_nor_lost(tmp_path: Path) -> None:
    words, scores = rules(tmp_path, rule("appel")), rules(tmp_path, rule(TOXIC))
    history = [replayed("appel", scores=None), replayed("peer", scores=None)]
    for live, candidate in ((words, scores), (scores, words)):
        report = run(live, candidate, history)
        assert (one(report).new, one(report).lost, report.whole.new, report.whole.lost) == (0, 0, 0, 0)


def test_a_rule_that_falls_over_is_not_evaluated_and_takes_no_other_down(tmp_path: Path) -> None:
    def broken(subject: Subject) -> Verdict:
        raise ZeroDivisionError

    found = rules(tmp_path, rule("appel"), rule("appel", name="heel"))
    candidate = dataclasses.replace(found, rules=(dataclasses.replace(found.rules[0], check=broken), found.rules[1]))
    report = run(None, candidate, [replayed("appel", False)])
    assert (one(report).hits, one(report).not_evaluated, one(report, "heel").hits) == (0, 1, 1)


# ── the file as a whole ───────────────────────────────────────────────────────────────────────────────────────────────


def test_an_alert_is_a_reaction_that_some_rule_in_force_brings_before_a_moderator(tmp_path: Path) -> None:
    candidate = rules(
        tmp_path,
        rule("appel", name="een", ernst="laag"),
        rule("appel", name="twee", ernst="kritiek", doet="[stel_verwijderen_voor]"),
        rule("peer", name="merkt", doet="[markeer]"),
        rule("pruim", name="schaduw", extra=status("schaduw")),
    )
    live = rules(tmp_path, rule("appel, kers", name="een", ernst="hoog"), rule("vijg", name="weg", ernst="hoog"))
    history = [replayed(text) for text in ("appel", "peer", "pruim", "kers", "vijg")]
    whole = run(live, candidate, history).whole
    assert (whole.alerts, whole.alerts_before, whole.new, whole.lost) == (1, 3, 0, 2)
    assert (whole.graver, whole.milder) == (1, 0)
    back = run(candidate, live, history).whole
    assert (back.new, back.lost, back.graver, back.milder) == (2, 0, 0, 1)


def test_without_rules_in_force_nothing_is_new_or_lost(tmp_path: Path) -> None:
    report = run(None, rules(tmp_path, rule("appel")), [replayed("appel", True, ground="regel")])
    found = one(report)
    assert (report.compared, report.live_hash, found.change) == (False, None, Change.ALONE)
    assert (found.hits, found.hits_before, found.new, found.lost, found.new_examples) == (1, 0, 0, 0, ())
    assert (report.whole.alerts, report.whole.new, report.whole.lost) == (1, 0, 0)
    assert found.agreement_before == report.whole.agreement_before == Agreement()


def test_the_report_proves_which_files_it_is_about_and_over_what_time(tmp_path: Path) -> None:
    live, candidate = rules(tmp_path, rule("appel")), rules(tmp_path, rule("peer"))
    history = [replayed("a", moment=NOON - number * DAY) for number in (1, 0, 3)]
    report = run(live, candidate, history)
    assert (report.candidate_hash, report.live_hash) == (candidate.hash, live.hash)
    assert (report.reactions, report.since, report.until) == (3, NOON - 3 * DAY, NOON)
    nothing = run(live, candidate, [])
    assert (nothing.reactions, nothing.since, nothing.until, nothing.partial) == (0, None, None, False)
    assert one(nothing).hits == 0


# ── evaluated once ────────────────────────────────────────────────────────────────────────────────────────────────────


def test_a_rule_that_is_the_same_in_both_files_is_evaluated_once(tmp_path: Path) -> None:
    asked: Counter[str] = Counter()
    same, other = rule("appel", name="gelijk"), rule("peer", name="anders")
    live = counting(rules(tmp_path, same, other), asked, "oud")
    candidate = counting(rules(tmp_path, same, other.replace("Een titel", "Een andere titel")), asked, "nieuw")
    report = run(live, candidate, [replayed("appel peer"), replayed("niets")])
    assert asked == {"nieuw gelijk": 2, "nieuw anders": 2, "oud anders": 2}
    assert [(line.hits, line.hits_before) for line in report.rules] == [(1, 1), (1, 1)]


def test_a_rule_whose_list_or_default_changed_is_not_the_same(tmp_path: Path) -> None:
    by_list = rule("'@fruit'")
    one_list, other_list = "lijsten: {fruit: {woorden: [appel]}}\n", "lijsten: {fruit: {woorden: [peer]}}\n"
    found = one(
        run(rules(tmp_path, by_list, head=one_list), rules(tmp_path, by_list, head=other_list), [replayed("peer")])
    )
    assert (found.change, found.hits, found.hits_before) == (Change.CHANGED, 1, 0)
    in_shadow = rules(tmp_path, rule("peer"), head="standaard: {status: schaduw}\n")
    found = one(run(rules(tmp_path, rule("peer")), in_shadow, [replayed("peer")]))
    assert (found.change, found.effects_changed) == (Change.CHANGED, 1)


# ── examples to read ──────────────────────────────────────────────────────────────────────────────────────────────────


def test_examples_tell_most_first_and_no_two_read_alike(tmp_path: Path) -> None:
    live, candidate = rules(tmp_path, rule("peer")), rules(tmp_path, rule("appel"))
    history = [
        replayed("appel onbeslist 1"),
        replayed("Appel  ONBESLIST 1"),
        replayed("appel onbeslist 2"),
        replayed("appel terecht", True),
        replayed("appel onterecht", False),
        replayed("appel onbeslist 3"),
        replayed("peer onbeslist"),
        replayed("peer in orde", False),
        replayed("peer verwijderd", True),
    ]
    found = one(run(live, candidate, history, examples=4))
    texts = [example.text for example in found.new_examples]
    assert texts == ["appel onterecht", "appel terecht", "appel onbeslist 1", "appel onbeslist 2"]
    assert [example.text for example in found.lost_examples] == ["peer verwijderd", "peer in orde", "peer onbeslist"]
    assert [(example.text, example.upheld) for example in found.wrong_examples] == [("appel onterecht", False)]
    assert one(run(live, candidate, history, examples=0)).new_examples == ()


def test_an_example_says_where_the_rule_looked(tmp_path: Path) -> None:
    live, candidate = rules(tmp_path, rule("peer")), rules(tmp_path, rule("appel, kers"))
    history = [replayed("Een á.p.p.e.l en een kers!", False, moment=NOON), replayed("wat een peer")]
    found = one(run(live, candidate, history))
    (new,) = found.new_examples
    assert [new.text[start:end] for start, end in new.spans] == ["á.p.p.e.l", "kers"]
    assert (new.moment, found.wrong_examples) == (NOON, found.new_examples)
    (lost,) = found.lost_examples
    assert [lost.text[start:end] for start, end in lost.spans] == ["peer"]
