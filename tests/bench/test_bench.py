"""The benchmarks measure what they say; no test looks at how long anything takes."""

from __future__ import annotations

import importlib.util
import re
from datetime import UTC, datetime
from pathlib import Path

import pytest

from bot.bench import measures, words
from bot.bench.random_model import write_checkpoint
from bot.bench.run import Plan, run
from bot.bench.texts import reactions
from bot.settings import Settings

HAS_ALL = all(importlib.util.find_spec(name) for name in ("torch", "detoxify", "transformers", "onnx", "tokenizers"))


def said(plan: Plan) -> list[str]:
    lines: list[str] = []
    run(plan, lambda: datetime.now(UTC), lines.append, lambda _step: None)
    return lines


def test_the_texts_are_different_and_the_same_every_time() -> None:
    texts = reactions(400)
    assert len(set(texts)) == 400
    assert texts == reactions(400)
    assert reactions(20) == texts[:20]


def test_without_a_model_the_comparison_is_skipped_and_says_why() -> None:
    lines = said(Plan(Settings(), quick=True))
    assert lines[0].startswith("Machine: ")
    assert re.match(r"Scorer embedded: middelste \d+,\d ms, 95% binnen \d+,\d ms", lines[1])
    assert "overgeslagen (geen model gegeven" in lines[-1]
    assert any(re.match(r"Geheugen van een proces met embedded: \d+ MB$", line) for line in lines)


@pytest.mark.skipif(not HAS_ALL, reason="needs the extra: pip install 'verbinder[export]'")
def test_a_checkpoint_is_compared_with_its_export(tmp_path: Path) -> None:
    checkpoint = write_checkpoint(
        tmp_path, reactions(40), hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128
    )
    lines = said(Plan(Settings(), quick=True, checkpoint=str(checkpoint)))
    assert any(re.match(r"onnx tegenover Detoxify, dezelfde gewichten: \d+,\d × ", line) for line in lines)
    assert any("grootste verschil tussen twee scores: 0,0" in line for line in lines)


def test_a_ratio_and_a_difference_are_written_as_dutch_does() -> None:
    found = measures.Comparison(texts=10, slow=2.0, fast=0.25, difference=0.0123, spread=0.2)
    assert found.ratio == 8.0
    first, second = words.comparison_lines(found, 1)
    assert "8,0 × zo veel" in first
    assert "(25,0 tegenover 200,0 ms per reactie; 10 reacties, 1 rekendraad)" in first
    assert "0,0123" in second
