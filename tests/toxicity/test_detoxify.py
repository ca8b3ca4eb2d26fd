"""The detoxify scorer: its own logic always, the real library on a tiny checkpoint where torch is installed."""

from __future__ import annotations

import importlib.util
import sys
from types import ModuleType

import pytest
import structlog

from bot.core.errors import ConfigError, ScorerError
from bot.core.findings import TOXICITY_LABELS
from bot.toxicity import detoxify_scorer
from bot.toxicity.detoxify_scorer import DetoxifyScorer, build

HAS_TORCH = all(importlib.util.find_spec(name) for name in ("torch", "detoxify", "transformers"))


class Columns:
    """Answers as Detoxify.predict does for a list: a column of scores per label."""

    def __init__(self, **scores: float) -> None:
        self._scores = scores
        self.batches: list[int] = []

    def predict(self, texts: list[str]) -> dict[str, list[float]]:
        self.batches.append(len(texts))
        for text in texts:
            text.encode("utf-8")
        return {label: [score] * len(texts) for label, score in self._scores.items()}


def test_the_names_of_the_original_model_become_ours() -> None:
    inner = Columns(toxic=0.9, severe_toxic=0.1, obscene=0.2, threat=0.3, insult=0.8, identity_hate=0.7)
    (result,) = DetoxifyScorer(inner, "1", model="original").score(["x"])
    assert result.scores == {
        "toxicity": 0.9,
        "severe_toxicity": 0.1,
        "obscene": 0.2,
        "identity_attack": 0.7,
        "insult": 0.8,
        "threat": 0.3,
        "sexual_explicit": 0.0,
    }
    assert result.flags == ("toxicity", "identity_attack", "insult")


def test_extra_labels_of_unbiased_are_left_out() -> None:
    (result,) = DetoxifyScorer(Columns(toxicity=0.1, male=0.9), "1", model="unbiased").score(["x"])
    assert set(result.scores) == set(TOXICITY_LABELS)


@pytest.mark.parametrize("scores", [{"insult": 0.5}, {"toxicity": float("nan")}, {"toxicity": 1.5}])
def test_a_score_that_means_nothing_is_not_evaluated(scores: dict[str, float]) -> None:
    (result,) = DetoxifyScorer(Columns(**scores), "1", model="unbiased").score(["x"])
    assert result.error is not None
    assert result.flags == ()


def test_texts_go_in_batches_and_lone_surrogates_do_not_break_them() -> None:
    inner = Columns(toxicity=0.1)
    assert len(DetoxifyScorer(inner, "1", model="unbiased").score(["\ud800"] * 20)) == 20
    assert inner.batches == [16, 4]


def test_a_model_that_fails_is_a_scorer_error() -> None:
    class Failing:
        def predict(self, texts: list[str]) -> dict[str, list[float]]:
            raise RuntimeError("geen geheugen")

    with pytest.raises(ScorerError, match="geen geheugen"):
        DetoxifyScorer(Failing(), "1", model="unbiased").score(["x"])


def test_the_multilingual_model_warns_once_that_it_never_saw_dutch() -> None:
    detoxify_scorer._warned.clear()
    with structlog.testing.capture_logs() as logs:
        for _ in range(2):
            DetoxifyScorer(Columns(toxicity=0.1), "1", model="multilingual")
        DetoxifyScorer(Columns(toxicity=0.1), "1", model="original")
    assert [entry["log_level"] for entry in logs] == ["warning"]
    assert "Dutch" in logs[0]["event"]


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "detoxify", None)
    monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
    with pytest.raises(ConfigError, match=r"verbinder\[detoxify\]"):
        build(model="original")
