"""Several scorers as one: by every rule, and with parts that fail."""

from __future__ import annotations

import threading
from collections.abc import Sequence
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.core.findings import TOXICITY_LABELS, ScorerPart, ToxicityResult
from bot.toxicity.combined import CombinedScorer, CombineRule, contradictions
from bot.toxicity.limits import GuardedScorer
from bot.toxicity.ports import Scorer
from tests.toxicity.fixed import Fixed

MILD = Fixed("embedded", {"insult": 0.4, "threat": 0.1}, evidence={"insult": ((0, 3),)})
HARSH = Fixed("detoxify", {"insult": 0.8, "threat": 0.2}, ("insult",), evidence={"insult": ((5, 9),)})
BROKEN = Fixed("detoxify", raises=RuntimeError("stuk"))


def together(rule: CombineRule, *scorers: Scorer) -> ToxicityResult:
    (result,) = CombinedScorer(scorers, rule).score(["tekst"])
    return result


def test_the_highest_score_and_every_flag_count() -> None:
    result = together(CombineRule.HIGHEST, MILD, HARSH)
    assert result.scorer == "embedded+detoxify"
    assert result.version == "highest(1+1)"
    assert result.scores == {"insult": 0.8, "threat": 0.2}
    assert result.flags == ("insult",)
    assert result.evidence == {"insult": ((0, 3), (5, 9))}
    assert [part.scorer for part in result.parts] == ["embedded", "detoxify"]


def test_the_mean_is_flagged_from_the_mean_of_the_thresholds_on() -> None:
    # insult: embedded flags from 0.5, detoxify from 0.75, so the mean of their scores from 0.625 on
    below = together(CombineRule.MEAN, Fixed("embedded", {"insult": 0.4}), Fixed("detoxify", {"insult": 0.84}))
    reached = together(CombineRule.MEAN, Fixed("embedded", {"insult": 0.4}), Fixed("detoxify", {"insult": 0.85}))
    assert below.scores["insult"] == pytest.approx(0.62)
    assert (below.flags, reached.flags) == ((), ("insult",))


def test_the_mean_goes_by_the_thresholds_of_the_town() -> None:
    scorers = [Fixed("embedded", {"insult": 0.4}), Fixed("detoxify", {"insult": 0.5})]
    own = {"embedded": {"insult": 0.3}, "detoxify": {"insult": 0.6}}
    (result,) = CombinedScorer(scorers, CombineRule.MEAN, own).score(["x"])
    assert result.flags == ("insult",)


def test_the_first_leads_and_the_others_are_only_shown() -> None:
    result = together(CombineRule.FIRST, MILD, HARSH)
    assert (result.scores, result.flags) == ({"insult": 0.4, "threat": 0.1}, ())
    assert result.evidence == {"insult": ((0, 3),)}
    assert [part.decides for part in result.parts] == [True, False]
    assert result.disagreement == ("insult",)


@pytest.mark.parametrize("rule", [CombineRule.HIGHEST, CombineRule.MEAN])
def test_where_one_fails_the_others_count_and_it_is_named(rule: CombineRule) -> None:
    result = together(rule, Fixed("embedded", {"insult": 0.9}, ("insult",)), BROKEN)
    assert result.error is None
    assert (result.scores["insult"], result.flags) == (0.9, ("insult",))
    assert [(part.scorer, part.error) for part in result.silent_parts] == [("detoxify", "fout: RuntimeError")]
    assert result.disagreement == ()


def test_where_all_fail_the_text_is_not_evaluated() -> None:
    result = together(CombineRule.HIGHEST, Fixed("embedded", error="duurde te lang"), BROKEN)
    assert result.error == "embedded: duurde te lang; detoxify: fout: RuntimeError"
    assert (result.scores, result.flags, result.silent_parts) == ({}, (), ())


def test_without_its_leader_the_text_is_not_evaluated_and_without_another_it_is() -> None:
    leaderless = together(CombineRule.FIRST, Fixed("embedded", error="ligt stil"), HARSH)
    assert leaderless.error == "embedded: ligt stil"
    assert leaderless.parts[1].scores["insult"] == 0.8
    alone = together(CombineRule.FIRST, MILD, BROKEN)
    assert (alone.error, alone.silent_parts) == (None, ())


def test_one_that_hangs_leaves_the_others_their_say() -> None:
    free = threading.Event()

    class Hanging(Fixed):
        def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
            free.wait(10)
            return super().score(texts)

    slow = GuardedScorer(Hanging("detoxify", {"insult": 0.0}), timedelta(milliseconds=50))
    try:
        result = together(CombineRule.HIGHEST, Fixed("embedded", {"insult": 0.9}, ("insult",)), slow)
    finally:
        free.set()
    assert result.flags == ("insult",)
    assert result.silent_parts[0].error == "duurde te lang"


def test_one_that_answers_too_few_texts_did_not_evaluate_them() -> None:
    class Short(Fixed):
        def score(self, texts: Sequence[str]) -> list[ToxicityResult]:
            return super().score(texts)[1:]

    first, second = CombinedScorer([MILD, Short("detoxify", {"insult": 1.0})], CombineRule.HIGHEST).score(["a", "b"])
    assert first.silent_parts[0].error == second.silent_parts[0].error == "onvolledig antwoord"


@pytest.mark.parametrize(
    ("one", "other", "found"),
    [
        (ScorerPart("a", "1", {"insult": 0.9}, ("insult",)), ScorerPart("b", "1", {"insult": 0.8}), ("insult",)),
        (ScorerPart("a", "1", {"insult": 0.9}), ScorerPart("b", "1", {"insult": 0.4}), ("insult",)),  # just 0.5 apart
        (ScorerPart("a", "1", {"insult": 0.9}), ScorerPart("b", "1", {"insult": 0.41}), ()),
        (ScorerPart("a", "1", {"insult": 0.9}, ("insult",)), ScorerPart("b", "1", {}, error="stuk"), ()),
        (ScorerPart("a", "1", {"threat": 0.6}), ScorerPart("b", "1", {"insult": 0.1}), ("threat",)),
    ],
)
def test_a_contradiction_is_another_flag_or_half_a_point(
    one: ScorerPart, other: ScorerPart, found: tuple[str, ...]
) -> None:
    assert contradictions([one, other]) == contradictions([other, one]) == found


readings = st.dictionaries(st.sampled_from(TOXICITY_LABELS), st.floats(0, 1))


@given(st.lists(readings, min_size=2, max_size=4), st.sampled_from(CombineRule))
def test_every_score_lies_between_those_of_the_parts(given_scores: list[dict[str, float]], rule: CombineRule) -> None:
    scorers = [Fixed(f"s{number}", scores) for number, scores in enumerate(given_scores)]
    result = together(rule, *scorers)
    assert result.error is None
    for label, score in result.scores.items():
        said = [scores.get(label, 0.0) for scores in given_scores]
        assert min(said) - 1e-9 <= score <= max(said) + 1e-9
        assert 0 <= score <= 1
    assert set(result.flags) <= set(result.scores)
