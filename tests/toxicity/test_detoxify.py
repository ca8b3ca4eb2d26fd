"""The detoxify scorer: its own logic always, the real library on a tiny checkpoint where torch is installed."""

from __future__ import annotations

import importlib.util
import json
import sys
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest
import structlog

from bot.core.errors import ConfigError, ScorerError
from bot.core.findings import TOXICITY_LABELS
from bot.toxicity import detoxify_scorer
from bot.toxicity.detoxify_scorer import DetoxifyScorer, build
from bot.toxicity.registry import build_scorer

HAS_TORCH = all(importlib.util.find_spec(name) for name in ("torch", "detoxify", "transformers"))


class Columns:
    """Answers as Detoxify.predict does for a list: a column of scores per label, for a list of one a bare number."""

    def __init__(self, **scores: float) -> None:
        self._scores = scores
        self.batches: list[int] = []

    def predict(self, texts: list[str]) -> dict[str, Any]:
        self.batches.append(len(texts))
        for text in texts:
            text.encode("utf-8")
        return {label: [score] * len(texts) if len(texts) > 1 else score for label, score in self._scores.items()}


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


def test_the_end_of_a_long_text_is_read_as_well() -> None:
    class Reader:
        def predict(self, texts: list[str]) -> dict[str, Any]:
            assert all(len(text) <= detoxify_scorer.WINDOW_CHARACTERS for text in texts)
            found = [0.95 if "klootzak" in text else 0.01 for text in texts]
            return {"toxicity": found if len(found) > 1 else found[0]}

    scorer = DetoxifyScorer(Reader(), "1", model="original")
    for length in (0, 10, 995, 1000, 1001, 5000):
        (result,) = scorer.score(["x" * length + " klootzak"])
        assert result.flags == ("toxicity",), length
    assert scorer.score(["x" * 5000])[0].flags == ()


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


@pytest.mark.skipif(not HAS_TORCH, reason="needs the extra: pip install 'verbinder[detoxify]'")
def test_the_real_library_scores_with_a_local_checkpoint(tmp_path: Path) -> None:
    checkpoint = tiny_checkpoint(tmp_path)
    scorer = build_scorer("detoxify", model=str(checkpoint), threads=1)
    texts = ["Goeiedag buur", "klootzak", "", "a" * 3000]
    results = scorer.score(texts)
    assert [result.error for result in results] == [None] * 4
    for result in results:
        assert tuple(result.scores) == TOXICITY_LABELS
        assert 0.0 < result.scores["identity_attack"] < 1.0  # `identity_hate` in the checkpoint
    assert scorer.score(["klootzak"])[0].scores["insult"] == pytest.approx(results[1].scores["insult"], abs=1e-5)
    assert scorer.version.startswith("0.5.4-tiny-")


@pytest.mark.skipif(not HAS_TORCH, reason="needs the extra: pip install 'verbinder[detoxify]'")
def test_a_file_that_is_no_checkpoint_is_a_clear_error(tmp_path: Path) -> None:
    path = tmp_path / "kapot.ckpt"
    path.write_bytes(b"geen model")
    with pytest.raises(ConfigError, match=r"kapot\.ckpt.*kon niet geladen worden"):
        build_scorer("detoxify", model=str(path))


def tiny_checkpoint(folder: Path) -> Path:
    """Write a Bert with random weights, its tokenizer and a checkpoint in Detoxify's form; nothing is downloaded."""
    import torch
    from transformers import BertConfig, BertForSequenceClassification

    classes = ["toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate"]
    letters = [*"abcdefghijklmnopqrstuvwxyz"]
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *letters, *(f"##{letter}" for letter in letters)]
    config = BertConfig(
        vocab_size=len(vocabulary), hidden_size=16, num_hidden_layers=1, num_attention_heads=2, intermediate_size=16,
        max_position_embeddings=512,
    )  # fmt: skip
    config.num_labels = len(classes)
    torch.manual_seed(1)
    model = BertForSequenceClassification(config)
    model_folder = folder / "bert"
    config.save_pretrained(model_folder)
    (model_folder / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    settings = {"tokenizer_class": "BertTokenizer", "model_max_length": 512, "do_lower_case": True}
    (model_folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
    arguments = {
        "model_type": str(model_folder),
        "model_name": "BertForSequenceClassification",
        "tokenizer_name": "BertTokenizer",
        "num_classes": len(classes),
    }
    path = folder / "tiny.ckpt"
    torch.save(
        {
            "config": {"dataset": {"args": {"classes": classes}}, "arch": {"args": arguments}},
            "state_dict": model.state_dict(),
        },
        path,
    )
    return path


def test_a_missing_package_says_how_to_install_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "detoxify", None)
    monkeypatch.setitem(sys.modules, "torch", ModuleType("torch"))
    with pytest.raises(ConfigError, match=r"verbinder\[detoxify\]"):
        build(model="original")
