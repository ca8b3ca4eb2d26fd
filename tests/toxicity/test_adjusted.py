"""A town's thresholds change flags and version, never a score."""

from __future__ import annotations

from bot.toxicity.adjusted import AdjustedScorer, measured_by
from bot.toxicity.embedded import EmbeddedScorer
from tests.toxicity.fixed import Fixed

INNER = Fixed("embedded", {"toxicity": 0.6, "insult": 0.6, "threat": 0.3}, ("toxicity", "insult"))


def test_a_label_of_the_town_goes_by_its_threshold_and_the_others_keep_theirs() -> None:
    (result,) = AdjustedScorer(INNER, {"insult": 0.7, "threat": 0.3}).score(["x"])
    assert result.flags == ("toxicity", "threat")
    assert result.scores == {"toxicity": 0.6, "insult": 0.6, "threat": 0.3}


def test_the_version_says_which_thresholds_hold_and_what_measured() -> None:
    one, other = AdjustedScorer(INNER, {"insult": 0.7}), AdjustedScorer(INNER, {"insult": 0.71})
    assert one.version != other.version
    assert one.score(["x"])[0].version == one.version
    assert measured_by(one.version) == measured_by(other.version) == measured_by(INNER.version) == INNER.version


def test_what_was_not_evaluated_stays_so() -> None:
    (result,) = AdjustedScorer(Fixed("embedded", error="duurde te lang"), {"insult": 0.01}).score(["x"])
    assert (result.error, result.flags) == ("duurde te lang", ())


def test_a_new_flag_has_words_to_show() -> None:
    text = "Wat een idioot."
    scorer = AdjustedScorer(EmbeddedScorer(), {"severe_toxicity": 0.0001, "insult": 0.2})
    (result,) = scorer.score([text])
    assert "insult" in result.flags
    assert all(result.evidence[flag] for flag in result.flags)
