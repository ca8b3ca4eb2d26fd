from __future__ import annotations

import importlib.util
import json
from pathlib import Path

import pytest

from tests.cli.conftest import Verbinder
from tests.toxicity.checkpoints import checkpoint

HAS_ALL = all(importlib.util.find_spec(name) for name in ("torch", "detoxify", "transformers", "onnx", "tokenizers"))
needs_export = pytest.mark.skipif(not HAS_ALL, reason="needs the extra: pip install 'verbinder[export]'")


@needs_export
def test_a_model_is_exported_and_then_judges_a_file(
    process: Verbinder, home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    made = process("export-onnx", str(checkpoint(home, "xlm-roberta")), "model")
    assert made.status == 0, made.err
    assert made.out.startswith("Klaar: model (xlm-roberta, ")
    monkeypatch.setenv("VERBINDER_SCORER_MODEL", "model")
    (home / "in.jsonl").write_text('{"id": "1", "text": "dag"}\nfout\n{"id": "3", "text": "dag"}\n', encoding="utf-8")
    outcome = process("analyse", "--scorer", "onnx", "in.jsonl")
    answers = [json.loads(line) for line in outcome.out.splitlines()]
    assert [answer["id"] for answer in answers] == ["1", None, "3"]
    assert answers[0]["toxicity"] == answers[2]["toxicity"]
    assert answers[0]["toxicity"]["scorer"] == "onnx"
    assert answers[0]["toxicity"]["error"] is None
    again = process("export-onnx", str(home / "xlm-roberta.ckpt"), "model")
    assert again.status == 1
    assert "--force" in again.err


@pytest.mark.parametrize(
    ("arguments", "words"),
    [(["nergens.ckpt", "uit"], "Het checkpoint “nergens.ckpt” bestaat niet")],
)
def test_what_cannot_be_exported_is_one_message(verbinder: Verbinder, arguments: list[str], words: str) -> None:
    outcome = verbinder("export-onnx", *arguments)
    assert (outcome.status, outcome.out) == (1, "")
    assert words in outcome.err


def test_a_folder_that_is_not_there_is_named(process: Verbinder, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VERBINDER_SCORER_MODEL", "nergens")
    outcome = process("analyse", "--scorer", "onnx", stdin=b"")
    assert outcome.status == 1
    assert "De map nergens met een ONNX-model bestaat niet." in outcome.err
    assert "Traceback" not in outcome.err
