"""An XLM-R base of full size with random weights, as a checkpoint of Detoxify: costs what a real one costs.

Its scores mean nothing. Nothing is downloaded: its tokenizer has as many pieces as XLM-R's, most of them made up, and
cuts Dutch into about as many.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from bot.core.findings import TOXICITY_LABELS

VOCABULARY = 250_002
OTHER_LABELS = ("male", "female", "homosexual_gay_or_lesbian", "christian", "jewish", "muslim", "black", "white")
CLASSES = (*TOXICITY_LABELS, *OTHER_LABELS, "psychiatric_or_mental_illness")
_LOGIT_SPREAD = 0.2


def write_checkpoint(folder: Path, texts: Sequence[str], **sizes: int) -> Path:
    """Write the checkpoint and its tokenizer in `folder`; `sizes` change XLM-R's own (hidden_size, …)."""
    import torch
    import transformers

    _write_tokenizer(folder, texts)
    shape: dict[str, Any] = {
        "vocab_size": VOCABULARY,
        "max_position_embeddings": 514,
        "type_vocab_size": 1,
        "num_labels": len(CLASSES),
        **sizes,
    }
    config = transformers.XLMRobertaConfig(**shape)
    config.save_pretrained(folder)
    torch.manual_seed(3)
    model: Any = transformers.XLMRobertaForSequenceClassification(config)
    model.eval()
    _spread_out(model)
    arch = {
        "model_type": str(folder),
        "model_name": "XLMRobertaForSequenceClassification",
        "tokenizer_name": "XLMRobertaTokenizer",
        "num_classes": len(CLASSES),
    }
    checkpoint = folder / "random-xlmr.ckpt"
    torch.save(
        {
            "config": {"dataset": {"args": {"classes": list(CLASSES)}}, "arch": {"args": arch}},
            "state_dict": model.state_dict(),
        },
        checkpoint,
    )
    return checkpoint


def _spread_out(model: Any) -> None:
    """Widen the last layer, so that scores of different texts differ: untrained, all of them are about a half."""
    import torch

    ids = torch.randint(5, 1000, (32, 24))
    ids[:, 0] = 0  # the verdict is read at the mark that every text begins with
    with torch.no_grad():
        logits = model(ids)[0]
        head = model.classifier.out_proj
        head.weight *= _LOGIT_SPREAD / logits.std(0).mean()
        head.bias -= model(ids)[0].mean(0)


def _write_tokenizer(folder: Path, texts: Sequence[str]) -> None:
    from tokenizers import Tokenizer, models, pre_tokenizers, processors, trainers

    trained = Tokenizer(models.Unigram())
    trained.pre_tokenizer = pre_tokenizers.Metaspace()
    trained.train_from_iterator(
        texts,
        trainers.UnigramTrainer(vocab_size=900, special_tokens=["<unk>"], unk_token="<unk>", show_progress=False),  # noqa: S106
    )
    learned = [tuple(piece) for piece in json.loads(trained.to_str())["model"]["vocab"] if piece[0] != "<unk>"]
    pieces = [("<s>", 0.0), ("<pad>", 0.0), ("</s>", 0.0), ("<unk>", 0.0), *learned]
    pieces += [(f"␀{number}", -99.0) for number in range(VOCABULARY - len(pieces) - 1)]
    whole = Tokenizer(models.Unigram([*pieces, ("<mask>", 0.0)], unk_id=3))
    whole.pre_tokenizer = pre_tokenizers.Metaspace()
    whole.post_processor = processors.TemplateProcessing(
        single="<s> $A </s>", pair="<s> $A </s> </s> $B </s>", special_tokens=[("<s>", 0), ("</s>", 2)]
    )
    whole.save(str(folder / "tokenizer.json"))
    names = {"bos": "<s>", "cls": "<s>", "eos": "</s>", "sep": "</s>", "unk": "<unk>", "pad": "<pad>", "mask": "<mask>"}
    settings = {
        "tokenizer_class": "XLMRobertaTokenizer",
        "model_max_length": 512,
        **{f"{name}_token": mark for name, mark in names.items()},
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings), encoding="utf-8")
