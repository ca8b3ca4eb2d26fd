"""Small checkpoints in Detoxify's form, of every architecture that it has: random weights, nothing is downloaded."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

CLASSES = ("toxic", "severe_toxic", "obscene", "threat", "insult", "identity_hate")
LETTERS = [*"abcdefghijklmnopqrstuvwxyz"]


def checkpoint(folder: Path, kind: str, *, classes: Sequence[str] = CLASSES, spread: float = 0.25) -> Path:
    """Write a model of `kind` (bert, roberta, xlm-roberta, albert) with its tokenizer; return the checkpoint's path.

    Its last layer is widened until the logits of different texts lie about `spread` apart, as a trained model's do.
    """
    import torch
    import transformers

    torch.manual_seed(1)
    name = {"bert": "Bert", "roberta": "Roberta", "xlm-roberta": "XLMRoberta", "albert": "Albert"}[kind]
    place = folder / kind
    place.mkdir(parents=True, exist_ok=True)
    words = _bert_tokenizer(place) if kind == "bert" else _pieces_tokenizer(place, name, roberta=kind != "albert")
    config = getattr(transformers, f"{name}Config")(
        vocab_size=words, hidden_size=64, num_hidden_layers=2, num_attention_heads=4, intermediate_size=128,
        max_position_embeddings=512 if kind in {"bert", "albert"} else 514, pad_token_id=0 if kind == "bert" else 1,
        embedding_size=32, initializer_range=0.1,
    )  # fmt: skip
    config.num_labels = len(classes)
    config.save_pretrained(place)
    model = getattr(transformers, f"{name}ForSequenceClassification")(config).eval()
    _widen(model, words, spread)
    arguments = {
        "model_type": str(place),
        "model_name": f"{name}ForSequenceClassification",
        "tokenizer_name": f"{name}Tokenizer",
        "num_classes": len(classes),
    }
    path = folder / f"{kind}.ckpt"
    dataset = {"args": {"classes": list(classes)}}
    torch.save(
        {"config": {"dataset": dataset, "arch": {"args": arguments}}, "state_dict": model.state_dict()},
        path,
    )
    return path


def _widen(model: Any, words: int, spread: float) -> None:
    import torch

    head = model.classifier.out_proj if hasattr(model.classifier, "out_proj") else model.classifier
    ids = torch.randint(5, words, (64, 20))
    ids[:, 0] = 2 if model.config.model_type == "bert" else 0  # every text begins with this mark
    with torch.no_grad():
        head.weight *= spread / model(ids)[0].std(0).mean()
        head.bias -= model(ids)[0].mean(0)


def _bert_tokenizer(place: Path) -> int:
    vocabulary = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", *LETTERS, *(f"##{letter}" for letter in LETTERS)]
    (place / "vocab.txt").write_text("\n".join(vocabulary), encoding="utf-8")
    _settings(place, {"tokenizer_class": "BertTokenizer", "do_lower_case": True})
    return len(vocabulary)


def _pieces_tokenizer(place: Path, name: str, *, roberta: bool) -> int:
    """Write a tokenizer as that of XLM-R or ALBERT is: marks around the text, and one piece a letter."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers, processors

    if name == "Roberta":
        return _bytes_tokenizer(place)
    specials = ["<s>", "<pad>", "</s>", "<unk>"] if roberta else ["[CLS]", "<pad>", "[SEP]", "<unk>"]
    pieces = [(piece, 0.0) for piece in specials]
    pieces += [(piece, -3.0) for piece in ("▁", *LETTERS, *(f"▁{letter}" for letter in LETTERS))]
    tokenizer = Tokenizer(models.Unigram([*pieces, ("<mask>" if roberta else "[MASK]", 0.0)], unk_id=3))
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace()
    tokenizer.decoder = decoders.Metaspace()
    start, end = specials[0], specials[2]
    tokenizer.post_processor = processors.TemplateProcessing(
        single=f"{start} $A {end}", pair=f"{start} $A {end} $B {end}", special_tokens=[(start, 0), (end, 2)]
    )
    tokenizer.save(str(place / "tokenizer.json"))
    marks = {"bos_token": start, "eos_token": end, "unk_token": "<unk>", "pad_token": "<pad>", "cls_token": start}
    marks |= {"sep_token": end, "mask_token": "<mask>" if roberta else "[MASK]"}
    _settings(place, {"tokenizer_class": f"{name}Tokenizer", **marks})
    return len(pieces) + 1


def _bytes_tokenizer(place: Path) -> int:
    from tokenizers import pre_tokenizers

    pieces = ["<s>", "<pad>", "</s>", "<unk>", *sorted(pre_tokenizers.ByteLevel.alphabet()), "<mask>"]
    vocabulary = {piece: number for number, piece in enumerate(pieces)}
    (place / "vocab.json").write_text(json.dumps(vocabulary), encoding="utf-8")
    (place / "merges.txt").write_text("#version: 0.2\n", encoding="utf-8")
    _settings(place, {"tokenizer_class": "RobertaTokenizer"})
    return len(pieces)


def _settings(place: Path, values: dict[str, Any]) -> None:
    (place / "tokenizer_config.json").write_text(json.dumps({"model_max_length": 512, **values}), encoding="utf-8")
