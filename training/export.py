"""Turn a fine-tuned reader into the files that ship: `python -m training.export READER.pt FOLDER`."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path

import numpy as np
import torch
from onnxruntime.quantization import QuantType, quantize_dynamic
from torch import Tensor, nn

from bot.understanding.encoder import GRAPH, HEADS, PIECES, WORDS
from training.e5 import Array, load
from training.finetune import Reader
from training.labels import LABELS


class _Graph(nn.Module):
    def __init__(self, reader: Reader) -> None:
        super().__init__()
        self.encoder = reader.encoder

    def forward(self, words: Tensor, mask: Tensor) -> Tensor:
        return self.encoder(words, mask)


def restored(path: Path) -> tuple[Reader, bytes]:
    """Return the reader that `training.finetune` kept, and its SentencePiece model."""
    kept = torch.load(path, weights_only=False)
    reader = Reader(load(), kept["rows"], range(12))
    reader.load_state_dict(kept["reader"])
    return reader.eval(), kept["pieces"]


def export(path: Path, folder: Path) -> None:
    reader, model = restored(path)
    folder.mkdir(parents=True, exist_ok=True)
    example = (torch.randn(2, 7, reader.head.in_features), torch.ones(2, 7))
    axes = {0: "batch", 1: "length"}
    with tempfile.TemporaryDirectory() as place:
        whole = Path(place) / GRAPH
        torch.onnx.export(
            _Graph(reader).eval(),
            example,
            str(whole),
            input_names=["words", "mask"],
            output_names=["states"],
            dynamic_axes=dict.fromkeys(("words", "mask", "states"), axes),
            opset_version=17,
            dynamo=False,
        )
        quantize_dynamic(whole, folder / GRAPH, weight_type=QuantType.QInt8, per_channel=True)
    words = reader.words.weight.detach().numpy()
    scales = np.abs(words).max(axis=1) / 127.0
    stored = np.round(words / np.maximum(scales, 1e-9)[:, None]).astype(np.int8)
    np.savez_compressed(folder / WORDS, words=stored, scales=scales.astype(np.float16))
    (folder / PIECES).write_bytes(model)
    weights, bias = heads(reader)
    np.savez(folder / HEADS, labels=np.array(LABELS), weights=weights, bias=bias)


def heads(reader: Reader) -> tuple[Array, Array]:
    """Return the heads as they look at the encoder's own vectors: (labels, hidden) and (labels,)."""
    weights = (reader.head.weight / reader.spread).detach()
    bias = (reader.head.bias - weights @ reader.middle).detach()
    return weights.numpy().astype(np.float32), bias.numpy().astype(np.float32)


if __name__ == "__main__":
    export(Path(sys.argv[1]), Path(sys.argv[2]))
